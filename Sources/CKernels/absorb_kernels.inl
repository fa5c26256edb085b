// SPDX-License-Identifier: Apache-2.0
//
// Queries times the key up-projection of their head, for latent attention.
#include "sum_form.inl"

HDL_INLINE void HDL_FN(absorb_block)(
    const hdl_absorption *p, const float *a, const char *weight, float *output, size_t column,
    size_t lanes, const size_t rows, const size_t vectors, const int type, const bool pairs) {
  lanes_f32 acc[HDL_SUM_ROWS][4];
  const float *queries[HDL_SUM_ROWS];
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    queries[r] = a + r * p->no_position;
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v) acc[r][v] = splat(0);
  }
  HDL_FN(sum_run)(
      acc, queries, weight + column * element_bytes(type), p->weight_stride, 0, p->no_position,
      lanes, rows, vectors, type, pairs);
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    float *y = output + r * p->output_stride + column;
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v) {
      if (lanes == 16)
        store_f32(y + 16 * v, acc[r][v]);
      else
        store_part(y + 16 * v, acc[r][v], lanes);
    }
  }
}

// All latent columns of `rows` rows, the weight's columns from `column` to `end`.
HDL_INLINE void HDL_FN(absorb_rows)(
    const hdl_absorption *p, const float *a, const char *weight, float *output, size_t column,
    size_t end, const size_t rows, const int type, const bool pairs) {
  const size_t vectors = HDL_SUM_VECTORS(rows);
  for (; column + 16 * vectors <= end; column += 16 * vectors)
    HDL_FN(absorb_block)(p, a, weight, output, column, 16, rows, vectors, type, pairs);
  if (vectors > 1)
    for (; column + 16 <= end; column += 16)
      HDL_FN(absorb_block)(p, a, weight, output, column, 16, rows, 1, type, pairs);
  if (column < end)
    HDL_FN(absorb_block)(p, a, weight, output, column, end - column, rows, 1, type, pairs);
}

HDL_INLINE void HDL_FN(absorb_unit)(
    const hdl_absorption *p, size_t head, size_t first, size_t count, const int type,
    const bool pairs) {
  const size_t width = p->no_position + p->rotary, out_width = p->latent_rank + p->rotary;
  const float *queries = p->queries + first * p->query_stride + head * width;
  float *output = p->output + first * p->output_stride + head * out_width;
  const char *weight = p->weight + head * p->head_weight_rows * p->weight_stride;
  for (size_t row = 0; row < count; ++row) {
    const float *x = queries + row * p->query_stride;
    float *a = p->scratch + row * p->no_position;
    for (size_t k = 0; k < p->no_position; k += 16) {
      size_t lanes = p->no_position - k < 16 ? p->no_position - k : 16;
      lanes_f32 v = load_part(x + k, lanes);
      store_part(a + k, pairs ? bf16_round(v) : v, lanes);
    }
    __builtin_memcpy(
        output + row * p->output_stride + p->latent_rank, x + p->no_position, p->rotary * 4);
  }
  // A strip of columns stays in the nearest cache while the rows pass by.
  for (size_t column = 0; column < p->latent_rank; column += 64) {
    size_t end = p->latent_rank - column < 64 ? p->latent_rank : column + 64;
    size_t row = 0;
    for (; row + HDL_SUM_ROWS <= count; row += HDL_SUM_ROWS)
      HDL_FN(absorb_rows)(
          p, p->scratch + row * p->no_position, weight, output + row * p->output_stride, column,
          end, HDL_SUM_ROWS, type, pairs);
    if (HDL_SUM_ROWS > 1)
      for (; row < count; ++row)
        HDL_FN(absorb_rows)(
            p, p->scratch + row * p->no_position, weight, output + row * p->output_stride, column,
            end, 1, type, pairs);
  }
}

HDL_INLINE void HDL_FN(absorb_range)(
    const hdl_absorption *p, size_t begin, size_t end, const int type, const bool pairs) {
  size_t tiles = (p->row_count + HDL_ABSORB_TILE - 1) / HDL_ABSORB_TILE;
  for (size_t unit = begin; unit < end; ++unit) {
    size_t first = unit % tiles * HDL_ABSORB_TILE;
    size_t left = p->row_count - first;
    HDL_FN(absorb_unit)(
        p, unit / tiles, first, left < HDL_ABSORB_TILE ? left : HDL_ABSORB_TILE, type, pairs);
  }
}

HDL_KERNEL(hdl_absorb_f32_f32, hdl_absorption) {
  HDL_FN(absorb_range)(p, begin, end, HDL_F32, false);
}
HDL_KERNEL(hdl_absorb_f32_f16, hdl_absorption) {
  HDL_FN(absorb_range)(p, begin, end, HDL_F16, false);
}
HDL_KERNEL(hdl_absorb_f32_bf16, hdl_absorption) {
  HDL_FN(absorb_range)(p, begin, end, HDL_BF16, false);
}
HDL_KERNEL(hdl_absorb_bf16_f32, hdl_absorption) {
  HDL_FN(absorb_range)(p, begin, end, HDL_F32, true);
}
HDL_KERNEL(hdl_absorb_bf16_f16, hdl_absorption) {
  HDL_FN(absorb_range)(p, begin, end, HDL_F16, true);
}
HDL_KERNEL(hdl_absorb_bf16_bf16, hdl_absorption) {
  HDL_FN(absorb_range)(p, begin, end, HDL_BF16, true);
}
