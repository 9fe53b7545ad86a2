// SPDX-License-Identifier: Apache-2.0
// Every registered layer against torch.nn: shapes, initial weights to the bit, forward, all gradients, running
// statistics.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <random>
#include <set>

#include "core/engine/network.h"
#include "core/engine/plan.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/peers/layer_settings.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

using netwright::test::node;
using netwright::test::Setting;
using namespace std::string_literals;

constexpr uint64_t kSeed = 17;
constexpr int64_t kBatch = 3;

using List = std::vector<int64_t>;

// What no model has and PyTorch no module for; and what runs blocks: control_test.cpp, control_exports_test.cpp.
bool isTriedElsewhere(const layers::LayerSpec& layer) {
  return layer.id == "target" || layer.id == "minimize" || layer.category == layers::Category::Control;
}

HostTensor random(DType dtype, std::vector<int64_t> shape, std::mt19937& generator) {
  std::normal_distribution<double> normal;
  HostTensor t(dtype, std::move(shape));
  for (int64_t i = 0; i < t.count(); ++i)
    if (dtype == DType::Float64)
      t.as<double>()[static_cast<size_t>(i)] = normal(generator);
    else
      t.as<float>()[static_cast<size_t>(i)] = static_cast<float>(normal(generator));
  return t;
}

HostTensor inputTensor(const program::TensorType& type, const Setting& setting, size_t input, DType dtype,
                       std::mt19937& generator) {
  const auto shape = *program::evaluate(type.shape, {{"N", kBatch}});
  HostTensor t = random(type.dtype == DType::Int64 ? DType::Float32 : dtype, shape, generator);
  const auto each = [&](auto change) {
    if (t.dtype == DType::Float64)
      for (double& v : t.as<double>()) v = change(v);
    else
      for (float& v : t.as<float>()) v = static_cast<float>(change(v));
  };
  if (setting.kind(input) == 'p') each([](double v) { return std::abs(v) + 0.1; });
  if (setting.kind(input) == 'u') each([](double v) { return 0.1 + 0.8 / (1 + std::exp(v)); });
  if (setting.kind(input) == 'o') each([](double v) { return std::abs(v) + 1.1; });
  if (setting.kind(input) == 's') each([](double v) { return v < 0 ? -1.0 : 1.0; });
  if (type.dtype != DType::Int64) return t;
  HostTensor indices(DType::Int64, shape);
  for (int64_t& v : indices.as<int64_t>())
    v = static_cast<int64_t>(generator() % static_cast<uint64_t>(setting.indices));
  return indices;
}

// A graph of one layer between its inputs ("a", "b", ...) and outputs "out", "out_h_n", ...
graph::Document around(const layers::LayerSpec& layer, const Setting& setting) {
  graph::Document d;
  if (layer.id == "input" || layer.id == "output") return test::chain(setting.inputs.front(), {});
  d.nodes.push_back(node(1, layer.id, "layer", setting.params));
  for (size_t i = 0; i < setting.inputs.size(); ++i) {
    d.nodes.push_back(node(static_cast<int64_t>(i) + 2, "input", std::string(1, static_cast<char>('a' + i)),
                           {{"shape", setting.inputs[i]}, {"dtype", setting.kind(i) == 'i' ? "int64"s : "float"s}}));
    if (i >= layer.inputs.size()) continue;  // a layer without inputs: the batch comes from another one
    if (setting.kind(i) == 'b') {
      const NodeId input = d.nodes.back().id;
      d.nodes.push_back(node(static_cast<int64_t>(i) + 50, "greater", "above" + std::to_string(i)));
      d.wires.push_back({{input, "y"}, {d.nodes.back().id, "a"}});
    }
    d.wires.push_back({{d.nodes.back().id, "y"}, {{1}, layer.inputs[i].name}});
  }
  const std::vector<layers::PortSpec> outputs = layers::outputsOf(layer, d.nodes.front().params);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string& port = outputs[i].name;
    d.nodes.push_back(node(static_cast<int64_t>(i) + 99, "output", i == 0 ? "out" : "out_" + port));
    d.wires.push_back({{{1}, port}, {d.nodes.back().id, "x"}});
  }
  return d;
}

std::string pythonText(const Attribute& value) {
  if (std::holds_alternative<None>(value)) return "None";
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "True" : "False";
  if (const auto* s = std::get_if<std::string>(&value)) return "'" + *s + "'";
  if (const auto all = numbers(value); all && all->empty()) return "None";  // no weights
  if (const auto* list = std::get_if<List>(&value); list && list->size() == 1)
    return fmt::format("({},)", list->front());
  return toText(value);
}

