// SPDX-License-Identifier: Apache-2.0
//
// The kernels of each instruction set as tables, and which of them this processor can run.
#include "include/CKernels.h"

// X(field, name without instruction set, arguments)
#define HDL_EACH_KERNEL(X, isa) \
  X(look_up, hdl_look_up_f32, hdl_look_up, isa) \
  X(normalize, hdl_normalize_f32, hdl_normalize, isa) \
  X(prepare_f32, hdl_prepare_f32, hdl_prepare, isa) \
  X(prepare_bf16, hdl_prepare_bf16, hdl_prepare, isa) \
  X(product_f32_f32, hdl_product_f32_f32, hdl_product, isa) \
  X(product_f32_f16, hdl_product_f32_f16, hdl_product, isa) \
  X(product_f32_bf16, hdl_product_f32_bf16, hdl_product, isa) \
  X(product_f32_e4m3, hdl_product_f32_e4m3, hdl_product, isa) \
  X(product_bf16_f32, hdl_product_bf16_f32, hdl_product, isa) \
  X(product_bf16_f16, hdl_product_bf16_f16, hdl_product, isa) \
  X(product_bf16_bf16, hdl_product_bf16_bf16, hdl_product, isa) \
  X(product_bf16_e4m3, hdl_product_bf16_e4m3, hdl_product, isa) \
  X(rotate, hdl_rotate_f32, hdl_rotate, isa) \
  X(multiply_silu, hdl_multiply_silu_f32, hdl_elementwise, isa) \
  X(add, hdl_add_f32, hdl_elementwise, isa) \
  X(append_f32, hdl_append_f32, hdl_append, isa) \
  X(append_bf16, hdl_append_bf16, hdl_append, isa) \
  X(attend_f32, hdl_attend_f32, hdl_attention, isa) \
  X(attend_bf16, hdl_attend_bf16, hdl_attention, isa) \
  X(merge_partials, hdl_merge_partials_f32, hdl_attention, isa) \
  X(absorb_f32_f32, hdl_absorb_f32_f32, hdl_absorption, isa) \
  X(absorb_f32_f16, hdl_absorb_f32_f16, hdl_absorption, isa) \
  X(absorb_f32_bf16, hdl_absorb_f32_bf16, hdl_absorption, isa) \
  X(absorb_bf16_f32, hdl_absorb_bf16_f32, hdl_absorption, isa) \
  X(absorb_bf16_f16, hdl_absorb_bf16_f16, hdl_absorption, isa) \
  X(absorb_bf16_bf16, hdl_absorb_bf16_bf16, hdl_absorption, isa) \
  X(route, hdl_route_f32, hdl_routing, isa) \
  X(combine, hdl_combine_f32, hdl_combination, isa) \
  X(log_sum_spans, hdl_log_sum_spans_f32, hdl_log_sum, isa) \
  X(merge_spans, hdl_merge_spans_f32, hdl_log_sum, isa) \
  X(pack_panels_f32, hdl_pack_panels_f32, hdl_pack, isa) \
  X(pack_panels_bf16, hdl_pack_panels_bf16, hdl_pack, isa) \
  X(pack_rows_bf16, hdl_pack_rows_bf16, hdl_pack, isa) \
  X(sum_product_f32, hdl_sum_product_f32, hdl_sum_product, isa) \
  X(sum_product_bf16, hdl_sum_product_bf16, hdl_sum_product, isa) \
  X(score_gradients_f32, hdl_score_gradients_f32, hdl_attention_gradient, isa) \
  X(score_gradients_bf16, hdl_score_gradients_bf16, hdl_attention_gradient, isa) \
  X(key_gradients_f32, hdl_key_gradients_f32, hdl_attention_gradient, isa) \
  X(key_gradients_bf16, hdl_key_gradients_bf16, hdl_attention_gradient, isa) \
  X(normalize_gradient, hdl_normalize_gradient_f32, hdl_normalize_gradient, isa) \
  X(normalize_weight_gradient, hdl_normalize_weight_gradient_f32, hdl_normalize_gradient, isa) \
  X(silu_gradient, hdl_silu_gradient_f32, hdl_silu_gradient, isa) \
  X(sum_rows, hdl_sum_rows_f32, hdl_sum_rows, isa) \
  X(add_rows, hdl_add_rows_f32, hdl_add_rows, isa) \
  X(cross_entropy_gradient, hdl_cross_entropy_gradient_f32, hdl_cross_entropy, isa) \
  X(combine_gradient, hdl_combine_gradient_f32, hdl_combine_gradient, isa) \
  X(affinities, hdl_affinities_f32, hdl_router_gradient, isa) \
  X(router_gradient, hdl_router_gradient_f32, hdl_router_gradient, isa) \
  X(adamw, hdl_adamw_f32, hdl_adamw, isa) \
  X(block_squares, hdl_block_squares_f32, hdl_block_squares, isa)

#define HDL_DECLARE(field, name, arguments, isa) \
  void name##_##isa(const arguments *p, size_t begin, size_t end);
#define HDL_FIELD(field, name, arguments, isa) .field = name##_##isa,

HDL_EACH_KERNEL(HDL_DECLARE, scalar)
static const hdl_kernels scalar_kernels = {
  .pair_chunk_bytes = 128,
  HDL_EACH_KERNEL(HDL_FIELD, scalar)
};

#if defined(__x86_64__)

HDL_EACH_KERNEL(HDL_DECLARE, avx2)
HDL_EACH_KERNEL(HDL_DECLARE, avx512)
HDL_EACH_KERNEL(HDL_DECLARE, avx512bf16)
static const hdl_kernels avx2_kernels = {
  .pair_chunk_bytes = 128,
  HDL_EACH_KERNEL(HDL_FIELD, avx2)
};
static const hdl_kernels avx512_kernels = {
  .pair_chunk_bytes = 128,
  HDL_EACH_KERNEL(HDL_FIELD, avx512)
};
static const hdl_kernels avx512bf16_kernels = {
  .pair_chunk_bytes = 64,
  HDL_EACH_KERNEL(HDL_FIELD, avx512bf16)
};

static int has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
    && __builtin_cpu_supports("f16c");
}

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

int hdl_path_available(int path) {
  switch (path) {
  case HDL_SCALAR: return 1;
  case HDL_AVX2: return has_avx2();
  case HDL_AVX512: return has_avx512();
  case HDL_AVX512BF16:
    return has_avx512() && __builtin_cpu_supports("avx512bf16")
      && __builtin_cpu_supports("avx512vbmi");
  default: return 0;
  }
}

const hdl_kernels *hdl_kernels_of(int path) {
  switch (path) {
  case HDL_AVX2: return &avx2_kernels;
  case HDL_AVX512: return &avx512_kernels;
  case HDL_AVX512BF16: return &avx512bf16_kernels;
  default: return &scalar_kernels;
  }
}

#else

int hdl_path_available(int path) { return path == HDL_SCALAR; }

const hdl_kernels *hdl_kernels_of(int path) {
  (void)path;
  return &scalar_kernels;
}

#endif

size_t hdl_attention_scratch(size_t key_width, size_t value_width) {
  size_t prepared = (key_width + 31) / 32 * 128;
  return HDL_QUERY_TILE * ((HDL_SPAN + value_width) * sizeof(float) + prepared);
}

size_t hdl_gradient_scratch(size_t key_width, size_t value_width) {
  size_t prepared = (key_width + 31) / 32 * 128 + (value_width + 31) / 32 * 128;
  return HDL_BLOCK * (prepared + 3 * HDL_BLOCK * sizeof(float));
}
