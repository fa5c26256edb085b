// SPDX-License-Identifier: Apache-2.0
//
// What the process was started with, where Swift cannot tell: its own list comes from /proc, which a
// bare container does not have.
#ifndef CPROCESS_H
#define CPROCESS_H

// The argument at a place, NULL beyond the last.
const char *hdl_process_argument(int index);

#endif
