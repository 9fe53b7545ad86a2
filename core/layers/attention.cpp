// SPDX-License-Identifier: Apache-2.0
#include "core/layers/attention.h"

#include <cmath>
#include <limits>

namespace netwright::layers {
namespace {

constexpr double kHidden = -std::numeric_limits<double>::infinity();

// (N, L, heads, head_dim) -> (N, heads, L, head_dim), and back.
Value exchanged(Lowering& l, const Value& x) { return l.op("transpose.int", {x.id, Dim(1), Dim(2)}); }

struct Projected {
  Value query, key, value;  // (N, heads, L or S, head_dim)
};

class Projection {
 public:
  Projection(Lowering& l, const Attention& a, const AttentionWeights& w)
      : l_(l), a_(a), w_(w), heads_{Dim(a.heads), Dim(a.embed / a.heads)} {}

  Projected run(const Value& query, const Value& key, const Value& value) {
    const bool self = query.id == key.id && key.id == value.id;
    if (self && w_.in && !w_.biasKey) return together(query);
    return {split(one(query, w_.query, 0)), split(longer(one(key, w_.key, 1), w_.biasKey)),
            split(longer(one(value, w_.value, 2), w_.biasValue))};
  }

 private:
  // Self-attention: query, key and value from one product.
  Projected together(const Value& x) {
    const Value all = l_.op("linear", {x.id, w_.in.id, Lowering::optional(w_.inBias)});
    const Value parts = l_.op("unflatten.int", {all.id, Dim(-1), Shape{Dim(3), heads_[0], heads_[1]}});
    const auto part = [&](int64_t i) { return exchanged(l_, l_.op("select.int", {parts.id, Dim(2), Dim(i)})); };
    const Value query = part(0), key = part(1), value = part(2);
    return {query, key, value};
  }
  // By weights of its own, or the i-th third of the common ones.
  Value one(const Value& x, const Value& own, int64_t i) {
    const auto third = [&](const Value& of) {
      return of ? Argument(l_.op("narrow", {of.id, Dim(0), Dim(i * a_.embed), Dim(a_.embed)}).id) : Argument(None{});
    };
    const Argument weight = own ? Argument(own.id) : third(w_.in), bias = third(w_.inBias);
    return l_.op("linear", {x.id, weight, bias});
  }
  // One learned key or value more for every sample.
  Value longer(const Value& x, const Value& more) {
    if (!more) return x;
    const Value each = l_.op("expand", {more.id, Shape{x.dim(0), Dim(-1), Dim(-1)}});
    return l_.op("cat", {std::vector<program::ValueId>{x.id, each.id}, Dim(1)});
  }
  Value split(const Value& x) { return exchanged(l_, l_.op("unflatten.int", {x.id, Dim(-1), heads_})); }

