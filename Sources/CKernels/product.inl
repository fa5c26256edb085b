// SPDX-License-Identifier: Apache-2.0
//
// The dot form: both operands run along K, one accumulator vector an output, K walked in order.

// One 32-chunk of a tile.
HDL_INLINE void HDL_FN(fma_pairs)(
    lanes_f32 acc[HDL_TILE_ROWS][8], const char *const *x, size_t chunk, const pair *w,
    const size_t rows, const size_t columns) {
#ifdef HDL_HAS_PAIR_DOT
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    pair v = load_prepared(x[r], chunk);
    HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = fma_pair(v, w[c], acc[r][c]);
  }
#else
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    lanes_f32 odd = load_f32(x[r] + chunk * 128 + 64);
    HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = fma16(odd, w[c].odd, acc[r][c]);
  }
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    lanes_f32 even = load_f32(x[r] + chunk * 128);
    HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = fma16(even, w[c].even, acc[r][c]);
  }
#endif
}

// Adds the products of elements `from` to `to` of K; `from` is a multiple of the chunk.
HDL_INLINE void HDL_FN(product_run)(
    lanes_f32 acc[HDL_TILE_ROWS][8], const char *const *x, const char *const *weight, size_t from,
    size_t to, const size_t rows, const size_t columns, const int type, const bool pairs) {
  const size_t chunk = pairs ? 32 : 16;
  const size_t bytes = element_bytes(type);
  size_t k = from;
  for (; k + chunk <= to; k += chunk) {
    // Every activation is loaded once for all columns, the odd half of the pairs first: what the
    // registers must hold at once stays small.
    if (pairs) {
      pair w[8];
      HDL_UNROLL for (size_t c = 0; c < columns; ++c)
        w[c] = load_pair(type, weight[c] + k * bytes);
      HDL_FN(fma_pairs)(acc, x, k / 32, w, rows, columns);
    } else {
      lanes_f32 w[8];
      HDL_UNROLL for (size_t c = 0; c < columns; ++c)
        w[c] = load_wide(type, weight[c] + k * bytes);
      HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
        lanes_f32 v = load_f32(x[r] + k * 4);
        HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = fma16(v, w[c], acc[r][c]);
      }
    }
  }
  if (k == to) return;
  // The last chunk, padded with zeros; the prepared activations are padded already.
  HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
    char part[128] = {0};
    __builtin_memcpy(part, weight[c] + k * bytes, (to - k) * bytes);
    HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
      if (pairs)
        acc[r][c] = fma_pair(load_prepared(x[r], k / 32), load_pair(type, part), acc[r][c]);
      else
        acc[r][c] = fma16(load_f32(x[r] + k * 4), load_wide(type, part), acc[r][c]);
    }
  }
}

// A block of `rows` × `columns` outputs over all of K.
HDL_INLINE void HDL_FN(product_tile)(
    const hdl_product *p, size_t row, size_t column, const size_t rows, const size_t columns,
    const int type, const bool pairs) {
  const char *x[HDL_TILE_ROWS];
  const char *weight[8];
  lanes_f32 acc[HDL_TILE_ROWS][8];
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    size_t source = p->row_map ? (size_t)p->row_map[row + r] : row + r;
    x[r] = p->x + source * p->x_stride;
  }
  HDL_UNROLL for (size_t c = 0; c < columns; ++c)
    weight[c] = p->weight + (column + c) * p->weight_stride;
  HDL_UNROLL for (size_t r = 0; r < rows; ++r)
    HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = splat(0);
  const size_t K = p->column_count;
  if (type != HDL_E4M3) {
    HDL_FN(product_run)(acc, x, weight, 0, K, rows, columns, type, pairs);
  } else {
    lanes_f32 total[HDL_TILE_ROWS][8];
    HDL_UNROLL for (size_t r = 0; r < rows; ++r)
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) total[r][c] = splat(0);
    for (size_t k = 0; k < K; k += 128) {
      HDL_UNROLL for (size_t r = 0; r < rows; ++r)
        HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = splat(0);
      size_t end = K - k < 128 ? K : k + 128;
      HDL_FN(product_run)(acc, x, weight, k, end, rows, columns, type, pairs);
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
        size_t place = (column + c) / 128 * p->scale_columns + k / 128;
        float scale;
        __builtin_memcpy(&scale, p->scales + place * 4, 4);
        HDL_UNROLL for (size_t r = 0; r < rows; ++r)
          total[r][c] = fma16(acc[r][c], splat(scale), total[r][c]);
      }
    }
    HDL_UNROLL for (size_t r = 0; r < rows; ++r)
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) acc[r][c] = total[r][c];
  }
  HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
    float bias = 0;
    if (p->bias)
      bias = load_element(p->bias_type, p->bias + (column + c) * element_bytes(p->bias_type));
    HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
      float sum = tree(acc[r][c]);
      p->output[(row + r) * p->output_stride + column + c] = p->bias ? add1(sum, bias) : sum;
    }
  }
}

HDL_INLINE void HDL_FN(product_rows)(
    const hdl_product *p, size_t row, size_t begin, size_t end, const size_t rows, const int type,
    const bool pairs) {
  const size_t columns = HDL_TILE_COLUMNS(rows);
  size_t column = begin;
  for (; column + columns <= end; column += columns)
    HDL_FN(product_tile)(p, row, column, rows, columns, type, pairs);
  if (columns == 1) return;
  for (; column < end; ++column) HDL_FN(product_tile)(p, row, column, rows, 1, type, pairs);
}

// All rows times the weight rows `begin` to `end`. Eight weight rows stay in the nearest cache while
// the activations pass by.
HDL_INLINE void product_range(
    const hdl_product *p, size_t begin, size_t end, const int type, const bool pairs) {
  const size_t step = HDL_TILE_STEP(pairs);
  for (size_t first = begin; first < end; first += 8) {
    size_t last = end - first < 8 ? end : first + 8;
    size_t row = 0;
    for (; row + step <= p->row_count; row += step)
      HDL_FN(product_rows)(p, row, first, last, step, type, pairs);
#if HDL_TILE_ROWS > 1
    switch (p->row_count - row) {
    case 1: HDL_FN(product_rows)(p, row, first, last, 1, type, pairs); break;
    case 2: HDL_FN(product_rows)(p, row, first, last, 2, type, pairs); break;
    case 3: HDL_FN(product_rows)(p, row, first, last, 3, type, pairs); break;
#if HDL_TILE_ROWS > 4
    case 4: HDL_FN(product_rows)(p, row, first, last, 4, type, pairs); break;
    case 5: HDL_FN(product_rows)(p, row, first, last, 5, type, pairs); break;
#endif
    default: break;
    }
#endif
  }
}
