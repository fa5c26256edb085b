// SPDX-License-Identifier: Apache-2.0
//
// The primitives of one instruction set: operations on 16 lanes, and what moves stored numbers into
// them. Included by the isa_*.h files alone.

HDL_INLINE float float_of(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return value;
}

HDL_INLINE uint32_t bits_of(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, 4);
  return bits;
}

HDL_INLINE lanes_f32 splat(float value) { return (lanes_f32)value; }

HDL_INLINE lanes_f32 load_f32(const void *source) {
  lanes_f32 v;
  __builtin_memcpy(&v, source, 64);
  return v;
}

HDL_INLINE void store_f32(void *target, lanes_f32 v) { __builtin_memcpy(target, &v, 64); }

// The first `count` floats, then zeros.
HDL_INLINE lanes_f32 load_part(const void *source, size_t count) {
  lanes_f32 v = splat(0);
  __builtin_memcpy(&v, source, count * 4);
  return v;
}

HDL_INLINE void store_part(void *target, lanes_f32 v, size_t count) {
  __builtin_memcpy(target, &v, count * 4);
}

// A denormal becomes a zero of its sign, by bits: no instruction set's mode has a say.
HDL_INLINE lanes_f32 flush16(lanes_f32 v) {
  lanes_u32 u = (lanes_u32)v;
  lanes_u32 is_small = (lanes_u32)((u & 0x7F800000u) == 0u);
  return (lanes_f32)(u & ~(is_small & 0x007FFFFFu));
}

HDL_INLINE float flush1(float v) {
  uint32_t u = bits_of(v);
  return float_of((u & 0x7F800000u) == 0 ? u & 0x80000000u : u);
}

#if defined(__x86_64__)

HDL_INLINE float add1(float a, float b) { return a + b; }
HDL_INLINE float sub1(float a, float b) { return a - b; }
HDL_INLINE float mul1(float a, float b) { return a * b; }
HDL_INLINE float div1(float a, float b) { return a / b; }
HDL_INLINE float fma1(float a, float b, float c) { return __builtin_elementwise_fma(a, b, c); }

HDL_INLINE lanes_f32 add16(lanes_f32 a, lanes_f32 b) { return a + b; }
HDL_INLINE lanes_f32 sub16(lanes_f32 a, lanes_f32 b) { return a - b; }
HDL_INLINE lanes_f32 mul16(lanes_f32 a, lanes_f32 b) { return a * b; }
HDL_INLINE lanes_f32 div16(lanes_f32 a, lanes_f32 b) { return a / b; }
HDL_INLINE lanes_f32 fma16(lanes_f32 a, lanes_f32 b, lanes_f32 c) {
  return __builtin_elementwise_fma(a, b, c);
}

#else

// NUMERICS: without a flushing mode that agrees with x86's, operands are flushed before and results
// after. A result below the smallest normal is a zero of its sign. One that equals it may have been
// rounded up to it by gradual underflow from below 2^-126 − 2^-151, where 24 bits with an unbounded
// exponent still lie below 2^-126: `excess`, the exact result's distance from there, tells.
HDL_INLINE float settle1(float result, double excess) {
  uint32_t magnitude = bits_of(result) & 0x7FFFFFFFu;
  if (magnitude < 0x00800000u || (magnitude == 0x00800000u && excess < 0))
    return float_of(bits_of(result) & 0x80000000u);
  return result;
}

#define HDL_TINY (0x1p-126 - 0x1p-151)

HDL_INLINE float add1(float a, float b) {
  return flush1(flush1(a) + flush1(b));  // A sum that small is exact.
}
HDL_INLINE float sub1(float a, float b) { return flush1(flush1(a) - flush1(b)); }
HDL_INLINE float mul1(float a, float b) {
  a = flush1(a);
  b = flush1(b);
  double exact = (double)a * (double)b;
  return settle1(a * b, (exact < 0 ? -exact : exact) - HDL_TINY);
}
HDL_INLINE float div1(float a, float b) {
  a = flush1(a);
  b = flush1(b);
  double dividend = a < 0 ? -(double)a : (double)a;
  double divisor = b < 0 ? -(double)b : (double)b;
  return settle1(a / b, dividend - HDL_TINY * divisor);  // 25 + 24 bits: exact.
}
HDL_INLINE float fma1(float a, float b, float c) {
  a = flush1(a);
  b = flush1(b);
  c = flush1(c);
  float result = __builtin_elementwise_fma(a, b, c);
  if ((bits_of(result) & 0x7FFFFFFFu) > 0x00800000u) return result;
  // A sum this small of a large c is a multiple of 2^-147, so only a small c needs the question,
  // and then c − 2^-126 + 2^-151 is exact in double precision.
  double sign = result < 0 ? -1 : 1;
  double excess = 0;
  if (c < 0x1p-100f && c > -0x1p-100f)
    excess = __builtin_elementwise_fma(sign * (double)a, (double)b, sign * (double)c - HDL_TINY);
  return settle1(result, excess);
}

