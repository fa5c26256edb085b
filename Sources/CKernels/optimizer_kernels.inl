// SPDX-License-Identifier: Apache-2.0
//
// The optimizer's update and the sum of squares that the gradient norm is made of.

// 16 elements, or what is left of them, as the FP32 that they are.
HDL_INLINE lanes_f32 HDL_FN(load_elements)(const float *x, size_t left) {
  return left >= 16 ? load_f32(x) : load_part(x, left);
}
HDL_INLINE void HDL_FN(store_elements)(float *x, lanes_f32 v, size_t left) {
  if (left >= 16)
    store_f32(x, v);
  else
    store_part(x, v, left);
}

// Decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2), with g the clipped
// gradient: m = fma(β1, m, (1 − β1) · g), v = fma(β2, v, ((1 − β2) · g) · g),
// w = fma(−η, (m · c1) / (√(v · c2) + ε), w · keep). Range: blocks of HDL_OPTIMIZER_BLOCK elements.
HDL_KERNEL(hdl_adamw_f32, hdl_adamw) {
  size_t from = begin * HDL_OPTIMIZER_BLOCK, to = end * HDL_OPTIMIZER_BLOCK;
  if (to > p->count) to = p->count;
  for (size_t k = from; k < to; k += 16) {
    size_t left = to - k;
    lanes_f32 g = mul16(HDL_FN(load_elements)(p->gradient + k, left), splat(p->clip));
    lanes_f32 m = HDL_FN(load_elements)(p->first_moment + k, left);
    lanes_f32 v = HDL_FN(load_elements)(p->second_moment + k, left);
    lanes_f32 w = HDL_FN(load_elements)(p->weight + k, left);
    m = fma16(splat(p->beta1), m, mul16(splat(p->complement1), g));
    v = fma16(splat(p->beta2), v, mul16(mul16(splat(p->complement2), g), g));
    lanes_f32 root = __builtin_elementwise_sqrt(flush16(mul16(v, splat(p->correction2))));
    lanes_f32 step = div16(mul16(m, splat(p->correction1)), add16(root, splat(p->epsilon)));
    w = fma16(splat(-p->rate), step, mul16(w, splat(p->keep)));
    HDL_FN(store_elements)(p->first_moment + k, m, left);
    HDL_FN(store_elements)(p->second_moment + k, v, left);
    HDL_FN(store_elements)(p->weight + k, w, left);
    if (!p->rounded) continue;
    lanes_u16 h = __builtin_convertvector((lanes_u32)bf16_round(w) >> 16, lanes_u16);
    __builtin_memcpy(p->rounded + 2 * k, &h, left >= 16 ? 32 : left * 2);
  }
}

// The sum of squares of each block, by lanes and tree. Range: blocks.
HDL_KERNEL(hdl_block_squares_f32, hdl_block_squares) {
  for (size_t block = begin; block < end; ++block) {
    size_t from = block * HDL_OPTIMIZER_BLOCK, to = from + HDL_OPTIMIZER_BLOCK;
    if (to > p->count) to = p->count;
    lanes_f32 acc = splat(0);
    for (size_t k = from; k < to; k += 16) {
      lanes_f32 v = HDL_FN(load_elements)(p->values + k, to - k);
      acc = fma16(v, v, acc);
    }
    p->sums[block] = tree(acc);
  }
}
