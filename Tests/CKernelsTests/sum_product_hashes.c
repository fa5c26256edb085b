// SPDX-License-Identifier: Apache-2.0
//
// Hashes of products in the sum form and of attention's derivative, which is made of them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seeded.h"

// A unit of depth, a float or a pair of BF16 numbers, has 4 bytes; a panel has 64 of them a row.
enum { unit = 4, panel_row = HDL_PANEL_COLUMNS * unit, pack_units = 32 };

static size_t panels(size_t columns) {
  return (columns + HDL_PANEL_COLUMNS - 1) / HDL_PANEL_COLUMNS;
}

static void pack(const hdl_kernels *k, hdl_pack p, int pairs) {
  p.panel_stride = p.depth * panel_row;
  size_t units = panels(p.column_count) * ((p.depth + pack_units - 1) / pack_units);
  (pairs ? k->pack_panels_bf16 : k->pack_panels_f32)(&p, 0, units);
}

// More than a block of rows and than a panel of columns; an odd depth.
void sum_products(const hdl_kernels *k, int flavor, int pairs) {
  enum { rows = 70, inner = 37, columns = 83 };
  static float left[rows][inner], across[inner][rows], output[rows][columns];
  static char right[inner * columns * 4];
  _Alignas(64) static char packed_right[2 * inner * panel_row], packed[2 * inner * panel_row];
  _Alignas(64) static char packed_rows[rows * inner * unit];
  size_t depth = pairs ? (inner + 1) / 2 : inner;
  int32_t map[inner];
  // Some rows twice, and some not at all.
  for (int i = 0; i < inner; ++i) map[i] = i % 7 == 3 ? -1 : i * 5 % 31;
  fill(left, sizeof left, flavor);
  fill(across, sizeof across, flavor);
  fill(right, sizeof right, flavor);
  pack(k, (hdl_pack){
    .input = (const char *)across, .input_stride = rows * 4, .type = HDL_F32, .row_count = inner,
    .row_map = map, .column_count = rows, .depth = depth, .output = packed,
  }, pairs);
  const char *plain_rows = (const char *)left;
  if (pairs) {
    hdl_pack p = {
      .input = (const char *)left, .input_stride = inner * 4, .column_count = inner,
      .depth = depth, .output = packed_rows,
    };
    k->pack_rows_bf16(&p, 0, rows);
    plain_rows = packed_rows;
    printf("packed rows %d %016llx\n", flavor,
           (unsigned long long)hash_bf16(packed_rows, rows * depth * 2));
  }
  for (int type = 0; type < 3; ++type) {
    size_t bytes = type == HDL_F32 ? 4 : 2;
    pack(k, (hdl_pack){
      .input = right, .input_stride = columns * bytes, .type = type, .row_count = inner,
      .column_count = columns, .depth = depth, .output = packed_right,
    }, pairs);
    size_t units = panels(columns) * depth * HDL_PANEL_COLUMNS;
    printf("packed panels %d %d %d %016llx\n", flavor, pairs, type,
           (unsigned long long)(pairs ? hash_bf16(packed_right, 2 * units)
                                      : hash((const float *)packed_right, units)));
    for (int form = 0; form < 4; ++form) {
      int accumulates = form % 2, across_rows = form / 2;
      fill(output, sizeof output, flavor);
      hdl_sum_product p = {
        .left = across_rows ? packed : plain_rows,
        .left_row = across_rows ? unit : depth * unit,
        .left_unit = across_rows ? panel_row : unit,
        .left_block = depth * panel_row,  // 64 rows of units, or a panel: as many bytes.
        .right = packed_right, .depth = depth, .row_count = rows, .column_count = columns,
        .output = &output[0][0], .output_stride = columns, .accumulates = accumulates,
      };
      (pairs ? k->sum_product_bf16 : k->sum_product_f32)(&p, 0, 2 * panels(columns));
      printf("sum product %d %d %d %d %016llx\n", flavor, pairs, type, form,
             (unsigned long long)hash(&output[0][0], rows * columns));
    }
  }
}

