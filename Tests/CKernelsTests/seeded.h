// SPDX-License-Identifier: Apache-2.0
//
// Numbers drawn from a seed, hashes of what kernels make of them, and the groups of cases.
#ifndef HADAL_SEEDED_H
#define HADAL_SEEDED_H

#include "../../Sources/CKernels/include/CKernels.h"

// Begins the numbers of a seed.
void begin(uint64_t seed);

// Fills with numbers of a flavor: 0 ordinary, 1 around the smallest normal and its square root, 2 any
// bits.
void fill(void *target, size_t bytes, int flavor);

float float_of_bits(uint32_t bits);
uint32_t bits_of_float(float f);

// Any NaN counts as one value, as payloads and signs of NaN are open.
uint64_t hash(const float *x, size_t count);

// The same of BF16 numbers.
uint64_t hash_bf16(const char *x, size_t count);

// Cases of the derivatives of rows, and of the optimizer.
void row_gradients(const hdl_kernels *k, int flavor);
void optimizer(const hdl_kernels *k, int flavor);

// Cases of products in the sum form with what packs their operands, and of attention's derivative;
// `pairs` is whether operands are BF16.
void sum_products(const hdl_kernels *k, int flavor, int pairs);
void attention_gradients(const hdl_kernels *k, int flavor, int pairs);

#endif
