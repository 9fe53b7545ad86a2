// SPDX-License-Identifier: Apache-2.0
// Every layer, and settings in which formats differ, as small networks with weights: what tests of exporters write and
// read back.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {

// One kind of input; each required port of a layer gets one of its own.
struct Sample {
  std::string word;
  List shape;
  bool indices = false;
};

inline std::vector<std::string> ports(const layers::LayerSpec& layer) {
  const auto needed =
      std::count_if(layer.inputs.begin(), layer.inputs.end(), [](const auto& p) { return !p.optional; });
  std::vector<std::string> names{"x"};
  for (int64_t i = 1; i < needed; ++i) names.push_back(fmt::format("x{}", i + 1));
  names.resize(static_cast<size_t>(needed));
  return names;
}

inline void addInputs(Sketch& sketch, const layers::LayerSpec& layer, const Sample& sample) {
  for (const std::string& name : ports(layer))
    sample.indices ? sketch.indices(name, sample.shape) : sketch.input(name, sample.shape);
}

// Null if the layer refuses its inputs, or would refuse batches of 1 and 7.
inline NetworkPtr ifLegal(const std::string& name, const Sketch& sketch) {
  const layers::Lowered lowered = layers::lowerGraph(sketch.document());
  if (!lowered.ok()) return nullptr;
  for (const int64_t batch : {1, 7})
    for (const program::DimGuard& g : lowered.program.dimGuards)
      if (g.a.evaluate({{"N", batch}}) != g.b.evaluate({{"N", batch}})) return nullptr;
  return std::make_unique<Network>(name, sketch);
}

// The layer behind samples of one kind; null if it does not accept them.
inline NetworkPtr behind(const layers::LayerSpec& layer, const Sample& sample) {
  Sketch sketch;
  addInputs(sketch, layer, sample);
  sketch.add(layer.id, "layer", ports(layer)).output("y", "layer");
  return ifLegal(fmt::format("{} of {}", layer.id, sample.word), sketch);
}

// Two nodes of the layer with the same weights: what cannot be a module of its own is written op by op.
inline NetworkPtr twins(const Network& network, const layers::LayerSpec& layer, const Sample& sample) {
  Sketch sketch;
  addInputs(sketch, layer, sample);
  for (const char* name : {"layer", "twin"}) sketch.add(layer.id, name, ports(layer));
  for (const program::State& s : network.lowered.program.states) sketch.share("twin", "layer", {s.id.slot});
  sketch.output("y", "layer").output("z", "twin");
  return std::make_unique<Network>("twins of " + layer.id, sketch);
}

// Layers whose inputs differ in kind or size, or whose settings must fit the sample; null for all others.
inline NetworkPtr ofOwnSample(const std::string& id) {
  const std::string name = id + " of its own sample";
  Sketch sketch;
  const auto conditional = [&] {
    return sketch.input("x", {4, 5}).input("y", {4, 5}).add("greater", "condition", {"x", "y"});
  };
  if (id == "where") return ifLegal(name, conditional().add(id, "layer", {"condition", "x", "y"}).output("z", "layer"));
  if (id == "masked_fill")
    return ifLegal(name, conditional().add(id, "layer", {"x", "mask=condition"}).output("z", "layer"));
  if (id == "einsum")
    return ifLegal(name, sketch.input("x", {4, 5})
                             .input("y", {5, 3})
                             .add(id, "layer", {"x", "x2=y"}, {{"equation", std::string("bik,bkj->bij")}})
                             .output("z", "layer"));
  if (id == "matmul")
    return ifLegal(name,
                   sketch.input("x", {4, 5}).input("y", {5, 3}).add(id, "layer", {"x", "y"}).output("z", "layer"));
  if (id == "split")
    return ifLegal(name,
                   sketch.input("x", {8, 3}).add(id, "layer", {"x"}).output("a", "layer:y1").output("b", "layer:y2"));
  if (id == "grid_sample")
    return ifLegal(
        name,
        sketch.input("x", {3, 6, 6}).input("grid", {4, 5, 2}).add(id, "layer", {"x", "grid"}).output("y", "layer"));
  if (id == "fold") return ifLegal(name, sketch.input("x", {12, 9}).add(id, "layer", {"x"}).output("y", "layer"));
  if (id == "gather")
    return ifLegal(name,
                   sketch.input("x", {6, 5}).indices("i", {3, 5}).add(id, "layer", {"x", "i"}).output("y", "layer"));
  if (id == "constant" || id == "parameter" || id == "arange")
    return ifLegal(name,
                   sketch.input("x", {1}).add(id, "layer", {}).add("add", "sum", {"x", "layer"}).output("y", "sum"));
  for (const int dims : {1, 2, 3})
    if (id == fmt::format("max_unpool{}d", dims)) {
      List shape(static_cast<size_t>(dims) + 1, 3);
      return ifLegal(
          name,
          sketch.input("x", shape).indices("places", shape).add(id, "layer", {"x", "places"}).output("y", "layer"));
    }
  return nullptr;
}

