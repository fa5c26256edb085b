// SPDX-License-Identifier: Apache-2.0
//
// The dot form: both operands run along K, one accumulator vector an output, K walked in order.

// One 32-chunk of a tile.
HDL_INLINE void HDL_FN(fma_pairs)(
    lanes_f32 acc[HDL_TILE_ROWS][4], const char *const *x, size_t chunk, const pair *w,
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

// Asks for what is read `distance` bytes later; as a number, since the place may lie beyond the
// weight. A lone row reads a line once; several read it before it leaves the cache.
HDL_INLINE void ask_ahead(const char *source, size_t distance, const size_t rows) {
  const void *place = (const void *)((uintptr_t)source + distance);
  if (rows == 1)
    __builtin_prefetch(place, 0, 0);
  else
    __builtin_prefetch(place, 0, 3);
}

// Adds the products of elements `from` to `to` of K; `from` is a multiple of the chunk. With `asks`,
// weights are asked for `distance` bytes ahead.
HDL_INLINE void HDL_FN(product_run)(
    lanes_f32 acc[HDL_TILE_ROWS][4], const char *const *x, const char *const *weight, size_t from,
    size_t to, size_t distance, const size_t rows, const size_t columns, const int type,
    const bool pairs, const bool asks) {
  const size_t chunk = pairs ? 32 : 16;
  const size_t bytes = element_bytes(type);
  size_t k = from;
#ifdef HDL_HAS_PAIR_DOT
  if (type == HDL_E4M3 && pairs)
    for (; k + 64 <= to; k += 64) {
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
        pair w[2];
        if (asks) ask_ahead(weight[c] + k, distance, rows);
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
      pair w[4];
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
        if (asks) ask_ahead(weight[c] + k * bytes, distance, rows);
        w[c] = load_pair(type, weight[c] + k * bytes);
      }
      HDL_FN(fma_pairs)(acc, x, k / 32, w, rows, columns);
    } else {
      lanes_f32 w[4];
      HDL_UNROLL for (size_t c = 0; c < columns; ++c) {
        if (asks) ask_ahead(weight[c] + k * bytes, distance, rows);
        w[c] = load_wide(type, weight[c] + k * bytes);
      }
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
    const hdl_product *p, size_t row, size_t column, lanes_f32 acc[HDL_TILE_ROWS][4],
    const size_t rows, const size_t columns) {
  float bias[4] = {0};
  if (p->bias)
    for (size_t c = 0; c < columns; ++c)
      bias[c] = load_element(p->bias_type, p->bias + (column + c) * element_bytes(p->bias_type));
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    float *y = p->output + (row + r) * p->output_stride + column;
    float sums[4];
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

// A few rows of a weight, as a tile reads them.
typedef struct {
  const char *first;  // Row `column` of the weight.
  size_t stride;      // In bytes.
} HDL_FN(weight_rows);

// A block of `rows` × `columns` outputs, elements `from` to `to` of K; what was reached is kept in
// `partial` until K is through. With `scaled`, sums of 128 elements are multiplied with their scale.
HDL_INLINE void HDL_FN(product_tile)(
    const hdl_product *p, HDL_FN(weight_rows) source, size_t row, size_t column, size_t from,
    size_t to, lanes_f32 *partial, const size_t rows, const size_t columns, const int type,
    const bool scaled, const bool pairs, const bool asks) {
  // A lone row walks through the weight as it lies; several go on to the next tile.
  const size_t distance = rows == 1 ? HDL_AHEAD_BYTES : columns * source.stride;
  const char *x[HDL_TILE_ROWS];
  const char *weight[4];
  lanes_f32 acc[HDL_TILE_ROWS][4];
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    size_t place = p->row_map ? (size_t)p->row_map[row + r] : row + r;
    x[r] = p->x + place * p->x_stride;
  }
  HDL_UNROLL for (size_t c = 0; c < columns; ++c) weight[c] = source.first + c * source.stride;
  HDL_UNROLL for (size_t r = 0; r < rows; ++r)
    HDL_UNROLL for (size_t c = 0; c < columns; ++c)
      acc[r][c] = from == 0 ? splat(0) : partial[r * columns + c];
  if (!scaled) {
    HDL_FN(product_run)(acc, x, weight, from, to, distance, rows, columns, type, pairs, asks);
  } else {
    for (size_t k = from; k < to; k += 128) {
      lanes_f32 square[HDL_TILE_ROWS][4];
      HDL_UNROLL for (size_t r = 0; r < rows; ++r)
        HDL_UNROLL for (size_t c = 0; c < columns; ++c) square[r][c] = splat(0);
      size_t end = to - k < 128 ? to : k + 128;
      HDL_FN(product_run)(square, x, weight, k, end, distance, rows, columns, type, pairs, asks);
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

// A few rows times the weight rows `begin` to `end`, of which `source` has the first, K in blocks of
// `block`.
HDL_INLINE void HDL_FN(product_panel)(
    const hdl_product *p, HDL_FN(weight_rows) source, size_t row, size_t begin, size_t end,
    size_t block, lanes_f32 *partial, const size_t rows, const int type, const bool scaled,
    const bool pairs, const bool asks) {
  const size_t columns = HDL_TILE_COLUMNS(rows);
  size_t from = 0;
  do {
    size_t to = p->column_count - from < block ? p->column_count : from + block;
    lanes_f32 *kept = partial;
    HDL_FN(weight_rows) next = source;
    size_t column = begin;
    for (; column + columns <= end; column += columns, kept += rows * columns) {
      HDL_FN(product_tile)
      (p, next, row, column, from, to, kept, rows, columns, type, scaled, pairs, asks);
      next.first += columns * next.stride;
    }
    if (columns > 1)
      for (; column < end; ++column, kept += rows) {
        HDL_FN(product_tile)
        (p, next, row, column, from, to, kept, rows, 1, type, scaled, pairs, asks);
        next.first += next.stride;
      }
    from = to;
  } while (from < p->column_count);
}

// All rows times the weight rows `begin` to `end`, of which `source` has the first.
HDL_INLINE void HDL_FN(product_rows)(
    const hdl_product *p, HDL_FN(weight_rows) source, size_t begin, size_t end, size_t block,
    const int type, const bool scaled, const bool pairs, const bool asks) {
  // Sums of 128 and totals of a widened tile must fit into the registers together.
  const size_t step = scaled && type != HDL_E4M3 ? HDL_WIDENED_STEP(pairs) : HDL_TILE_STEP(pairs);
  lanes_f32 partial[HDL_TILE_ROWS * HDL_PANEL];
  size_t row = 0;
#define HDL_ROWS(rows) \
  HDL_FN(product_panel) \
  (p, source, row, begin, end, block, partial, rows, type, scaled, pairs, asks)
  for (; row + step <= p->row_count; row += step) HDL_ROWS(step);
#if HDL_TILE_ROWS > 1
  switch (p->row_count - row) {
  case 1: HDL_ROWS(1); break;
  case 2: HDL_ROWS(2); break;
  case 3: HDL_ROWS(3); break;
#if HDL_TILE_ROWS > 4
  case 4: HDL_ROWS(4); break;
  case 5: HDL_ROWS(5); break;
#endif
  default: break;
  }
#endif
#undef HDL_ROWS
}

// Rows `begin` to `end` of an E4M3 weight as BF16, or as F32 where activations are, `stride` bytes
// apart: both hold every E4M3 number.
HDL_INLINE void HDL_FN(widen_rows)(
    const hdl_product *p, size_t begin, size_t end, char *target, size_t stride, const bool pairs) {
  const size_t bytes = pairs ? 2 : 4;
  for (size_t row = begin; row < end; ++row, target += stride) {
    const char *source = p->weight + row * p->weight_stride;
    size_t k = 0;
#ifdef HDL_HAS_PAIR_DOT
    if (pairs)
      for (; k + 64 <= p->column_count; k += 64) {
        pair w[2];
        load_e4m3_pairs(source + k, w);
        __builtin_memcpy(target + k * bytes, w, sizeof w);
      }
#endif
    for (; k < p->column_count; k += 16) {
      size_t count = p->column_count - k < 16 ? p->column_count - k : 16;
      lanes_f32 v = count == 16 ? load_wide(HDL_E4M3, source + k)
                                : load_wide_part(HDL_E4M3, source + k, count);
      lanes_u16 upper = __builtin_convertvector((lanes_u32)v >> 16, lanes_u16);
      if (pairs)
        __builtin_memcpy(target + k * bytes, &upper, sizeof upper);
      else
        store_f32(target + k * bytes, v);
    }
  }
}

// One row meets one weight row after the other, as they lie in memory. A few rows meet eight weight
// rows at a time, the next of them on their way from memory. Of many rows, those of a tile stay in
// the nearest cache while a panel of weights passes by from the next one; E4M3 is widened once a
// panel.
HDL_INLINE void product_range(
    const hdl_product *p, size_t begin, size_t end, const int type, const bool pairs) {
  const bool scaled = type == HDL_E4M3;
  bool is_tall = p->row_count >= HDL_TALL_ROWS;
  size_t panel = is_tall ? HDL_PANEL : 8;
  size_t block = is_tall ? HDL_FN(block_extent)(pairs) : p->column_count;
  // Widened rows start a line apart from each other's place in the cache.
  size_t stride = (p->column_count + 15) / 16 * 16 * (pairs ? 2 : 4) + 64;
  size_t room = HDL_WIDENED_BYTES / stride / 8 * 8;
  bool widens = scaled && p->row_count >= HDL_WIDENED_ROWS && room > 0;
  if (widens) panel = room < HDL_PANEL ? room : HDL_PANEL;
  for (size_t first = begin; first < end; first += panel) {
    size_t last = end - first < panel ? end : first + panel;
    if (widens) {
      HDL_FN(widen_rows)(p, first, last, p->scratch, stride, pairs);
      HDL_FN(weight_rows) source = {p->scratch, stride};
      if (pairs)
        HDL_FN(product_rows)(p, source, first, last, block, HDL_BF16, true, true, false);
      else
        HDL_FN(product_rows)(p, source, first, last, block, HDL_F32, true, false, false);
    } else {
      HDL_FN(weight_rows) source = {p->weight + first * p->weight_stride, p->weight_stride};
      // Compiled apart: asking costs tall products, whose weights lie in a cache, a twentieth.
      if (is_tall)
        HDL_FN(product_rows)(p, source, first, last, block, type, scaled, pairs, false);
      else
        HDL_FN(product_rows)(p, source, first, last, block, type, scaled, pairs, true);
    }
  }
}
