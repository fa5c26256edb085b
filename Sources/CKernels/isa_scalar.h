// SPDX-License-Identifier: Apache-2.0
//
// Opens a section for any processor of the architecture; isa_end.h closes it.
#define HDL_ISA scalar
#define HDL_TILE_ROWS 1
#define HDL_TILE_STEP(pairs) 1
#define HDL_WIDENED_STEP(pairs) 1
#define HDL_TILE_COLUMNS(rows) 1
#define HDL_SUM_ROWS 1
#define HDL_SUM_VECTORS(rows) 1
#define HDL_GRADIENT_ROWS 1
#define HDL_GRADIENT_VECTORS 1
#include "lanes.inl"
