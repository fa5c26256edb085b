// SPDX-License-Identifier: Apache-2.0
//
// One thread beside the program's others.
#ifndef HADAL_THREAD_H
#define HADAL_THREAD_H

#pragma clang assume_nonnull begin

typedef struct hdl_thread hdl_thread;

typedef void (*hdl_thread_function)(void *context);

// Starts a thread that calls the function once; NULL where memory or threads are out.
hdl_thread *_Nullable hdl_thread_start(hdl_thread_function function, void *context);

// Waits for the thread's end, unless it is this one, and frees what belongs to it.
void hdl_thread_join(hdl_thread *thread);

#pragma clang assume_nonnull end

#endif
