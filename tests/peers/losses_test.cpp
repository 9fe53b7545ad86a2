// SPDX-License-Identifier: Apache-2.0
// Every registered loss against torch.nn: values and gradients, through a graph and as the loss of a run.
#include <fmt/format.h>

#include <map>
#include <random>

#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

using test::node;
using List = std::vector<int64_t>;
using Numbers = std::vector<double>;

constexpr int64_t kBatch = 5;

enum class Targets { Classes, Numbers, Chances, Signs };

struct Setting {
  List input, target;  // sizes of one sample
  Targets targets;
  Attributes params;
};

std::map<std::string, std::vector<Setting>> settings() {
  const Numbers weights{0.5, 2, 0, 1.25};
  std::map<std::string, std::vector<Setting>> all{
      {"cross_entropy",
       {{{4}, {}, Targets::Classes, {}},
        {{4}, {}, Targets::Classes, {{"weight", weights}}},
        {{4}, {}, Targets::Classes, {{"weight", weights}, {"ignore_index", int64_t{1}}}},
        {{4}, {}, Targets::Classes, {{"label_smoothing", 0.3}}},
        {{4}, {}, Targets::Classes, {{"label_smoothing", 0.3}, {"weight", weights}, {"ignore_index", int64_t{0}}}},
        {{4, 3, 2}, {3, 2}, Targets::Classes, {{"weight", weights}, {"ignore_index", int64_t{3}}}}}},
      {"nll",
       {{{4}, {}, Targets::Classes, {}},
        {{4}, {}, Targets::Classes, {{"weight", weights}, {"ignore_index", int64_t{1}}}},
        {{4, 6}, {6}, Targets::Classes, {{"weight", weights}}}}},
      {"huber", {{{3}, {3}, Targets::Numbers, {}}, {{1}, {}, Targets::Numbers, {{"delta", 0.4}}}}},
      {"bce_with_logits",
       {{{3}, {3}, Targets::Chances, {}},
        {{3}, {3}, Targets::Chances, {{"pos_weight", Numbers{0.5, 3, 1}}}},
        {{1}, {}, Targets::Chances, {{"pos_weight", Numbers{4}}}},
        {{2, 3}, {2, 3}, Targets::Chances, {{"pos_weight", Numbers{2, 1, 0.5}}}}}},
  };
  all["smooth_l1"] = {{{3}, {3}, Targets::Numbers, {}}, {{1}, {}, Targets::Numbers, {{"beta", 0.4}}}};
  all["bce"] = {{{3}, {3}, Targets::Chances, {}}, {{3}, {3}, Targets::Chances, {{"weight", Numbers{0.5, 3, 1}}}}};
  all["dice"] = {{{6}, {6}, Targets::Chances, {}},
                 {{2, 3}, {2, 3}, Targets::Chances, {{"smooth", 0.3}, {"reduction", std::string("sum")}}}};
  all["focal"] = {{{3}, {3}, Targets::Chances, {}}, {{3}, {3}, Targets::Chances, {{"alpha", -1.0}, {"gamma", 1.5}}}};
  all["soft_margin"] = {{{3}, {3}, Targets::Signs, {}}};
  all["hinge_embedding"] = {{{3}, {3}, Targets::Signs, {{"margin", 0.7}}}};
  all["kl_div"] = {{{3}, {3}, Targets::Chances, {}},
                   {{3, 2}, {3, 2}, Targets::Chances, {{"reduction", std::string("batchmean")}}},
                   {{3}, {3}, Targets::Numbers, {{"log_target", true}, {"reduction", std::string("sum")}}}};
  all["poisson_nll"] = {{{3}, {3}, Targets::Chances, {}}, {{3}, {3}, Targets::Chances, {{"full", true}}}};
  all["multi_margin"] = {{{4}, {}, Targets::Classes, {}},
                         {{4}, {}, Targets::Classes, {{"p", int64_t{2}}, {"margin", 0.5}, {"weight", weights}}}};
  all["multilabel_margin"] = {{{4}, {4}, Targets::Classes, {}}};
  all["multilabel_soft_margin"] = {{{4}, {4}, Targets::Chances, {}},
                                   {{4}, {4}, Targets::Chances, {{"weight", weights}}}};
  for (const char* kind : {"mse", "l1"})
    all[kind] = {{{3}, {3}, Targets::Numbers, {}},
                 {{1}, {}, Targets::Numbers, {}},
                 {{}, {1}, Targets::Numbers, {}},
                 {{2, 3}, {2, 3}, Targets::Numbers, {}}};
  return all;
}

