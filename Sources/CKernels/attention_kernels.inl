// SPDX-License-Identifier: Apache-2.0
//
// Attention of a tile of queries over the blocks of a cache: online softmax in spans of 1,024 keys.
#include "product.inl"
#include "sum_form.inl"

#define HDL_SPAN_BLOCKS (HDL_SPAN / HDL_BLOCK)

// The state of a tile: queries of one key/value head that are walked together.
typedef struct {
  size_t count;
  size_t positions[HDL_QUERY_TILE];  // How many keys each query sees.
  float *outputs[HDL_QUERY_TILE];
  float *statistics[HDL_QUERY_TILE];  // Of the derivative; NULL otherwise.
  float *sums_of_values;          // O of the current span, [queries, value width].
  float *scores;                  // Scores, then P of the current span, [queries, 1024].
  float largest[HDL_QUERY_TILE];  // M
  float sum[HDL_QUERY_TILE];      // S
  // Of the current span:
  float span_largest[HDL_QUERY_TILE];            // m
  lanes_f32 span_sum[HDL_QUERY_TILE];            // L
  float decay[HDL_QUERY_TILE][HDL_SPAN_BLOCKS];  // c
  float old_share[HDL_QUERY_TILE];               // a
  float span_share[HDL_QUERY_TILE];              // b
} HDL_FN(tile_state);

// The keys of a span that are scored and used before the next ones are read, counted from `span`.
typedef struct {
  size_t span, from, to;
  bool is_last;
} HDL_FN(span_part);

// Asks for bytes that are needed soon, from memory into the second cache.
HDL_INLINE void HDL_FN(ask_for)(const char *bytes, size_t count) {
  for (size_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i, 0, 2);
}

// Scores of a part's blocks. One query a sequence waits for memory, and the rows are too short for the
// processor to foresee: with every eight keys, the same keys of the next block are asked for.
HDL_INLINE void HDL_FN(part_scores)(
    const hdl_attention *p, const HDL_FN(tile_state) *t, const HDL_FN(span_part) *part,
    const char *prepared, size_t stride, size_t begin, size_t head, const int type,
    const bool pairs) {
  for (size_t key = part->from; key < part->to; key += HDL_BLOCK) {
    size_t block = (part->span + key) / HDL_BLOCK, offset = head * p->head_bytes;
    bool asks = p->row_count == 1 && (block + 1) * HDL_BLOCK < t->positions[t->count - 1];
    size_t step = asks ? 8 : HDL_BLOCK;
    hdl_product product = {
      .x = prepared + begin * stride,
      .x_stride = stride,
      .row_count = t->count - begin,
      .weight = p->blocks[block] + offset,
      .weight_stride = p->key_stride,
      .column_count = p->key_width,
      .output = t->scores + begin * HDL_SPAN + key,
      .output_stride = HDL_SPAN,
    };
    size_t keys = part->to - key < HDL_BLOCK ? part->to - key : HDL_BLOCK;
    for (size_t first = 0; first < keys; first += step) {
      if (asks)
        HDL_FN(ask_for)(
            p->blocks[block + 1] + offset + first * p->key_stride, step * p->key_stride);
      product_range(&product, first, keys - first < step ? keys : first + step, type, pairs);
    }
  }
}

