// SPDX-License-Identifier: Apache-2.0
// TransformerEncoderLayer, TransformerEncoder, TransformerDecoderLayer, TransformerDecoder, Transformer: attention and
// a feed-forward part with shortcuts around both, once or num_layers times. src (N, S, d_model), tgt and memory alike
// -> y as the first input. Masks: bool hides where true, float is added. Vaswani et al. 2017, arXiv:1706.03762.
// PyTorch: nn.TransformerEncoderLayer and so on, with batch_first.
#include "core/layers/attention.h"

namespace netwright::layers {
namespace {

struct Masks {
  Value attention;  // additive, may be missing
  bool causal = false;
};

// Which mask a wire brings, for (L, S) of all samples or (N, S) of keys.
Value maskAt(Lowering& l, const char* port, const Value& like, const Shape& wanted) {
  if (!l.has(port)) return {};
  const Value mask = l.input(port);
  bool fits = mask.rank() == wanted.size() && (mask.type().dtype == DType::Bool || isFloating(mask.type().dtype));
  for (size_t i = 0; fits && i < wanted.size(); ++i)
    fits = mask.type().shape[i].equals(wanted[i]) != program::Answer::No;
  if (!l.check(fits, "NW-S033", "",
               {{"port", port},
                {"expected", "bool or float " + program::text(wanted)},
                {"received", program::text(program::ValueType(mask.type()))}}))
    l.diagnostics.back().port = port;
  return l.diagnostics.empty() ? additiveMask(l, like, mask) : Value{};
}
Masks masks(Lowering& l, const Value& query, const Value& key, const char* attention, const char* padding,
            bool causal) {
  const Value whole = maskAt(l, attention, query, {query.dim(1), key.dim(1)});
  Value keys = maskAt(l, padding, query, {key.dim(0), key.dim(1)});
  if (keys) keys = l.op("unsqueeze", {l.op("unsqueeze", {keys.id, Dim(1)}).id, Dim(2)});
  return {joinedMasks(l, whole, keys), causal};
}

// The weights of one layer, all under a prefix ("encoder.layers.0.").
class Block {
 public:
  // `decodes`: with a second attention, to the memory.
  Block(Lowering& l, std::string prefix, int64_t size, bool decodes)
      : l_(l),
        prefix_(std::move(prefix)),
        size_(size),
        decodes_(decodes),
        bias_(l.get<bool>("bias")),
        first_(l.get<bool>("norm_first")) {
    const int64_t heads = l.get<int64_t>("nhead"), inner = l.get<int64_t>("dim_feedforward");
    own_ = {prefix_ + "self_attn.", size, heads, size, size, l.get<double>("dropout"), bias_};
    other_ = own_;
    other_.prefix = prefix_ + "multihead_attn.";
    keep(ownWeights_ = attentionWeights(l, own_));
    if (decodes) keep(otherWeights_ = attentionWeights(l, other_));
    linear("linear1", inner, size, inBias_, in_);
    linear("linear2", size, inner, outBias_, out_);
    for (int i = 1; i <= (decodes ? 3 : 2); ++i) {
      const std::string name = "norm" + std::to_string(i);
      norms_.push_back({state(name + ".weight", {size}, init::ones()),
                        bias_ ? state(name + ".bias", {size}, init::zeros()) : Value{}});
    }
  }

  Value run(Value x, const Value& memory, const Masks& self, const Masks& cross) {
    x = around(x, 0, [&](const Value& v) { return dropped(attention(own_, ownWeights_, v, v, self)); });
    if (decodes_)
      x = around(x, 1, [&](const Value& v) { return dropped(attention(other_, otherWeights_, v, memory, cross)); });
    return around(x, decodes_ ? 2 : 1, [&](const Value& v) { return dropped(forward(v)); });
  }

  // In the order of PyTorch's parameters().
  const std::vector<Value>& weights() const { return weights_; }

