// SPDX-License-Identifier: Apache-2.0
//
// Opens a section for AVX2, FMA and F16C; isa_end.h closes it. A lane vector is two registers of
// 16, so a tile holds at most 6 accumulators, and 4 where a weight is two vectors (pairs). Measured,
// 64 rows, 2048 × 2048, one busy core, GFLOP/s: 3 × 2 f32 61, pairs 39; 4 × 1 f32 44, pairs 52.
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define HDL_ISA avx2
#define HDL_ISA_PUSHED 1
#define HDL_HAS_F16C 1
#define HDL_TILE_ROWS 4
#define HDL_TILE_STEP(pairs) ((pairs) ? 4 : 3)
#define HDL_WIDENED_STEP(pairs) ((pairs) ? 4 : 3)
#define HDL_TILE_COLUMNS(rows) ((rows) == 2 || (rows) == 3 ? 2 : 1)
#define HDL_SUM_ROWS 4
#define HDL_SUM_VECTORS(rows) ((rows) == 1 ? 4 : 1)
#define HDL_GRADIENT_ROWS 4
#define HDL_GRADIENT_VECTORS 1
#include "lanes.inl"