// Layers that check_layers.py has classes of its own for: what PyTorch lacks, or calls otherwise.
bool hasOwnClass(const layers::LayerSpec& layer) {
  static const std::set<std::string> kOwn{"adaptive_log_softmax",
                                          "attention",
                                          "concat",
                                          "cross_map_lrn2d",
                                          "contrastive",
                                          "conv_lstm",
                                          "ctc",
                                          "depthwise_conv2d",
                                          "drop_path",
                                          "embedding_bag",
                                          "gaussian_kl",
                                          "gaussian_noise",
                                          "gru",
                                          "info_nce",
                                          "irfft",
                                          "layer_scale",
                                          "lstm",
                                          "lstm_cell",
                                          "mel_spectrogram",
                                          "multihead_attention",
                                          "normalization",
                                          "parameter",
                                          "patch_embedding",
                                          "positional_encoding",
                                          "reparameterize",
                                          "rfft",
                                          "rnn",
                                          "rotary_encoding",
                                          "separable_conv2d",
                                          "spectrogram",
                                          "squeeze_excite",
                                          "swiglu",
                                          "transformer",
                                          "transformer_decoder",
                                          "transformer_decoder_layer",
                                          "transformer_encoder",
                                          "transformer_encoder_layer",
                                          "triplet_margin_with_distance"};
  return kOwn.contains(layer.id);
}

// The PyTorch module or function with the very same parameters, by their names; numbers behind `auto` filled in.
std::string torchExpression(const layers::LayerSpec& layer, const graph::Node& n, const layers::NodeReport& report) {
  if (layer.category == layers::Category::InputOutput) return "nn.Identity()";
  std::vector<std::string> arguments;
  std::string around = "{}";
  for (const ParamSpec& p : layer.params) {
    if (p.name == "parametrization") {
      const auto kind = std::get<std::string>(n.params.at(p.name));
      if (kind != "none") around = fmt::format("nn.utils.parametrizations.{}({{}})", kind);
      continue;
    }
    const auto inferred = report.inferred.find(p.name);
    arguments.push_back(fmt::format(
        "{}={}", p.name,
        inferred == report.inferred.end() ? pythonText(n.params.at(p.name)) : std::to_string(inferred->second)));
  }
  const bool module = layer.torchName.rfind("nn.", 0) == 0;
  if (const auto padding = n.params.find("padding");
      layer.category == layers::Category::Pooling && padding != n.params.end() && padding->second == Attribute("same"s))
    return fmt::format("same_pool({}, {})", layer.torchName, fmt::join(arguments, ", "));
  if (hasOwnClass(layer))
    return fmt::format("{}({})", module ? layer.torchName.substr(3) : layer.title, fmt::join(arguments, ", "));
  if (module)
    return fmt::format(fmt::runtime(around), fmt::format("{}({})", layer.torchName, fmt::join(arguments, ", ")));
  arguments.insert(arguments.begin(), {"'" + layer.torchName + "'", "'" + layer.id + "'"});
  return fmt::format("function({})", fmt::join(arguments, ", "));
}

