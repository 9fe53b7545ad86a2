// SPDX-License-Identifier: Apache-2.0
// Small networks with deterministic weights for the tests of exporters.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "core/base/file.h"
#include "core/convert/exporter.h"
#include "core/convert/onnx/evaluator.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/support/graphs.h"

namespace netwright::convert::testing {

using List = std::vector<int64_t>;

// Draws a graph node by node; each layer takes the outputs of the named nodes ("lstm:h_n", "key=memory", see
// tests/support/graphs.h).
class Sketch {
 public:
  Sketch& input(const std::string& name, const List& shape) { return add("input", name, {}, {{"shape", shape}}); }
  Sketch& indices(const std::string& name, const List& shape) {
    return add("input", name, {}, {{"shape", shape}, {"dtype", std::string("int64")}});
  }
  Sketch& output(const std::string& name, const std::string& from) { return add("output", name, {from}); }
  Sketch& add(const std::string& kind, const std::string& name, const std::vector<std::string>& from,
              const Attributes& params = {}, Mode mode = Mode::Follow) {
    test::add(document_, {kind, name, params}, from);
    document_.nodes.back().mode = mode;
    return *this;
  }
  // The weights of `slots` of one node are those of another.
  Sketch& share(const std::string& name, const std::string& owner, const std::vector<std::string>& slots) {
    for (graph::Node& n : document_.nodes)
      for (const std::string& slot : slots)
        if (n.name == name) n.shared[slot] = {NodePath{document_.findByName(owner)->id}, slot};
    return *this;
  }
  // The same with a node inside an instance.
  Sketch& shareInside(const std::string& name, const std::string& instance, const std::string& inner,
                      const std::string& slot) {
    const graph::Node* outer = document_.findByName(instance);
    const NodePath path{outer->id, document_.body(outer->bodies.front())->findByName(inner)->id};
    for (graph::Node& n : document_.nodes)
      if (n.name == name) n.shared[slot] = {path, slot};
    return *this;
  }
  Sketch& wire(const std::string& from, const std::string& to) {
    test::connect(document_, from, to);
    return *this;
  }
  // A definition; its ports are nodes of the body.
  Sketch& define(int64_t id, const std::string& name, std::vector<ParamSpec> params, const Sketch& body,
                 const std::string& doc = "") {
    document_.blocks.push_back({{id}, name, doc, std::move(params), body.document(), ""});
    return *this;
  }
  // A node that stands for a block; ports are named on both sides of a wire: "x=first:y".
  Sketch& instance(const std::string& name, int64_t block, const std::vector<std::string>& from, Attributes params = {},
                   Mode mode = Mode::Follow) {
    params.emplace(graph::kRepeat, int64_t{1});
    add(graph::kInstance, name, from, params, mode);
    document_.nodes.back().bodies = {{block}};
    return *this;
  }
  Sketch& annotate(graph::Annotation annotation) {
    document_.annotations.push_back(std::move(annotation));
    return *this;
  }
  const graph::Document& document() const { return document_; }

 private:
  graph::Document document_;
};

// Numbers in [-1, 1) that depend on the seed alone.
inline float noise(uint64_t seed) {
  seed = seed * 6364136223846793005ull + 1442695040888963407ull;
  seed = (seed ^ (seed >> 33)) * 0xff51afd7ed558ccdull;
  return static_cast<float>(static_cast<double>(seed >> 11) * 0x1p-52 - 1);
}

inline HostTensor noiseTensor(const List& shape, uint64_t seed) {
  HostTensor t(DType::Float32, shape);
  for (size_t i = 0; i < t.as<float>().size(); ++i) t.as<float>()[i] = noise(seed * 7919 + i);
  return t;
}

// A weight of the size that training leaves behind; variances are positive, counters count.
inline HostTensor weightFor(const program::Program& program, const program::State& state) {
  const program::TensorType& type = program.tensorType(state.value);
  const List shape = *program::constants(type.shape);
  HostTensor t(type.dtype == DType::DefaultFloat ? DType::Float32 : type.dtype, shape);
  if (t.dtype == DType::Int64) {
    t.as<int64_t>()[0] = 5;
    return t;
  }
  const bool variance = state.id.slot == "running_var";
  const double scale = shape.size() < 2 ? 0.5 : 1 / std::sqrt(static_cast<double>(t.count() / shape[0]));
  for (size_t i = 0; i < t.as<float>().size(); ++i) {
    const float v = noise(static_cast<uint64_t>(state.value.index) * 7919 + i);
    t.as<float>()[i] = variance ? 1 + 0.5F * v : static_cast<float>(scale) * v;
  }
  return t;
}

// A lowered network with weights. Not copyable: input() refers to it.
struct Network {
  Network(std::string title, const Sketch& sketch, const std::vector<layers::LossRequest>& losses = {})
      : Network(std::move(title), sketch.document(), losses) {}
  Network(std::string title, const graph::Document& document, const std::vector<layers::LossRequest>& losses = {})
      : name(std::move(title)),
        drawn(document),
        lowered(layers::lowerGraph(drawn, losses)),
        graph(lowered.flat(drawn)) {
    for (const Diagnostic& d : lowered.diagnostics)
      if (d.severity == Severity::Error) ADD_FAILURE() << name << ": " << d.text();
    for (const program::State& s : lowered.program.states) weights.push_back({s.name, weightFor(lowered.program, s)});
  }
  Network(const Network&) = delete;
  ExportInput input(Attributes options = {}) const {
    ExportInput input{lowered.program, graph, weights, name, "0.1.0", "model", std::move(options)};
    input.drawn = &drawn;
    return input;
  }

