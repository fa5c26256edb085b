// SPDX-License-Identifier: Apache-2.0
//
// The derivative of attention: probabilities are computed again from the scores, block by block.
//
// P = exp(s − M) / S, dP = dO · Vᵀ, D = dO · O, dS = P ⊙ (dP − D) · scale; then dQ = dS · K, dK = dSᵀ · Q
// and dV = Pᵀ · dO.
#include "product.inl"
#include "sum_tile.inl"

// Rows of floats as products take them, `HDL_GRADIENT_BLOCK` at most.
HDL_INLINE void HDL_FN(prepare_block)(
    const float *x, size_t x_stride, size_t rows, size_t width, char *prepared, size_t stride,
    const bool pairs) {
  for (size_t row = 0; row < rows; ++row)
    for (size_t k = 0; k < width; k += 32) {
      size_t left = width - k < 32 ? width - k : 32;
      char part[128] = {0};
      __builtin_memcpy(part, x + row * x_stride + k, left * 4);
      if (pairs)
        store_prepared(prepared + row * stride, k / 32, load_pair(HDL_F32, part));
      else
        __builtin_memcpy(prepared + row * stride + k * 4, part, 128);
    }
}

HDL_INLINE float HDL_FN(dot_f32)(const float *a, const float *b, size_t n) {
  lanes_f32 acc = splat(0);
  size_t k = 0;
  for (; k + 16 <= n; k += 16) acc = fma16(load_f32(a + k), load_f32(b + k), acc);
  if (k < n) acc = fma16(load_part(a + k, n - k), load_part(b + k, n - k), acc);
  return tree(acc);
}

// Products of a block of prepared rows with the rows of a cache block.
HDL_INLINE void HDL_FN(block_product)(
    const char *x, size_t stride, size_t rows, const char *weight, size_t weight_stride, size_t keys,
    size_t width, float *output, const int type, const bool pairs) {
  hdl_product product = {
    .x = x,
    .x_stride = stride,
    .row_count = rows,
    .weight = weight,
    .weight_stride = weight_stride,
    .column_count = width,
    .output = output,
    .output_stride = HDL_BLOCK,
  };
  product_range(&product, 0, keys, type, pairs);
}

// What a thread needs for a block of queries.
typedef struct {
  char *queries, *gradients;  // Prepared rows.
  float *scores, *products;   // [queries, keys]: scores, then P; dP, then dS.
  char *rows;                 // dS as the left operand of dQ.
  float offset[HDL_GRADIENT_BLOCK], largest[HDL_GRADIENT_BLOCK], share[HDL_GRADIENT_BLOCK];
} HDL_FN(gradient_state);

// Scores and dP of a block become P and dS, zero where a key is not seen.
HDL_INLINE void HDL_FN(softmax_gradients)(
    const hdl_attention_gradient *p, HDL_FN(gradient_state) *t, size_t first, size_t count,
    size_t key) {
  lanes_i32 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  lanes_f32 scale = splat(p->scale);
  for (size_t q = 0; q < HDL_GRADIENT_BLOCK; ++q) {
    // Keys up to the query's own position are seen; rows beyond the sequence see none.
    int32_t seen = q < count ? (int32_t)(first + q + 1) - (int32_t)key : 0;
    float *s = t->scores + q * HDL_BLOCK, *d = t->products + q * HDL_BLOCK;
    HDL_UNROLL for (size_t v = 0; v < HDL_BLOCK / 16; ++v) {
      lanes_f32 P = splat(0), dS = splat(0);
      if (seen > (int32_t)(16 * v)) {
        lanes_i32 inside = lane + (int32_t)(16 * v) < seen;
        P = exp16(sub16(mul16(load_f32(s + 16 * v), scale), splat(t->largest[q])));
        P = mul16(P, splat(t->share[q]));
        dS = mul16(mul16(P, sub16(load_f32(d + 16 * v), splat(t->offset[q]))), scale);
        P = inside ? P : splat(0);
        dS = inside ? dS : splat(0);
      }
      store_f32(s + 16 * v, P);
      store_f32(d + 16 * v, dS);
    }
  }
}