// Functions that are defined, or of interest, for positive numbers only.
inline bool wantsPositive(const std::string& id) {
  static const std::set<std::string> kPositive{"acosh", "digamma", "lgamma", "log",  "log10", "log2",
                                               "logit", "power",   "rsqrt",  "sqrt", "xlogy"};
  return kPositive.contains(id);
}

// Every layer of the registry behind samples that it accepts, at its defaults.
inline std::vector<NetworkPtr> eachLayer() {
  const std::vector<Sample> numbers{{"image", {4, 9, 9}}, {"vector", {12}}, {"sequence", {5, 8}}};
  const std::vector<Sample> others{
      {"words", {6}, true}, {"volume", {2, 5, 5, 5}}, {"even image", {4, 8, 8}}, {"sound", {2048}}};
  std::vector<NetworkPtr> list;
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layer.category == layers::Category::InputOutput || layer.category == layers::Category::Loss ||
        layer.category == layers::Category::Control)  // see controlCases()
      continue;
    const size_t before = list.size();
    const Sample* last = nullptr;
    const auto behindSample = [&](const Sample& sample) {
      auto network = behind(layer, sample);
      if (!network) return;
      list.push_back(std::move(network));
      last = &sample;
    };
    for (const Sample& sample : numbers) behindSample(sample);
    for (const Sample& sample : others)
      if (list.size() == before) behindSample(sample);
    if (last && !list.back()->weights.empty()) list.push_back(twins(*list.back(), layer, *last));
    if (auto network = ofOwnSample(layer.id)) list.push_back(std::move(network));
    if (wantsPositive(layer.id)) {
      Sketch sketch;
      addInputs(sketch, layer, numbers[1]);
      std::vector<std::string> positive;
      for (const std::string& port : ports(layer)) {
        sketch.add("sigmoid", port + "_open", {port});
        positive.push_back(port + "_open");
      }
      list.push_back(std::make_unique<Network>(
          layer.id + " of positive numbers",
          layer.id == "acosh"
              ? sketch.add("exp", "above", {positive[0]}).add("acosh", "layer", {"above"}).output("y", "layer")
              : sketch.add(layer.id, "layer", positive).output("y", "layer")));
    }
    EXPECT_GT(list.size(), before) << layer.id << " accepts none of the samples: give it one here.";
  }
  return list;
}

// What a format refuses of a network, by name and with a reason.
inline bool refuses(const Exporter& format, const Network& network) {
  const Diagnostics found = format.check(network.input());
  for (const Diagnostic& d : found)
    EXPECT_TRUE(d.code == "NW-E001" && !d.args.at("layer").empty() && !d.args.at("reason").empty())
        << network.name << ": " << d.text();
  return !found.empty();
}