#define HDL_LANEWISE(name, operation)                     \
  HDL_INLINE lanes_f32 name(lanes_f32 a, lanes_f32 b) {   \
    for (int j = 0; j < 16; ++j) a[j] = operation(a[j], b[j]); \
    return a;                                             \
  }
HDL_LANEWISE(add16, add1)
HDL_LANEWISE(sub16, sub1)
HDL_LANEWISE(mul16, mul1)
HDL_LANEWISE(div16, div1)
#undef HDL_LANEWISE

HDL_INLINE lanes_f32 fma16(lanes_f32 a, lanes_f32 b, lanes_f32 c) {
  for (int j = 0; j < 16; ++j) a[j] = fma1(a[j], b[j], c[j]);
  return a;
}

#endif

// The one tree: lanes 8 apart, 4 apart, 2 apart, neighbors.
HDL_INLINE float tree(lanes_f32 v) {
#if defined(__x86_64__)
  __attribute__((ext_vector_type(8))) float eight = v.lo + v.hi;
  __attribute__((ext_vector_type(4))) float four = eight.lo + eight.hi;
  __attribute__((ext_vector_type(2))) float two = four.lo + four.hi;
  return two.x + two.y;
#else
  for (int width = 8; width > 0; width /= 2)
    for (int j = 0; j < width; ++j) v[j] = add1(v[j], v[j + width]);
  return v[0];
#endif
}

