// SPDX-License-Identifier: Apache-2.0
//
// The choice of experts with its derivative, and the sums of exponentials that log-softmax needs.

// The largest of `n` values; among equal zeros the last one's sign, as walking in order gives.
HDL_INLINE float HDL_FN(maximum)(const float *x, size_t n) {
  lanes_f32 m = splat(float_of(0xFF800000));
  size_t k = 0;
  for (; k + 16 <= n; k += 16) {
    lanes_f32 v = load_f32(x + k);
    m = m > v ? m : v;
  }
  float largest = maximum16(m);
  for (; k < n; ++k) largest = largest > x[k] ? largest : x[k];
  largest = flush1(largest);
  if (largest == 0) {
    for (k = n; k-- > 0;)
      if (flush1(x[k]) == 0) return flush1(x[k]);
  }
  return largest;
}

// Stores exp(x − m) where `e` is given; their sum by lanes and tree.
HDL_INLINE float HDL_FN(exponentials)(const float *x, size_t n, float m, float *e) {
  lanes_f32 acc = splat(0), largest = splat(m);
  size_t k = 0;
  for (; k + 16 <= n; k += 16) {
    lanes_f32 v = exp16(sub16(load_f32(x + k), largest));
    if (e) store_f32(e + k, v);
    acc = add16(acc, v);
  }
  if (k < n) {
    lanes_f32 v = exp16(sub16(load_part(x + k, n - k), largest));
    if (e) store_part(e + k, v, n - k);
    float part[16] = {0};
    store_part(part, v, n - k);
    acc = add16(acc, load_f32(part));
  }
  return tree(acc);
}

HDL_INLINE void HDL_FN(affinities)(const hdl_routing *p, const float *logits, float *affinity) {
  size_t n = p->expert_count;
  if (!p->sigmoid) {
    float sum = HDL_FN(exponentials)(logits, n, HDL_FN(maximum)(logits, n), affinity);
    for (size_t i = 0; i < n; ++i) affinity[i] = div1(affinity[i], sum);
    return;
  }
  for (size_t k = 0; k < n; k += 16) {
    size_t count = n - k < 16 ? n - k : 16;
    lanes_f32 e = exp16(-load_part(logits + k, count));
    store_part(affinity + k, div16(splat(1.0f), add16(splat(1.0f), e)), count);
  }
}

// The first of the places that no later one exceeds; `taken` places are passed over.
HDL_INLINE size_t HDL_FN(winner)(const float *score, const int32_t *taken, size_t n) {
  size_t best = n;
  for (size_t i = 0; i < n; ++i)
    if (!taken[i] && (best == n || score[i] > score[best])) best = i;
  return best;
}

// What a group of experts is worth.
HDL_INLINE float HDL_FN(group_score)(const float *score, size_t n, int best_two) {
  size_t best = 0, second = n;
  for (size_t i = 1; i < n; ++i)
    if (score[i] > score[best]) best = i;
  if (!best_two || n < 2) return score[best];
  for (size_t i = 0; i < n; ++i)
    if (i != best && (second == n || score[i] > score[second])) second = i;
  return add1(score[best], score[second]);
}

// Marks all experts but those of the kept groups as taken.
HDL_INLINE void HDL_FN(keep_groups)(
    const hdl_routing *p, const float *score, int32_t *taken, float *group, int32_t *kept) {
  size_t extent = p->expert_count / p->group_count;
  for (size_t g = 0; g < p->group_count; ++g) {
    group[g] = HDL_FN(group_score)(score + g * extent, extent, p->best_two);
    kept[g] = 0;
  }
  for (size_t i = 0; i < p->expert_count; ++i) taken[i] = 1;
  for (size_t i = 0; i < p->kept_group_count; ++i) {
    size_t g = HDL_FN(winner)(group, kept, p->group_count);
    kept[g] = 1;
    for (size_t e = 0; e < extent; ++e) taken[g * extent + e] = 0;
  }
}

// The affinities of the chosen, ascending, as weights.
HDL_INLINE void HDL_FN(weigh)(
    const hdl_routing *p, const float *affinity, const int32_t *chosen, int32_t *experts,
    float *weights) {
  size_t count = 0;
  lanes_f32 acc = splat(0);
  for (size_t i = 0; i < p->expert_count; ++i) {
    if (!chosen[i]) continue;
    experts[count] = (int32_t)i;
    weights[count++] = affinity[i];
  }
  for (size_t k = 0; k < count; k += 16)
    acc = add16(acc, load_part(weights + k, count - k < 16 ? count - k : 16));
  float divisor = add1(tree(acc), p->epsilon);
  for (size_t k = 0; k < count; ++k) {
    float w = p->normalizes ? div1(weights[k], divisor) : weights[k];
    weights[k] = mul1(w, p->scale);
  }
}

HDL_KERNEL(hdl_route_f32, hdl_routing) {
  size_t n = p->expert_count;
  float *affinity = (float *)p->scratch, *score = affinity + n, *group = score + n;
  int32_t *taken = (int32_t *)(group + n), *mark = taken + n;
  for (size_t row = begin; row < end; ++row) {
    HDL_FN(affinities)(p, p->logits + row * p->stride, affinity);
    for (size_t i = 0; i < n; ++i) {
      score[i] = affinity[i];
      if (p->bias)
        score[i] = add1(
            score[i], load_element(p->bias_type, p->bias + i * element_bytes(p->bias_type)));
    }
    HDL_FN(keep_groups)(p, score, taken, group, mark);
    for (size_t i = 0; i < n; ++i) mark[i] = 0;
    for (size_t i = 0; i < p->chosen_count; ++i) {
      size_t best = HDL_FN(winner)(score, taken, n);
      taken[best] = mark[best] = 1;
    }
    HDL_FN(weigh)(
        p, affinity, mark, p->experts + row * p->chosen_count, p->weights + row * p->chosen_count);
  }
}