inline NetworkPtr single(const std::string& name, const List& shape, const std::string& kind, const Attributes& params,
                         Mode mode = Mode::Follow) {
  return std::make_unique<Network>(
      name, Sketch().input("x", shape).add(kind, "layer", {"x"}, params, mode).output("y", "layer"));
}

// Layers whose counterparts in ONNX differ in some setting.
inline void addPoolSettings(std::vector<NetworkPtr>& list) {
  const Attributes three{{"kernel_size", List{3, 3}}, {"stride", List{2, 2}}, {"padding", List{1, 1}}};
  const auto with = [](Attributes params, const Attributes& more) {
    for (const auto& [name, value] : more) params[name] = value;
    return params;
  };
  list.push_back(single("mean pool padded", {3, 7, 8}, "avg_pool2d", three));
  list.push_back(single("mean pool uncounted", {3, 7, 8}, "avg_pool2d", with(three, {{"count_include_pad", false}})));
  list.push_back(single("mean pool ceil", {3, 8, 6}, "avg_pool2d", with(three, {{"ceil_mode", true}})));
  list.push_back(single("mean pool ceil uncounted", {3, 8, 6}, "avg_pool2d",
                        with(three, {{"ceil_mode", true}, {"count_include_pad", false}})));
  list.push_back(single("mean pool ceil one side", {3, 7, 6}, "avg_pool2d",
                        {{"kernel_size", List{2, 2}}, {"stride", List{2, 2}}, {"ceil_mode", true}}));
  list.push_back(single("mean pool divisor", {3, 8, 6}, "avg_pool2d",
                        with(three, {{"divisor_override", int64_t{4}}, {"ceil_mode", true}})));
  list.push_back(single("adaptive pool dividing", {3, 6, 8}, "adaptive_avg_pool2d", {{"output_size", List{3, 2}}}));
  list.push_back(single("adaptive pool of rows", {3, 6, 7}, "adaptive_avg_pool2d", {{"output_size", List{2, 1}}}));
  for (const char* kind : {"max_pool2d", "avg_pool2d"})
    for (const int64_t stride : {1, 2})
      list.push_back(single(fmt::format("{} same {}", kind, stride), {3, 7, 8}, kind,
                            {{"kernel_size", List{2, 3}}, {"stride", stride}, {"padding", std::string("same")}}));
  list.push_back(single("max pool same places", {3, 7, 8}, "max_pool2d",
                        {{"stride", int64_t{1}}, {"padding", std::string("same")}, {"return_indices", true}}));
  list.push_back(single("mean kept", {3, 6, 8}, "mean_pool", {{"dim", int64_t{-1}}, {"keepdim", true}}));
}

