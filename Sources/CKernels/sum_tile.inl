// SPDX-License-Identifier: Apache-2.0
//
// The sum form over packed operands: what the derivatives of products are made of.
//
// A unit of depth is one float, or a pair of BF16 numbers of which the even one has the lower bits.
// The left operand has a row an output row and is addressed by strides; the right one comes in panels
// of HDL_PANEL_COLUMNS columns, unit by unit.

// A unit of 16 outputs.
HDL_INLINE lanes_u32 HDL_FN(load_units)(const char *source) {
  lanes_u32 v;
  __builtin_memcpy(&v, source, 64);
  return v;
}

HDL_INLINE lanes_u32 HDL_FN(splat_unit)(const char *source) {
  uint32_t v;
  __builtin_memcpy(&v, source, 4);
  return (lanes_u32)v;
}

// Even and odd numbers become units.
HDL_INLINE lanes_u32 HDL_FN(unit_of)(lanes_f32 even, lanes_f32 odd) {
  return (lanes_u32)bf16_round(even) >> 16 | (lanes_u32)bf16_round(odd);
}

// 32 neighbors of a row as 16 units.
HDL_INLINE lanes_u32 HDL_FN(unit_row)(lanes_f32 low, lanes_f32 high) {
  return HDL_FN(unit_of)(
      __builtin_shufflevector(
          low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
      __builtin_shufflevector(
          low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31));
}

// acc + a · b of one unit; in pairs the odd element comes first.
HDL_INLINE lanes_f32 HDL_FN(fma_unit)(lanes_u32 a, lanes_u32 b, lanes_f32 acc, const bool pairs) {
  if (!pairs) return fma16((lanes_f32)a, (lanes_f32)b, acc);
#ifdef HDL_HAS_PAIR_DOT
  return fma_pair(a, b, acc);
#else
  acc = fma16((lanes_f32)(a & 0xFFFF0000u), (lanes_f32)(b & 0xFFFF0000u), acc);
  return fma16((lanes_f32)(a << 16), (lanes_f32)(b << 16), acc);
#endif
}

// `rows` × `vectors` · 16 outputs in `c`, onto which all of the depth is added.
HDL_INLINE void HDL_FN(sum_tile)(
    const char *a, size_t a_row, size_t a_unit, const char *b, size_t depth, float *c,
    size_t c_stride, const size_t rows, const size_t vectors, const bool pairs) {
  lanes_f32 acc[HDL_GRADIENT_ROWS][4];
  HDL_UNROLL for (size_t r = 0; r < rows; ++r)
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v) acc[r][v] = load_f32(c + r * c_stride + 16 * v);
  for (size_t k = 0; k < depth; ++k) {
    lanes_u32 w[4];
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v)
      w[v] = HDL_FN(load_units)(b + k * (HDL_PANEL_COLUMNS * 4) + 64 * v);
    HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
      lanes_u32 x = HDL_FN(splat_unit)(a + r * a_row + k * a_unit);
      HDL_UNROLL for (size_t v = 0; v < vectors; ++v)
        acc[r][v] = HDL_FN(fma_unit)(x, w[v], acc[r][v], pairs);
    }
  }
  HDL_UNROLL for (size_t r = 0; r < rows; ++r)
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v) store_f32(c + r * c_stride + 16 * v, acc[r][v]);
}

// `rows` rows of a panel, its columns in steps of what the registers hold.
HDL_INLINE void HDL_FN(sum_columns)(
    const char *a, size_t a_row, size_t a_unit, const char *b, size_t depth, float *c,
    size_t c_stride, size_t vectors, const size_t rows, const bool pairs) {
  size_t v = 0;
  for (; v + HDL_GRADIENT_VECTORS <= vectors; v += HDL_GRADIENT_VECTORS)
    HDL_FN(sum_tile)(
        a, a_row, a_unit, b + 64 * v, depth, c + 16 * v, c_stride, rows, HDL_GRADIENT_VECTORS,
        pairs);
  if (HDL_GRADIENT_VECTORS > 1)
    for (; v < vectors; ++v)
      HDL_FN(sum_tile)(a, a_row, a_unit, b + 64 * v, depth, c + 16 * v, c_stride, rows, 1, pairs);
}

// Some rows of one panel: c[row][column] += Σ a[row][k] · b[k][column].
HDL_INLINE void HDL_FN(sum_panel)(
    const char *a, size_t a_row, size_t a_unit, const char *b, size_t depth, float *c,
    size_t c_stride, size_t row_count, size_t vectors, const bool pairs) {
  size_t row = 0;
  for (; row + HDL_GRADIENT_ROWS <= row_count; row += HDL_GRADIENT_ROWS)
    HDL_FN(sum_columns)(
        a + row * a_row, a_row, a_unit, b, depth, c + row * c_stride, c_stride, vectors,
        HDL_GRADIENT_ROWS, pairs);
#if HDL_GRADIENT_ROWS > 1
#define HDL_ROWS(rows)                                                                       \
  HDL_FN(sum_columns)(                                                                       \
      a + row * a_row, a_row, a_unit, b, depth, c + row * c_stride, c_stride, vectors, rows, \
      pairs)
  switch (row_count - row) {
  case 1: HDL_ROWS(1); break;
  case 2: HDL_ROWS(2); break;
  case 3: HDL_ROWS(3); break;
#if HDL_GRADIENT_ROWS > 4
  case 4: HDL_ROWS(4); break;
  case 5: HDL_ROWS(5); break;
#endif
  default: break;
  }
#undef HDL_ROWS
#endif
}

// The same for any number of columns up to a panel's; what is less than whole vectors is computed
// beside its place.
HDL_INLINE void HDL_FN(sum_block)(
    const char *a, size_t a_row, size_t a_unit, const char *b, size_t depth, float *c,
    size_t c_stride, size_t row_count, size_t columns, const bool pairs) {
  if (columns % 16 == 0) {
    HDL_FN(sum_panel)(a, a_row, a_unit, b, depth, c, c_stride, row_count, columns / 16, pairs);
    return;
  }
  float beside[HDL_GRADIENT_BLOCK * HDL_PANEL_COLUMNS];
  __builtin_memset(beside, 0, sizeof beside);
  for (size_t row = 0; row < row_count; ++row)
    __builtin_memcpy(beside + row * HDL_PANEL_COLUMNS, c + row * c_stride, columns * 4);
  HDL_FN(sum_panel)(
      a, a_row, a_unit, b, depth, beside, HDL_PANEL_COLUMNS, row_count, (columns + 15) / 16, pairs);
  for (size_t row = 0; row < row_count; ++row)
    __builtin_memcpy(c + row * c_stride, beside + row * HDL_PANEL_COLUMNS, columns * 4);
}
