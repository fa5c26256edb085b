// SPDX-License-Identifier: Apache-2.0
//
// What the process was started with, where Swift cannot tell: its own list comes from /proc, which a
// bare container does not have. And the same program once more, as a process of its own.
#ifndef CPROCESS_H
#define CPROCESS_H

// The argument at a place, NULL beyond the last.
const char *hdl_process_argument(int index);

// Starts this program with other arguments, the name first and NULL last, and one variable more
// ("NAME=value") in its environment. Its standard input is empty, and nobody sees its standard
// output. Returns 0 or the system's error.
int hdl_process_repeat(char *const *arguments, const char *variable, int *child);

// Waits until a child ends: its exit code, or the number of the signal that ended it, negative.
// Returns 0 or the system's error: EINTR where this process got a signal.
int hdl_process_wait(int child, int *ending);

#endif
