// SPDX-License-Identifier: Apache-2.0
//
// The exported products of one instruction set.
#include "product.inl"

HDL_KERNEL(hdl_product_f32_f32, hdl_product) { product_range(p, begin, end, HDL_F32, false); }
HDL_KERNEL(hdl_product_f32_f16, hdl_product) { product_range(p, begin, end, HDL_F16, false); }
HDL_KERNEL(hdl_product_f32_bf16, hdl_product) { product_range(p, begin, end, HDL_BF16, false); }
HDL_KERNEL(hdl_product_f32_e4m3, hdl_product) { product_range(p, begin, end, HDL_E4M3, false); }
HDL_KERNEL(hdl_product_bf16_f32, hdl_product) { product_range(p, begin, end, HDL_F32, true); }
HDL_KERNEL(hdl_product_bf16_f16, hdl_product) { product_range(p, begin, end, HDL_F16, true); }
HDL_KERNEL(hdl_product_bf16_bf16, hdl_product) { product_range(p, begin, end, HDL_BF16, true); }
HDL_KERNEL(hdl_product_bf16_e4m3, hdl_product) { product_range(p, begin, end, HDL_E4M3, true); }

HDL_KERNEL(hdl_prepare_f32, hdl_prepare) {
  for (size_t row = begin; row < end; ++row) {
    const float *x = p->input + row / p->group_count * p->input_stride
      + row % p->group_count * p->column_count;
    char *y = p->output + row * p->output_stride;
    size_t k = 0;
    for (; k + 16 <= p->column_count; k += 16) store_f32(y + k * 4, load_f32(x + k));
    if (k < p->column_count) store_f32(y + k * 4, load_part(x + k, p->column_count - k));
  }
}

HDL_KERNEL(hdl_prepare_bf16, hdl_prepare) {
  for (size_t row = begin; row < end; ++row) {
    const float *x = p->input + row / p->group_count * p->input_stride
      + row % p->group_count * p->column_count;
    char *y = p->output + row * p->output_stride;
    size_t k = 0;
    for (; k + 32 <= p->column_count; k += 32)
      store_prepared(y, k / 32, load_pair(HDL_F32, (const char *)(x + k)));
    if (k < p->column_count) {
      char part[128] = {0};
      __builtin_memcpy(part, x + k, (p->column_count - k) * 4);
      store_prepared(y, k / 32, load_pair(HDL_F32, part));
    }
  }
}
