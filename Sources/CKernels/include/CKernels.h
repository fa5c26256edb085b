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
#include "hdl_thread.h"

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
// Columns of a packed panel, and elements of an optimizer's block.
enum { HDL_PANEL_COLUMNS = 64, HDL_OPTIMIZER_BLOCK = 4096 };

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
  float *_Nullable statistics;  // Two floats a (row, head), M and S; without partials alone.
  size_t statistics_stride;
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

// Rows of a matrix as units of depth: floats, or pairs of BF16 numbers. Panels of HDL_PANEL_COLUMNS
// columns have unit after unit; rows (hdl_pack_rows) have the units of a row one after the other.
// Row i of the contraction is row `row_map ? row_map[i] : i` of the input; a negative one, or one
// beyond `row_count`, counts as zeros.
typedef struct {
  const char *_Nullable input;
  size_t input_stride;  // In bytes.
  int type;
  size_t row_count;
  const int32_t *_Nullable row_map;
  size_t column_count;
  size_t depth;         // In units; those of a row, where rows are packed.
  char *_Nullable output;
  size_t panel_stride;  // In bytes, between two panels.
} hdl_pack;

// The sum form: output[i][o] = Σ left[i][k] · right[k][o], k in order, onto +0 or onto what is there.
// The left operand is rows of units or panels, the right one panels. Range: units; a unit is a panel
// of output columns and 64 rows; units of a panel are neighbors.
typedef struct {
  const char *_Nullable left;
  size_t left_row;    // In bytes, from an output row to the next.
  size_t left_unit;   // From a unit of depth to the next.
  size_t left_block;  // From 64 output rows to the next.
  const char *_Nullable right;
  size_t depth;
  size_t row_count;
  size_t column_count;
  float *_Nullable output;
  size_t output_stride;
  int accumulates;
} hdl_sum_product;

// The derivative of attention of some query heads that share a key/value head, over one sequence from
// its first position on. Pointers to rows are those of the first of these heads.
typedef struct {
  size_t head_count;
  size_t row_count;
  size_t key_width;
  size_t value_width;
  float scale;
  size_t depth;  // Units of depth of all queries, or keys, in whole blocks.
  const float *_Nullable queries;
  size_t query_stride;
  const float *_Nullable gradients;  // dO
  size_t gradient_stride;
  const float *_Nullable outputs;  // O
  size_t output_stride;
  const float *_Nullable statistics;  // M and S, two floats a (row, head).
  size_t statistics_stride;
  const char *_Nonnull const *_Nullable blocks;
  size_t head_offset;   // In bytes, into a block.
  size_t value_offset;  // In bytes.
  size_t key_stride;
  size_t value_stride;
  const char *_Nullable packed_keys;     // Panels over keys.
  const char *_Nullable packed_queries;  // Panels over queries, one set a head.
  size_t packed_query_bytes;
  const char *_Nullable packed_gradients;
  size_t packed_gradient_bytes;
  char *_Nullable probabilities;    // P and dS: a panel a block of keys, over queries; one set a head.
  char *_Nullable score_gradients;
  size_t head_bytes;
  float *_Nullable query_gradients;  // Overwritten.
  size_t query_gradient_stride;
  float *_Nullable key_gradients;  // Added to.
  size_t key_gradient_stride;
  float *_Nullable value_gradients;  // Added to.
  size_t value_gradient_stride;
  char *_Nullable scratch;  // hdl_gradient_scratch() bytes, aligned to 64, one a thread.
} hdl_attention_gradient;

// The derivative of the RMS norm. Range: rows, and for the weight's chunks of 16 columns.
typedef struct {
  const float *input;
  size_t input_stride;
  const float *weight;
  const float *gradient;
  size_t gradient_stride;
  size_t row_count;
  size_t column_count;
  float epsilon;
  float *output;
  size_t output_stride;
  int accumulates;
  float *inverse_roots;  // One a row.
  float *weight_gradient;
} hdl_normalize_gradient;

// The derivative of silu(gate) · up, into gate and up. Range: rows.
typedef struct {
  float *gate;
  size_t gate_stride;
  float *up;
  size_t up_stride;
  const float *gradient;
  size_t gradient_stride;
  size_t column_count;
} hdl_silu_gradient;

// Adds rows to one. Range: chunks of 16 columns.
typedef struct {
  const float *rows;
  size_t stride;
  size_t row_count;
  size_t column_count;
  float *sum;
} hdl_sum_rows;