  std::string name;
  graph::Document drawn;
  layers::Lowered lowered;
  graph::Document graph;
  std::vector<NamedTensor> weights;
};
using NetworkPtr = std::unique_ptr<Network>;

inline NetworkPtr mlp() {
  return std::make_unique<Network>("MLP", Sketch()
                                              .input("x", {12})
                                              .add("linear", "fc1", {"x"}, {{"out_features", int64_t{8}}})
                                              .add("relu", "relu1", {"fc1"})
                                              .add("dropout", "dropout1", {"relu1"})
                                              .add("linear", "fc2", {"dropout1"}, {{"out_features", int64_t{3}}})
                                              .output("scores", "fc2"));
}

inline NetworkPtr residualCnn(const std::vector<layers::LossRequest>& losses = {}) {
  const Attributes conv{{"out_channels", int64_t{4}}, {"padding", List{1, 1}}};
  return std::make_unique<Network>("Residual CNN",
                                   Sketch()
                                       .input("image", {1, 12, 12})
                                       .add("conv2d", "stem", {"image"}, conv)
                                       .add("batch_norm2d", "layer1.0.bn1", {"stem"})
                                       .add("relu", "layer1.0.relu", {"layer1.0.bn1"})
                                       .add("conv2d", "layer1.0.conv2", {"layer1.0.relu"}, conv)
                                       .add("add", "shortcut", {"layer1.0.conv2", "stem"})
                                       .add("max_pool2d", "pool", {"shortcut"})
                                       .add("flatten", "flat", {"pool"})
                                       .add("dropout", "drop", {"flat"})
                                       .add("linear", "head", {"drop"}, {{"out_features", int64_t{10}}})
                                       .add("softmax", "softmax", {"head"})
                                       .output("probabilities", "softmax"),
                                   losses);
}

// Stands for the engine: evaluates the exported ONNX bytes, with an error added on request.
class FakeEngine final : public Evaluator {
 public:
  explicit FakeEngine(const ExportInput& input, float error = 0)
      : model_(onnx::parse(findExporter("onnx")->bytes(input), "bytes")), error_(error) {}
  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) override {
    auto outputs = onnx::evaluate(model_, inputs);
    outputs[0].tensor.as<float>()[0] += error_;
    return outputs;
  }
  std::vector<NamedTensor> evaluateTorchScript(const std::filesystem::path&,
                                               const std::vector<NamedTensor>& inputs) override {
    return onnx::evaluate(model_, inputs);
  }
  // Of layers that are one node in ONNX, under its name.
  std::vector<NamedTensor> values(const std::vector<NamedTensor>& inputs) override {
    onnx::Model all = model_;
    for (const onnx::Node& n : all.graph.nodes) all.graph.outputs.push_back({n.outputs.front(), "", {}, {}});
    auto values = onnx::evaluate(all, inputs);
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(model_.graph.outputs.size()));
    for (size_t i = 0; i < values.size(); ++i) values[i].name = all.graph.nodes[i].name;
    return values;
  }

 private:
  onnx::Model model_;
  float error_;
};

// An exporter whose files are not what they should be: text is replaced in each that has it.
class Damaged final : public Exporter {
 public:
  Damaged(const Exporter& sound, const std::string& pattern, std::string by)
      : sound_(sound), pattern_(pattern), by_(std::move(by)) {}
  FormatInfo info() const override { return sound_.info(); }
  std::optional<std::string> refusal(const program::Program& program, const program::Op& op) const override {
    return sound_.refusal(program, op);
  }
  std::vector<OutputFile> files(const ExportInput& input) const override {
    std::vector<OutputFile> list = sound_.files(input);
    for (OutputFile& file : list)
      if (file.path.ends_with(".h") || file.path.ends_with(".cpp") || file.path.ends_with(".py"))
        file.content = Chunks(std::regex_replace(file.content.joined(), pattern_, by_));
    return list;
  }
  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                   const std::stop_token& stop) const override {
    return sound_.prove(input, path, evaluator, stop);
  }

 private:
  const Exporter& sound_;
  std::regex pattern_;
  std::string by_;
};

// "model.onnx"; of a folder "model.pytorch".
inline std::string outputName(const std::string& stem, const Exporter& format) {
  const FormatInfo info = format.info();
  return stem + "." + (info.folder ? info.id : info.extensions.front());
}

// A folder that is there for one test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "netwright-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A program that is a shell script.
inline std::filesystem::path scriptAt(const std::filesystem::path& path, const std::string& script) {
  writeFileAtomic(path, "#!/bin/sh\n" + script);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

}  // namespace netwright::convert::testing
