// SPDX-License-Identifier: Apache-2.0
// PyTorch's own test cases of its modules (torch.testing's module_db) in our engine: forward, gradients, states. Which
// cases there are is PyTorch's choice; what a layer's parameters cannot express is skipped with the reason.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>

#include "core/base/error.h"
#include "core/convert/comparison.h"
#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

using test::node;

constexpr double kTolerance = 1e-9;  // of the largest value; float64

using Tensors = std::map<std::string, HostTensor>;

// The layer between as many inputs as the case has and one output.
graph::Document around(const layers::LayerSpec& layer, const Attributes& params, const Tensors& tensors,
                       size_t inputs) {
  graph::Document d;
  d.nodes.push_back(node(1, layer.id, "layer", params));
  for (size_t i = 0; i < inputs; ++i) {
    const HostTensor& t = tensors.at(fmt::format("input:{}", i));
    const std::string type = t.dtype == DType::Int64 ? "int64" : "float";
    const auto id = static_cast<int64_t>(i) + 2;
    const std::vector<int64_t> sample(t.shape.begin() + 1, t.shape.end());
    d.nodes.push_back(node(id, "input", std::to_string(i), {{"shape", sample}, {"dtype", type}}));
    d.wires.push_back({{{id}, "y"}, {{1}, layer.inputs[i].name}});
  }
  d.nodes.push_back(node(99, "output", "out"));
  d.wires.push_back({{{1}, layer.outputs.front().name}, {{99}, "x"}});
  return d;
}

void expectNear(const std::string& what, const Tensors& tensors, const std::string& key, const HostTensor& ours) {
  const auto theirs = tensors.find(key);
  ASSERT_NE(theirs, tensors.end()) << what << ": PyTorch has no " << key;
  const convert::Comparison::Output d = convert::difference(what, theirs->second, ours);
  EXPECT_TRUE(d.maxRelative <= kTolerance || d.maxAbs <= 1e-14) << what << ", " << key << ": off by " << d.maxRelative;
}

// Layers whose inputs and outputs lie otherwise than PyTorch's; layers_test compares them.
const std::map<std::string, std::string> kOtherwise{
    {"ctc", "samples come first and lengths are tensors"},
    {"embedding_bag", "bags are rows"},
    {"fractional_max_pool2d", "it draws at random"},
    {"fractional_max_pool3d", "it draws at random"},
    {"gru", "states are ports and samples come first"},
    {"gru_cell", "its cases have one state for all samples"},
    {"rnn_cell", "its cases have one state for all samples"},
    {"lstm", "states are ports and samples come first"},
    {"lstm_cell", "states are ports"},
    {"multihead_attention", "masks are a flag and samples come first"},
    {"rnn", "states are ports and samples come first"},
    {"transformer", "samples come first"},
    {"transformer_decoder", "it is made from a layer"},
    {"transformer_decoder_layer", "samples come first"},
    {"transformer_encoder", "it is made from a layer"},
    {"transformer_encoder_layer", "samples come first"},
};

// Classes of torch.nn that are no layer here, and why.
const std::map<std::string, std::string> kNoLayer{{"NLLLoss2d", "an older name of NLLLoss"}};