 private:
  void keep(const AttentionWeights& w) {
    for (const Value& v : {w.in, w.inBias, w.out, w.outBias})
      if (v) weights_.push_back(v);
  }
  Value state(const std::string& slot, Shape shape, const Initialiser& start) {
    weights_.push_back(l_.parameter((prefix_ + slot).c_str(), std::move(shape), start));
    return weights_.back();
  }
  void linear(const std::string& slot, int64_t out, int64_t in, Value& bias, Value& weight) {
    weight = state(slot + ".weight", {out, in}, init::kaimingUniform(in));
    if (bias_) bias = state(slot + ".bias", {out}, init::fanInUniform(in));
  }
  Value attention(const Attention& a, const AttentionWeights& w, const Value& query, const Value& key, const Masks& m) {
    return attend(l_, a, w, query, key, key, m.attention, m.causal, false).y;
  }
  Value forward(const Value& x) {
    const Value inner = l_.op("linear", {x.id, in_.id, Lowering::optional(inBias_)});
    const bool gelu = l_.get<std::string>("activation") == "gelu";
    const Value active = gelu ? l_.op("gelu", {inner.id}) : l_.op("relu", {inner.id});
    return l_.op("linear", {dropped(active).id, out_.id, Lowering::optional(outBias_)});
  }
  Value dropped(const Value& x) {
    const double p = l_.get<double>("dropout");
    return p > 0 ? l_.op("dropout", {x.id, p, program::TrainingFlag{}}) : x;
  }
  Value normalised(const Value& x, size_t i) {
    return l_.op("layer_norm", {x.id, Shape{Dim(size_)}, norms_[i].first.id, Lowering::optional(norms_[i].second),
                                l_.get<double>("layer_norm_eps"), true});
  }
  template <class Part>
  Value around(const Value& x, size_t norm, Part part) {
    if (first_) return l_.op("add.Tensor", {x.id, part(normalised(x, norm)).id});
    return normalised(l_.op("add.Tensor", {x.id, part(x).id}), norm);
  }

  Lowering& l_;
  const std::string prefix_;
  const int64_t size_;
  const bool decodes_, bias_, first_;
  Attention own_, other_;
  AttentionWeights ownWeights_, otherWeights_;
  Value in_, inBias_, out_, outBias_;
  std::vector<std::pair<Value, Value>> norms_;
  std::vector<Value> weights_;
};

// Checks what all have; 0 after a complaint.
int64_t modelSize(Lowering& l, const std::vector<const char*>& ports) {
  for (const char* port : ports)
    if (!l.requireRank(l.input(port), 3, 3, "N, L, features")) {
      l.diagnostics.back().port = port;
      return 0;
    }
  const int64_t size = l.inferred("d_model", l.input(ports[0]).dim(-1), "NW-S003"), heads = l.get<int64_t>("nhead");
  for (const char* port : ports) {
    const Value x = l.input(port);
    if (l.diagnostics.empty() &&
        !l.check(x.dim(2).equals(size) != program::Answer::No, "NW-S034", "",
                 {{"port", port}, {"expected", std::to_string(size)}, {"received", x.dim(2).text()}}))
      l.diagnostics.back().port = port;
  }
  if (l.diagnostics.empty())
    l.check(size % heads == 0, "NW-P011", "nhead", {{"embed", std::to_string(size)}, {"heads", std::to_string(heads)}});
  return l.diagnostics.empty() ? size : 0;
}

// num_layers blocks that begin as copies of the first, as PyTorch makes them.
class Stack {
 public:
  Stack(Lowering& l, const std::string& prefix, int64_t count, int64_t size, bool decodes, bool norm)
      : l_(l), size_(size) {
    for (int64_t i = 0; i < count; ++i) {
      blocks_.emplace_back(l, prefix + "layers." + std::to_string(i) + ".", size, decodes);
      for (size_t k = 0; i > 0 && k < blocks_.back().weights().size(); ++k)
        l.initialiseAs(blocks_.back().weights()[k], blocks_.front().weights()[k]);
    }
    if (!norm) return;
    weight_ = l.parameter((prefix + "norm.weight").c_str(), {size}, init::ones());
    if (l.get<bool>("bias")) bias_ = l.parameter((prefix + "norm.bias").c_str(), {size}, init::zeros());
  }
  Value run(Value x, const Value& memory, const Masks& self, const Masks& cross) {
    for (Block& block : blocks_) x = block.run(x, memory, self, cross);
    if (!weight_) return x;
    return l_.op("layer_norm", {x.id, Shape{Dim(size_)}, weight_.id, Lowering::optional(bias_),
                                l_.get<double>("layer_norm_eps"), true});
  }
  std::vector<Value> weights() const {
    std::vector<Value> all;
    for (const Block& block : blocks_) all.insert(all.end(), block.weights().begin(), block.weights().end());
    return all;
  }