inline void addNewerSettings(std::vector<NetworkPtr>& list) {
  const int64_t four = 4;
  addPoolSettings(list);
  list.push_back(single("conv1d strided", {3, 11}, "conv1d",
                        {{"out_channels", four}, {"stride", int64_t{2}}, {"padding", int64_t{3}}}));
  list.push_back(
      single("conv1d grouped", {4, 11}, "conv1d",
             {{"out_channels", int64_t{8}}, {"groups", int64_t{2}}, {"dilation", int64_t{2}}, {"bias", false}}));
  list.push_back(single("deconv padded", {3, 5, 4}, "conv_transpose2d",
                        {{"out_channels", four},
                         {"kernel_size", List{3, 4}},
                         {"stride", List{2, 3}},
                         {"padding", List{1, 2}},
                         {"output_padding", List{1, 2}}}));
  list.push_back(
      single("deconv grouped", {4, 3, 3}, "conv_transpose2d",
             {{"out_channels", int64_t{6}}, {"groups", int64_t{2}}, {"dilation", List{2, 3}}, {"bias", false}}));
  list.push_back(single("norm of rows", {3, 7}, "batch_norm1d", {}));
  list.push_back(single("layer norm of two", {3, 4, 5}, "layer_norm", {{"normalized_shape", List{4, 5}}}));
  list.push_back(single("layer norm plain", {3, 4, 5}, "layer_norm",
                        {{"normalized_shape", List{4, 5}}, {"elementwise_affine", false}}));
  list.push_back(single("layer norm without bias", {12}, "layer_norm", {{"bias", false}, {"eps", 0.01}}));
  list.push_back(single("reshaped", {3, 4}, "reshape", {{"shape", List{2, -1, 3}}}));
  list.push_back(single("gelu tanh", {3, 4}, "gelu", {{"approximate", std::string("tanh")}}));
  list.push_back(single("leaky steep", {3, 4}, "leaky_relu", {{"negative_slope", 0.3}}));
  const Attributes patches{
      {"kernel_size", List{2, 3}}, {"dilation", List{1, 2}}, {"padding", List{1, 0}}, {"stride", List{2, 1}}};
  list.push_back(single("patches", {3, 7, 8}, "unfold", patches));
  Attributes laid = patches;
  laid["output_size"] = List{7, 8};
  list.push_back(single("patches laid down", {12, 16}, "fold", laid));
  list.push_back(single("circular uneven", {3, 5, 6}, "circular_pad2d", {{"padding", List{2, 1, 0, 3}}}));
  const Sketch gate = Sketch()
                          .input("x", {3, 4})
                          .input("y", {1, 4})
                          .add("sigmoid", "gate", {"y"})
                          .add("multiply", "gated", {"x", "gate"})
                          .output("out", "gated");
  list.push_back(std::make_unique<Network>("gated", gate));
}

// Weights that are computed of others, also where two nodes share them.
inline void addParametrizations(std::vector<NetworkPtr>& list) {
  for (const char* kind : {"weight_norm", "spectral_norm"}) {
    const Attributes params{{"parametrization", std::string(kind)}};
    const auto named = [&](const char* what) { return fmt::format("{} {}", kind, what); };
    list.push_back(single(named("linear"), {6}, "linear", params));
    list.push_back(single(named("conv1d"), {4, 9}, "conv1d", params));
    list.push_back(single(named("conv2d"), {4, 7, 7}, "conv2d", params));
    list.push_back(single(named("deconv"), {4, 5, 5}, "conv_transpose2d", params));
    Sketch twins;
    twins.input("x", {6}).add("linear", "layer", {"x"}, params).add("linear", "twin", {"x"}, params);
    for (const program::State& s : list[list.size() - 4]->lowered.program.states)
      twins.share("twin", "layer", {s.id.slot});
    list.push_back(std::make_unique<Network>(named("twins"), twins.output("y", "layer").output("z", "twin")));
  }
}

