// SPDX-License-Identifier: Apache-2.0
//
// Closes the section of an instruction set.
#undef HDL_ISA
#undef HDL_HAS_F16C
#undef HDL_HAS_PAIR_DOT
#undef HDL_TILE_ROWS
#undef HDL_TILE_STEP
#undef HDL_WIDENED_STEP
#undef HDL_TILE_COLUMNS
#undef HDL_SUM_ROWS
#undef HDL_SUM_VECTORS
#undef HDL_GRADIENT_ROWS
#undef HDL_GRADIENT_VECTORS
#undef HDL_PREPARED_BYTES
#undef HDL_TINY
#ifdef HDL_ISA_PUSHED
#undef HDL_ISA_PUSHED
#pragma clang attribute pop
#endif
