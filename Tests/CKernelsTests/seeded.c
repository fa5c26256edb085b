// SPDX-License-Identifier: Apache-2.0
#include "seeded.h"

#include <string.h>

static uint64_t state;

void begin(uint64_t seed) { state = seed; }

static uint64_t next(void) {
  uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

float float_of_bits(uint32_t bits) {
  float f;
  memcpy(&f, &bits, 4);
  return f;
}

uint32_t bits_of_float(float f) {
  uint32_t bits;
  memcpy(&bits, &f, 4);
  return bits;
}

static uint32_t number(int flavor) {
  uint64_t bits = next();
  uint32_t sign = (uint32_t)(bits >> 63) << 31, mantissa = (uint32_t)bits & 0x7FFFFF;
  if (flavor == 2) return (uint32_t)bits;
  if (flavor == 0) return sign | (120 + (uint32_t)(bits >> 40) % 8) << 23 | mantissa;
  switch ((bits >> 50) % 8) {
  case 0: return sign;
  case 1: return sign | mantissa;
  case 2: return sign | 0x00800000;
  case 3: return sign | 0x00800000 | mantissa;
  default: return sign | (62 + (uint32_t)(bits >> 40) % 3) << 23 | mantissa;
  }
}

void fill(void *target, size_t bytes, int flavor) {
  for (size_t i = 0; i + 4 <= bytes; i += 4) {
    uint32_t bits = number(flavor);
    memcpy((char *)target + i, &bits, 4);
  }
}

static uint64_t mix(uint64_t h, uint32_t bits) {
  if ((bits & 0x7FFFFFFF) > 0x7F800000) bits = 0x7FC00000;
  return (h ^ bits) * 1099511628211u;
}

uint64_t hash(const float *x, size_t count) {
  uint64_t h = 1469598103934665603u;
  for (size_t i = 0; i < count; ++i) h = mix(h, bits_of_float(x[i]));
  return h;
}

uint64_t hash_bf16(const char *x, size_t count) {
  uint64_t h = 1469598103934665603u;
  for (size_t i = 0; i < count; ++i) {
    uint16_t bits;
    memcpy(&bits, x + 2 * i, 2);
    h = mix(h, (uint32_t)bits << 16);
  }
  return h;
}
