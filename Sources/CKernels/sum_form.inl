// SPDX-License-Identifier: Apache-2.0
//
// The sum form: lanes are outputs, the index of the contraction is walked in order.

// Rows of the matrix as FP32: in pairs they are rounded to BF16.
HDL_INLINE lanes_f32 HDL_FN(load_sum)(
    const char *source, size_t lanes, const int type, const bool pairs) {
  lanes_f32 v = lanes == 16 ? load_wide(type, source) : load_wide_part(type, source, lanes);
  return pairs && type != HDL_BF16 ? bf16_round(v) : v;
}

// Adds `a[i] · m[i]` for i from `from` to `to` onto `rows` × `vectors` accumulators; in pairs `from`
// is even, `a` is rounded already, and a missing partner is +0 in both.
HDL_INLINE void HDL_FN(sum_run)(
    lanes_f32 acc[HDL_SUM_ROWS][4], const float *const *a, const char *m, size_t m_stride,
    size_t from, size_t to, size_t lanes, const size_t rows, const size_t vectors, const int type,
    const bool pairs) {
  const size_t step = 16 * element_bytes(type);
  size_t i = from;
  if (!pairs) {
    for (; i < to; ++i) {
      HDL_UNROLL for (size_t v = 0; v < vectors; ++v) {
        lanes_f32 w = HDL_FN(load_sum)(m + i * m_stride + v * step, lanes, type, false);
        HDL_UNROLL for (size_t r = 0; r < rows; ++r)
          acc[r][v] = fma16(splat(a[r][i]), w, acc[r][v]);
      }
    }
    return;
  }
  for (; i + 2 <= to; i += 2) {
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v) {
      const char *place = m + i * m_stride + v * step;
      lanes_f32 odd = HDL_FN(load_sum)(place + m_stride, lanes, type, true);
      HDL_UNROLL for (size_t r = 0; r < rows; ++r)
        acc[r][v] = fma16(splat(a[r][i + 1]), odd, acc[r][v]);
      lanes_f32 even = HDL_FN(load_sum)(place, lanes, type, true);
      HDL_UNROLL for (size_t r = 0; r < rows; ++r)
        acc[r][v] = fma16(splat(a[r][i]), even, acc[r][v]);
    }
  }
  if (i == to) return;
  HDL_UNROLL for (size_t v = 0; v < vectors; ++v) {
    lanes_f32 even = HDL_FN(load_sum)(m + i * m_stride + v * step, lanes, type, true);
    HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
      lanes_f32 partner = add16(acc[r][v], splat(0.0f));  // fma(+0, +0, acc): −0 becomes +0.
      acc[r][v] = fma16(splat(a[r][i]), even, partner);
    }
  }
}
