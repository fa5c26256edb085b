// SPDX-License-Identifier: Apache-2.0
//
// Prints a hash of each kernel's output for seeded inputs, one line a case. Two builds of this
// program, for two processors or two kernel paths, must print the same lines: `scripts/check-aarch64`
// compares them. The first lines are about results at the smallest normal number, where flushing
// before and after rounding differ; they also state the answers, so one build alone can fail.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seeded.h"

static int failures;

static void expect(const char *what, float found, uint32_t wanted) {
  printf("%s %08x\n", what, bits_of_float(found));
  if (bits_of_float(found) == wanted) return;
  fprintf(stderr, "%s: found %08x, wanted %08x\n", what, bits_of_float(found), wanted);
  ++failures;
}

// fma(a, b, c) through the product kernel: the second element first, so it makes the accumulator.
static float fused(const hdl_kernels *k, float a, float b, float c) {
  float x[32] = {c, 0}, w[32] = {1, 0}, y = 0;
  x[16] = a;
  w[16] = b;
  hdl_product p = {
    .x = (const char *)x, .x_stride = 128, .row_count = 1, .weight = (const char *)w,
    .weight_stride = 128, .column_count = 32, .output = &y, .output_stride = 1,
  };
  k->product_f32_f32(&p, 0, 1);
  return y;
}

static float sum(const hdl_kernels *k, float a, float b) {
  hdl_elementwise p = {&a, 1, &b, 1, 1};
  k->add(&p, 0, 1);
  return a;
}

// (1 · cos) rotated: −(b · sin) alone, a product without an addend that counts.
static float product(const hdl_kernels *k, float a, float b) {
  float x[2] = {a, 0};
  hdl_rotate p = {x, 2, 1, 2, 0, &(float){0}, &b, 1, 0};
  k->rotate(&p, 0, 1);
  return x[1];
}

// The smallest normal number, and its neighborhood: values below 2^-126 − 2^-151 are flushed,
// although gradual underflow rounds those above 2^-126 − 2^-150 up to 2^-126.
static void smallest_normal(const hdl_kernels *k) {
  const float least = float_of_bits(0x00800000);
  expect("sum 2^-126 + 0", sum(k, least, 0), 0x00800000);
  expect("sum 2^-125 - 2^-126", sum(k, 2 * least, -least), 0x00800000);
  expect("sum below", sum(k, float_of_bits(0x00800001), -least), 0x00000000);
  expect("sum below, negative", sum(k, least, -float_of_bits(0x00800001)), 0x80000000);
  expect("sum of denormals", sum(k, float_of_bits(0x00400000), float_of_bits(0x00400000)), 0);
  expect("product 2^-126", product(k, 0x1p-63f, 0x1p-63f), 0x00800000);
  // (1 − 2^-24) · 2^-126: 24 bits hold it below 2^-126.
  expect("product 1 unit below", product(k, 0x1.fffffep-1f, least), 0x00000000);
  // (1 + 2^-23)(1 − 2^-23) = 1 − 2^-46: rounds to 2^-126 in 24 bits.
  expect("product rounds up", product(k, 0x1.000002p-63f, 0x1.fffffcp-64f), 0x00800000);
  // (1 + 2^-23)(1 − 2^-22) lies below 1 − 2^-24. (A −0 meets a +0 on its way out.)
  expect("product stays below", product(k, 0x1.000002p-63f, 0x1.fffff8p-64f), 0x00000000);
  expect("negative stays below", product(k, -0x1.000002p-63f, 0x1.fffff8p-64f), 0);
  expect("fma 2^-126", fused(k, 0x1p-63f, 0x1p-63f, 0), 0x00800000);
  // c − ab with ab = 2^-151: the tie between 1 − 2^-24 and 1 goes to the even one.
  expect("fma tie", fused(k, -0x1p-75f, 0x1p-76f, least), 0x00800000);
  // 8384513 · 8392705 = 2^46 + 1: just beyond the tie, farther than double precision can tell.
  expect("fma past the tie", fused(k, -8384513 * 0x1p-99f, 8392705 * 0x1p-98f, least), 0x00000000);
  expect("fma before the tie", fused(k, -0x1.fffffep-76f, 0x1p-76f, least), 0x00800000);
  expect("fma 2^-150 below", fused(k, -0x1p-75f, 0x1p-75f, least), 0x00000000);
  expect("fma negative", fused(k, 0x1p-75f, 0x1p-75f, -least), 0);
  expect("fma denormal operand", fused(k, float_of_bits(0x007FFFFF), 0x1p100f, 0), 0);
}

