// SPDX-License-Identifier: Apache-2.0
//
// The exported products in the sum form, and what packs their operands.
#include "sum_tile.inl"

HDL_INLINE void HDL_FN(sum_range)(
    const hdl_sum_product *p, size_t begin, size_t end, const bool pairs) {
  size_t blocks = (p->row_count + HDL_GRADIENT_BLOCK - 1) / HDL_GRADIENT_BLOCK;
  for (size_t unit = begin; unit < end; ++unit) {
    size_t panel = unit / blocks, block = unit % blocks;
    size_t first = block * HDL_GRADIENT_BLOCK, column = panel * HDL_PANEL_COLUMNS;
    size_t rows = p->row_count - first, columns = p->column_count - column;
    if (rows > HDL_GRADIENT_BLOCK) rows = HDL_GRADIENT_BLOCK;
    if (columns > HDL_PANEL_COLUMNS) columns = HDL_PANEL_COLUMNS;
    float *output = p->output + first * p->output_stride + column;
    if (!p->accumulates)
      for (size_t row = 0; row < rows; ++row)
        __builtin_memset(output + row * p->output_stride, 0, columns * 4);
    HDL_FN(sum_block)(
        p->left + block * p->left_block, p->left_row, p->left_unit,
        p->right + panel * p->depth * (HDL_PANEL_COLUMNS * 4), p->depth, output, p->output_stride,
        rows, columns, pairs);
  }
}

HDL_KERNEL(hdl_sum_product_f32, hdl_sum_product) { HDL_FN(sum_range)(p, begin, end, false); }
HDL_KERNEL(hdl_sum_product_bf16, hdl_sum_product) { HDL_FN(sum_range)(p, begin, end, true); }

// 16 columns of a row of the contraction; a missing row is +0.
HDL_INLINE lanes_f32 HDL_FN(packed_row)(
    const hdl_pack *p, size_t row, size_t column, size_t lanes, const int type) {
  if (row >= p->row_count) return splat(0);
  size_t place = row;
  if (p->row_map) {
    if (p->row_map[row] < 0) return splat(0);
    place = (size_t)p->row_map[row];
  }
  const char *source = p->input + place * p->input_stride + column * element_bytes(type);
  return lanes == 16 ? load_wide(type, source) : load_wide_part(type, source, lanes);
}

HDL_INLINE void HDL_FN(pack_range)(
    const hdl_pack *p, size_t begin, size_t end, const int type, const bool pairs) {
  size_t blocks = (p->depth + HDL_PACK_UNITS - 1) / HDL_PACK_UNITS;
  for (size_t unit = begin; unit < end; ++unit) {
    size_t panel = unit / blocks, from = unit % blocks * HDL_PACK_UNITS;
    size_t to = p->depth - from < HDL_PACK_UNITS ? p->depth : from + HDL_PACK_UNITS;
    char *target = p->output + panel * p->panel_stride;
    for (size_t k = from; k < to; ++k)
      HDL_UNROLL for (size_t v = 0; v < HDL_PANEL_COLUMNS / 16; ++v) {
        size_t column = panel * HDL_PANEL_COLUMNS + 16 * v;
        lanes_u32 units = (lanes_u32){0};
        if (column < p->column_count) {
          size_t lanes = p->column_count - column < 16 ? p->column_count - column : 16;
          if (pairs)
            units = HDL_FN(unit_of)(
                HDL_FN(packed_row)(p, 2 * k, column, lanes, type),
                HDL_FN(packed_row)(p, 2 * k + 1, column, lanes, type));
          else
            units = (lanes_u32)HDL_FN(packed_row)(p, k, column, lanes, type);
        }
        __builtin_memcpy(target + k * (HDL_PANEL_COLUMNS * 4) + 64 * v, &units, 64);
      }
  }
}

HDL_INLINE void HDL_FN(pack_type)(
    const hdl_pack *p, size_t begin, size_t end, const bool pairs) {
  switch (p->type) {
  case HDL_F32: HDL_FN(pack_range)(p, begin, end, HDL_F32, pairs); break;
  case HDL_F16: HDL_FN(pack_range)(p, begin, end, HDL_F16, pairs); break;
  default: HDL_FN(pack_range)(p, begin, end, HDL_BF16, pairs); break;
  }
}

HDL_KERNEL(hdl_pack_panels_f32, hdl_pack) { HDL_FN(pack_type)(p, begin, end, false); }
HDL_KERNEL(hdl_pack_panels_bf16, hdl_pack) { HDL_FN(pack_type)(p, begin, end, true); }

// Rows of floats as rows of pairs. Range: rows.
HDL_KERNEL(hdl_pack_rows_bf16, hdl_pack) {
  const size_t n = p->column_count;
  for (size_t row = begin; row < end; ++row) {
    const float *x = (const float *)(p->input + row * p->input_stride);
    char *y = p->output + row * p->depth * 4;
    for (size_t k = 0; k < n; k += 32) {
      size_t count = n - k < 32 ? n - k : 32;
      float part[32] = {0};
      __builtin_memcpy(part, x + k, count * 4);
      lanes_u32 units = HDL_FN(unit_row)(load_f32(part), load_f32(part + 16));
      __builtin_memcpy(y + k * 2, &units, (count + 1) / 2 * 4);
    }
  }
}