#if defined(__x86_64__)
// The same tree of four vectors at once: the same additions in fewer instructions.
HDL_INLINE void four_trees(const lanes_f32 *v, float *sums) {
  lanes_f32 ab = __builtin_shufflevector(
      v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    + __builtin_shufflevector(
      v[0], v[1], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  lanes_f32 cd = __builtin_shufflevector(
      v[2], v[3], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    + __builtin_shufflevector(
      v[2], v[3], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  lanes_f32 fours = __builtin_shufflevector(
      ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
    + __builtin_shufflevector(
      ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  __attribute__((ext_vector_type(8))) float twos = __builtin_shufflevector(
      fours, fours, 0, 1, 4, 5, 8, 9, 12, 13)
    + __builtin_shufflevector(fours, fours, 2, 3, 6, 7, 10, 11, 14, 15);
  __attribute__((ext_vector_type(4))) float ones =
      __builtin_shufflevector(twos, twos, 0, 2, 4, 6)
    + __builtin_shufflevector(twos, twos, 1, 3, 5, 7);
  __builtin_memcpy(sums, &ones, sizeof ones);
}
#endif

// The largest lane. Which of two zeros it gives is open; a NaN anywhere leaves it open too.
HDL_INLINE float maximum16(lanes_f32 v) {
  __attribute__((ext_vector_type(8))) float eight = v.lo > v.hi ? v.lo : v.hi;
  __attribute__((ext_vector_type(4))) float four =
      eight.lo > eight.hi ? eight.lo : eight.hi;
  __attribute__((ext_vector_type(2))) float two = four.lo > four.hi ? four.lo : four.hi;
  return two.x > two.y ? two.x : two.y;
}

HDL_INLINE lanes_f32 exp16(lanes_f32 x) {
  lanes_f32 magic = splat(12582912.0f);
  lanes_f32 shifted = fma16(x, splat(float_of(0x3FB8AA3B)), magic);
  lanes_f32 n = sub16(shifted, magic);
  lanes_f32 r = fma16(n, splat(float_of(0xBF317200)), x);
  r = fma16(n, splat(float_of(0xB5BFBE8E)), r);
  lanes_f32 p = splat(float_of(0x39506967));
  p = fma16(p, r, splat(float_of(0x3AB743CE)));
  p = fma16(p, r, splat(float_of(0x3C088908)));
  p = fma16(p, r, splat(float_of(0x3D2AA9C1)));
  p = fma16(p, r, splat(float_of(0x3E2AAAAA)));
  p = fma16(p, r, splat(float_of(0x3F000000)));
  lanes_f32 y = add16(fma16(p, mul16(r, r), r), splat(1.0f));
  // The low bits of `shifted` are n as an integer; where x is out of range the lane is replaced.
  lanes_u32 k = (lanes_u32)shifted - 0x4B400000u;
  lanes_u32 half = (lanes_u32)((lanes_i32)k >> 1);
  y = mul16(y, (lanes_f32)((half + 127u) << 23));
  y = mul16(y, (lanes_f32)((k - half + 127u) << 23));
  y = x > splat(float_of(0x42B17217)) ? splat(float_of(0x7F800000)) : y;
  y = x < splat(float_of(0xC2AEAC4F)) ? splat(0.0f) : y;
  return x == x ? y : x;
}

HDL_INLINE float exp1(float x) { return exp16(splat(x))[0]; }

// Rounds to BF16 and widens again: the upper 16 bits are the number, the lower are zero.
HDL_INLINE lanes_f32 bf16_round(lanes_f32 v) {
  lanes_u32 u = (lanes_u32)v;
  lanes_u32 rounded = (u + 0x7FFFu + (u >> 16 & 1u)) & 0xFFFF0000u;
  lanes_u32 quiet = (u & 0xFFFF0000u) | 0x00400000u;
  rounded = (u & 0x7FFFFFFFu) > 0x7F800000u ? quiet : rounded;
  return (lanes_f32)((u & 0x7F800000u) == 0u ? u & 0x80000000u : rounded);
}

HDL_INLINE size_t element_bytes(int type) {
  return type == HDL_F32 ? 4 : type == HDL_E4M3 ? 1 : 2;
}

HDL_INLINE lanes_f32 widen_f16(lanes_u16 h) {
#ifdef HDL_HAS_F16C
  return __builtin_convertvector((lanes_f16)h, lanes_f32);
#else
  lanes_u32 u = __builtin_convertvector(h, lanes_u32);
  lanes_u32 magnitude = u & 0x7FFFu;
  lanes_u32 normal = (magnitude << 13) + (112u << 23);
  lanes_u32 special = magnitude << 13 | 0x7F800000u;
  lanes_f32 small = __builtin_convertvector((lanes_i32)magnitude, lanes_f32) * splat(0x1p-24f);
  lanes_u32 value = magnitude < 0x0400u ? (lanes_u32)small : normal;
  value = magnitude >= 0x7C00u ? special : value;
  return (lanes_f32)(value | (u & 0x8000u) << 16);
#endif
}

// One E4M3 number in the low byte of each lane; the high bytes are zero.
HDL_INLINE lanes_f32 widen_e4m3(lanes_u16 b) {
#ifdef HDL_HAS_F16C
  // As F16 the same bits stand for 2^-8 of the value, its denormals included; 0x7F is NaN.
  lanes_u16 magnitude = b & (uint16_t)0x7F;
  lanes_u16 h = magnitude << 7 | (b & (uint16_t)0x80) << 8;
  h |= (lanes_u16)(magnitude == (uint16_t)0x7F) & (uint16_t)0x7E00;
  return __builtin_convertvector((lanes_f16)h, lanes_f32) * splat(256.0f);
#else
  lanes_u32 u = __builtin_convertvector(b, lanes_u32);
  lanes_u32 magnitude = u & 0x7Fu;
  lanes_u32 normal = (magnitude << 20) + (120u << 23);
  lanes_f32 small = __builtin_convertvector((lanes_i32)magnitude, lanes_f32) * splat(0x1p-9f);
  lanes_u32 value = magnitude < 8u ? (lanes_u32)small : normal;
  value = magnitude == 0x7Fu ? (lanes_u32)0x7FC00000u : value;
  return (lanes_f32)(value | (u & 0x80u) << 24);
#endif
}

// 16 stored numbers as FP32; a denormal may remain where the type has FP32's exponents.
HDL_INLINE lanes_f32 load_wide(int type, const char *source) {
  if (type == HDL_F32) return load_f32(source);
  if (type == HDL_E4M3) {
    lanes_u8 b;
    __builtin_memcpy(&b, source, 16);
    return widen_e4m3(__builtin_convertvector(b, lanes_u16));
  }
  lanes_u16 h;
  __builtin_memcpy(&h, source, 32);
  if (type == HDL_F16) return widen_f16(h);
  return (lanes_f32)(__builtin_convertvector(h, lanes_u32) << 16);
}

// The first `count` of them, then zeros.
HDL_INLINE lanes_f32 load_wide_part(int type, const char *source, size_t count) {
  char part[64] = {0};
  __builtin_memcpy(part, source, count * element_bytes(type));
  return load_wide(type, part);
}

HDL_INLINE float load_element(int type, const char *source) {
  return load_wide_part(type, source, 1)[0];
}

// 32 numbers as BF16, of which lane j has numbers 2j and 2j + 1.
#ifdef HDL_HAS_PAIR_DOT
typedef lanes_u32 pair;
HDL_INLINE pair HDL_FN(make_pair)(lanes_f32 even, lanes_f32 odd) {
  return (lanes_u32)even >> 16 | ((lanes_u32)odd & 0xFFFF0000u);
}
HDL_INLINE pair load_prepared(const char *x, size_t chunk) {
  lanes_u32 v;
  __builtin_memcpy(&v, x + chunk * 64, 64);
  return v;
}
HDL_INLINE void store_prepared(char *x, size_t chunk, pair v) {
  __builtin_memcpy(x + chunk * 64, &v, 64);
}
HDL_INLINE lanes_f32 fma_pair(pair a, pair b, lanes_f32 c) {
  return (lanes_f32)_mm512_dpbf16_ps((__m512)c, (__m512bh)a, (__m512bh)b);
}
#define HDL_PREPARED_BYTES 64

// The two bytes of the BF16 number of each E4M3 magnitude.
static const uint8_t HDL_FN(e4m3_low)[128] __attribute__((aligned(64))) = {
  0x00, 0x00, 0x80, 0xC0, 0x00, 0x20, 0x40, 0x60, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
  0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xC0,
};
static const uint8_t HDL_FN(e4m3_high)[128] __attribute__((aligned(64))) = {
  0x00, 0x3B, 0x3B, 0x3B, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C, 0x3C,
  0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D, 0x3D,
  0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E,
  0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F,
  0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
  0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41,
  0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
  0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x43, 0x7F,
};

// 64 E4M3 numbers: a table of 128 bytes takes the lower seven bits, the sign is put back.
HDL_INLINE void load_e4m3_pairs(const char *source, pair w[2]) {
  const char *low = (const char *)HDL_FN(e4m3_low), *high = (const char *)HDL_FN(e4m3_high);
  // The halves of each 16 bytes come from 32 bytes apart, so that unpacking restores the order.
  __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
  __m512i v = _mm512_permutexvar_epi64(order, _mm512_loadu_si512(source));
  __m512i l =
      _mm512_permutex2var_epi8(_mm512_load_si512(low), v, _mm512_load_si512(low + 64));
  __m512i h =
      _mm512_permutex2var_epi8(_mm512_load_si512(high), v, _mm512_load_si512(high + 64));
  h = _mm512_or_si512(h, _mm512_and_si512(v, _mm512_set1_epi8((char)0x80)));
  w[0] = (pair)_mm512_unpacklo_epi8(l, h);
  w[1] = (pair)_mm512_unpackhi_epi8(l, h);
}
#else
typedef struct {
  lanes_f32 even, odd;
} pair;
HDL_INLINE pair HDL_FN(make_pair)(lanes_f32 even, lanes_f32 odd) { return (pair){even, odd}; }
HDL_INLINE pair load_prepared(const char *x, size_t chunk) {
  return (pair){load_f32(x + chunk * 128), load_f32(x + chunk * 128 + 64)};
}
HDL_INLINE void store_prepared(char *x, size_t chunk, pair v) {
  store_f32(x + chunk * 128, v.even);
  store_f32(x + chunk * 128 + 64, v.odd);
}
HDL_INLINE lanes_f32 fma_pair(pair a, pair b, lanes_f32 c) {
  return fma16(a.even, b.even, fma16(a.odd, b.odd, c));
}
#define HDL_PREPARED_BYTES 128
#endif

HDL_INLINE pair load_pair(int type, const char *source) {
  if (type == HDL_F32) {
    lanes_f32 low = load_f32(source), high = load_f32(source + 64);
    lanes_f32 even = __builtin_shufflevector(
        low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    lanes_f32 odd = __builtin_shufflevector(
        low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return HDL_FN(make_pair)(bf16_round(even), bf16_round(odd));
  }
  if (type == HDL_E4M3) {
    lanes_u16 two;
    __builtin_memcpy(&two, source, 32);
    return HDL_FN(make_pair)(widen_e4m3(two & (uint16_t)0xFF), widen_e4m3(two >> 8));
  }
  lanes_u32 two;
  __builtin_memcpy(&two, source, 64);
  if (type == HDL_F16) {
    lanes_f32 even = widen_f16(__builtin_convertvector(two & 0xFFFFu, lanes_u16));
    lanes_f32 odd = widen_f16(__builtin_convertvector(two >> 16, lanes_u16));
    return HDL_FN(make_pair)(bf16_round(even), bf16_round(odd));
  }
#ifdef HDL_HAS_PAIR_DOT
  return two;
#else
  return HDL_FN(make_pair)((lanes_f32)(two << 16), (lanes_f32)(two & 0xFFFF0000u));
#endif
}
