// SPDX-License-Identifier: Apache-2.0
//
// Products in the sum form over packed operands, for every instruction set.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF

#include "isa_scalar.h"
#include "sum_product_kernels.inl"
#include "isa_end.h"

#if defined(__x86_64__)

#include "isa_avx2.h"
#include "sum_product_kernels.inl"
#include "isa_end.h"

#include "isa_avx512.h"
#include "sum_product_kernels.inl"
#include "isa_end.h"

#include "isa_avx512bf16.h"
#include "sum_product_kernels.inl"
#include "isa_end.h"

#endif