// Turns one query's scores of a part into P, in place; `keys` of the span are seen.
HDL_INLINE void HDL_FN(part_softmax)(
    HDL_FN(tile_state) *t, const HDL_FN(span_part) *part, size_t query, size_t keys, float scale,
    const bool pairs) {
  const float minus_infinity = float_of(0xFF800000);
  float *scores = t->scores + query * HDL_SPAN;
  float m = t->span_largest[query];
  lanes_f32 L = t->span_sum[query];
  size_t end = keys < part->to ? keys : part->to;
  for (size_t first = part->from; first < end; first += HDL_BLOCK) {
    size_t count = end - first < HDL_BLOCK ? end - first : HDL_BLOCK;
    lanes_f32 s[HDL_BLOCK / 16], running = splat(minus_infinity);
    HDL_UNROLL for (size_t v = 0; v < HDL_BLOCK / 16; ++v) {
      lanes_i32 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      lanes_i32 inside = lane + (int32_t)(16 * v) < (int32_t)count;
      s[v] = mul16(load_f32(scores + first + 16 * v), splat(scale));
      s[v] = inside ? s[v] : splat(minus_infinity);
      running = running > s[v] ? running : s[v];
    }
    float block = maximum16(running), next = m > block ? m : block;
    float c = exp1(sub1(m, next));
    t->decay[query][first / HDL_BLOCK] = c;
    L = mul16(L, splat(c));
    HDL_UNROLL for (size_t v = 0; v < HDL_BLOCK / 16; ++v) {
      lanes_i32 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      lanes_i32 inside = lane + (int32_t)(16 * v) < (int32_t)count;
      lanes_f32 e = exp16(sub16(s[v], splat(next)));
      e = inside ? e : splat(0);
      L = add16(L, e);
      store_f32(scores + first + 16 * v, pairs ? bf16_round(e) : e);
    }
    m = next;
  }
  t->span_largest[query] = m;
  t->span_sum[query] = L;
  if (!part->is_last) return;
  float M = t->largest[query], next = M > m ? M : m;
  t->old_share[query] = exp1(sub1(M, next));
  t->span_share[query] = exp1(sub1(m, next));
  t->sum[query] = fma1(tree(L), t->span_share[query], mul1(t->sum[query], t->old_share[query]));
  t->largest[query] = next;
}

// O of a part for `rows` queries and some columns; the span's last part merges it into the output.
HDL_INLINE void HDL_FN(part_values)(
    const hdl_attention *p, const HDL_FN(tile_state) *t, const HDL_FN(span_part) *part,
    size_t query, size_t head, size_t column, size_t lanes, const size_t rows,
    const size_t vectors, const int type, const bool pairs) {
  lanes_f32 acc[HDL_SUM_ROWS][4];
  size_t fewest = HDL_SPAN, most = 0, keys[HDL_SUM_ROWS];
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    size_t left = t->positions[query + r] - part->span;
    keys[r] = left < part->to ? left : part->to;
    fewest = keys[r] < fewest ? keys[r] : fewest;
    most = keys[r] > most ? keys[r] : most;
    const float *o = t->sums_of_values + (query + r) * p->value_width + column;
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v)
      acc[r][v] = part->from == 0 ? splat(0)
        : lanes == 16             ? load_f32(o + 16 * v)
                                  : load_part(o + 16 * v, lanes);
  }
  for (size_t first = part->from; first < most; first += HDL_BLOCK) {
    const char *values = p->blocks[(part->span + first) / HDL_BLOCK] + p->value_offset
      + head * p->head_bytes + column * element_bytes(type);
    const float *a[HDL_SUM_ROWS];
    size_t block = first / HDL_BLOCK;
    HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
      a[r] = t->scores + (query + r) * HDL_SPAN + first;
      if (first < keys[r])
        HDL_UNROLL for (size_t v = 0; v < vectors; ++v)
          acc[r][v] = mul16(acc[r][v], splat(t->decay[query + r][block]));
    }
    // The keys that every query sees, then what is left of each by itself.
    size_t common = fewest <= first ? 0 : fewest - first;
    common = common < HDL_BLOCK ? common : HDL_BLOCK;
    if (rows > 1 && pairs) common &= ~(size_t)1;
    HDL_FN(sum_run)(
        acc, a, values, p->value_stride, 0, common, lanes, rows, vectors, type, pairs);
    if (rows == 1) continue;
    HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
      size_t own = keys[r] <= first ? 0 : keys[r] - first;
      own = own < HDL_BLOCK ? own : HDL_BLOCK;
      if (own > common)
        HDL_FN(sum_run)(
            acc + r, a + r, values, p->value_stride, common, own, lanes, 1, vectors, type, pairs);
    }
  }
  HDL_UNROLL for (size_t r = 0; r < rows; ++r) {
    HDL_UNROLL for (size_t v = 0; v < vectors; ++v) {
      float *z = t->outputs[query + r] + column + 16 * v;
      lanes_f32 Z = acc[r][v];
      if (!part->is_last) {
        z = t->sums_of_values + (query + r) * p->value_width + column + 16 * v;
      } else {
        lanes_f32 old = splat(t->old_share[query + r]), share = splat(t->span_share[query + r]);
        Z = part->span == 0 ? splat(0) : lanes == 16 ? load_f32(z) : load_part(z, lanes);
        Z = fma16(acc[r][v], share, mul16(Z, old));
      }
      if (lanes == 16)
        store_f32(z, Z);
      else
        store_part(z, Z, lanes);
    }
  }
}

