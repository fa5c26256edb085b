// SPDX-License-Identifier: Apache-2.0
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "include/hdl_pool.h"

#include "include/hdl_thread.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

// LIMIT: longer than the gap between two operations of a pass, shorter than anyone would notice.
static const int64_t spin_nanoseconds = 50000;

struct worker {
  struct hdl_pool *pool;
  hdl_thread *thread;
  uint32_t index;
};

struct hdl_pool {
  // generation << 32 | chunks left. The count must live beside the generation: apart from it, a
  // worker that wakes late could claim a chunk of the next region while that is being set up.
  _Alignas(64) _Atomic uint64_t ticket;
  _Alignas(64) _Atomic uint32_t generation;
  _Atomic uint32_t sleepers;
  _Atomic uint32_t stops;
  _Alignas(64) _Atomic uint32_t done;
  _Atomic uint32_t total;
  _Atomic uint32_t caller_sleeps;
  _Atomic uint32_t participants;
  // Read only after a chunk was claimed, which is while `hdl_pool_run` waits for that chunk.
  hdl_pool_function function;
  void *context;
  uint32_t worker_count;
  struct worker workers[];
};

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void sleep_while_equal(_Atomic uint32_t *word, uint32_t value) {
#if defined(__linux__)
  syscall(SYS_futex, (uint32_t *)word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
#else
  struct timespec t = {0, 100000};
  if (atomic_load(word) == value) nanosleep(&t, NULL);
#endif
}

static void wake(_Atomic uint32_t *word) {
#if defined(__linux__)
  syscall(SYS_futex, (uint32_t *)word, FUTEX_WAKE_PRIVATE, 1 << 30, NULL, NULL, 0);
#else
  (void)word;
#endif
}

static void drain(struct hdl_pool *pool, uint32_t generation, uint32_t worker) {
  int counted = 0;
  uint64_t ticket = atomic_load(&pool->ticket);
  while ((uint32_t)(ticket >> 32) == generation && (uint32_t)ticket != 0) {
    if (!atomic_compare_exchange_weak(&pool->ticket, &ticket, ticket - 1)) {
      relax();
      continue;
    }
    uint32_t total = atomic_load(&pool->total);
    if (!counted) atomic_fetch_add(&pool->participants, 1);
    counted = 1;
    pool->function(pool->context, total - (uint32_t)ticket, worker);
    uint32_t done = atomic_fetch_add(&pool->done, 1) + 1;
    if (done == total && atomic_load(&pool->caller_sleeps)) wake(&pool->done);
    ticket = atomic_load(&pool->ticket);
  }
}

// Waits until `word` differs from `value`: spins a little, then sleeps.
static void await_change(_Atomic uint32_t *word, uint32_t value, _Atomic uint32_t *sleepers) {
  int64_t start = now();
  do {
    for (int i = 0; i < 64; ++i) {
      if (atomic_load(word) != value) return;
      relax();
    }
  } while (now() - start < spin_nanoseconds);
  atomic_fetch_add(sleepers, 1);
  while (atomic_load(word) == value) sleep_while_equal(word, value);
  atomic_fetch_sub(sleepers, 1);
}

static void work(void *context) {
  struct worker *worker = context;
  struct hdl_pool *pool = worker->pool;
  uint32_t seen = 0;
  while (1) {
    await_change(&pool->generation, seen, &pool->sleepers);
    seen = atomic_load(&pool->generation);
    if (atomic_load(&pool->stops)) return;
    drain(pool, seen, worker->index);
  }
}

uint32_t hdl_pool_run(
    hdl_pool *pool, uint32_t chunk_count, hdl_pool_function function, void *context) {
  if (chunk_count == 0) return 0;
  pool->function = function;
  pool->context = context;
  atomic_store(&pool->done, 0);
  atomic_store(&pool->participants, 0);
  atomic_store(&pool->total, chunk_count);
  uint32_t generation = atomic_load(&pool->generation) + 1;
  atomic_store(&pool->ticket, (uint64_t)generation << 32 | chunk_count);
  atomic_store(&pool->generation, generation);
  if (atomic_load(&pool->sleepers)) wake(&pool->generation);
  drain(pool, generation, 0);
  uint32_t done;
  while ((done = atomic_load(&pool->done)) != chunk_count)
    await_change(&pool->done, done, &pool->caller_sleeps);
  return atomic_load(&pool->participants);
}

hdl_pool *hdl_pool_create(uint32_t thread_count) {
  uint32_t count = thread_count - 1;
  size_t bytes = (sizeof(struct hdl_pool) + count * sizeof(struct worker) + 63) / 64 * 64;
  struct hdl_pool *pool = aligned_alloc(64, bytes);
  if (!pool) return NULL;
  *pool = (struct hdl_pool){0};
  while (pool->worker_count < count) {
    struct worker *worker = &pool->workers[pool->worker_count];
    *worker = (struct worker){.pool = pool, .index = pool->worker_count + 1};
    worker->thread = hdl_thread_start(work, worker);
    if (!worker->thread) break;
    ++pool->worker_count;
  }
  if (pool->worker_count == count) return pool;
  hdl_pool_destroy(pool);
  return NULL;
}

void hdl_pool_destroy(hdl_pool *pool) {
  atomic_store(&pool->stops, 1);
  atomic_fetch_add(&pool->generation, 1);
  wake(&pool->generation);
  for (uint32_t i = 0; i < pool->worker_count; ++i) hdl_thread_join(pool->workers[i].thread);
  free(pool);
}

uint32_t hdl_core_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
    return (uint32_t)CPU_COUNT(&set);
#endif
  return 1;
}