// Empty if the case ran, else why the layer refuses it.
std::string runCase(const Json& entry, const layers::LayerSpec& layer, const Tensors& tensors) {
  const std::string name = entry["name"];
  Attributes params;
  for (const auto& [param, value] : entry["params"].items())
    if (!layer.findParam(param) || layer.findParam(param)->kind != ParamKind::Inferred)
      params[param] = attributeFromJson(value, param);
  const auto inputs = entry["inputs"].get<size_t>();
  if (inputs > layer.inputs.size()) return "it takes more inputs than the layer has";
  for (size_t i = 1; i < inputs; ++i)
    if (tensors.at(fmt::format("input:{}", i)).shape[0] != tensors.at("input:0").shape[0])
      return "its inputs have different numbers of samples";
  const layers::Lowered lowered = layers::lowerGraph(around(layer, params, tensors, inputs));
  if (!lowered.ok()) return lowered.diagnostics[0].text();
  const Mode mode = entry["train"].get<bool>() ? Mode::Train : Mode::Eval;
  for (const program::Op& op : lowered.program.ops)
    if (op.info->random && mode == Mode::Train) return "it draws at random";
  engine::Network network(lowered.program, {"cpu", DType::Float64, false});
  network.initialise(1);
  std::vector<NamedTensor> weights = network.weights();
  for (NamedTensor& w : weights)
    if (const auto before = tensors.find("before:" + w.name.substr(6)); before != tensors.end())
      w.tensor = before->second;
  network.setWeights(weights);
  const auto promised = program::evaluate(lowered.program.tensorType(lowered.program.outputs[0].value).shape,
                                          {{"N", tensors.at("input:0").shape[0]}});
  if (promised != tensors.at("output").shape) {
    ADD_FAILURE() << name << ": the output is promised as " << program::text(lowered.program) << " but PyTorch has "
                  << toText(tensors.at("output").shape);
    return "";
  }
  engine::Feeds feeds;
  for (const program::Port& p : lowered.program.inputs) feeds.push_back(&tensors.at("input:" + p.name));
  std::vector<HostTensor> outputs;
  const auto gradients = network.gradients(feeds, {tensors.at("output_weight")}, mode, &outputs);
  expectNear(name, tensors, "output", outputs[0]);
  for (const NamedTensor& g : gradients) {
    const bool weight = g.name.rfind("layer.", 0) == 0;
    if (!weight && !tensors.contains("gradient:" + g.name)) continue;  // a target
    expectNear(name, tensors, "gradient:" + (weight ? g.name.substr(6) : g.name), g.tensor);
  }
  for (const NamedTensor& w : network.weights())
    if (w.tensor.dtype != DType::Int64) expectNear(name, tensors, "after:" + w.name.substr(6), w.tensor);
  return "";
}

Json layerList() {
  Json list = Json::array();
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layer.torchName.rfind("nn.", 0) != 0) continue;
    Json params = Json::object();
    for (const ParamSpec& p : layer.params) params[p.name] = toJson(p.fallback);
    list.push_back({{"id", layer.id}, {"torch", layer.torchName}, {"params", params}});
  }
  return list;
}

// The tables are written once for all tests.
class ModuleDb : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TempFolder>();
    writeFileAtomic(*folder_ / "layers.json", layerList().dump());
    test::expectPeerAgrees("module_cases.py", folder_->path());
    ASSERT_TRUE(std::filesystem::exists(*folder_ / "cases.json"));
    all = parseJson(readFile(*folder_ / "cases.json"), "cases.json");
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static Tensors tensorsOf(const Json& entry) {
    Tensors tensors;
    SafetensorsFile file = readSafetensors(*folder_ / (entry["name"].get<std::string>() + ".safetensors"));
    for (NamedTensor& t : file.tensors) tensors[t.name] = std::move(t.tensor);
    return tensors;
  }
  inline static Json all;

 private:
  inline static std::unique_ptr<test::TempFolder> folder_;
};

TEST_F(ModuleDb, OwnCasesOfPyTorchAgree) {
  EXPECT_EQ(all["defaults"], Json::array()) << "defaults are not PyTorch's";
  std::map<std::string, int> ran;
  std::map<std::string, std::map<std::string, int>> refused;
  for (const Json& entry : all["cases"]) {
    const Tensors tensors = tensorsOf(entry);
    const std::string id = entry["layer"];
    if (kOtherwise.contains(id)) continue;
    const std::string why = runCase(entry, *layers::findLayer(id), tensors);
    why.empty() ? ++ran[id] : ++refused[id][why];
  }
  for (const Json& entry : all["skipped"]) ++refused[entry["layer"]][entry["reason"]];
  for (const Json& id : all["layers"]) {
    std::printf("%s: %d cases\n", id.get<std::string>().c_str(), ran[id]);
    for (const auto& [why, count] : refused[id]) std::printf("    %d not: %s\n", count, why.c_str());
    if (const auto other = kOtherwise.find(id); other != kOtherwise.end()) {
      std::printf("    %s\n", other->second.c_str());
      continue;
    }
    EXPECT_GT(ran[id], 0) << id << " has cases in module_db but ran none";
  }
  std::set<std::string> ours;
  for (const layers::LayerSpec& layer : layers::registry()) ours.insert(layer.torchName);
  for (const Json& name : all["classes"])
    EXPECT_TRUE(ours.contains("nn." + name.get<std::string>()) || kNoLayer.contains(name)) << "no layer is nn." << name;
  EXPECT_GE(all["classes"].size(), 130u);
  EXPECT_GE(all["layers"].size(), 90u) << "module_db was not found where it used to be";
}

