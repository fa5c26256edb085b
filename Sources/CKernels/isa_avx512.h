// SPDX-License-Identifier: Apache-2.0
//
// Opens a section for AVX-512 F, BW, VL and DQ; isa_end.h closes it. A lane vector is one register
// of 32.
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512dq"))), \
    apply_to = function)
#define HDL_ISA avx512
#define HDL_ISA_PUSHED 1
#define HDL_HAS_F16C 1
#define HDL_TILE_ROWS 6
#define HDL_TILE_STEP(pairs) 6
#define HDL_WIDENED_STEP(pairs) 3
#define HDL_TILE_COLUMNS(rows) ((rows) == 1 ? 1 : 4)
#define HDL_SUM_ROWS 4
#define HDL_SUM_VECTORS(rows) 4
#define HDL_GRADIENT_ROWS 6
#define HDL_GRADIENT_VECTORS 4
#include "lanes.inl"
