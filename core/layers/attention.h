// SPDX-License-Identifier: Apache-2.0
// Attention as MultiheadAttention and the transformer layers have it: softmax(q kᵀ / √d + mask) v in several heads.
// Used by builtin/ only.
#pragma once

#include <string>

#include "core/layers/lowering.h"

namespace netwright::layers {

struct Attention {
  std::string prefix;  // of its weights' names: "", "self_attn."
  int64_t embed = 0, heads = 1, keyFeatures = 0, valueFeatures = 0;
  double dropout = 0;
  bool bias = true, biasKv = false, zeroKey = false;
};

struct AttentionWeights {
  Value in, inBias;         // (3 embed, embed): query, key and value in one
  Value query, key, value;  // instead of `in` where key or value have other features
  Value biasKey, biasValue;
  Value out, outBias;
};
// Listed in PyTorch's order and drawn in PyTorch's other order.
AttentionWeights attentionWeights(Lowering& l, const Attention& a);

// A mask as the scores have it added: 0 where a key may be seen and -inf where not. Of bool masks true hides.
Value additiveMask(Lowering& l, const Value& like, const Value& mask);
// Two such masks in one; either may be missing.
Value joinedMasks(Lowering& l, const Value& a, const Value& b);
// A mask (N, S) of keys for all heads and queries: (N, 1, 1, S).
Value keyMask(Lowering& l, const Value& like, const Value& mask);

struct Attended {
  Value y;        // (N, L, embed)
  Value weights;  // (N, heads, L, S), only where asked for
};
// query (N, L, embed), key (N, S, keyFeatures), value (N, S, valueFeatures). `mask`, which may be missing: additive,
// broadcastable to (N, heads, L, S). `causal`: no query sees later keys.
Attended attend(Lowering& l, const Attention& a, const AttentionWeights& w, const Value& query, const Value& key,
                const Value& value, Value mask, bool causal, bool weights);

}  // namespace netwright::layers