HDL_KERNEL(hdl_affinities_f32, hdl_router_gradient) {
  for (size_t row = begin; row < end; ++row)
    HDL_FN(affinities)(
        &p->rule, p->logits + row * p->stride, p->affinities + row * p->affinity_stride);
}

// Σ x, or Σ x · y where `y` is given, by lanes and tree.
HDL_INLINE float HDL_FN(lane_sum)(const float *x, const float *y, size_t n) {
  lanes_f32 acc = splat(0);
  for (size_t k = 0; k < n; k += 16) {
    size_t count = n - k < 16 ? n - k : 16;
    lanes_f32 v = load_part(x + k, count);
    if (y) v = mul16(v, load_part(y + k, count));
    acc = add16(acc, v);
  }
  return tree(acc);
}

// The gradients of the chosen affinities `a`: of w = scale · a / (Σ a + ε), or of scale · a.
HDL_INLINE void HDL_FN(weigh_gradient)(
    const hdl_routing *p, const int32_t *experts, const float *gradients, const float *a, float *d) {
  float sums[16] = {0}, products[16] = {0};
  for (size_t i = 0; i < p->chosen_count; ++i) {
    size_t lane = i % 16, expert = (size_t)experts[i];
    sums[lane] = add1(sums[lane], a[expert]);
    products[lane] = add1(products[lane], mul1(gradients[i], a[expert]));
  }
  float sum = add1(tree(load_f32(sums)), p->epsilon);
  // What every affinity loses through the sum.
  float common = div1(tree(load_f32(products)), sum);
  for (size_t i = 0; i < p->chosen_count; ++i) {
    float share = p->normalizes ? div1(add1(gradients[i], -common), sum) : gradients[i];
    d[experts[i]] = mul1(share, p->scale);
  }
}

// Adds the gradients of a / Σ a over all experts, each of which has a slope.
HDL_INLINE void HDL_FN(add_balance)(const float *slopes, const float *a, float *d, size_t n) {
  float sum = HDL_FN(lane_sum)(a, NULL, n);
  float common = div1(HDL_FN(lane_sum)(slopes, a, n), sum);
  for (size_t k = 0; k < n; k += 16) {
    size_t count = n - k < 16 ? n - k : 16;
    lanes_f32 share = add16(load_part(slopes + k, count), splat(-common));
    lanes_f32 v = add16(load_part(d + k, count), div16(share, splat(sum)));
    store_part(d + k, v, count);
  }
}

HDL_KERNEL(hdl_router_gradient_f32, hdl_router_gradient) {
  const size_t n = p->rule.expert_count, chosen = p->rule.chosen_count;
  for (size_t row = begin; row < end; ++row) {
    const float *a = p->affinities + row * p->affinity_stride;
    float *d = p->logits + row * p->stride;
    for (size_t i = 0; i < n; ++i) d[i] = 0;
    HDL_FN(weigh_gradient)(
        &p->rule, p->experts + row * chosen, p->weight_gradients + row * chosen, a, d);
    int32_t sequence = p->sequences[row];
    if (sequence >= 0) HDL_FN(add_balance)(p->slopes + (size_t)sequence * n, a, d, n);
    float common = p->rule.sigmoid ? 0 : HDL_FN(lane_sum)(d, a, n);
    for (size_t k = 0; k < n; k += 16) {
      size_t count = n - k < 16 ? n - k : 16;
      lanes_f32 v = load_part(d + k, count), affinity = load_part(a + k, count);
      v = p->rule.sigmoid ? mul16(v, mul16(affinity, add16(splat(1.0f), -affinity)))
                          : mul16(affinity, add16(v, splat(-common)));
      store_part(d + k, v, count);
    }
  }
}

HDL_KERNEL(hdl_log_sum_spans_f32, hdl_log_sum) {
  size_t spans = (p->column_count + HDL_LOGIT_SPAN - 1) / HDL_LOGIT_SPAN;
  for (size_t i = begin; i < end; ++i) {
    size_t first = i % spans * HDL_LOGIT_SPAN, left = p->column_count - first;
    const float *x = p->logits + i / spans * p->stride + first;
    size_t n = left < HDL_LOGIT_SPAN ? left : HDL_LOGIT_SPAN;
    float m = HDL_FN(maximum)(x, n);
    p->spans[2 * i] = m;
    p->spans[2 * i + 1] = HDL_FN(exponentials)(x, n, m, NULL);
  }
}

HDL_KERNEL(hdl_merge_spans_f32, hdl_log_sum) {
  size_t spans = (p->column_count + HDL_LOGIT_SPAN - 1) / HDL_LOGIT_SPAN;
  for (size_t row = begin; row < end; ++row) {
    float M = float_of(0xFF800000), S = 0;
    for (size_t i = row * spans; i < (row + 1) * spans; ++i) {
      float m = p->spans[2 * i], largest = M > m ? M : m;
      S = fma1(p->spans[2 * i + 1], exp1(sub1(m, largest)), mul1(S, exp1(sub1(M, largest))));
      M = largest;
    }
    p->rows[2 * row] = S == S ? M : S;
    p->rows[2 * row + 1] = S;
  }
}