// P and dS of a block as left operands: across queries in the head's panels, and along keys.
HDL_INLINE void HDL_FN(store_block)(
    const hdl_attention_gradient *p, HDL_FN(gradient_state) *t, size_t query_block,
    size_t key_block, char *P, char *dS, const bool pairs) {
  const size_t step = pairs ? 2 : 1, units = HDL_GRADIENT_BLOCK / step;
  size_t place = (key_block * p->depth + query_block * units) * (HDL_BLOCK * 4);
  for (size_t unit = 0; unit < units; ++unit)
    HDL_UNROLL for (size_t v = 0; v < HDL_BLOCK / 16; ++v) {
      const float *s = t->scores + unit * step * HDL_BLOCK + 16 * v;
      const float *d = t->products + unit * step * HDL_BLOCK + 16 * v;
      lanes_u32 a = (lanes_u32)load_f32(s), b = (lanes_u32)load_f32(d);
      if (pairs) {
        a = HDL_FN(unit_of)((lanes_f32)a, load_f32(s + HDL_BLOCK));
        b = HDL_FN(unit_of)((lanes_f32)b, load_f32(d + HDL_BLOCK));
      }
      __builtin_memcpy(P + place + unit * (HDL_BLOCK * 4) + 64 * v, &a, 64);
      __builtin_memcpy(dS + place + unit * (HDL_BLOCK * 4) + 64 * v, &b, 64);
    }
  if (!pairs) {
    __builtin_memcpy(t->rows, t->products, HDL_GRADIENT_BLOCK * HDL_BLOCK * 4);
    return;
  }
  for (size_t i = 0; i < HDL_GRADIENT_BLOCK * HDL_BLOCK; i += 32) {
    lanes_u32 row = HDL_FN(unit_row)(load_f32(t->products + i), load_f32(t->products + i + 16));
    __builtin_memcpy(t->rows + i * 2, &row, 64);
  }
}

// One block of queries of one head.
HDL_INLINE void HDL_FN(score_unit)(
    const hdl_attention_gradient *p, size_t head, size_t query_block, const int type,
    const bool pairs) {
  const size_t key_stride = (p->key_width + 31) / 32 * 128;
  const size_t value_stride = (p->value_width + 31) / 32 * 128;
  HDL_FN(gradient_state) t;
  char *scratch = p->scratch;
  t.queries = scratch;
  t.gradients = t.queries + HDL_GRADIENT_BLOCK * key_stride;
  t.scores = (float *)(t.gradients + HDL_GRADIENT_BLOCK * value_stride);
  t.products = t.scores + HDL_GRADIENT_BLOCK * HDL_BLOCK;
  t.rows = (char *)(t.products + HDL_GRADIENT_BLOCK * HDL_BLOCK);
  size_t first = query_block * HDL_GRADIENT_BLOCK, count = p->row_count - first;
  if (count > HDL_GRADIENT_BLOCK) count = HDL_GRADIENT_BLOCK;
  const float *queries = p->queries + first * p->query_stride + head * p->key_width;
  const float *gradients = p->gradients + first * p->gradient_stride + head * p->value_width;
  const float *outputs = p->outputs + first * p->output_stride + head * p->value_width;
  HDL_FN(prepare_block)(
      queries, p->query_stride, count, p->key_width, t.queries, key_stride, pairs);
  HDL_FN(prepare_block)(
      gradients, p->gradient_stride, count, p->value_width, t.gradients, value_stride, pairs);
  for (size_t q = 0; q < count; ++q) {
    const float *statistics = p->statistics + (first + q) * p->statistics_stride + 2 * head;
    t.largest[q] = statistics[0];
    t.share[q] = div1(1.0f, statistics[1]);
    t.offset[q] = HDL_FN(dot_f32)(
        gradients + q * p->gradient_stride, outputs + q * p->output_stride, p->value_width);
  }
  float *target = p->query_gradients + first * p->query_gradient_stride + head * p->key_width;
  for (size_t q = 0; q < count; ++q)
    __builtin_memset(target + q * p->query_gradient_stride, 0, p->key_width * 4);
  char *P = p->probabilities + head * p->head_bytes;
  char *dS = p->score_gradients + head * p->head_bytes;
  const size_t units = HDL_BLOCK / (pairs ? 2 : 1);
  for (size_t block = 0; block <= query_block; ++block) {
    size_t keys = p->row_count - block * HDL_BLOCK;
    if (keys > HDL_BLOCK) keys = HDL_BLOCK;
    HDL_FN(block_product)(
        t.queries, key_stride, count, p->blocks[block] + p->head_offset, p->key_stride, keys,
        p->key_width, t.scores, type, pairs);
    HDL_FN(block_product)(
        t.gradients, value_stride, count, p->blocks[block] + p->value_offset + p->head_offset,
        p->value_stride, keys, p->value_width, t.products, type, pairs);
    HDL_FN(softmax_gradients)(p, &t, first, count, block * HDL_BLOCK);
    HDL_FN(store_block)(p, &t, query_block, block, P, dS, pairs);
    for (size_t column = 0; column < p->key_width; column += HDL_PANEL_COLUMNS) {
      size_t columns = p->key_width - column;
      HDL_FN(sum_block)(
          t.rows, units * 4, 4,
          p->packed_keys
              + (column / HDL_PANEL_COLUMNS * p->depth + block * units) * (HDL_PANEL_COLUMNS * 4),
          units, target + column, p->query_gradient_stride, count,
          columns < HDL_PANEL_COLUMNS ? columns : HDL_PANEL_COLUMNS, pairs);
    }
  }
}