HostTensor draw(DType dtype, List sample, Targets kind, std::mt19937& random) {
  std::normal_distribution<double> normal;
  sample.insert(sample.begin(), kBatch);
  HostTensor t(kind == Targets::Classes ? DType::Int64 : dtype, sample);
  for (size_t i = 0; i < static_cast<size_t>(t.count()); ++i) {
    const double drawn = kind == Targets::Chances ? static_cast<double>(random() % 101) / 100 : normal(random);
    const double v = kind == Targets::Signs ? (drawn < 0 ? -1 : 1) : drawn;
    if (t.dtype == DType::Int64)
      t.as<int64_t>()[i] = static_cast<int64_t>(random() % 4);
    else if (t.dtype == DType::Float64)
      t.as<double>()[i] = v;
    else
      t.as<float>()[i] = static_cast<float>(v);
  }
  return t;
}

// The loss as a layer between two inputs and an output: its gradients can be asked for.
layers::Lowered asLayer(const layers::LayerSpec& layer, const Setting& s) {
  const std::string type = s.targets == Targets::Classes ? "int64" : "float";
  graph::Document d;
  d.nodes = {node(1, "input", "input", {{"shape", s.input}}),
             node(2, "input", "target", {{"shape", s.target}, {"dtype", type}}), node(3, layer.id, "loss", s.params),
             node(4, "output", "value")};
  d.wires = {{{{1}, "y"}, {{3}, "input"}}, {{{2}, "y"}, {{3}, "target"}}, {{{3}, "loss"}, {{4}, "x"}}};
  return layers::lowerGraph(d);
}

// The same as the loss of a run on the output of a network that does nothing.
double asObjective(const layers::LayerSpec& layer, const Setting& s, const HostTensor& input,
                   const HostTensor& target) {
  layers::LossRequest request{layer.id, s.params, 1, 0, "", "target", {target.dtype, {}}};
  request.targetType.shape.assign(s.target.begin(), s.target.end());
  const layers::Lowered lowered = layers::lowerGraph(test::chain(s.input, {}), {request});
  EXPECT_TRUE(lowered.ok()) << (lowered.ok() ? "" : lowered.diagnostics[0].text());
  if (!lowered.ok()) return 0;
  engine::Network network(lowered.program, {"cpu", input.dtype, false});
  network.initialise(1);
  return network.evaluate({&input, &target}).loss;
}

double first(const HostTensor& t) {
  return t.dtype == DType::Float64 ? t.as<double>()[0] : static_cast<double>(t.as<float>()[0]);
}

void writeCase(const std::filesystem::path& folder, const std::string& name, const layers::LayerSpec& layer,
               const Setting& s, DType dtype, Json& cases) {
  const layers::Lowered lowered = asLayer(layer, s);
  ASSERT_TRUE(lowered.ok()) << name << ": " << lowered.diagnostics[0].text();
  engine::Network network(lowered.program, {"cpu", dtype, false});
  network.initialise(1);
  std::mt19937 random(11);
  const HostTensor input = draw(dtype, s.input, layer.id == "bce" ? Targets::Chances : Targets::Numbers, random),
                   target = draw(dtype, s.target, s.targets, random);
  HostTensor one(dtype, {});
  dtype == DType::Float64 ? (void)(one.as<double>()[0] = 1) : (void)(one.as<float>()[0] = 1);
  std::vector<HostTensor> outputs;
  const auto gradients = network.gradients({&input, &target}, {one}, Mode::Train, &outputs);
  EXPECT_EQ(outputs[0].shape, List{}) << name;
  EXPECT_EQ(asObjective(layer, s, input, target), first(outputs[0])) << name << " differs as the loss of a run";
  std::vector<NamedTensor> tensors{{"input", input}, {"target", target}, {"loss", outputs[0]}};
  for (const NamedTensor& g : gradients)
    if (g.name == "input") tensors.push_back({"gradient", g.tensor});
  Json params = Json::object();
  for (const auto& [param, value] : s.params) params[param] = toJson(value);
  cases.push_back({{"name", name}, {"torch", layer.torchName}, {"layer", layer.id}, {"params", params}});
  writeFileAtomic(folder / (name + ".safetensors"), safetensorsBytes(tensors));
}

TEST(Losses, AgreeWithTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  const auto all = settings();
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (!layers::comparesOutputs(layer)) continue;  // those with more inputs: layers_test
    const auto found = all.find(layer.id);
    ASSERT_NE(found, all.end()) << "No setting for the loss '" << layer.id << "': add one to settings() above.";
    for (size_t i = 0; i < found->second.size(); ++i)
      for (const DType dtype : {DType::Float32, DType::Float64})
        writeCase(folder.path(), fmt::format("{}_{}_{}", layer.id, i, netwright::name(dtype)), layer, found->second[i],
                  dtype, cases);
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_losses.py", folder.path());
}

}  // namespace
}  // namespace netwright