// A few rows; enough for an E4M3 weight to be widened; enough for K in blocks.
static void products(const hdl_kernels *k, int flavor, size_t rows) {
  enum { most_rows = 38, inputs = 145, outputs = 11 };
  static float x[most_rows][inputs], y[most_rows][outputs], scales[4];
  static char weight[outputs * inputs * 4], bias[outputs * 4];
  _Alignas(64) static char prepared[most_rows * 5 * 128];
  char *scratch = aligned_alloc(64, HDL_WIDENED_BYTES);
  fill(x, sizeof x, flavor);
  fill(weight, sizeof weight, flavor);
  fill(bias, sizeof bias, flavor);
  fill(scales, sizeof scales, flavor);
  void (*kernels[2][4])(const hdl_product *, size_t, size_t) = {
    {k->product_f32_f32, k->product_f32_f16, k->product_f32_bf16, k->product_f32_e4m3},
    {k->product_bf16_f32, k->product_bf16_f16, k->product_bf16_bf16, k->product_bf16_e4m3},
  };
  size_t sizes[4] = {4, 2, 2, 1};
  for (int compute = 0; compute < 2; ++compute) {
    size_t stride = compute ? 5 * k->pair_chunk_bytes : 10 * 64;
    hdl_prepare prepare = {&x[0][0], inputs, 1, inputs, prepared, stride};
    (compute ? k->prepare_bf16 : k->prepare_f32)(&prepare, 0, rows);
    for (int type = 0; type < 4; ++type) {
      hdl_product p = {
        .x = prepared, .x_stride = stride, .row_count = rows, .weight = weight,
        .weight_stride = inputs * sizes[type], .scales = (const char *)scales,
        .scale_columns = 2, .bias = bias, .bias_type = HDL_BF16, .column_count = inputs,
        .output = &y[0][0], .output_stride = outputs, .scratch = scratch,
      };
      kernels[compute][type](&p, 0, outputs);
      printf("product %d %d %d %zu %016llx\n", flavor, compute, type, rows,
             (unsigned long long)hash(&y[0][0], rows * outputs));
    }
  }
  free(scratch);
}

static void rows(const hdl_kernels *k, int flavor) {
  enum { count = 4, width = 83 };
  static float x[count][width], other[count][width], y[count][width], angles[2][count][20];
  static char table[count * width * 4];
  fill(x, sizeof x, flavor);
  fill(other, sizeof other, flavor);
  fill(angles, sizeof angles, flavor);
  fill(table, sizeof table, flavor);
  for (int type = 0; type < 3; ++type) {
    size_t bytes = type == HDL_F32 ? 4 : 2;
    hdl_look_up l = {(int32_t[]){2, 0, 3, 2}, table, width * bytes, width, type, &y[0][0], width};
    k->look_up(&l, 0, count);
    printf("look-up %d %d %016llx\n", flavor, type, (unsigned long long)hash(&y[0][0], count * width));
    hdl_normalize n = {&x[0][0], width, width, table, type, 1e-6f, &y[0][0], width};
    k->normalize(&n, 0, count);
    printf("norm %d %d %016llx\n", flavor, type, (unsigned long long)hash(&y[0][0], count * width));
  }
  for (int interleaved = 0; interleaved < 2; ++interleaved) {
    memcpy(y, x, sizeof y);
    hdl_rotate r = {&y[0][0], width, 2, 41, 1, &angles[0][0][0], &angles[1][0][0], 20, interleaved};
    k->rotate(&r, 0, count);
    printf("rotate %d %d %016llx\n", flavor, interleaved, (unsigned long long)hash(&y[0][0], count * width));
  }
  memcpy(y, x, sizeof y);
  hdl_elementwise e = {&y[0][0], width, &other[0][0], width, width};
  k->multiply_silu(&e, 0, count);
  printf("silu %d %016llx\n", flavor, (unsigned long long)hash(&y[0][0], count * width));
  memcpy(y, x, sizeof y);
  k->add(&e, 0, count);
  printf("add %d %016llx\n", flavor, (unsigned long long)hash(&y[0][0], count * width));
  hdl_combination c = {
    &x[0][0], width, width, 2, (int32_t[]){0, 1, 2, 3, 1, 2, 3, 0}, &other[0][0], &y[0][0], width};
  k->combine(&c, 0, count);
  printf("combine %d %016llx\n", flavor, (unsigned long long)hash(&y[0][0], count * width));
}

static void router(const hdl_kernels *k, int flavor) {
  enum { count = 3, width = 9000, experts = 32 };
  static float x[count][width], spans[2 * 9], merged[2 * count], weights[count * 6];
  static int32_t chosen[count * 6];
  static char scratch[20 * experts];
  fill(x, sizeof x, flavor);
  hdl_log_sum l = {&x[0][0], width, width, spans, merged};
  k->log_sum_spans(&l, 0, 9);
  k->merge_spans(&l, 0, count);
  printf("log-sum %d %016llx\n", flavor, (unsigned long long)hash(merged, 2 * count));
  for (int sigmoid = 0; sigmoid < 2; ++sigmoid) {
    hdl_routing r = {
      .logits = &x[0][0], .stride = width, .expert_count = experts, .chosen_count = 6,
      .group_count = 4, .kept_group_count = 2, .sigmoid = sigmoid, .best_two = sigmoid,
      .normalizes = 1, .epsilon = 1e-20f, .scale = 2.5f, .bias = (const char *)(x[2] + 64),
      .experts = chosen, .weights = weights, .scratch = scratch,
    };
    k->route(&r, 0, count);
    for (int i = 0; i < count * 6; ++i) printf("%d ", chosen[i]);
    printf("route %d %d %016llx\n", flavor, sigmoid, (unsigned long long)hash(weights, count * 6));
  }
}