  Lowering& l_;
  const Attention& a_;
  const AttentionWeights& w_;
  const Shape heads_;
};

Value withZero(Lowering& l, const Value& x) {
  const Value zero = l.op("new_zeros", {x.id, Shape{x.dim(0), x.dim(1), Dim(1), x.dim(3)}});
  return l.op("cat", {std::vector<program::ValueId>{x.id, zero.id}, Dim(2)});
}

}  // namespace

AttentionWeights attentionWeights(Lowering& l, const Attention& a) {
  AttentionWeights w;
  const int64_t e = a.embed;
  const auto named = [&](const char* slot, Shape shape) {
    return l.parameter((a.prefix + slot).c_str(), std::move(shape), {});
  };
  const bool together = a.keyFeatures == e && a.valueFeatures == e;
  if (together) w.in = named("in_proj_weight", {3 * e, e});
  if (!together) w.query = named("q_proj_weight", {e, e});
  if (!together) w.key = named("k_proj_weight", {e, a.keyFeatures});
  if (!together) w.value = named("v_proj_weight", {e, a.valueFeatures});
  if (a.bias) w.inBias = named("in_proj_bias", {3 * e});
  if (a.biasKv) w.biasKey = named("bias_k", {1, 1, e});
  if (a.biasKv) w.biasValue = named("bias_v", {1, 1, e});
  w.out = named("out_proj.weight", {e, e});
  if (a.bias) w.outBias = named("out_proj.bias", {e});
  // As the constructor draws: out_proj as a Linear, then the others; offsets become zero.
  l.initialise(w.out, init::kaimingUniform(e));
  if (a.bias) l.initialise(w.outBias, init::fanInUniform(e));
  if (together) l.initialise(w.in, init::xavierUniform(e, 3 * e));
  if (!together) l.initialise(w.query, init::xavierUniform(e, e));
  if (!together) l.initialise(w.key, init::xavierUniform(a.keyFeatures, e));
  if (!together) l.initialise(w.value, init::xavierUniform(a.valueFeatures, e));
  if (a.bias) l.initialise(w.inBias, init::zeros());
  if (a.bias) l.initialise(w.outBias, init::zeros());
  if (a.biasKv) l.initialise(w.biasKey, init::xavierNormal(e, e));
  if (a.biasKv) l.initialise(w.biasValue, init::xavierNormal(e, e));
  return w;
}

Value additiveMask(Lowering& l, const Value& like, const Value& mask) {
  if (!mask || mask.type().dtype != DType::Bool) return mask;
  const Value zeros = l.op("new_zeros", {like.id, mask.type().shape});
  return l.op("masked_fill.Scalar", {zeros.id, mask.id, kHidden});
}

Value joinedMasks(Lowering& l, const Value& a, const Value& b) {
  if (!a || !b) return a ? a : b;
  return l.op("add.Tensor", {a.id, b.id});
}

Value keyMask(Lowering& l, const Value& like, const Value& mask) {
  const Value scores = additiveMask(l, like, mask);
  return l.op("unsqueeze", {l.op("unsqueeze", {scores.id, Dim(1)}).id, Dim(2)});
}

Attended attend(Lowering& l, const Attention& a, const AttentionWeights& w, const Value& query, const Value& key,
                const Value& value, Value mask, bool causal, bool weights) {
  const int64_t more = (a.biasKv ? 1 : 0) + (a.zeroKey ? 1 : 0);
  if (causal && (mask || weights || more > 0)) {  // as a mask, since it is not alone
    const Value hidden = l.op("new_full", {query.id, Shape{query.dim(1), key.dim(1)}, kHidden});
    mask = joinedMasks(l, mask, l.op("triu", {hidden.id, Dim(1)}));
    causal = false;
  }
  if (mask && more > 0) mask = l.op("pad", {mask.id, Shape{Dim(0), Dim(more)}, std::string("constant"), 0.0});
  Projected p = Projection(l, a, w).run(query, key, value);
  if (a.zeroKey) {
    p.key = withZero(l, p.key);
    p.value = withZero(l, p.value);
  }
  Attended out;
  Value attended;
  if (weights) {
    const double scale = std::sqrt(1.0 / static_cast<double>(a.embed / a.heads));
    const Value scaled = l.op("mul.Scalar", {p.query.id, scale});
    Value scores = l.op("matmul", {scaled.id, l.op("transpose.int", {p.key.id, Dim(-2), Dim(-1)}).id});
    if (mask) scores = l.op("add.Tensor", {scores.id, mask.id});
    out.weights = l.op("softmax.int", {scores.id, Dim(-1), None{}});
    if (a.dropout > 0) out.weights = l.op("dropout", {out.weights.id, a.dropout, program::TrainingFlag{}});
    attended = l.op("matmul", {out.weights.id, p.value.id});
  } else {
    attended = l.op("scaled_dot_product_attention", {p.query.id, p.key.id, p.value.id, Lowering::optional(mask),
                                                     program::TrainingNumber{a.dropout}, causal});
  }
  const Value joined = l.op("flatten.using_ints", {exchanged(l, attended).id, Dim(2), Dim(3)});
  out.y = l.op("linear", {joined.id, w.out.id, Lowering::optional(w.outBias)});
  return out;
}

}  // namespace netwright::layers
