// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of a forward pass in C, one variant an instruction set, all with equal bits.
// `Documentation/Arithmetic.md` defines each bit; Swift's `ReferenceDevice` is the readable twin.
//
// A kernel reads its arguments and writes its output: no global state, no allocation, no locks. It
// takes a range of outputs, so that threads divide outputs and never a sum. Pointers need no
// alignment unless their comment says so. Every kernel flushes denormals while it runs.
#ifndef HADAL_CKERNELS_H
#define HADAL_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "hdl_pool.h"

#pragma clang assume_nonnull begin

// How numbers are stored.
enum { HDL_F32 = 0, HDL_F16 = 1, HDL_BF16 = 2, HDL_E4M3 = 3 };

// The most queries that an attention unit takes together.
enum { HDL_QUERY_TILE = 8 };
// How many rows an absorption unit takes together.
enum { HDL_ABSORB_TILE = 32 };
// Room for the rows of an E4M3 weight that are widened together.
enum { HDL_WIDENED_BYTES = 320 << 10 };
// Keys of an attention span, keys of a cache block, ids of a log-softmax span.
enum { HDL_SPAN = 1024, HDL_BLOCK = 64, HDL_LOGIT_SPAN = 4096 };

// Rows of an embedding table, widened. Range: ids.
typedef struct {
  const int32_t *ids;
  const void *table;
  size_t row_bytes;
  size_t column_count;
  int type;
  float *output;
  size_t output_stride;
} hdl_look_up;

// RMS norm. Range: rows. Output may be the input.
typedef struct {
  const float *input;
  size_t input_stride;
  size_t column_count;
  const void *weight;
  int weight_type;
  float epsilon;
  float *output;
  size_t output_stride;
} hdl_normalize;

// Activations as a product takes them: padded with zeros, and in bf16 rounded and split into pairs.
// Prepared row i is group `i % group_count` of input row `i / group_count`. Range: prepared rows.
typedef struct {
  const float *input;
  size_t input_stride;
  size_t group_count;
  size_t column_count;
  char *output;
  size_t output_stride;  // In bytes, a multiple of 64; the output is aligned to 64.
} hdl_prepare;

// The dot form. Range: rows of the weight. Row r of the input starts at
// `x + x_stride · (row_map ? row_map[r] : r)` bytes; in f32 with a column count that 16 divides
// these are plain floats, else rows made by hdl_prepare.
typedef struct {
  const char *_Nullable x;
  size_t x_stride;
  const int32_t *_Nullable row_map;
  size_t row_count;
  const char *_Nullable weight;
  size_t weight_stride;  // In bytes.
  const char *_Nullable scales;  // F32, one a 128 × 128 block.
  size_t scale_columns;
  const char *_Nullable bias;
  int bias_type;
  size_t column_count;
  float *_Nullable output;
  size_t output_stride;
  char *_Nullable scratch;  // E4M3 alone: HDL_WIDENED_BYTES, aligned to 64, one a thread.
} hdl_product;

// Rotation of pairs in place. Range: rows. Cosines and sines lie `pair_count` a row.
typedef struct {
  float *x;
  size_t stride;
  size_t head_count;
  size_t head_stride;
  size_t head_offset;
  const float *cosines;
  const float *sines;
  size_t pair_count;
  int interleaved;
} hdl_rotate;

// silu(gate) · up into gate, and residual + x into residual. Range: rows.
typedef struct {
  float *target;
  size_t target_stride;
  const float *other;
  size_t other_stride;
  size_t column_count;
} hdl_elementwise;

// Heads of one row into a cache block, as F32 or BF16. Range: heads.
typedef struct {
  const float *input;
  size_t head_width;
  char *output;
  size_t head_bytes;  // From one head's place in the block to the next one's.
} hdl_append;

// Attention over cache blocks of 64 positions. Range: units; a unit is one key/value head and up to
// `query_tile` of its (row, query head) pairs, rows first; units of a head are neighbors.
//
// With `partials`, a unit is one span of 1,024 keys of such a tile, the spans of a tile being
// neighbors; there is one row, and hdl_merge_partials makes the output. Unit u leaves there, from
// float u · query_tile · (value_width + 2) on, O of each query, then m of each, then l of each.
typedef struct {
  size_t query_tile;  // 1 to HDL_QUERY_TILE; no bit depends on it.
  const float *_Nullable queries;
  size_t query_stride;
  size_t row_count;
  size_t head_count;
  size_t key_head_count;
  size_t first_position;
  const char *_Nonnull const *_Nullable blocks;
  size_t head_bytes;
  size_t value_offset;  // In bytes, from a block's start to its first value.
  size_t key_stride;    // In bytes.
  size_t value_stride;  // In bytes.
  size_t key_width;
  size_t value_width;
  float scale;
  float *_Nullable output;
  size_t output_stride;
  char *_Nullable scratch;  // hdl_attention_scratch() bytes, aligned to 64, one a thread.
  float *_Nullable partials;
} hdl_attention;

