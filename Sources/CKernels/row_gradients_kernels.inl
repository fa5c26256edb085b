// SPDX-License-Identifier: Apache-2.0
//
// Derivatives of what walks rows: norm, activation, bias, look-up, cross-entropy, the mixture's sum.

// 16 columns of a row, or what is left of them.
HDL_INLINE lanes_f32 HDL_FN(load_some)(const float *x, size_t left) {
  return left >= 16 ? load_f32(x) : load_part(x, left);
}
HDL_INLINE void HDL_FN(store_some)(float *x, lanes_f32 v, size_t left) {
  if (left >= 16)
    store_f32(x, v);
  else
    store_part(x, v, left);
}

// dx = (dy ⊙ w) · r − x · (Σ (dy ⊙ w) ⊙ x) · r³ / n, r = 1/√(Σx²/n + ε).
HDL_KERNEL(hdl_normalize_gradient_f32, hdl_normalize_gradient) {
  const size_t n = p->column_count;
  for (size_t row = begin; row < end; ++row) {
    const float *x = p->input + row * p->input_stride;
    const float *dy = p->gradient + row * p->gradient_stride;
    float *dx = p->output + row * p->output_stride;
    lanes_f32 squares = splat(0), products = splat(0);
    for (size_t k = 0; k < n; k += 16) {
      lanes_f32 v = HDL_FN(load_some)(x + k, n - k);
      lanes_f32 a = mul16(HDL_FN(load_some)(dy + k, n - k), HDL_FN(load_some)(p->weight + k, n - k));
      squares = fma16(v, v, squares);
      products = fma16(a, v, products);
    }
    float mean = add1(div1(tree(squares), (float)n), p->epsilon);
    float r = div1(1.0f, __builtin_elementwise_sqrt(flush1(mean)));
    p->inverse_roots[row] = r;
    float share = div1(mul1(mul1(mul1(tree(products), r), r), r), (float)n);
    for (size_t k = 0; k < n; k += 16) {
      lanes_f32 v = HDL_FN(load_some)(x + k, n - k);
      lanes_f32 a = mul16(HDL_FN(load_some)(dy + k, n - k), HDL_FN(load_some)(p->weight + k, n - k));
      lanes_f32 d = fma16(-v, splat(share), mul16(a, splat(r)));
      if (p->accumulates) d = add16(HDL_FN(load_some)(dx + k, n - k), d);
      HDL_FN(store_some)(dx + k, d, n - k);
    }
  }
}

// dw += dy ⊙ (x · r), row after row. Range: chunks of 16 columns.
HDL_KERNEL(hdl_normalize_weight_gradient_f32, hdl_normalize_gradient) {
  for (size_t chunk = begin; chunk < end; ++chunk) {
    size_t k = chunk * 16, left = p->column_count - k;
    lanes_f32 acc = HDL_FN(load_some)(p->weight_gradient + k, left);
    for (size_t row = 0; row < p->row_count; ++row) {
      lanes_f32 v = HDL_FN(load_some)(p->input + row * p->input_stride + k, left);
      lanes_f32 dy = HDL_FN(load_some)(p->gradient + row * p->gradient_stride + k, left);
      acc = fma16(dy, mul16(v, splat(p->inverse_roots[row])), acc);
    }
    HDL_FN(store_some)(p->weight_gradient + k, acc, left);
  }
}

// y = silu(g) · u with s = 1 / (1 + exp(−g)): dg = (dy · u) · (s · fma(g, 1 − s, 1)), du = dy · (g · s),
// written over g and u.
HDL_KERNEL(hdl_silu_gradient_f32, hdl_silu_gradient) {
  const size_t n = p->column_count;
  for (size_t row = begin; row < end; ++row) {
    float *gate = p->gate + row * p->gate_stride, *up = p->up + row * p->up_stride;
    const float *gradient = p->gradient + row * p->gradient_stride;
    for (size_t k = 0; k < n; k += 16) {
      lanes_f32 g = HDL_FN(load_some)(gate + k, n - k), u = HDL_FN(load_some)(up + k, n - k);
      lanes_f32 dy = HDL_FN(load_some)(gradient + k, n - k);
      lanes_f32 s = div16(splat(1.0f), add16(splat(1.0f), exp16(-g)));
      lanes_f32 slope = mul16(s, fma16(g, sub16(splat(1.0f), s), splat(1.0f)));
      HDL_FN(store_some)(gate + k, mul16(mul16(dy, u), slope), n - k);
      HDL_FN(store_some)(up + k, mul16(dy, mul16(g, s)), n - k);
    }
  }
}

