// SPDX-License-Identifier: Apache-2.0
//
// Hashes of the derivatives that walk rows, and of the optimizer.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "seeded.h"

enum { count = 5, width = 83, chunks = (width + 15) / 16 };

static void print(const char *what, int flavor, int variant, const float *x, size_t n) {
  printf("%s %d %d %016llx\n", what, flavor, variant, (unsigned long long)hash(x, n));
}

static void norm(const hdl_kernels *k, int flavor) {
  static float x[count][width], dy[count][width], dx[count][width], weight[width], dw[width];
  float roots[count];
  fill(x, sizeof x, flavor);
  fill(dy, sizeof dy, flavor);
  fill(weight, sizeof weight, flavor);
  for (int accumulates = 0; accumulates < 2; ++accumulates) {
    fill(dx, sizeof dx, flavor);
    fill(dw, sizeof dw, flavor);
    hdl_normalize_gradient n = {
      .input = &x[0][0], .input_stride = width, .weight = weight, .gradient = &dy[0][0],
      .gradient_stride = width, .row_count = count, .column_count = width, .epsilon = 1e-6f,
      .output = &dx[0][0], .output_stride = width, .accumulates = accumulates,
      .inverse_roots = roots, .weight_gradient = dw,
    };
    k->normalize_gradient(&n, 0, count);
    k->normalize_weight_gradient(&n, 0, chunks);
    print("norm gradient", flavor, accumulates, &dx[0][0], count * width);
    print("norm root", flavor, accumulates, roots, count);
    print("norm weight gradient", flavor, accumulates, dw, width);
  }
}

static void mixture(const hdl_kernels *k, int flavor) {
  enum { tokens = 3, chosen = 2 };
  static float gradient[tokens][width], outputs[tokens * chosen][width];
  float weights[tokens * chosen], weight_gradients[tokens * chosen];
  fill(gradient, sizeof gradient, flavor);
  fill(outputs, sizeof outputs, flavor);
  fill(weights, sizeof weights, flavor);
  hdl_combine_gradient c = {
    &gradient[0][0], width, width, chosen, (int32_t[]){3, 1, 0, 5, 4, 2}, weights,
    &outputs[0][0], width, weight_gradients};
  k->combine_gradient(&c, 0, tokens);
  print("combine gradient", flavor, 0, &outputs[0][0], tokens * chosen * width);
  print("combine weight gradient", flavor, 0, weight_gradients, tokens * chosen);
}

static void router(const hdl_kernels *k, int flavor) {
  enum { rows = 4, experts = 40, chosen = 6 };
  static float logits[rows][experts], affinities[rows][experts], slopes[2][experts];
  float gradients[rows * chosen];
  int32_t choice[rows * chosen];
  for (int i = 0; i < rows * chosen; ++i) choice[i] = (i * 7 + i / chosen) % experts;
  fill(gradients, sizeof gradients, flavor);
  fill(slopes, sizeof slopes, flavor);
  for (int variant = 0; variant < 4; ++variant) {
    fill(logits, sizeof logits, flavor);
    hdl_router_gradient r = {
      .rule = {.expert_count = experts, .chosen_count = chosen, .sigmoid = variant & 1,
               .normalizes = variant >> 1, .epsilon = 1e-20f, .scale = 2.5f},
      .logits = &logits[0][0], .stride = experts, .affinities = &affinities[0][0],
      .affinity_stride = experts, .experts = choice, .weight_gradients = gradients,
      .sequences = (int32_t[]){1, 1, -1, 0}, .slopes = &slopes[0][0],
    };
    k->affinities(&r, 0, rows);
    k->router_gradient(&r, 0, rows);
    print("affinities", flavor, variant, &affinities[0][0], rows * experts);
    print("router gradient", flavor, variant, &logits[0][0], rows * experts);
  }
}

void row_gradients(const hdl_kernels *k, int flavor) {
  static float x[count][width], up[count][width], dy[count][width], table[4][width], sum[width];
  norm(k, flavor);
  mixture(k, flavor);
  router(k, flavor);
  fill(x, sizeof x, flavor);
  fill(up, sizeof up, flavor);
  fill(dy, sizeof dy, flavor);
  fill(table, sizeof table, flavor);
  fill(sum, sizeof sum, flavor);
  hdl_sum_rows s = {&x[0][0], width, count, width, sum};
  k->sum_rows(&s, 0, chunks);
  print("sum rows", flavor, 0, sum, width);
  // An id that comes twice: its rows are added in order.
  hdl_add_rows a = {(int32_t[]){2, 0, 3, 2, 2}, &x[0][0], width, count, width, &table[0][0]};
  k->add_rows(&a, 0, (width + 63) / 64);
  print("add rows", flavor, 0, &table[0][0], 4 * width);
  hdl_silu_gradient g = {&x[0][0], width, &up[0][0], width, &dy[0][0], width, width};
  k->silu_gradient(&g, 0, count);
  print("silu gradient, gate", flavor, 0, &x[0][0], count * width);
  print("silu gradient, up", flavor, 0, &up[0][0], count * width);
  float spans[2 * count], statistics[2 * count], weights[count];
  fill(weights, sizeof weights, flavor);
  hdl_log_sum l = {&dy[0][0], width, width, spans, statistics};
  k->log_sum_spans(&l, 0, count);
  k->merge_spans(&l, 0, count);
  hdl_cross_entropy c = {
    &dy[0][0], width, width, statistics, (int32_t[]){0, width - 1, 15, 16, 40}, weights};
  k->cross_entropy_gradient(&c, 0, count);
  print("cross-entropy gradient", flavor, 0, &dy[0][0], count * width);
}

// A whole block and part of another, with part of a vector at its end.
void optimizer(const hdl_kernels *k, int flavor) {
  enum { numbers = HDL_OPTIMIZER_BLOCK + 905, blocks = 2 };
  static float gradient[numbers], first[numbers], second[numbers], weight[numbers];
  static char rounded[2 * numbers];
  float sums[blocks];
  fill(gradient, sizeof gradient, flavor);
  fill(first, sizeof first, flavor);
  fill(second, sizeof second, flavor);
  fill(weight, sizeof weight, flavor);
  for (size_t i = 0; i < numbers; ++i) second[i] = fabsf(second[i]);
  hdl_adamw a = {
    .count = numbers, .gradient = gradient, .first_moment = first, .second_moment = second,
    .weight = weight, .rounded = rounded, .clip = 0.7f, .beta1 = 0.9f, .complement1 = 0.1f,
    .beta2 = 0.95f, .complement2 = 0.05f, .correction1 = 10, .correction2 = 20,
    .epsilon = 1e-8f, .rate = 1e-3f, .keep = 0.9999f,
  };
  k->adamw(&a, 0, blocks);
  printf("adamw rounded %d %016llx\n", flavor, (unsigned long long)hash_bf16(rounded, numbers));
  a.rounded = NULL;
  k->adamw(&a, 0, blocks);
  print("adamw first moment", flavor, 0, first, numbers);
  print("adamw second moment", flavor, 0, second, numbers);
  print("adamw weight", flavor, 0, weight, numbers);
  hdl_block_squares b = {gradient, numbers, sums};
  k->block_squares(&b, 0, blocks);
  print("block squares", flavor, 0, sums, blocks);
}