inline void addSettings(std::vector<NetworkPtr>& list) {
  const int64_t four = 4;
  list.push_back(
      single("conv strided", {3, 11, 9}, "conv2d",
             {{"out_channels", four}, {"kernel_size", List{3, 2}}, {"stride", List{2, 3}}, {"padding", List{2, 1}}}));
  list.push_back(single("conv dilated", {3, 11, 9}, "conv2d",
                        {{"out_channels", four}, {"dilation", List{2, 3}}, {"bias", false}}));
  list.push_back(single("conv grouped", {4, 7, 7}, "conv2d", {{"out_channels", int64_t{8}}, {"groups", int64_t{4}}}));
  list.push_back(
      single("pool ceil", {3, 8, 7}, "max_pool2d",
             {{"kernel_size", List{3, 3}}, {"stride", List{2, 2}}, {"padding", List{1, 1}}, {"ceil_mode", true}}));
  list.push_back(
      single("pool ceil partial", {3, 6, 5}, "max_pool2d",
             {{"kernel_size", List{2, 2}}, {"stride", List{3, 2}}, {"padding", List{1, 1}}, {"ceil_mode", true}}));
  list.push_back(
      single("pool ceil dilated", {2, 8, 9}, "max_pool2d",
             {{"kernel_size", List{2, 2}}, {"stride", List{4, 4}}, {"dilation", List{5, 4}}, {"ceil_mode", true}}));
  list.push_back(single("pool dilated", {2, 9, 9}, "max_pool2d",
                        {{"kernel_size", List{3, 3}}, {"dilation", List{2, 2}}, {"padding", List{1, 1}}}));
  list.push_back(single("norm plain", {3, 5, 5}, "batch_norm2d", {{"affine", false}, {"eps", 0.01}}));
  list.push_back(single("norm untracked", {3, 5, 5}, "batch_norm2d", {{"track_running_stats", false}}));
  list.push_back(
      single("norm untracked plain", {3, 5, 5}, "batch_norm2d", {{"track_running_stats", false}, {"affine", false}}));
  list.push_back(single("norm training", {3, 5, 5}, "batch_norm2d", {}, Mode::Train));
  list.push_back(single("norm frozen", {3, 5, 5}, "batch_norm2d", {}, Mode::Eval));
  list.push_back(single("flatten rows", {3, 4, 5}, "flatten", {{"start_dim", int64_t{2}}, {"end_dim", int64_t{3}}}));
  list.push_back(single("flatten batch", {3, 4, 5}, "flatten", {{"start_dim", int64_t{0}}, {"end_dim", int64_t{1}}}));
  list.push_back(single("flatten all", {3, 4}, "flatten", {{"start_dim", int64_t{0}}}));
  list.push_back(single("linear of rows", {5, 6}, "linear", {{"out_features", four}}));
  list.push_back(single("linear of rows without bias", {5, 6}, "linear", {{"out_features", four}, {"bias", false}}));
  list.push_back(single("linear without bias", {6}, "linear", {{"out_features", four}, {"bias", false}}));
  addNewerSettings(list);
  addParametrizations(list);
  list.push_back(single("softmax of channels", {3, 4, 5}, "softmax", {{"dim", int64_t{1}}}));
}