// Adds rows to rows of a table. Range: chunks of 64 columns.
typedef struct {
  const int32_t *ids;
  const float *rows;
  size_t stride;
  size_t row_count;
  size_t column_count;
  float *table;
} hdl_add_rows;

// The derivative of cross-entropy, into the logits. Range: rows.
typedef struct {
  float *logits;
  size_t stride;
  size_t column_count;
  const float *statistics;  // Maximum and sum, two floats a row.
  const int32_t *targets;
  const float *weights;
} hdl_cross_entropy;

// The derivative of a mixture's sum, into the outputs. Range: tokens.
typedef struct {
  const float *gradient;
  size_t gradient_stride;
  size_t column_count;
  size_t chosen_count;
  const int32_t *pairs;
  const float *weights;
  float *outputs;
  size_t stride;
  float *weight_gradients;
} hdl_combine_gradient;

// What a router makes of logits, and the derivative of its choice, into the logits. Range: rows.
typedef struct {
  hdl_routing rule;  // Without its pointers.
  float *_Nullable logits;
  size_t stride;
  float *_Nullable affinities;
  size_t affinity_stride;
  const int32_t *_Nullable experts;
  const float *_Nullable weight_gradients;
  const int32_t *_Nullable sequences;  // Whose slopes a row has, -1 for none's.
  const float *_Nullable slopes;       // Of the balance loss, expert_count floats a sequence.
} hdl_router_gradient;

// AdamW. Range: blocks of HDL_OPTIMIZER_BLOCK elements.
typedef struct {
  size_t count;
  const float *_Nullable gradient;
  float *_Nullable first_moment;
  float *_Nullable second_moment;
  float *_Nullable weight;
  char *_Nullable rounded;  // The weight as BF16.
  float clip, beta1, complement1, beta2, complement2, correction1, correction2, epsilon, rate, keep;
} hdl_adamw;

// Sums of squares. Range: blocks of HDL_OPTIMIZER_BLOCK elements.
typedef struct {
  const float *values;
  size_t count;
  float *sums;
} hdl_block_squares;

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
  HDL_KERNEL_POINTER(hdl_pack, pack_panels_f32);
  HDL_KERNEL_POINTER(hdl_pack, pack_panels_bf16);
  HDL_KERNEL_POINTER(hdl_pack, pack_rows_bf16);
  HDL_KERNEL_POINTER(hdl_sum_product, sum_product_f32);
  HDL_KERNEL_POINTER(hdl_sum_product, sum_product_bf16);
  HDL_KERNEL_POINTER(hdl_attention_gradient, score_gradients_f32);
  HDL_KERNEL_POINTER(hdl_attention_gradient, score_gradients_bf16);
  HDL_KERNEL_POINTER(hdl_attention_gradient, key_gradients_f32);
  HDL_KERNEL_POINTER(hdl_attention_gradient, key_gradients_bf16);
  HDL_KERNEL_POINTER(hdl_normalize_gradient, normalize_gradient);
  HDL_KERNEL_POINTER(hdl_normalize_gradient, normalize_weight_gradient);
  HDL_KERNEL_POINTER(hdl_silu_gradient, silu_gradient);
  HDL_KERNEL_POINTER(hdl_sum_rows, sum_rows);
  HDL_KERNEL_POINTER(hdl_add_rows, add_rows);
  HDL_KERNEL_POINTER(hdl_cross_entropy, cross_entropy_gradient);
  HDL_KERNEL_POINTER(hdl_combine_gradient, combine_gradient);
  HDL_KERNEL_POINTER(hdl_router_gradient, affinities);
  HDL_KERNEL_POINTER(hdl_router_gradient, router_gradient);
  HDL_KERNEL_POINTER(hdl_adamw, adamw);
  HDL_KERNEL_POINTER(hdl_block_squares, block_squares);
} hdl_kernels;

// The kernel paths, from the narrowest.
enum { HDL_SCALAR = 0, HDL_AVX2 = 1, HDL_AVX512 = 2, HDL_AVX512BF16 = 3 };

// Whether this processor, and its system, can run a path.
int hdl_path_available(int path);

// The kernels of an available path.
const hdl_kernels *hdl_kernels_of(int path);

// How many bytes of scratch a thread needs for attention over keys and values of these widths.
size_t hdl_attention_scratch(size_t key_width, size_t value_width);

// The same for the derivative of attention.
size_t hdl_gradient_scratch(size_t key_width, size_t value_width);

#pragma clang assume_nonnull end

#endif
