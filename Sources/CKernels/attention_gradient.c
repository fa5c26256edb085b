// SPDX-License-Identifier: Apache-2.0
//
// The derivative of attention, for every instruction set.
#include "lanes.h"

#pragma STDC FP_CONTRACT OFF

#include "isa_scalar.h"
#include "attention_gradient_kernels.inl"
#include "isa_end.h"

#if defined(__x86_64__)

#include "isa_avx2.h"
#include "attention_gradient_kernels.inl"
#include "isa_end.h"

#include "isa_avx512.h"
#include "attention_gradient_kernels.inl"
#include "isa_end.h"

#include "isa_avx512bf16.h"
#include "attention_gradient_kernels.inl"
#include "isa_end.h"

#endif