inline void addSequences(std::vector<NetworkPtr>& list) {
  const int64_t three = 3, two = 2;
  const Attributes deep{{"hidden_size", three}, {"num_layers", two}, {"bidirectional", true}, {"dropout", 0.5}};
  const auto add = [&](const char* name, const Sketch& sketch) {
    list.push_back(std::make_unique<Network>(name, sketch));
  };
  add("lstm deep dropout", Sketch().input("x", {4, 5}).add("lstm", "layer", {"x"}, deep).output("y", "layer"));
  add("lstm plain", Sketch()
                        .input("x", {4, 5})
                        .add("lstm", "layer", {"x"}, {{"hidden_size", three}, {"bias", false}, {"num_layers", three}})
                        .output("y", "layer:y")
                        .output("memory", "layer:c_n"));
  add("lstm states", Sketch()
                         .input("x", {4, 5})
                         .input("h", {4, 3})
                         .input("c", {4, 3})
                         .add("lstm", "layer", {"x", "h", "c"}, deep)
                         .output("y", "layer")
                         .output("h_n", "layer:h_n")
                         .output("c_n", "layer:c_n"));
  add("lstm of one state", Sketch()
                               .input("x", {1, 5})
                               .input("c", {1, 3})
                               .add("lstm", "layer", {"x", "c_0=c"}, {{"hidden_size", three}})
                               .output("last", "layer:h_n"));
  add("encoder and decoder",
      Sketch()
          .indices("from", {6})
          .indices("to", {4})
          .add("embedding", "words", {"from"}, {{"num_embeddings", int64_t{11}}})
          .add("embedding", "targets", {"to"}, {{"num_embeddings", int64_t{1}}})
          .add("lstm", "encoder", {"words"}, {{"hidden_size", three}})
          .add("lstm", "decoder", {"targets", "h_0=encoder:h_n", "c_0=encoder:c_n"}, {{"hidden_size", three}})
          .add("linear", "head", {"decoder"}, {{"out_features", int64_t{1}}})
          .output("scores", "head"));
  const Attributes heads{{"num_heads", two}, {"is_causal", true}, {"dropout", 0.25}};
  add("attention causal dropout",
      Sketch().input("x", {5, 8}).add("multihead_attention", "layer", {"x"}, heads).output("y", "layer"));
  add("attention across", Sketch()
                              .input("x", {3, 8})
                              .input("memory", {5, 8})
                              .add("multihead_attention", "layer", {"x", "memory"}, {{"bias", false}})
                              .output("y", "layer"));
  add("attention causal across", Sketch()
                                     .input("x", {3, 8})
                                     .input("memory", {5, 8})
                                     .input("values", {5, 8})
                                     .add("multihead_attention", "layer", {"x", "memory", "values"}, heads)
                                     .output("y", "layer"));
  add("attention that hides a filler",
      Sketch()
          .indices("x", {6})
          .add("embedding", "letters", {"x"}, {{"num_embeddings", int64_t{3}}, {"embedding_dim", int64_t{8}}})
          .add("equal", "filler", {"x"})
          .add("transformer_encoder_layer", "layer", {"letters", "src_key_padding_mask=filler"},
               {{"nhead", two}, {"dim_feedforward", int64_t{12}}})
          .output("y", "layer"));
  add("concat many", Sketch()
                         .input("a", {2, 3})
                         .input("b", {2, 1})
                         .add("concat", "cat", {"a", "b", "a", "x8=b"}, {{"dim", int64_t{-1}}})
                         .output("y", "cat"));
  add("concat indices", Sketch()
                            .indices("a", {3})
                            .indices("b", {2})
                            .add("concat", "cat", {"a", "b"})
                            .add("embedding", "e", {"cat"}, {{"padding_idx", int64_t{0}}})
                            .output("y", "e"));
}