static void attention(const hdl_kernels *k, int flavor, int pairs) {
  enum { heads = 4, key_heads = 2, width = 40, cached = 1090, new = 3, blocks = 18 };
  static float queries[new][heads * width], rows[cached + new][key_heads * width];
  static float output[new][heads * width];
  static char cache[blocks][2 * key_heads * 64 * width * 4];
  const char *list[blocks];
  size_t bytes = pairs ? 2 : 4, head_bytes = 64 * width * bytes;
  fill(queries, sizeof queries, flavor);
  fill(rows, sizeof rows, flavor);
  for (int i = 0; i < blocks; ++i) list[i] = cache[i];
  for (size_t t = 0; t < cached + new; ++t) {
    char *place = cache[t / 64] + t % 64 * width * bytes;
    hdl_append keys = {rows[t], width, place, head_bytes};
    hdl_append values = {rows[cached + new - 1 - t], width, place + key_heads * head_bytes, head_bytes};
    (pairs ? k->append_bf16 : k->append_f32)(&keys, 0, key_heads);
    (pairs ? k->append_bf16 : k->append_f32)(&values, 0, key_heads);
  }
  char *scratch = aligned_alloc(64, hdl_attention_scratch(width, width));
  hdl_attention a = {
    .query_tile = 4, .queries = &queries[0][0], .query_stride = heads * width, .row_count = new,
    .head_count = heads, .key_head_count = key_heads, .first_position = cached, .blocks = list,
    .head_bytes = head_bytes, .value_offset = key_heads * head_bytes, .key_stride = width * bytes,
    .value_stride = width * bytes, .key_width = width, .value_width = width, .scale = 0.15f,
    .output = &output[0][0], .output_stride = heads * width, .scratch = scratch,
  };
  (pairs ? k->attend_bf16 : k->attend_f32)(&a, 0, key_heads * 2);
  free(scratch);
  printf("attention %d %d %016llx\n", flavor, pairs,
         (unsigned long long)hash(&output[0][0], new * heads * width));
}

static void absorption(const hdl_kernels *k, int flavor) {
  enum { count = 5, heads = 2, no_position = 21, rotary = 4, value = 7, rank = 37 };
  static float queries[count][heads * (no_position + rotary)];
  static float output[count][heads * (rank + rotary)], scratch[HDL_ABSORB_TILE * no_position];
  static char weight[heads * (no_position + value) * rank * 4];
  fill(queries, sizeof queries, flavor);
  fill(weight, sizeof weight, flavor);
  void (*kernels[6])(const hdl_absorption *, size_t, size_t) = {
    k->absorb_f32_f32, k->absorb_f32_f16, k->absorb_f32_bf16,
    k->absorb_bf16_f32, k->absorb_bf16_f16, k->absorb_bf16_bf16,
  };
  for (int i = 0; i < 6; ++i) {
    hdl_absorption a = {
      .queries = &queries[0][0], .query_stride = heads * (no_position + rotary),
      .row_count = count, .head_count = heads, .no_position = no_position, .rotary = rotary,
      .weight = weight, .weight_stride = rank * (i % 3 == 0 ? 4 : 2),
      .head_weight_rows = no_position + value, .latent_rank = rank, .output = &output[0][0],
      .output_stride = heads * (rank + rotary), .scratch = scratch,
    };
    kernels[i](&a, 0, heads);
    printf("absorb %d %d %016llx\n", flavor, i,
           (unsigned long long)hash(&output[0][0], count * heads * (rank + rotary)));
  }
}

// Usage: kernel_hashes [path], with a path's number from CKernels.h, 0 (scalar) where none is given.
int main(int argc, char **argv) {
  int path = argc > 1 ? atoi(argv[1]) : HDL_SCALAR;
  if (!hdl_path_available(path)) {
    fprintf(stderr, "kernel path %d is not available here\n", path);
    return 78;
  }
  const hdl_kernels *k = hdl_kernels_of(path);
  smallest_normal(k);
  for (int flavor = 0; flavor < 3; ++flavor) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      begin(seed);
      for (size_t i = 0; i < 3; ++i) products(k, flavor, (size_t[]){5, 13, 38}[i]);
      rows(k, flavor);
      router(k, flavor);
      absorption(k, flavor);
      row_gradients(k, flavor);
      optimizer(k, flavor);
    }
    for (int pairs = 0; pairs < 2; ++pairs) {
      attention(k, flavor, pairs);
      sum_products(k, flavor, pairs);
      attention_gradients(k, flavor, pairs);
    }
  }
  return failures == 0 ? 0 : 1;
}
