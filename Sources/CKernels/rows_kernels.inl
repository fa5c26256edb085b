// SPDX-License-Identifier: Apache-2.0
//
// What walks rows of activations: look-up, norm, rotation, activation, addition, append.

HDL_INLINE void HDL_FN(look_up_rows)(
    const hdl_look_up *p, size_t begin, size_t end, const int type) {
  const size_t n = p->column_count, bytes = element_bytes(type);
  for (size_t row = begin; row < end; ++row) {
    const char *source = (const char *)p->table + (size_t)p->ids[row] * p->row_bytes;
    float *y = p->output + row * p->output_stride;
    size_t k = 0;
    for (; k + 16 <= n; k += 16) store_f32(y + k, flush16(load_wide(type, source + k * bytes)));
    if (k < n)
      store_part(y + k, flush16(load_wide_part(type, source + k * bytes, n - k)), n - k);
  }
}

HDL_KERNEL(hdl_look_up_f32, hdl_look_up) {
  switch (p->type) {
  case HDL_F32: HDL_FN(look_up_rows)(p, begin, end, HDL_F32); break;
  case HDL_F16: HDL_FN(look_up_rows)(p, begin, end, HDL_F16); break;
  default: HDL_FN(look_up_rows)(p, begin, end, HDL_BF16); break;
  }
}

HDL_INLINE void HDL_FN(normalize_rows)(
    const hdl_normalize *p, size_t begin, size_t end, const int type) {
  const size_t n = p->column_count, bytes = element_bytes(type);
  const char *weight = p->weight;
  for (size_t row = begin; row < end; ++row) {
    const float *x = p->input + row * p->input_stride;
    float *y = p->output + row * p->output_stride;
    lanes_f32 acc = splat(0);
    size_t k = 0;
    for (; k + 16 <= n; k += 16) acc = fma16(load_f32(x + k), load_f32(x + k), acc);
    if (k < n) acc = fma16(load_part(x + k, n - k), load_part(x + k, n - k), acc);
    float mean = add1(div1(tree(acc), (float)n), p->epsilon);
    lanes_f32 r = splat(div1(1.0f, __builtin_elementwise_sqrt(flush1(mean))));
    for (k = 0; k + 16 <= n; k += 16) {
      lanes_f32 w = load_wide(type, weight + k * bytes);
      store_f32(y + k, mul16(mul16(load_f32(x + k), r), w));
    }
    if (k < n) {
      lanes_f32 w = load_wide_part(type, weight + k * bytes, n - k);
      store_part(y + k, mul16(mul16(load_part(x + k, n - k), r), w), n - k);
    }
  }
}

HDL_KERNEL(hdl_normalize_f32, hdl_normalize) {
  switch (p->weight_type) {
  case HDL_F32: HDL_FN(normalize_rows)(p, begin, end, HDL_F32); break;
  case HDL_F16: HDL_FN(normalize_rows)(p, begin, end, HDL_F16); break;
  default: HDL_FN(normalize_rows)(p, begin, end, HDL_BF16); break;
  }
}

// (fma(a, cos, −(b · sin)), fma(b, cos, a · sin)).
HDL_INLINE void HDL_FN(rotate_pairs)(
    lanes_f32 *a, lanes_f32 *b, lanes_f32 cosine, lanes_f32 sine) {
  lanes_f32 first = fma16(*a, cosine, -mul16(*b, sine));
  *b = fma16(*b, cosine, mul16(*a, sine));
  *a = first;
}