inline void addGraphs(std::vector<NetworkPtr>& list) {
  layers::LossRequest loss;
  loss.target = "label";
  loss.targetType = {DType::Int64, {}};
  list.push_back(mlp());
  list.push_back(residualCnn({loss}));
  list.push_back(
      std::make_unique<Network>("two outputs", Sketch()
                                                   .input("a", {6})
                                                   .input("b", {6})
                                                   .add("add", "sum", {"a", "b"})
                                                   .add("linear", "fc", {"sum"}, {{"out_features", int64_t{2}}})
                                                   .add("dropout", "drop", {"fc"})
                                                   .output("first", "sum")
                                                   .output("second", "drop")
                                                   .output("third", "fc")
                                                   .output("same", "a")));
  list.push_back(
      std::make_unique<Network>("shared weights", Sketch()
                                                      .input("a", {6})
                                                      .input("b", {6})
                                                      .add("linear", "one", {"a"}, {{"out_features", int64_t{6}}})
                                                      .add("linear", "two", {"b"}, {{"out_features", int64_t{6}}})
                                                      .share("two", "one", {"weight", "bias"})
                                                      .add("add", "sum", {"one", "two"})
                                                      .output("y", "sum")));
  list.push_back(std::make_unique<Network>(
      "0 strange names!", Sketch()
                              .input("my input", {6})
                              .add("linear", "in.lambda", {"my input"}, {{"out_features", int64_t{6}}})
                              .add("linear", "2nd layer", {"in.lambda"}, {{"out_features", int64_t{6}}})
                              .add("linear", "train.forward", {"2nd layer"}, {{"out_features", int64_t{6}}})
                              .add("linear", "für", {"train.forward"}, {{"out_features", int64_t{6}}})
                              .add("relu", "torch", {"für"})
                              .output("return", "torch")));
  list.push_back(std::make_unique<Network>(
      "strange \"\"\"\nraise SystemExit # \\",
      Sketch()
          .input("self", {6})
          .input("torch", {6})
          .add("add", "F", {"self", "torch"})
          .add("linear", "class", {"F"}, {{"out_features", int64_t{6}}})
          .add("linear", "blocks.0", {"class"}, {{"out_features", int64_t{6}}})
          .add("linear", "blocks.1", {"blocks.0"}, {{"out_features", int64_t{6}}})
          .add("relu", "blocks.1.inside", {"blocks.1"})
          .add("linear", "\"quoted\\", {"blocks.1.inside"}, {{"out_features", int64_t{6}}})
          .add("linear", "load_state_dict", {"\"quoted\\"}, {{"out_features", int64_t{6}}})
          .output("x", "load_state_dict")
          .annotate({1, graph::Annotation::Kind::Note, "\"\"\"\nraise SystemExit", "", {}, {}, ""})
          .annotate({2, graph::Annotation::Kind::Frame, "end\nraise SystemExit", "", {-1e4, -1e4}, {1e5, 1e5}, ""})));
  list.push_back(std::make_unique<Network>("block at every step",
                                           Sketch()
                                               .define(1, "Layer", {},
                                                       Sketch()
                                                           .add("block_input", "x", {})
                                                           .add("linear", "fc", {"x"}, {{"out_features", int64_t{6}}})
                                                           .add("block_output", "y", {"fc"}))
                                               .input("x", {5, 8})
                                               .instance("steps", 1, {"x=x"}, {{"time_distributed", true}})
                                               .output("y", "steps:y")));
  list.push_back(std::make_unique<Network>(
      "shared in a chain", Sketch()
                               .input("x", {4, 8})
                               .add("linear", "first", {"x"}, {{"out_features", int64_t{8}}})
                               .add("linear", "second", {"first"}, {{"out_features", int64_t{8}}})
                               .add("linear", "third", {"second"}, {{"out_features", int64_t{8}}, {"bias", false}})
                               .share("second", "first", {"weight"})
                               .share("third", "first", {"weight"})
                               .output("y", "third")));
}

// Names that are words of programming languages, no identifiers, the same once they are made ones, or dangerous in
// comments and literals.
inline NetworkPtr hostileNames() {
  const Attributes six{{"out_features", int64_t{6}}};
  return std::make_unique<Network>("class */ \"?\?/\\",
                                   Sketch()
                                       .input("N", {6})
                                       .input("int", {6})
                                       .input("b0", {6})
                                       .add("linear", "a b", {"N"}, six)
                                       .add("linear", "a-b", {"int"}, six)
                                       .add("linear", "a_b", {"b0"}, six)
                                       .add("add", "line\nbreak */ ?\?/ \\", {"a b", "a-b"})
                                       .add("add", "kernels", {"line\nbreak */ ?\?/ \\", "a_b"})
                                       .add("batch_norm1d", "forward", {"kernels"})
                                       .add("relu", "\u202Eright to left", {"forward"})
                                       .add("linear", "w.weights.scratch", {"\u202Eright to left"}, six)
                                       .output("return", "w.weights.scratch")
                                       .output("new \"line\"\n", "kernels"));
}

// Two layers with the same weights, of which one has an offset of its own.
inline NetworkPtr sharedWeights() {
  const Attributes six{{"out_features", int64_t{6}}};
  return std::make_unique<Network>("shared matrix", Sketch()
                                                        .input("x", {6})
                                                        .add("linear", "first", {"x"}, six)
                                                        .add("tanh", "tanh", {"first"})
                                                        .add("linear", "second", {"tanh"}, six)
                                                        .share("second", "first", {"weight"})
                                                        .output("y", "second"));
}

inline std::vector<NetworkPtr> sampleNetworks() {
  std::vector<NetworkPtr> networks = eachLayer();
  addSettings(networks);
  addSequences(networks);
  addGraphs(networks);
  return networks;
}

}  // namespace netwright::convert::testing
