// SPDX-License-Identifier: Apache-2.0

// Preloaded, counts a program's requests for memory by the stack that made them, and writes them at
// its end to the file that HADAL_ALLOCATIONS names: the stacks that found no room and the most bytes
// that were held at once; then one line a stack, the count and the places, innermost first, as
// file+offset. Anonymous mappings count, mapped files do not. allocation_counter.py reads it.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library's own names: looking them up by dlsym would ask for memory.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

enum { DEPTH = 24, STACKS = 1 << 15, MAPPINGS = 4096 };

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

static atomic_int_fast64_t held, most;
static _Atomic(void *) mappings[MAPPINGS];

static void hold(int64_t count) {
  int_fast64_t now = atomic_fetch_add(&held, count) + count;
  int_fast64_t seen = atomic_load(&most);
  while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now)) {
  }
}

static void *taken(void *block) {
  note();
  hold((int64_t)malloc_usable_size(block));
  return block;
}

void *malloc(size_t size) { return taken(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return taken(__libc_calloc(count, size)); }

void *memalign(size_t alignment, size_t size) { return taken(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  *result = memalign(alignment, size);
  return *result == NULL ? ENOMEM : 0;
}

void *realloc(void *old, size_t size) {
  hold(-(int64_t)malloc_usable_size(old));
  return taken(__libc_realloc(old, size));
}

void free(void *block) {
  hold(-(int64_t)malloc_usable_size(block));
  __libc_free(block);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  note();
  void *start = (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
  if (start == MAP_FAILED || !(flags & MAP_ANONYMOUS)) return start;
  for (int i = 0; i < MAPPINGS; i++) {
    void *none = NULL;
    if (!atomic_compare_exchange_strong(&mappings[i], &none, start)) continue;
    hold((int64_t)size);
    break;
  }
  return start;
}

int munmap(void *start, size_t size) {
  for (int i = 0; i < MAPPINGS; i++) {
    void *mapping = start;
    if (!atomic_compare_exchange_strong(&mappings[i], &mapping, NULL)) continue;
    hold(-(int64_t)size);
    break;
  }
  return (int)syscall(SYS_munmap, start, size);
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
  fprintf(file, "%llu %lld\n", (unsigned long long)lost, (long long)most);
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