// Queries times the key up-projection, in the sum form. Range: units; a unit is one head and up to
// HDL_ABSORB_TILE rows; units of a head are neighbors.
typedef struct {
  const float *_Nullable queries;
  size_t query_stride;
  size_t row_count;
  size_t head_count;
  size_t no_position;
  size_t rotary;
  const char *_Nullable weight;
  size_t weight_stride;     // In bytes.
  size_t head_weight_rows;  // Rows of the weight that belong to a head.
  size_t latent_rank;
  float *_Nullable output;
  size_t output_stride;
  float *_Nullable scratch;  // HDL_ABSORB_TILE · no_position floats, one a thread.
} hdl_absorption;

// The choice of experts. Range: rows.
typedef struct {
  const float *_Nullable logits;
  size_t stride;
  size_t expert_count;
  size_t chosen_count;
  size_t group_count;
  size_t kept_group_count;
  int sigmoid;    // Else softmax.
  int best_two;   // A group is worth its two best, else its best.
  int normalizes;
  float epsilon;
  float scale;
  const char *_Nullable bias;
  int bias_type;
  int32_t *_Nullable experts;
  float *_Nullable weights;
  char *_Nullable scratch;  // 20 · expert_count bytes, aligned to 4, one a thread.
} hdl_routing;

// Expert outputs into their tokens. Range: tokens.
typedef struct {
  const float *outputs;
  size_t stride;
  size_t column_count;
  size_t chosen_count;
  const int32_t *pairs;
  const float *weights;
  float *sum;
  size_t sum_stride;
} hdl_combination;

// Maximum and sum of exponentials, two floats a span. Range: spans, those of a row are neighbors.
typedef struct {
  const float *logits;
  size_t stride;
  size_t column_count;
  float *spans;
  float *rows;  // Two floats a row; written by hdl_merge_spans alone.
} hdl_log_sum;

#define HDL_KERNEL_POINTER(arguments, name) \
  void (*name)(const arguments *, size_t begin, size_t end)

// The kernels of one instruction set. Products are named compute type first, weight type second.
typedef struct {
  size_t pair_chunk_bytes;  // What 32 prepared BF16 activations take.
  HDL_KERNEL_POINTER(hdl_look_up, look_up);
  HDL_KERNEL_POINTER(hdl_normalize, normalize);
  HDL_KERNEL_POINTER(hdl_prepare, prepare_f32);
  HDL_KERNEL_POINTER(hdl_prepare, prepare_bf16);
  HDL_KERNEL_POINTER(hdl_product, product_f32_f32);
  HDL_KERNEL_POINTER(hdl_product, product_f32_f16);
  HDL_KERNEL_POINTER(hdl_product, product_f32_bf16);
  HDL_KERNEL_POINTER(hdl_product, product_f32_e4m3);
  HDL_KERNEL_POINTER(hdl_product, product_bf16_f32);
  HDL_KERNEL_POINTER(hdl_product, product_bf16_f16);
  HDL_KERNEL_POINTER(hdl_product, product_bf16_bf16);
  HDL_KERNEL_POINTER(hdl_product, product_bf16_e4m3);
  HDL_KERNEL_POINTER(hdl_rotate, rotate);
  HDL_KERNEL_POINTER(hdl_elementwise, multiply_silu);
  HDL_KERNEL_POINTER(hdl_elementwise, add);
  HDL_KERNEL_POINTER(hdl_append, append_f32);
  HDL_KERNEL_POINTER(hdl_append, append_bf16);
  HDL_KERNEL_POINTER(hdl_attention, attend_f32);
  HDL_KERNEL_POINTER(hdl_attention, attend_bf16);
  HDL_KERNEL_POINTER(hdl_attention, merge_partials);
  HDL_KERNEL_POINTER(hdl_absorption, absorb_f32_f32);
  HDL_KERNEL_POINTER(hdl_absorption, absorb_f32_f16);
  HDL_KERNEL_POINTER(hdl_absorption, absorb_f32_bf16);
  HDL_KERNEL_POINTER(hdl_absorption, absorb_bf16_f32);
  HDL_KERNEL_POINTER(hdl_absorption, absorb_bf16_f16);
  HDL_KERNEL_POINTER(hdl_absorption, absorb_bf16_bf16);
  HDL_KERNEL_POINTER(hdl_routing, route);
  HDL_KERNEL_POINTER(hdl_combination, combine);
  HDL_KERNEL_POINTER(hdl_log_sum, log_sum_spans);
  HDL_KERNEL_POINTER(hdl_log_sum, merge_spans);
} hdl_kernels;

// The kernel paths, from the narrowest.
enum { HDL_SCALAR = 0, HDL_AVX2 = 1, HDL_AVX512 = 2, HDL_AVX512BF16 = 3 };

// Whether this processor, and its system, can run a path.
int hdl_path_available(int path);

// The kernels of an available path.
const hdl_kernels *hdl_kernels_of(int path);

// How many bytes of scratch a thread needs for attention over keys and values of these widths.
size_t hdl_attention_scratch(size_t key_width, size_t value_width);

#pragma clang assume_nonnull end

#endif
