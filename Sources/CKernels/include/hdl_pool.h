// SPDX-License-Identifier: Apache-2.0
//
// Threads that wait for chunks of work. One caller at a time.
#ifndef HADAL_POOL_H
#define HADAL_POOL_H

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct hdl_pool hdl_pool;

// Called for each chunk once; `worker` is below the thread count and the caller is worker 0.
typedef void (*hdl_pool_function)(void *context, uint32_t chunk, uint32_t worker);

// Starts `thread_count - 1` threads beside the caller's own; NULL where memory or threads are out.
hdl_pool *_Nullable hdl_pool_create(uint32_t thread_count);

// Stops the threads and frees the pool.
void hdl_pool_destroy(hdl_pool *pool);

// Runs all chunks, on the caller's thread and the pool's, and returns when they are done.
// Gives the number of threads that ran at least one chunk.
uint32_t hdl_pool_run(
    hdl_pool *pool, uint32_t chunk_count, hdl_pool_function function, void *_Nullable context);

// How many processors this process may run on, at least 1.
uint32_t hdl_core_count(void);

#pragma clang assume_nonnull end

#endif
