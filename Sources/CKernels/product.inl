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
#ifdef HDL_HAS_PAIR_DOT
  if (type == HDL_E4M3 && pairs && rows <= 2)
    for (; k + 64 <= to; k += 64) {
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
        pair w[2];
        if (columns > 1) {
          // The same place in the next tile, as a number: it may lie beyond the weight.
          uintptr_t next = (uintptr_t)(weight[c] + k) + columns * (size_t)(weight[1] - weight[0]);
          __builtin_prefetch((const void *)next, 0, 0);
        }
        load_e4m3_pairs(weight[c] + k, w);
        HDL_UNROLL for (size_t half = 0; half < 2; ++half)
          HDL_UNROLL for (size_t r = 0; r < rows; ++r)
            acc[r][c] = fma_pair(load_prepared(x[r], k / 32 + half), w[half], acc[r][c]);
      }
    }
#endif
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

// How many elements of K a panel walks before it goes on to its next columns: 4 KiB of each prepared
// row, so that the rows of a tile stay in the nearest cache. A multiple of 128.
HDL_INLINE size_t HDL_FN(block_extent)(const bool pairs) {
  return 4096 / (pairs ? HDL_PREPARED_BYTES / 32 : 4);
}

// The accumulators of a finished tile become outputs.
HDL_INLINE void HDL_FN(finish_tile)(
    const hdl_product *p, size_t row, size_t column, lanes_f32 acc[HDL_TILE_ROWS][8],
    const size_t rows, const size_t columns) {
  float bias[8] = {0};
  if (p->bias)
    for (size_t c = 0; c < columns; ++c)
      bias[c] = load_element(p->bias_type, p->bias + (column + c) * element_bytes(p->bias_type));
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    float *y = p->output + (row + r) * p->output_stride + column;
    float sums[8];
#if HDL_TILE_ROWS > 1
    if (columns % 4 == 0)
      HDL_UNROLL for (size_t c = 0; c < columns; c += 4) four_trees(acc[r] + c, sums + c);
    else
#endif
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) sums[c] = tree(acc[r][c]);
    if (p->bias) HDL_UNROLL for (size_t c = 0; c < columns; ++c) sums[c] = add1(sums[c], bias[c]);
    __builtin_memcpy(y, sums, columns * sizeof(float));
  }
}

// A block of `rows` × `columns` outputs, elements `from` to `to` of K; what was reached is kept in
// `partial` until K is through.
HDL_INLINE void HDL_FN(product_tile)(
    const hdl_product *p, size_t row, size_t column, size_t from, size_t to, lanes_f32 *partial,
    const size_t rows, const size_t columns, const int type, const bool pairs) {
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
    HDL_UNROLL for (size_t c = 0; c < columns; ++c)
      acc[r][c] = from == 0 ? splat(0) : partial[r * columns + c];
  if (type != HDL_E4M3) {
    HDL_FN(product_run)(acc, x, weight, from, to, rows, columns, type, pairs);
  } else {
    for (size_t k = from; k < to; k += 128) {
      lanes_f32 square[HDL_TILE_ROWS][8];
      HDL_UNROLL for (size_t r = 0; r < rows; ++r)
        HDL_UNROLL for (size_t c = 0; c < columns; ++c) square[r][c] = splat(0);
      size_t end = to - k < 128 ? to : k + 128;
      HDL_FN(product_run)(square, x, weight, k, end, rows, columns, type, pairs);
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
        size_t place = (column + c) / 128 * p->scale_columns + k / 128;
        float scale;
        __builtin_memcpy(&scale, p->scales + place * 4, 4);
        HDL_UNROLL for (size_t r = 0; r < rows; ++r)
          acc[r][c] = fma16(square[r][c], splat(scale), acc[r][c]);
      }
    }
  }
  if (to == p->column_count) {
    HDL_FN(finish_tile)(p, row, column, acc, rows, columns);
    return;
  }
  HDL_UNROLL for (size_t r = 0; r < rows; ++r)
    HDL_UNROLL for (size_t c = 0; c < columns; ++c) partial[r * columns + c] = acc[r][c];
}

// A few rows times the weight rows `begin` to `end`, K in blocks of `block`.
HDL_INLINE void HDL_FN(product_panel)(
    const hdl_product *p, size_t row, size_t begin, size_t end, size_t block, lanes_f32 *partial,
    const size_t rows, const int type, const bool pairs) {
  const size_t columns = HDL_TILE_COLUMNS(rows);
  size_t from = 0;
  do {
    size_t to = p->column_count - from < block ? p->column_count : from + block;
    lanes_f32 *kept = partial;
    size_t column = begin;
    for (; column + columns <= end; column += columns, kept += rows * columns)
      HDL_FN(product_tile)(p, row, column, from, to, kept, rows, columns, type, pairs);
    if (columns > 1)
      for (; column < end; ++column, kept += rows)
        HDL_FN(product_tile)(p, row, column, from, to, kept, rows, 1, type, pairs);
    from = to;
  } while (from < p->column_count);
}

// All rows times the weight rows `begin` to `end`. With few rows, eight weight rows are read from
// memory at a time, each from end to end. With many, the rows of a tile stay in the nearest cache
// while a panel of weights passes by from the next one.
HDL_INLINE void product_range(
    const hdl_product *p, size_t begin, size_t end, const int type, const bool pairs) {
  const size_t step = HDL_TILE_STEP(pairs);
  lanes_f32 partial[HDL_TILE_ROWS * HDL_PANEL];
  bool is_tall = p->row_count >= HDL_TALL_ROWS;
  size_t panel = is_tall ? HDL_PANEL : 8;
  size_t block = is_tall ? HDL_FN(block_extent)(pairs) : p->column_count;
  for (size_t first = begin; first < end; first += panel) {
    size_t last = end - first < panel ? end : first + panel;
    size_t row = 0;
    for (; row + step <= p->row_count; row += step)
      HDL_FN(product_panel)(p, row, first, last, block, partial, step, type, pairs);
#if HDL_TILE_ROWS > 1
    switch (p->row_count - row) {
    case 1: HDL_FN(product_panel)(p, row, first, last, block, partial, 1, type, pairs); break;
    case 2: HDL_FN(product_panel)(p, row, first, last, block, partial, 2, type, pairs); break;
    case 3: HDL_FN(product_panel)(p, row, first, last, block, partial, 3, type, pairs); break;
#if HDL_TILE_ROWS > 4
    case 4: HDL_FN(product_panel)(p, row, first, last, block, partial, 4, type, pairs); break;
    case 5: HDL_FN(product_panel)(p, row, first, last, block, partial, 5, type, pairs); break;
#endif
    default: break;
    }
#endif
  }
}