// Two query heads that share a key/value head, over a whole block and part of another. Outputs and
// statistics are those of the attention itself.
void attention_gradients(const hdl_kernels *k, int flavor, int pairs) {
  enum { heads = 2, rows = 70, blocks = 2, key = 40, value = 24, most = blocks * 64 * panel_row };
  static float queries[rows][heads * key], keys[rows][key], values[rows][value];
  static float outputs[rows][heads * value], gradient[rows][heads * value];
  static float statistics[rows][heads * 2], dq[rows][heads * key], dk[rows][key], dv[rows][value];
  static char cache[blocks][64 * (key + value) * 4];
  _Alignas(64) static char packed_keys[most], packed_queries[heads * most];
  _Alignas(64) static char packed_gradient[heads * most];
  _Alignas(64) static char probabilities[heads * blocks * most], scores[heads * blocks * most];
  const char *list[blocks] = {cache[0], cache[1]};
  size_t bytes = pairs ? 2 : 4, depth = blocks * 64 / (pairs ? 2 : 1), set = depth * panel_row;
  fill(queries, sizeof queries, flavor);
  fill(keys, sizeof keys, flavor);
  fill(values, sizeof values, flavor);
  fill(gradient, sizeof gradient, flavor);
  fill(dk, sizeof dk, flavor);
  fill(dv, sizeof dv, flavor);
  for (size_t t = 0; t < rows; ++t) {
    char *block = cache[t / 64];
    hdl_append a = {keys[t], key, block + t % 64 * key * bytes, 0};
    hdl_append b = {values[t], value, block + 64 * key * bytes + t % 64 * value * bytes, 0};
    (pairs ? k->append_bf16 : k->append_f32)(&a, 0, 1);
    (pairs ? k->append_bf16 : k->append_f32)(&b, 0, 1);
  }
  char *scratch = aligned_alloc(64, hdl_attention_scratch(key, value));
  hdl_attention a = {
    .query_tile = 4, .queries = &queries[0][0], .query_stride = heads * key, .row_count = rows,
    .head_count = heads, .key_head_count = 1, .blocks = list, .head_bytes = 0,
    .value_offset = 64 * key * bytes, .key_stride = key * bytes, .value_stride = value * bytes,
    .key_width = key, .value_width = value, .scale = 0.15f, .output = &outputs[0][0],
    .output_stride = heads * value, .scratch = scratch, .statistics = &statistics[0][0],
    .statistics_stride = heads * 2,
  };
  (pairs ? k->attend_bf16 : k->attend_f32)(&a, 0, heads * rows / 4);
  free(scratch);
  hdl_pack p = {
    .input = (const char *)keys, .input_stride = key * 4, .type = HDL_F32, .row_count = rows,
    .column_count = key, .depth = depth, .output = packed_keys,
  };
  pack(k, p, pairs);
  for (size_t head = 0; head < heads; ++head) {
    p.input = (const char *)&queries[0][head * key];
    p.input_stride = heads * key * 4;
    p.column_count = key;
    p.output = packed_queries + head * set;
    pack(k, p, pairs);
    p.input = (const char *)&gradient[0][head * value];
    p.input_stride = heads * value * 4;
    p.column_count = value;
    p.output = packed_gradient + head * set;
    pack(k, p, pairs);
  }
  scratch = aligned_alloc(64, hdl_gradient_scratch(key, value));
  hdl_attention_gradient g = {
    .head_count = heads, .row_count = rows, .key_width = key, .value_width = value,
    .scale = 0.15f, .depth = depth, .queries = &queries[0][0], .query_stride = heads * key,
    .gradients = &gradient[0][0], .gradient_stride = heads * value, .outputs = &outputs[0][0],
    .output_stride = heads * value, .statistics = &statistics[0][0],
    .statistics_stride = heads * 2, .blocks = list, .value_offset = 64 * key * bytes,
    .key_stride = key * bytes, .value_stride = value * bytes, .packed_keys = packed_keys,
    .packed_queries = packed_queries, .packed_query_bytes = set,
    .packed_gradients = packed_gradient, .packed_gradient_bytes = set,
    .probabilities = probabilities, .score_gradients = scores, .head_bytes = blocks * set,
    .query_gradients = &dq[0][0], .query_gradient_stride = heads * key,
    .key_gradients = &dk[0][0], .key_gradient_stride = key, .value_gradients = &dv[0][0],
    .value_gradient_stride = value, .scratch = scratch,
  };
  (pairs ? k->score_gradients_bf16 : k->score_gradients_f32)(&g, 0, heads * blocks);
  (pairs ? k->key_gradients_bf16 : k->key_gradients_f32)(&g, 0, blocks);
  free(scratch);
  printf("attention gradient %d %d %016llx %016llx %016llx %016llx\n", flavor, pairs,
         (unsigned long long)hash(&statistics[0][0], rows * heads * 2),
         (unsigned long long)hash(&dq[0][0], rows * heads * key),
         (unsigned long long)hash(&dk[0][0], rows * key),
         (unsigned long long)hash(&dv[0][0], rows * value));
}