// Adds all rows to one, in order. Range: chunks of 16 columns.
HDL_KERNEL(hdl_sum_rows_f32, hdl_sum_rows) {
  for (size_t chunk = begin; chunk < end; ++chunk) {
    size_t k = chunk * 16, left = p->column_count - k;
    lanes_f32 acc = HDL_FN(load_some)(p->sum + k, left);
    for (size_t row = 0; row < p->row_count; ++row)
      acc = add16(acc, HDL_FN(load_some)(p->rows + row * p->stride + k, left));
    HDL_FN(store_some)(p->sum + k, acc, left);
  }
}

// Adds each row to the row of the table that its id names, in order. Range: chunks of 64 columns.
HDL_KERNEL(hdl_add_rows_f32, hdl_add_rows) {
  for (size_t chunk = begin; chunk < end; ++chunk)
    for (size_t row = 0; row < p->row_count; ++row)
      for (size_t k = chunk * 64; k < chunk * 64 + 64 && k < p->column_count; k += 16) {
        float *target = p->table + (size_t)p->ids[row] * p->column_count + k;
        const float *source = p->rows + row * p->stride + k;
        size_t left = p->column_count - k;
        HDL_FN(store_some)(
            target, add16(HDL_FN(load_some)(target, left), HDL_FN(load_some)(source, left)), left);
      }
}

// Logits become their derivative: (exp(x − M) · (1/S) − [target]) · weight.
HDL_KERNEL(hdl_cross_entropy_gradient_f32, hdl_cross_entropy) {
  const size_t n = p->column_count;
  for (size_t row = begin; row < end; ++row) {
    float *x = p->logits + row * p->stride;
    lanes_f32 largest = splat(p->statistics[2 * row]);
    float share = div1(1.0f, p->statistics[2 * row + 1]), weight = p->weights[row];
    size_t target = (size_t)p->targets[row];
    for (size_t k = 0; k < n; k += 16) {
      lanes_f32 e = exp16(sub16(HDL_FN(load_some)(x + k, n - k), largest));
      lanes_f32 probability = mul16(e, splat(share));
      if (target - k < 16) probability[target - k] = sub1(probability[target - k], 1.0f);
      HDL_FN(store_some)(x + k, mul16(probability, splat(weight)), n - k);
    }
  }
}

// The mixture's sum Σ wᵢ · yᵢ: dwᵢ = dz · yᵢ in the dot form, and dyᵢ = dz · wᵢ over yᵢ. Range: tokens.
HDL_KERNEL(hdl_combine_gradient_f32, hdl_combine_gradient) {
  const size_t n = p->column_count;
  for (size_t token = begin; token < end; ++token) {
    const float *dz = p->gradient + token * p->gradient_stride;
    for (size_t i = token * p->chosen_count; i < (token + 1) * p->chosen_count; ++i) {
      float *y = p->outputs + (size_t)p->pairs[i] * p->stride;
      lanes_f32 acc = splat(0), weight = splat(p->weights[i]);
      for (size_t k = 0; k < n; k += 16) {
        lanes_f32 d = HDL_FN(load_some)(dz + k, n - k);
        acc = fma16(d, HDL_FN(load_some)(y + k, n - k), acc);
        HDL_FN(store_some)(y + k, mul16(d, weight), n - k);
      }
      p->weight_gradients[i] = tree(acc);
    }
  }
}