// Runs one case in our engine and writes everything that PyTorch needs to repeat it.
void writeCase(const std::filesystem::path& folder, const std::string& name, const layers::LayerSpec& layer,
               const Setting& setting, DType dtype, Mode mode, bool channelsLast, Json& cases) {
  const graph::Document document = around(layer, setting);
  const layers::Lowered lowered = layers::lowerGraph(document);
  ASSERT_TRUE(lowered.ok()) << name << ": " << (lowered.diagnostics.empty() ? "" : lowered.diagnostics[0].text());
  engine::Network network(lowered.program, {"cpu", dtype, channelsLast});
  network.initialise(kSeed);
  std::vector<NamedTensor> tensors;
  for (NamedTensor& w : network.weights()) tensors.push_back({"weight:" + w.name, std::move(w.tensor)});

  std::mt19937 generator(5);
  std::vector<HostTensor> inputs;
  for (const program::Port& p : lowered.program.inputs)
    inputs.push_back(inputTensor(lowered.program.tensorType(p.value), setting, inputs.size(), dtype, generator));
  engine::Feeds feeds;
  for (const HostTensor& t : inputs) feeds.push_back(&t);
  std::vector<HostTensor> outputWeights, outputs;
  for (const program::Port& p : lowered.program.outputs)
    outputWeights.push_back(
        random(dtype, *program::evaluate(lowered.program.tensorType(p.value).shape, {{"N", kBatch}}), generator));
  const auto gradients = network.gradients(feeds, outputWeights, mode, &outputs);
  for (size_t i = 0; i < outputs.size(); ++i)
    EXPECT_EQ(outputs[i].shape, outputWeights[i].shape) << name << ": the inferred shape differs from the real one";

  Json entry{{"name", name},
             {"torch", ""},
             {"dtype", netwright::name(dtype)},
             {"train", mode == Mode::Train},
             {"seed", kSeed},
             {"draw", 0},
             {"inputs", Json::array()},
             {"conditions", Json::array()},
             {"outputs", outputs.size()}};
  const graph::Node* self = document.find({1});
  entry["torch"] = torchExpression(layer, *self, lowered.nodes.at({1}));
  for (const program::Op& op : lowered.program.ops)
    if (op.info->random) entry["draw"] = engine::randomSeed({}, op.id);
  for (size_t i = 0; i < inputs.size(); ++i) {
    entry["inputs"].push_back(lowered.program.inputs[i].name);
    entry["conditions"].push_back(setting.kind(i) == 'b');
    tensors.push_back({"input:" + lowered.program.inputs[i].name, inputs[i]});
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    tensors.push_back({fmt::format("output_weight:{}", i), outputWeights[i]});
    tensors.push_back({fmt::format("output:{}", i), outputs[i]});
  }
  for (const NamedTensor& g : gradients) tensors.push_back({"gradient:" + g.name, g.tensor});
  for (NamedTensor& w : network.weights()) tensors.push_back({"after:" + w.name, std::move(w.tensor)});
  cases.push_back(std::move(entry));
  writeFileAtomic(folder / (name + ".safetensors"), safetensorsBytes(tensors));
}

// What is listed above, or the layer at its defaults behind the first sample that it accepts.
std::vector<Setting> settingsOf(const layers::LayerSpec& layer) {
  static const auto kListed = test::layerSettings();
  if (const auto found = kListed.find(layer.id); found != kListed.end()) return found->second;
  const auto needed = static_cast<size_t>(std::count_if(layer.inputs.begin(), layer.inputs.end(),
                                                        [](const auto& p) { return !p.optional && p.when.empty(); }));
  for (const List& sample : {List{5, 8}, List{4, 8, 8}, List{4, 4, 6, 6}, List{12}}) {
    const Setting setting{std::vector<List>(needed, sample), {}};
    if (layers::lowerGraph(around(layer, setting)).ok()) return {setting};
  }
  return {};
}

TEST(Layers, AgreeWithTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layers::comparesOutputs(layer) || isTriedElsewhere(layer)) continue;  // see losses_test and own_losses_test
    const std::vector<Setting> all = settingsOf(layer);
    ASSERT_FALSE(all.empty()) << "No setting for the layer '" << layer.id << "': add one to layer_settings.cpp.";
    for (size_t i = 0; i < all.size(); ++i)
      for (const DType dtype : {DType::Float32, DType::Float64})
        for (const Mode mode : {Mode::Train, Mode::Eval})
          for (const bool channelsLast : {false, true})
            writeCase(folder.path(),
                      fmt::format("{}_{}_{}_{}{}", layer.id, i, netwright::name(dtype),
                                  mode == Mode::Train ? "train" : "eval", channelsLast ? "_last" : ""),
                      layer, all[i], dtype, mode, channelsLast, cases);
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_layers.py", folder.path());
}

// Differences of sum(output * weight) over small steps against the gradients, in float64 and training mode.
class GradientCheck {
 public:
  GradientCheck(std::string name, const layers::LayerSpec& layer, const Setting& setting)
      : name_(std::move(name)),
        lowered_(layers::lowerGraph(around(layer, setting))),
        network_(lowered_.program, {"cpu", DType::Float64, false}) {
    network_.initialise(kSeed);
    weights_ = network_.weights();
    std::mt19937 generator(7);
    const program::Bindings bindings{{"N", kBatch}};
    const auto sizes = [&](program::ValueId v) {
      return *program::evaluate(lowered_.program.tensorType(v).shape, bindings);
    };
    for (const program::Port& p : lowered_.program.inputs)
      inputs_.push_back(
          inputTensor(lowered_.program.tensorType(p.value), setting, inputs_.size(), DType::Float64, generator));
    for (const program::Port& p : lowered_.program.outputs)
      outputWeights_.push_back(random(DType::Float64, sizes(p.value), generator));
  }

  void run() {
    std::vector<HostTensor> outputs;
    for (const NamedTensor& g : gradientsNow(&outputs)) {
      HostTensor* x = find(g.name);
      ASSERT_TRUE(x) << name_ << ": gradient of an unknown " << g.name;
      const auto step = std::max<size_t>(1, x->as<double>().size() / 7);  // some of the numbers stand for all
      for (size_t i = 0; i < x->as<double>().size(); i += step) compare(g, *x, i);
      ++tensors;
    }
  }
  int tensors = 0;

