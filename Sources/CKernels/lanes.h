// SPDX-License-Identifier: Apache-2.0
//
// What every kernel file starts with: the 16-lane types and the names of the helpers, which
// lanes.inl defines once an instruction set (a helper and its caller must agree on theirs).
#ifndef HADAL_LANES_H
#define HADAL_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Lane vectors are passed between functions that are always inlined: no calling convention applies.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float lanes_f32 __attribute__((ext_vector_type(16)));
typedef uint32_t lanes_u32 __attribute__((ext_vector_type(16)));
typedef int32_t lanes_i32 __attribute__((ext_vector_type(16)));
typedef uint16_t lanes_u16 __attribute__((ext_vector_type(16)));
typedef uint8_t lanes_u8 __attribute__((ext_vector_type(16)));
typedef _Float16 lanes_f16 __attribute__((ext_vector_type(16)));

#define HDL_CONCATENATE_(a, b) a##_##b
#define HDL_CONCATENATE(a, b) HDL_CONCATENATE_(a, b)
#define HDL_FN(name) HDL_CONCATENATE(name, HDL_ISA)
#define HDL_INLINE static inline __attribute__((always_inline, unused))
#define HDL_UNROLL _Pragma("clang loop unroll(full)")

// Weight rows that a product of many rows walks together, and how many rows are many. Measured on
// Zen 5, 512 rows, K = 2048, BF16, share of the peak: 32 weight rows 75 %, 64 78 %, 128 81 %; at
// K = 5632 64 are the best.
#define HDL_PANEL 64
#define HDL_TALL_ROWS 32

// From how many rows on an E4M3 weight is widened before it is multiplied: on Zen 5 it gains nothing
// for 8 rows and doubles the rate of 32.
#define HDL_WIDENED_ROWS 12

// How far ahead a product of one row asks for its weight. Measured on Zen 5, two threads, GB/s of 46
// and of 79: E4M3 eight weight rows together 37 and 62, one after the other 30, with this 50 and 73;
// BF16 46 and 64, and with this 47 and 70. From 2 to 32 KiB ahead makes no difference.
#define HDL_AHEAD_BYTES 8192

// Rows that a unit of a product in the sum form takes together, and units of depth that one of packing
// takes.
#define HDL_GRADIENT_BLOCK 64
#define HDL_PACK_UNITS 32

// Keys whose values are used before the next ones are scored: both stay in the second cache.
#define HDL_SPAN_PART 256

// An exported kernel: sets the rounding and flushing that the page demands, runs the body, restores.
// The body is not inlined, so that no operation of it can move across the change of mode.
#define HDL_KERNEL(name, arguments)                                                       \
  static __attribute__((noinline)) void HDL_FN(name##_body)(                              \
      const arguments *p, size_t begin, size_t end);                                      \
  void HDL_FN(name)(const arguments *p, size_t begin, size_t end);                        \
  void HDL_FN(name)(const arguments *p, size_t begin, size_t end) {                       \
    uint32_t mode = enter_mode();                                                         \
    HDL_FN(name##_body)(p, begin, end);                                                   \
    leave_mode(mode);                                                                     \
  }                                                                                       \
  static __attribute__((noinline)) void HDL_FN(name##_body)(                              \
      const arguments *p, size_t begin, size_t end)

// NUMERICS: MXCSR as 0x9FC0 is round to nearest, exceptions masked, FTZ and DAZ on. On AArch64 the
// flush of FPCR comes before rounding, unlike x86's, so it stays off and lanes.inl flushes.
HDL_INLINE uint32_t enter_mode(void) {
#if defined(__x86_64__)
  uint32_t saved, wanted = 0x9FC0;
  __asm__ volatile("stmxcsr %0\n\tldmxcsr %1" : "=m"(saved) : "m"(wanted) : "memory");
  return saved;
#elif defined(__aarch64__)
  uint64_t saved, wanted = 0;
  __asm__ volatile("mrs %0, fpcr\n\tmsr fpcr, %1" : "=&r"(saved) : "r"(wanted) : "memory");
  return (uint32_t)saved;
#else
#error "flushing denormals is not written for this processor"
#endif
}

HDL_INLINE void leave_mode(uint32_t mode) {
#if defined(__x86_64__)
  __asm__ volatile("ldmxcsr %0" : : "m"(mode) : "memory");
#else
  uint64_t saved = mode;
  __asm__ volatile("msr fpcr, %0" : : "r"(saved) : "memory");
#endif
}

#define splat HDL_FN(splat)
#define bits_of HDL_FN(bits_of)
#define float_of HDL_FN(float_of)
#define flush1 HDL_FN(flush1)
#define add1 HDL_FN(add1)
#define sub1 HDL_FN(sub1)
#define mul1 HDL_FN(mul1)
#define div1 HDL_FN(div1)
#define fma1 HDL_FN(fma1)
#define settle1 HDL_FN(settle1)
#define flush16 HDL_FN(flush16)
#define add16 HDL_FN(add16)
#define sub16 HDL_FN(sub16)
#define mul16 HDL_FN(mul16)
#define div16 HDL_FN(div16)
#define fma16 HDL_FN(fma16)
#define tree HDL_FN(tree)
#define four_trees HDL_FN(four_trees)
#define exp16 HDL_FN(exp16)
#define exp1 HDL_FN(exp1)
#define maximum16 HDL_FN(maximum16)
#define bf16_round HDL_FN(bf16_round)
#define load_f32 HDL_FN(load_f32)
#define store_f32 HDL_FN(store_f32)
#define load_part HDL_FN(load_part)
#define store_part HDL_FN(store_part)
#define widen_f16 HDL_FN(widen_f16)
#define widen_e4m3 HDL_FN(widen_e4m3)
#define load_wide HDL_FN(load_wide)
#define load_wide_part HDL_FN(load_wide_part)
#define load_element HDL_FN(load_element)
#define element_bytes HDL_FN(element_bytes)
#define pair HDL_FN(pair)
#define load_pair HDL_FN(load_pair)
#define load_e4m3_pairs HDL_FN(load_e4m3_pairs)
#define load_prepared HDL_FN(load_prepared)
#define store_prepared HDL_FN(store_prepared)
#define fma_pair HDL_FN(fma_pair)
#define ask_ahead HDL_FN(ask_ahead)
#define product_range HDL_FN(product_range)

#endif