// All columns of the values for `rows` queries.
HDL_INLINE void HDL_FN(part_columns)(
    const hdl_attention *p, const HDL_FN(tile_state) *t, const HDL_FN(span_part) *part,
    size_t query, size_t head, const size_t rows, const int type, const bool pairs) {
  const size_t vectors = HDL_SUM_VECTORS(rows);
  size_t column = 0, end = p->value_width;
  for (; column + 16 * vectors <= end; column += 16 * vectors)
    HDL_FN(part_values)(p, t, part, query, head, column, 16, rows, vectors, type, pairs);
  if (vectors > 1)
    for (; column + 16 <= end; column += 16)
      HDL_FN(part_values)(p, t, part, query, head, column, 16, rows, 1, type, pairs);
  if (column < end)
    HDL_FN(part_values)(p, t, part, query, head, column, end - column, rows, 1, type, pairs);
}

// Copies the tile's queries into the scratch as products take them, and finds their outputs.
HDL_INLINE void HDL_FN(prepare_tile)(
    const hdl_attention *p, HDL_FN(tile_state) *t, char *prepared, size_t stride, size_t head,
    size_t first, const bool pairs) {
  size_t group = p->head_count / p->key_head_count, total = p->row_count * group;
  t->count = total - first < p->query_tile ? total - first : p->query_tile;
  for (size_t i = 0; i < t->count; ++i) {
    size_t row = (first + i) / group, query_head = head * group + (first + i) % group;
    const float *x = p->queries + row * p->query_stride + query_head * p->key_width;
    t->positions[i] = p->first_position + row + 1;
    t->outputs[i] = p->output + row * p->output_stride + query_head * p->value_width;
    t->statistics[i] =
        p->statistics ? p->statistics + row * p->statistics_stride + 2 * query_head : NULL;
    t->largest[i] = float_of(0xFF800000);
    t->sum[i] = 0;
    for (size_t k = 0; k < p->key_width; k += 32) {
      size_t left = p->key_width - k < 32 ? p->key_width - k : 32;
      char part[128] = {0};
      __builtin_memcpy(part, x + k, left * 4);
      if (pairs)
        store_prepared(prepared + i * stride, k / 32, load_pair(HDL_F32, part));
      else
        __builtin_memcpy(prepared + i * stride + k * 4, part, 128);
    }
  }
}

// One span of a tile, `keys` of it at most; `merges` it into the output, or leaves it in the state.
HDL_INLINE void HDL_FN(attend_span)(
    const hdl_attention *p, HDL_FN(tile_state) *t, const char *prepared, size_t stride,
    size_t begin, size_t head, size_t span, size_t keys, bool merges, const int type,
    const bool pairs) {
  for (size_t q = begin; q < t->count; ++q) {
    t->span_largest[q] = float_of(0xFF800000);
    t->span_sum[q] = splat(0);
  }
  for (size_t from = 0; from < keys; from += HDL_SPAN_PART) {
    bool is_last = keys - from <= HDL_SPAN_PART;
    HDL_FN(span_part) part = {
      span, from, is_last ? keys : from + HDL_SPAN_PART, is_last && merges};
    HDL_FN(part_scores)(p, t, &part, prepared, stride, begin, head, type, pairs);
    for (size_t q = begin; q < t->count; ++q)
      HDL_FN(part_softmax)(t, &part, q, t->positions[q] - span, p->scale, pairs);
    size_t q = begin;
    for (; q + HDL_SUM_ROWS <= t->count; q += HDL_SUM_ROWS)
      HDL_FN(part_columns)(p, t, &part, q, head, HDL_SUM_ROWS, type, pairs);
    if (HDL_SUM_ROWS > 1)
      for (; q < t->count; ++q) HDL_FN(part_columns)(p, t, &part, q, head, 1, type, pairs);
  }
}

HDL_INLINE void HDL_FN(finish_output)(float *output, size_t width, float sum) {
  for (size_t k = 0; k < width; k += 16) {
    size_t lanes = width - k < 16 ? width - k : 16;
    store_part(output + k, div16(load_part(output + k, lanes), splat(sum)), lanes);
  }
}