// What PyTorch refuses and a graph cannot say, and why.
const std::map<std::string, std::string> kNoMistake{{"gru_error_2", "all real numbers have the type of the run"},
                                                    {"lstm_error_2", "all real numbers have the type of the run"},
                                                    {"rnn_error_2", "all real numbers have the type of the run"},
                                                    {"gru_error_6", "samples are always first"},
                                                    {"lstm_error_6", "samples are always first"},
                                                    {"rnn_error_6", "samples are always first"},
                                                    {"gru_error_7", "samples are always first"},
                                                    {"lstm_error_7", "samples are always first"},
                                                    {"rnn_error_7", "samples are always first"},
                                                    {"gru_error_8", "samples are always first"},
                                                    {"lstm_error_8", "samples are always first"},
                                                    {"rnn_error_8", "samples are always first"},
                                                    {"huber_error_0", "no parameter is a complex number"}};

Attributes paramsOf(const Json& entry) {
  Attributes params;
  for (const auto& [param, value] : entry["params"].items()) params[param] = attributeFromJson(value, param);
  return params;
}

// An input of the form that the layer wants, of the size that the case names where it names one.
Tensors acceptedInput(const layers::LayerSpec& layer, const Attributes& params) {
  int64_t size = 4;
  for (const ParamSpec& p : layer.params)
    if (const auto given = params.find(p.name); p.kind == ParamKind::Inferred && given != params.end())
      if (const auto* number = std::get_if<int64_t>(&given->second); number && *number > 0) size = *number;
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{{3, size}, {3, 5, size}, {3, size, 5}})
    for (const DType type : {DType::Float64, DType::Int64}) {
      Tensors tensors;
      const size_t needed = layers::comparesOutputs(layer) ? 2 : 1;
      for (size_t i = 0; i < needed; ++i) tensors[fmt::format("input:{}", i)] = HostTensor(type, shape);
      const layers::Lowered lowered = layers::lowerGraph(around(layer, {}, tensors, needed));
      if (lowered.ok() || (lowered.diagnostics[0].code != "NW-S001" && lowered.diagnostics[0].code != "NW-S007"))
        return tensors;
    }
  return {};
}

// What we say of it; empty if it is accepted, or if LibTorch was the one to complain.
std::string complaint(const layers::LayerSpec& layer, const Attributes& params, const Tensors& tensors) {
  if (tensors.size() > layer.inputs.size()) return "";
  const layers::Lowered lowered = layers::lowerGraph(around(layer, params, tensors, tensors.size()));
  if (!lowered.ok()) return lowered.diagnostics[0].text();
  engine::Network network(lowered.program, {"cpu", DType::Float64, false});
  network.initialise(1);
  engine::Feeds feeds;
  for (const program::Port& p : lowered.program.inputs) feeds.push_back(&tensors.at("input:" + p.name));
  try {
    (void)network.predict(feeds);
  } catch (const Error& e) {
    const std::string text = e.what();
    return text.find(" failed in ") == std::string::npos ? text : "";
  }
  return "";
}

TEST_F(ModuleDb, MistakesOfPyTorchsTablesAreExplained) {
  std::set<std::string> unexpressed;
  for (const Json& entry : all["errors"]) {
    const std::string name = entry["name"];
    if (const auto listed = kNoMistake.find(name); listed != kNoMistake.end()) {
      std::printf("%s: %s\n", name.c_str(), listed->second.c_str());
      unexpressed.insert(name);
      continue;
    }
    if (entry.contains("reason")) {
      ADD_FAILURE() << name << " cannot be said in a graph: " << entry["reason"];
      continue;
    }
    const layers::LayerSpec& layer = *layers::findLayer(entry["layer"].get<std::string>());
    const Attributes params = paramsOf(entry);
    const Tensors tensors = entry["inputs"] == 0 ? acceptedInput(layer, params) : tensorsOf(entry);
    const std::string text = complaint(layer, params, tensors);
    EXPECT_NE(text, "") << name << " is accepted; PyTorch says: " << entry["expected"];
    std::printf("%s: %s\n", name.c_str(), text.c_str());
  }
  EXPECT_EQ(unexpressed.size(), kNoMistake.size()) << "a case that is listed above is gone";
  EXPECT_GE(all["errors"].size(), 60u) << "error inputs were not found where they used to be";
}

}  // namespace
}  // namespace netwright