// Up to 16 pairs from `pair_index` on; `count` is 16 or what is left.
HDL_INLINE void HDL_FN(rotate_chunk)(
    const hdl_rotate *p, float *x, const float *cosines, const float *sines, size_t pair_index,
    size_t count) {
  lanes_f32 cosine = load_part(cosines + pair_index, count);
  lanes_f32 sine = load_part(sines + pair_index, count);
  if (!p->interleaved) {
    float *first = x + pair_index, *second = first + p->pair_count;
    lanes_f32 a = load_part(first, count), b = load_part(second, count);
    HDL_FN(rotate_pairs)(&a, &b, cosine, sine);
    store_part(first, a, count);
    store_part(second, b, count);
    return;
  }
  float both[32] = {0};
  __builtin_memcpy(both, x + 2 * pair_index, count * 8);
  lanes_f32 low = load_f32(both), high = load_f32(both + 16);
  lanes_f32 a = __builtin_shufflevector(
      low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  lanes_f32 b = __builtin_shufflevector(
      low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  HDL_FN(rotate_pairs)(&a, &b, cosine, sine);
  low = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  high = __builtin_shufflevector(
      a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  store_f32(both, low);
  store_f32(both + 16, high);
  __builtin_memcpy(x + 2 * pair_index, both, count * 8);
}

HDL_KERNEL(hdl_rotate_f32, hdl_rotate) {
  for (size_t row = begin; row < end; ++row) {
    const float *cosines = p->cosines + row * p->pair_count;
    const float *sines = p->sines + row * p->pair_count;
    for (size_t head = 0; head < p->head_count; ++head) {
      float *x = p->x + row * p->stride + head * p->head_stride + p->head_offset;
      size_t j = 0;
      for (; j + 16 <= p->pair_count; j += 16)
        HDL_FN(rotate_chunk)(p, x, cosines, sines, j, 16);
      if (j < p->pair_count) HDL_FN(rotate_chunk)(p, x, cosines, sines, j, p->pair_count - j);
    }
  }
}

HDL_INLINE lanes_f32 HDL_FN(silu_product)(lanes_f32 gate, lanes_f32 up) {
  return mul16(div16(gate, add16(splat(1.0f), exp16(-gate))), up);
}

HDL_KERNEL(hdl_multiply_silu_f32, hdl_elementwise) {
  const size_t n = p->column_count;
  for (size_t row = begin; row < end; ++row) {
    float *gate = p->target + row * p->target_stride;
    const float *up = p->other + row * p->other_stride;
    size_t k = 0;
    for (; k + 16 <= n; k += 16)
      store_f32(gate + k, HDL_FN(silu_product)(load_f32(gate + k), load_f32(up + k)));
    if (k < n) {
      lanes_f32 g = load_part(gate + k, n - k), u = load_part(up + k, n - k);
      store_part(gate + k, HDL_FN(silu_product)(g, u), n - k);
    }
  }
}

HDL_KERNEL(hdl_add_f32, hdl_elementwise) {
  const size_t n = p->column_count;
  for (size_t row = begin; row < end; ++row) {
    float *sum = p->target + row * p->target_stride;
    const float *x = p->other + row * p->other_stride;
    size_t k = 0;
    for (; k + 16 <= n; k += 16) store_f32(sum + k, add16(load_f32(sum + k), load_f32(x + k)));
    if (k < n)
      store_part(sum + k, add16(load_part(sum + k, n - k), load_part(x + k, n - k)), n - k);
  }
}

HDL_KERNEL(hdl_append_f32, hdl_append) {
  for (size_t head = begin; head < end; ++head)
    __builtin_memcpy(
        p->output + head * p->head_bytes, p->input + head * p->head_width, p->head_width * 4);
}

HDL_KERNEL(hdl_append_bf16, hdl_append) {
  const size_t n = p->head_width;
  for (size_t head = begin; head < end; ++head) {
    const float *x = p->input + head * n;
    char *y = p->output + head * p->head_bytes;
    for (size_t k = 0; k < n; k += 16) {
      size_t count = n - k < 16 ? n - k : 16;
      lanes_f32 v = count == 16 ? load_f32(x + k) : load_part(x + k, count);
      lanes_u16 h = __builtin_convertvector((lanes_u32)bf16_round(v) >> 16, lanes_u16);
      if (count == 16)
        __builtin_memcpy(y + k * 2, &h, 32);
      else
        __builtin_memcpy(y + k * 2, &h, count * 2);
    }
  }
}

HDL_KERNEL(hdl_combine_f32, hdl_combination) {
  const size_t n = p->column_count;
  for (size_t token = begin; token < end; ++token) {
    const int32_t *pairs = p->pairs + token * p->chosen_count;
    const float *weights = p->weights + token * p->chosen_count;
    float *sum = p->sum + token * p->sum_stride;
    for (size_t k = 0; k < n; k += 16) {
      size_t count = n - k < 16 ? n - k : 16;
      lanes_f32 acc = splat(0);
      for (size_t i = 0; i < p->chosen_count; ++i) {
        const float *x = p->outputs + (size_t)pairs[i] * p->stride + k;
        acc = fma16(count == 16 ? load_f32(x) : load_part(x, count), splat(weights[i]), acc);
      }
      if (count == 16)
        store_f32(sum + k, acc);
      else
        store_part(sum + k, acc, count);
    }
  }
}