// A tile over all spans, or one span of it into `partial`.
HDL_INLINE void HDL_FN(attend_unit)(
    const hdl_attention *p, size_t head, size_t first, size_t only_span, float *partial,
    const int type, const bool pairs) {
  HDL_FN(tile_state) t;
  size_t stride = (p->key_width + 31) / 32 * 128;
  char *prepared = p->scratch + HDL_QUERY_TILE * HDL_SPAN * sizeof(float);
  t.scores = (float *)p->scratch;
  t.sums_of_values = partial ? partial : (float *)(prepared + HDL_QUERY_TILE * stride);
  HDL_FN(prepare_tile)(p, &t, prepared, stride, head, first, pairs);
  // Rows ascend within a tile, so the last query sees the most keys; the first ones may end earlier.
  size_t end = t.positions[t.count - 1];
  size_t begin = 0;
  for (size_t span = partial ? only_span * HDL_SPAN : 0; span < end; span += HDL_SPAN) {
    while (t.positions[begin] <= span) ++begin;
    size_t keys = end - span < HDL_SPAN ? end - span : HDL_SPAN;
    HDL_FN(attend_span)(
        p, &t, prepared, stride, begin, head, span, keys, !partial, type, pairs);
    if (!partial) continue;
    float *largest = partial + p->query_tile * p->value_width;
    for (size_t q = 0; q < t.count; ++q) {
      largest[q] = t.span_largest[q];
      largest[p->query_tile + q] = tree(t.span_sum[q]);
    }
    return;
  }
  for (size_t q = 0; q < t.count; ++q) {
    HDL_FN(finish_output)(t.outputs[q], p->value_width, t.sum[q]);
    if (!t.statistics[q]) continue;
    t.statistics[q][0] = t.largest[q];
    t.statistics[q][1] = t.sum[q];
  }
}

HDL_INLINE void HDL_FN(attend_range)(
    const hdl_attention *p, size_t begin, size_t end, const int type, const bool pairs) {
  size_t queries = p->row_count * (p->head_count / p->key_head_count);
  size_t tiles = (queries + p->query_tile - 1) / p->query_tile;
  size_t spans = p->partials ? p->first_position / HDL_SPAN + 1 : 1;
  size_t share = p->query_tile * (p->value_width + 2);
  for (size_t unit = begin; unit < end; ++unit) {
    size_t tile = unit / spans;
    HDL_FN(attend_unit)(
        p, tile / tiles, tile % tiles * p->query_tile, unit % spans,
        p->partials ? p->partials + unit * share : NULL, type, pairs);
  }
}

// The spans of each query, in order, become its output. Range: query heads.
HDL_KERNEL(hdl_merge_partials_f32, hdl_attention) {
  size_t group = p->head_count / p->key_head_count, spans = p->first_position / HDL_SPAN + 1;
  size_t tiles = (group + p->query_tile - 1) / p->query_tile;
  size_t share = p->query_tile * (p->value_width + 2);
  for (size_t head = begin; head < end; ++head) {
    size_t query = head % group;
    size_t tile = head / group * tiles + query / p->query_tile, place = query % p->query_tile;
    float *output = p->output + head * p->value_width;
    float M = float_of(0xFF800000), S = 0;
    for (size_t span = 0; span < spans; ++span) {
      const float *partial = p->partials + (tile * spans + span) * share;
      const float *O = partial + place * p->value_width;
      float m = partial[p->query_tile * p->value_width + place];
      float l = partial[p->query_tile * (p->value_width + 1) + place];
      float next = M > m ? M : m, old = exp1(sub1(M, next)), new = exp1(sub1(m, next));
      S = fma1(l, new, mul1(S, old));
      M = next;
      for (size_t k = 0; k < p->value_width; k += 16) {
        size_t lanes = p->value_width - k < 16 ? p->value_width - k : 16;
        lanes_f32 Z = span == 0 ? splat(0) : load_part(output + k, lanes);
        Z = fma16(load_part(O + k, lanes), splat(new), mul16(Z, splat(old)));
        store_part(output + k, Z, lanes);
      }
    }
    HDL_FN(finish_output)(output, p->value_width, S);
  }
}

HDL_KERNEL(hdl_attend_f32, hdl_attention) { HDL_FN(attend_range)(p, begin, end, HDL_F32, false); }
HDL_KERNEL(hdl_attend_bf16, hdl_attention) { HDL_FN(attend_range)(p, begin, end, HDL_BF16, true); }

#undef HDL_SPAN_BLOCKS