 private:
  HostTensor* find(const std::string& name) {
    for (size_t i = 0; i < inputs_.size(); ++i)
      if (lowered_.program.inputs[i].name == name) return &inputs_[i];
    for (NamedTensor& w : weights_)
      if (w.name == name) return &w.tensor;
    return nullptr;
  }
  std::vector<NamedTensor> gradientsNow(std::vector<HostTensor>* outputs) {
    engine::Feeds feeds;
    for (const HostTensor& t : inputs_) feeds.push_back(&t);
    return network_.gradients(feeds, outputWeights_, Mode::Train, outputs);
  }
  double objective() {
    network_.setWeights(weights_);
    std::vector<HostTensor> outputs;
    (void)gradientsNow(&outputs);
    double sum = 0;
    for (size_t k = 0; k < outputs.size(); ++k)
      for (size_t i = 0; i < outputs[k].as<double>().size(); ++i)
        sum += outputs[k].as<double>()[i] * outputWeights_[k].as<double>()[i];
    return sum;
  }
  void compare(const NamedTensor& gradient, HostTensor& x, size_t i) {
    constexpr double kStep = 1e-6;
    const double before = x.as<double>()[i];
    x.as<double>()[i] = before + kStep;
    const double above = objective();
    x.as<double>()[i] = before - kStep;
    const double below = objective();
    x.as<double>()[i] = before;
    const double expected = (above - below) / (2 * kStep), found = gradient.tensor.as<double>()[i];
    EXPECT_NEAR(found, expected, 1e-6 * std::max(1.0, std::abs(expected)))
        << name_ << ", " << gradient.name << " at " << i;
  }

  std::string name_;
  layers::Lowered lowered_;
  engine::Network network_;
  std::vector<NamedTensor> weights_;
  std::vector<HostTensor> inputs_;
  std::vector<HostTensor> outputWeights_;
};

// Their gradient is zero or another than the slope by definition.
const std::set<std::string> kNotSmooth{"gaussian_nll", "detach", "max_unpool1d", "max_unpool2d", "max_unpool3d"};

// Some output has a gradient.
bool differentiable(const layers::LayerSpec& layer) {
  static const std::set<std::string> kWhole{"argmax",  "argmin",   "argsort", "any",   "all",
                                            "one_hot", "constant", "arange",  "random"};
  return layer.category != layers::Category::Comparison && !kWhole.contains(layer.id);
}

TEST(Layers, GradientsEqualSmallDifferences) {
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layers::comparesOutputs(layer) || isTriedElsewhere(layer) || kNotSmooth.contains(layer.id)) continue;
    const std::vector<Setting> all = settingsOf(layer);
    for (size_t i = 0; i < all.size(); ++i) {
      // By definition some rows get no gradient, or less, or are moved back; or singular vectors get none.
      const auto& params = all[i].params;
      const auto parametrization = params.find("parametrization");
      if (params.contains("padding_idx") || params.contains("max_norm") || params.contains("scale_grad_by_freq") ||
          (parametrization != params.end() && parametrization->second == Attribute("spectral_norm"s)))
        continue;
      GradientCheck check(fmt::format("{} {}", layer.id, i), layer, all[i]);
      check.run();
      EXPECT_TRUE(check.tensors > 0 || !differentiable(layer)) << layer.id << ": no gradient was checked";
    }
  }
}

// The whole digits CNN: initial weights of the modules in their order, to the bit.
TEST(Layers, InitialWeightsOfAWholeNetworkEqualTorchManualSeed) {
  const test::TempFolder folder;
  const graph::Document d = test::chain({1, 28, 28}, {{"conv2d", "conv1", {{"out_channels", int64_t{8}}}},
                                                      {"batch_norm2d", "bn", {}},
                                                      {"relu", "r", {}},
                                                      {"conv2d", "conv2", {{"out_channels", int64_t{4}}}},
                                                      {"flatten", "f", {}},
                                                      {"linear", "fc1", {}},
                                                      {"linear", "fc2", {{"out_features", int64_t{10}}}}});
  engine::Network network(layers::lowerGraph(d).program, {"cpu", DType::Float32, true});
  network.initialise(123);
  writeFileAtomic(folder / "weights.safetensors", safetensorsBytes(network.weights()));
  test::expectPeerAgrees("check_init.py", folder.path());
}

}  // namespace
}  // namespace netwright
