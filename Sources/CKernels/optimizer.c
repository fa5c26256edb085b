// SPDX-License-Identifier: Apache-2.0
//
// The optimizer, for every instruction set.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF

#include "isa_scalar.h"
#include "optimizer_kernels.inl"
#include "isa_end.h"

#if defined(__x86_64__)

#include "isa_avx2.h"
#include "optimizer_kernels.inl"
#include "isa_end.h"

#include "isa_avx512.h"
#include "optimizer_kernels.inl"
#include "isa_end.h"

#include "isa_avx512bf16.h"
#include "optimizer_kernels.inl"
#include "isa_end.h"

#endif