 private:
  Lowering& l_;
  const int64_t size_;
  std::vector<Block> blocks_;
  Value weight_, bias_;
};

void encoderLayer(Lowering& l) {
  const Value x = l.input("src");
  const int64_t size = modelSize(l, {"src"});
  if (!size) return;
  const Masks self = masks(l, x, x, "src_mask", "src_key_padding_mask", l.get<bool>("is_causal"));
  l.output("y", Block(l, "", size, false).run(x, x, self, {}));
}
void encoder(Lowering& l) {
  const Value x = l.input("src");
  const int64_t size = modelSize(l, {"src"});
  if (!size) return;
  const Masks self = masks(l, x, x, "mask", "src_key_padding_mask", l.get<bool>("is_causal"));
  l.output("y", Stack(l, "", l.get<int64_t>("num_layers"), size, false, l.get<bool>("norm")).run(x, x, self, {}));
}
Masks decoderMasks(Lowering& l, const Value& x) {
  return masks(l, x, x, "tgt_mask", "tgt_key_padding_mask", l.get<bool>("tgt_is_causal"));
}
Masks memoryMasks(Lowering& l, const Value& x, const Value& memory) {
  return masks(l, x, memory, "memory_mask", "memory_key_padding_mask", false);
}
void decoderLayer(Lowering& l) {
  const Value x = l.input("tgt"), memory = l.input("memory");
  const int64_t size = modelSize(l, {"tgt", "memory"});
  if (!size) return;
  const Masks self = decoderMasks(l, x), cross = memoryMasks(l, x, memory);
  l.output("y", Block(l, "", size, true).run(x, memory, self, cross));
}
void decoder(Lowering& l) {
  const Value x = l.input("tgt"), memory = l.input("memory");
  const int64_t size = modelSize(l, {"tgt", "memory"});
  if (!size) return;
  const Masks self = decoderMasks(l, x), cross = memoryMasks(l, x, memory);
  l.output("y",
           Stack(l, "", l.get<int64_t>("num_layers"), size, true, l.get<bool>("norm")).run(x, memory, self, cross));
}
void transformer(Lowering& l) {
  const Value source = l.input("src"), x = l.input("tgt");
  const int64_t size = modelSize(l, {"src", "tgt"});
  if (!size) return;
  const Masks first = masks(l, source, source, "src_mask", "src_key_padding_mask", l.get<bool>("src_is_causal"));
  const Masks self = decoderMasks(l, x), cross = memoryMasks(l, x, source);
  Stack encoding(l, "encoder.", l.get<int64_t>("num_encoder_layers"), size, false, true),
      decoding(l, "decoder.", l.get<int64_t>("num_decoder_layers"), size, true, true);
  for (const Stack* stack : {&encoding, &decoding})  // drawn once more, all by Xavier's rule
    for (const Value& w : stack->weights())
      if (w.rank() > 1) l.initialise(w, init::xavierUniform(*w.dim(1).constant(), *w.dim(0).constant()));
  const Value memory = encoding.run(source, source, first, {});
  l.output("y", decoding.run(x, memory, self, cross));
}

LayerSpec addSizes(LayerSpec layer) {
  return layer.param(inferredParam("d_model").withDoc("Features of each position; told by the wire."))
      .param(intParam("nhead", 8).min(1).withDoc("Parts that look on their own; must divide d_model.").asMain());
}
LayerSpec addRest(LayerSpec layer) {
  return layer.param(intParam("dim_feedforward", 2048).min(1).withDoc("Width of the feed-forward part.").asMain())
      .param(floatParam("dropout", 0.1).min(0).max(1).withDoc("Share of values hidden in training."))
      .param(choiceParam("activation", {"relu", "gelu"}).withDoc("Of the feed-forward part."))
      .param(floatParam("layer_norm_eps", 1e-5).min(0).withDoc("Added to variances for stability."))
      .param(boolParam("norm_first", false)
                 .withDoc("Normalise before each part instead of behind it: deep stacks train more calmly."))
      .param(boolParam("bias", true).withDoc("Learn offsets everywhere."));
}
LayerSpec layer(const char* id, const char* title) {
  return LayerSpec{id, title, Category::Sequence}
      .torch(std::string("nn.") + title)
      .named("transformer")
      .alias({"attention", "encoder", "decoder", "bert", "gpt", "vaswani"})
      .describedIn("Vaswani et al. 2017, arXiv:1706.03762");
}
ParamSpec causal(const char* name) {
  return boolParam(name, false).withDoc("Positions see only those up to their own, for generating.");
}
ParamSpec layersParam(const char* name) {
  return intParam(name, 6).min(1).withDoc("How many layers on top of each other.").asMain();
}
ParamSpec normParam() { return boolParam("norm", false).withDoc("A LayerNorm behind the last layer."); }

}  // namespace

std::vector<LayerSpec> transformer() {
  return {
      addRest(
          addSizes(
              layer("transformer_encoder_layer", "TransformerEncoderLayer")
                  .describe(
                      "One layer of an encoder: self-attention and a feed-forward part, with shortcuts around both.",
                      "x = norm(x + attention x),  y = norm(x + feedforward x)")))
          .param(causal("is_causal"))
          .input("src", "(N, S, d_model)")
          .optionalInput("src_mask", "bool or float (S, S); true hides")
          .optionalInput("src_key_padding_mask", "bool or float (N, S); true hides")
          .output("y", "as src")
          .lowering(encoderLayer),
      addRest(addSizes(layer("transformer_encoder", "TransformerEncoder")
                           .describe("Several encoder layers on top of each other.", "y = layer(… layer(x))")
                           .param(layersParam("num_layers"))))
          .param(normParam())
          .param(causal("is_causal"))
          .input("src", "(N, S, d_model)")
          .optionalInput("mask", "bool or float (S, S); true hides")
          .optionalInput("src_key_padding_mask", "bool or float (N, S); true hides")
          .output("y", "as src")
          .lowering(encoder),
      addRest(addSizes(
                  layer("transformer_decoder_layer", "TransformerDecoderLayer")
                      .describe("One layer of a decoder: attention to itself and to the encoder's result, and a "
                                "feed-forward part.",
                                "x = norm(x + self x),  x = norm(x + cross(x, memory)),  y = norm(x + feedforward x)")))
          .param(causal("tgt_is_causal"))
          .input("tgt", "(N, T, d_model)")
          .input("memory", "(N, S, d_model)")
          .optionalInput("tgt_mask", "bool or float (T, T); true hides")
          .optionalInput("memory_mask", "bool or float (T, S); true hides")
          .optionalInput("tgt_key_padding_mask", "bool or float (N, T); true hides")
          .optionalInput("memory_key_padding_mask", "bool or float (N, S); true hides")
          .output("y", "as tgt")
          .lowering(decoderLayer),
      addRest(addSizes(
                  layer("transformer_decoder", "TransformerDecoder")
                      .describe("Several decoder layers on top of each other.", "y = layer(… layer(x, memory), memory)")
                      .param(layersParam("num_layers"))))
          .param(normParam())
          .param(causal("tgt_is_causal"))
          .input("tgt", "(N, T, d_model)")
          .input("memory", "(N, S, d_model)")
          .optionalInput("tgt_mask", "bool or float (T, T); true hides")
          .optionalInput("memory_mask", "bool or float (T, S); true hides")
          .optionalInput("tgt_key_padding_mask", "bool or float (N, T); true hides")
          .optionalInput("memory_key_padding_mask", "bool or float (N, S); true hides")
          .output("y", "as tgt")
          .lowering(decoder),
      addRest(addSizes(layer("transformer", "Transformer")
                           .describe("An encoder and a decoder: from one sequence to another.",
                                     "y = decoder(tgt, encoder(src))"))
                  .param(layersParam("num_encoder_layers"))
                  .param(layersParam("num_decoder_layers")))
          .param(causal("src_is_causal"))
          .param(causal("tgt_is_causal"))
          .input("src", "(N, S, d_model)")
          .input("tgt", "(N, T, d_model)")
          .optionalInput("src_mask", "bool or float (S, S); true hides")
          .optionalInput("tgt_mask", "bool or float (T, T); true hides")
          .optionalInput("memory_mask", "bool or float (T, S); true hides")
          .optionalInput("src_key_padding_mask", "bool or float (N, S); true hides")
          .optionalInput("tgt_key_padding_mask", "bool or float (N, T); true hides")
          .optionalInput("memory_key_padding_mask", "bool or float (N, S); true hides")
          .output("y", "as tgt")
          .lowering(transformer)};
}

}  // namespace netwright::layers