HDL_INLINE void HDL_FN(score_range)(
    const hdl_attention_gradient *p, size_t begin, size_t end, const int type, const bool pairs) {
  size_t blocks = (p->row_count + HDL_GRADIENT_BLOCK - 1) / HDL_GRADIENT_BLOCK;
  // The last block sees the most keys; taken first it lets no thread end late.
  for (size_t unit = begin; unit < end; ++unit)
    HDL_FN(score_unit)(p, unit / blocks, blocks - 1 - unit % blocks, type, pairs);
}

HDL_KERNEL(hdl_score_gradients_f32, hdl_attention_gradient) {
  HDL_FN(score_range)(p, begin, end, HDL_F32, false);
}
HDL_KERNEL(hdl_score_gradients_bf16, hdl_attention_gradient) {
  HDL_FN(score_range)(p, begin, end, HDL_BF16, true);
}

// Adds the products of a block of keys with every query that sees it, for one head.
HDL_INLINE void HDL_FN(key_products)(
    const hdl_attention_gradient *p, const char *left, const char *right, size_t block,
    float *target, size_t stride, size_t width, const bool pairs) {
  const size_t unit_bytes = HDL_BLOCK * 4, units = HDL_BLOCK / (pairs ? 2 : 1);
  size_t first = block * HDL_BLOCK, keys = p->row_count - first;
  if (keys > HDL_BLOCK) keys = HDL_BLOCK;
  for (size_t column = 0; column < width; column += HDL_PANEL_COLUMNS) {
    size_t columns = width - column;
    HDL_FN(sum_block)(
        left + (block * p->depth + block * units) * unit_bytes, 4, unit_bytes,
        right + (column / HDL_PANEL_COLUMNS * p->depth + block * units) * unit_bytes,
        p->depth - block * units, target + first * stride + column, stride, keys,
        columns < HDL_PANEL_COLUMNS ? columns : HDL_PANEL_COLUMNS, pairs);
  }
}

// Heads in order; of each first the values' gradient, then the keys'.
HDL_INLINE void HDL_FN(key_range)(
    const hdl_attention_gradient *p, size_t begin, size_t end, const bool pairs) {
  for (size_t block = begin; block < end; ++block)
    for (size_t head = 0; head < p->head_count; ++head) {
      HDL_FN(key_products)(
          p, p->probabilities + head * p->head_bytes,
          p->packed_gradients + head * p->packed_gradient_bytes, block, p->value_gradients,
          p->value_gradient_stride, p->value_width, pairs);
      HDL_FN(key_products)(
          p, p->score_gradients + head * p->head_bytes,
          p->packed_queries + head * p->packed_query_bytes, block, p->key_gradients,
          p->key_gradient_stride, p->key_width, pairs);
    }
}

HDL_KERNEL(hdl_key_gradients_f32, hdl_attention_gradient) {
  HDL_FN(key_range)(p, begin, end, false);
}
HDL_KERNEL(hdl_key_gradients_bf16, hdl_attention_gradient) {
  HDL_FN(key_range)(p, begin, end, true);
}
