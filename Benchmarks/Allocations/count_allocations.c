// SPDX-License-Identifier: Apache-2.0

// Preloaded, counts a program's requests for memory by the stack that made them, and writes them at
// its end to the file that HADAL_ALLOCATIONS names: one line a stack, the count and then the places,
// innermost first, as file+offset. scripts/count-allocations builds and reads it.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The C library's own names: looking them up by dlsym would ask for memory.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { DEPTH = 24, STACKS = 1 << 15 };

struct stack {
  atomic_uint_fast64_t hash;
  atomic_uint_fast64_t count;
  int depth;
  void *places[DEPTH];
};

static struct stack stacks[STACKS];
static atomic_uint_fast64_t lost;
static atomic_int ready;
static _Thread_local int inside __attribute__((tls_model("initial-exec")));

static void note(void) {
  if (!atomic_load_explicit(&ready, memory_order_relaxed) || inside) return;
  inside = 1;
  void *places[DEPTH + 2];
  int depth = backtrace(places, DEPTH + 2) - 2;
  if (depth < 0) depth = 0;
  uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < depth; i++) hash = (hash ^ (uintptr_t)places[i + 2]) * 1099511628211u;
  if (hash == 0) hash = 1;
  for (uint64_t probe = 0; probe < STACKS; probe++) {
    struct stack *entry = &stacks[(hash + probe) % STACKS];
    uint_fast64_t seen = 0;
    if (atomic_compare_exchange_strong(&entry->hash, &seen, hash)) {
      memcpy(entry->places, places + 2, sizeof(void *) * (size_t)depth);
      entry->depth = depth;
    } else if (seen != hash) {
      continue;
    }
    atomic_fetch_add(&entry->count, 1);
    inside = 0;
    return;
  }
  atomic_fetch_add(&lost, 1);
  inside = 0;
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  note();
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  note();
  *result = __libc_memalign(alignment, size);
  return *result == NULL ? 12 : 0;
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  static void *(*next)(void *, size_t, int, int, int, off_t);
  if (next == NULL) next = dlsym(RTLD_NEXT, "mmap");
  note();
  return next(address, size, protection, flags, file, offset);
}

__attribute__((constructor)) static void start(void) {
  // The first call loads the unwinder, which asks for memory itself.
  void *place[1];
  backtrace(place, 1);
  atomic_store(&ready, 1);
}

__attribute__((destructor)) static void finish(void) {
  const char *path = getenv("HADAL_ALLOCATIONS");
  inside = 1;
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%llu lost\n", (unsigned long long)lost);
  for (size_t i = 0; i < STACKS; i++) {
    if (stacks[i].count == 0) continue;
    fprintf(file, "%llu", (unsigned long long)stacks[i].count);
    for (int j = 0; j < stacks[i].depth; j++) {
      Dl_info info;
      if (dladdr(stacks[i].places[j], &info) == 0 || info.dli_fname == NULL) continue;
      uintptr_t offset = (uintptr_t)stacks[i].places[j] - (uintptr_t)info.dli_fbase;
      fprintf(file, " %s+%#lx", info.dli_fname, (unsigned long)offset);
    }
    fputc('\n', file);
  }
  fclose(file);
}
