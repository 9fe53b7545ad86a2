// SPDX-License-Identifier: Apache-2.0
// Every registered layer against torch.nn: shapes, initial weights to the bit, forward, all gradients, running
// statistics.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <random>

#include "core/engine/network.h"
#include "core/engine/plan.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

using netwright::test::node;
using namespace std::string_literals;

constexpr uint64_t kSeed = 17;
constexpr int64_t kBatch = 3;

// Legal settings to try: parameters and the sizes of the inputs without the batch, for the first ports of the layer;
// the others stay without a wire. The defaults are tried too.
struct Setting {
  std::vector<std::vector<int64_t>> inputs;
  Attributes params;
  int64_t indices = 0;  // inputs are int64 numbers below this; 0: they are float
};
using List = std::vector<int64_t>;

std::map<std::string, std::vector<Setting>> settings() {
  return {
      {"input", {{{{3, 4}}, {}}}},
      {"output", {{{{3, 4}}, {}}}},
      {"linear", {{{{7}}, {}}, {{{2, 5}}, {{"out_features", int64_t{3}}, {"bias", false}}}}},
      {"conv2d",
       {{{{3, 9, 8}}, {}},
        {{{1, 7, 7}},
         {{"out_channels", int64_t{4}}, {"kernel_size", List{5, 2}}, {"padding", List{2, 0}}, {"stride", List{2, 1}}}},
        {{{4, 9, 9}},
         {{"out_channels", int64_t{6}}, {"groups", int64_t{2}}, {"dilation", List{2, 2}}, {"bias", false}}},
        {{{4, 6, 6}}, {{"out_channels", int64_t{8}}, {"groups", int64_t{4}}, {"kernel_size", int64_t{1}}}}}},
      {"max_pool2d",
       {{{{2, 6, 6}}, {}},
        {{{2, 7, 9}}, {{"kernel_size", List{3, 2}}, {"stride", List{2, 3}}, {"padding", List{1, 1}}}},
        {{{1, 5, 6}}, {{"ceil_mode", true}}},
        {{{1, 8, 8}}, {{"dilation", List{2, 2}}, {"stride", int64_t{1}}}}}},
      {"flatten",
       {{{{2, 3, 4}}, {}},
        {{{2, 3, 4}}, {{"start_dim", int64_t{2}}, {"end_dim", int64_t{3}}}},
        {{{5}}, {{"start_dim", int64_t{0}}}}}},
      {"relu", {{{{3, 4, 2}}, {}}}},
      {"softmax", {{{{5}}, {}}, {{{3, 4}}, {{"dim", int64_t{1}}}}}},
      {"dropout", {{{{20}}, {}}, {{{4, 3}}, {{"p", 0.1}}}, {{{4}}, {{"p", int64_t{0}}}}}},
      {"batch_norm2d",
       {{{{3, 4, 4}}, {}},
        {{{2, 3, 3}}, {{"momentum", 0.3}, {"eps", 1e-3}, {"affine", false}}},
        {{{2, 3, 3}}, {{"track_running_stats", false}}}}},
      {"batch_norm1d",
       {{{{5}}, {}},
        {{{3, 7}}, {{"momentum", 0.3}, {"eps", 1e-3}, {"affine", false}}},
        {{{3, 4}}, {{"track_running_stats", false}}}}},
      {"layer_norm",
       {{{{7}}, {}},
        {{{3, 4}}, {{"normalized_shape", List{3, 4}}, {"eps", 1e-3}}},
        {{{2, 3, 5}}, {{"bias", false}}},
        {{{3, 4}}, {{"elementwise_affine", false}, {"normalized_shape", int64_t{4}}}}}},
      {"conv1d",
       {{{{3, 9}}, {}},
        {{{4, 12}},
         {{"out_channels", int64_t{6}}, {"kernel_size", int64_t{4}}, {"stride", int64_t{2}}, {"padding", int64_t{3}}}},
        {{{4, 11}},
         {{"out_channels", int64_t{6}}, {"groups", int64_t{2}}, {"dilation", int64_t{3}}, {"bias", false}}}}},
      {"conv_transpose2d",
       {{{{3, 4, 5}}, {}},
        {{{2, 4, 3}},
         {{"out_channels", int64_t{4}},
          {"kernel_size", List{3, 4}},
          {"stride", List{2, 3}},
          {"padding", List{1, 2}},
          {"output_padding", List{1, 2}}}},
        {{{4, 3, 3}},
         {{"out_channels", int64_t{6}},
          {"groups", int64_t{2}},
          {"dilation", List{2, 3}},
          {"output_padding", List{1, 2}},
          {"stride", int64_t{1}},
          {"bias", false}}}}},
      {"avg_pool2d",
       {{{{2, 6, 6}}, {}},
        {{{2, 7, 9}}, {{"kernel_size", List{3, 2}}, {"stride", List{2, 3}}, {"padding", List{1, 1}}}},
        {{{1, 5, 6}}, {{"ceil_mode", true}}},
        {{{1, 6, 8}},
         {{"kernel_size", List{3, 3}},
          {"stride", List{2, 2}},
          {"padding", List{1, 1}},
          {"ceil_mode", true},
          {"count_include_pad", false}}},
        {{{1, 6, 8}},
         {{"kernel_size", List{3, 3}}, {"stride", List{2, 2}}, {"padding", List{1, 1}}, {"ceil_mode", true}}},
        {{{2, 5, 5}}, {{"divisor_override", int64_t{3}}, {"padding", List{1, 0}}}}}},
      {"adaptive_avg_pool2d",
       {{{{3, 5, 7}}, {}}, {{{2, 6, 8}}, {{"output_size", List{3, 4}}}}, {{{2, 5, 7}}, {{"output_size", List{3, 4}}}}}},
      {"mean_pool", {{{{5, 3}}, {}}, {{{4, 3, 2}}, {{"dim", int64_t{-1}}, {"keepdim", true}}}}},
      {"reshape", {{{{3, 4}}, {}}, {{{3, 4}}, {{"shape", List{2, -1, 3}}}}, {{{2, 3, 4}}, {{"shape", List{4, 6}}}}}},
      {"transpose", {{{{5, 3}}, {}}, {{{4, 3, 2}}, {{"dim0", int64_t{-1}}, {"dim1", int64_t{1}}}}}},
      {"positional_encoding",
       {{{{5, 6}}, {}}, {{{4, 7}}, {{"kind", "sinusoidal"s}}}, {{{3, 2}}, {{"max_len", int64_t{3}}}}}},
      {"leaky_relu", {{{{3, 4, 2}}, {}}, {{{5}}, {{"negative_slope", 0.2}}}}},
      {"gelu", {{{{3, 4}}, {}}, {{{3, 4, 5}}, {{"approximate", std::string("tanh")}}}}},
      {"silu", {{{{3, 4, 2}}, {}}}},
      {"sigmoid", {{{{3, 4, 2}}, {}}}},
      {"tanh", {{{{3, 4, 2}}, {}}}},
      {"multiply", {{{{3, 4}, {3, 4}}, {}}, {{{2, 3, 4}, {1, 1, 4}}, {}}}},
      {"concat",
       {{{{3, 4}, {2, 4}}, {}},
        {{{3}, {1}, {2}, {5}, {1}, {2}, {3}, {4}}, {{"dim", int64_t{-1}}}},
        {{{2, 3, 3}, {2, 3, 4}, {2, 3, 1}}, {{"dim", int64_t{3}}}},
        {{{2, 3}, {2, 3}}, {{"dim", int64_t{0}}}}}},
      {"embedding",
       {{{{4}}, {{"num_embeddings", int64_t{9}}, {"embedding_dim", int64_t{5}}}, 9},
        {{{2, 3}}, {{"num_embeddings", int64_t{6}}, {"embedding_dim", int64_t{3}}, {"padding_idx", int64_t{0}}}, 6},
        {{{3}}, {{"num_embeddings", int64_t{4}}, {"embedding_dim", int64_t{2}}, {"padding_idx", int64_t{-1}}}, 4},
        {{{}}, {{"num_embeddings", int64_t{2}}, {"embedding_dim", int64_t{1}}, {"padding_idx", int64_t{1}}}, 2}}},
      {"lstm",
       {{{{5, 7}}, {{"hidden_size", int64_t{6}}}},
        {{{1, 3}}, {{"hidden_size", int64_t{1}}, {"bias", false}}},
        {{{4, 5}, {1, 3}}, {{"hidden_size", int64_t{3}}}},
        {{{4, 5}, {4, 3}, {4, 3}},
         {{"hidden_size", int64_t{3}}, {"num_layers", int64_t{2}}, {"bidirectional", true}, {"dropout", 0.4}}},
        {{{6, 2}}, {{"hidden_size", int64_t{4}}, {"num_layers", int64_t{3}}, {"bidirectional", true}, {"bias", false}}},
        {{{3, 4}}, {{"hidden_size", int64_t{5}}, {"num_layers", int64_t{2}}, {"dropout", 0.5}}}}},
      {"multihead_attention",
       {{{{5, 8}}, {}},
        {{{6, 6}}, {{"num_heads", int64_t{3}}, {"bias", false}, {"is_causal", true}}},
        {{{3, 8}, {5, 8}}, {{"num_heads", int64_t{2}}}},
        {{{3, 4}, {5, 4}, {5, 4}}, {{"num_heads", int64_t{1}}, {"bias", false}}},
        {{{4, 8}}, {{"dropout", 0.3}}},
        {{{4, 8}}, {{"dropout", 0.2}, {"is_causal", true}}}}},
      {"add", {{{{3, 4}, {3, 4}}, {}}, {{{3, 4}, {1, 4}}, {}}, {{{2, 3, 4}, {1, 1, 4}}, {}}}},
  };
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

HostTensor inputTensor(const program::TensorType& type, const Setting& setting, DType dtype, std::mt19937& generator) {
  const auto shape = *program::evaluate(type.shape, {{"N", kBatch}});
  if (type.dtype != DType::Int64) return random(dtype, shape, generator);
  HostTensor t(DType::Int64, shape);
  for (int64_t& v : t.as<int64_t>()) v = static_cast<int64_t>(generator() % static_cast<uint64_t>(setting.indices));
  return t;
}

// A graph of one layer between its inputs ("a", "b", ...) and outputs "out", "out_h_n", ...
graph::Document around(const layers::LayerSpec& layer, const Setting& setting) {
  graph::Document d;
  if (layer.id == "input" || layer.id == "output") return test::chain(setting.inputs.front(), {});
  d.nodes.push_back(node(1, layer.id, "layer", setting.params));
  for (size_t i = 0; i < setting.inputs.size(); ++i) {
    d.nodes.push_back(node(static_cast<int64_t>(i) + 2, "input", std::string(1, static_cast<char>('a' + i)),
                           {{"shape", setting.inputs[i]}, {"dtype", setting.indices ? "int64"s : "float"s}}));
    d.wires.push_back({{d.nodes.back().id, "y"}, {{1}, layer.inputs[i].name}});
  }
  for (size_t i = 0; i < layer.outputs.size(); ++i) {
    const std::string& port = layer.outputs[i].name;
    d.nodes.push_back(node(static_cast<int64_t>(i) + 99, "output", i == 0 ? "out" : "out_" + port));
    d.wires.push_back({{{1}, port}, {d.nodes.back().id, "x"}});
  }
  return d;
}

std::string pythonText(const Attribute& value) {
  if (std::holds_alternative<None>(value)) return "None";
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "True" : "False";
  if (const auto* s = std::get_if<std::string>(&value)) return "'" + *s + "'";
  return toText(value);
}

// The PyTorch module with the very same parameters, by their names; numbers behind `auto` filled in.
std::string torchExpression(const layers::LayerSpec& layer, const graph::Node& n, const layers::NodeReport& report) {
  const auto text = [&](const char* param) { return pythonText(n.params.at(param)); };
  if (layer.id == "add") return "torch.add";
  if (layer.id == "multiply") return "torch.mul";
  if (layer.id == "mean_pool") return fmt::format("lambda x: x.mean(dim={}, keepdim={})", text("dim"), text("keepdim"));
  if (layer.id == "reshape")
    return fmt::format("lambda x: x.reshape(x.shape[0], *[{}])", fmt::join(std::get<List>(n.params.at("shape")), ", "));
  if (layer.id == "transpose") return fmt::format("lambda x: x.transpose({}, {})", text("dim0"), text("dim1"));
  // check_layers.py has modules of its own for what PyTorch lacks or calls otherwise: samples first, masks by a flag.
  const bool own = layer.id == "concat" || layer.id == "lstm" || layer.id == "multihead_attention" ||
                   layer.id == "positional_encoding";
  if (layer.torchName.rfind("nn.", 0) != 0 && !own) return "nn.Identity()";
  std::vector<std::string> arguments;
  for (const ParamSpec& p : layer.params) {
    const auto inferred = report.inferred.find(p.name);
    arguments.push_back(fmt::format(
        "{}={}", p.name,
        inferred == report.inferred.end() ? pythonText(n.params.at(p.name)) : std::to_string(inferred->second)));
  }
  return fmt::format("{}({})", own ? layer.title : layer.torchName, fmt::join(arguments, ", "));
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
    inputs.push_back(inputTensor(lowered.program.tensorType(p.value), setting, dtype, generator));
  engine::Feeds feeds;
  for (const HostTensor& t : inputs) feeds.push_back(&t);
  std::vector<HostTensor> outputWeights, outputs;
  for (const program::Port& p : lowered.program.outputs)
    outputWeights.push_back(
        random(dtype, *program::evaluate(lowered.program.tensorType(p.value).shape, {{"N", kBatch}}), generator));
  const auto gradients = network.gradients(feeds, outputWeights, mode, &outputs);
  for (size_t i = 0; i < outputs.size(); ++i)
    EXPECT_EQ(outputs[i].shape, outputWeights[i].shape) << name << ": the inferred shape differs from the real one";

  Json entry{{"name", name},  {"torch", ""}, {"dtype", netwright::name(dtype)}, {"train", mode == Mode::Train},
             {"seed", kSeed}, {"draw", 0},   {"inputs", Json::array()},         {"outputs", outputs.size()}};
  const graph::Node* self = document.find({1});
  entry["torch"] = torchExpression(layer, *self, lowered.nodes.at({1}));
  for (const program::Op& op : lowered.program.ops)
    if (op.info->random) entry["draw"] = engine::randomSeed({}, op.id);
  for (size_t i = 0; i < inputs.size(); ++i) {
    entry["inputs"].push_back(lowered.program.inputs[i].name);
    tensors.push_back({"input:" + lowered.program.inputs[i].name, inputs[i]});
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    tensors.push_back({fmt::format("output_weight:{}", i), outputWeights[i]});
    tensors.push_back({fmt::format("output:{}", i), outputs[i]});
  }
  for (const NamedTensor& g : gradients) tensors.push_back({"gradient:" + g.name, g.tensor});
  cases.push_back(std::move(entry));
  writeFileAtomic(folder / (name + ".safetensors"), safetensorsBytes(tensors));
}

TEST(Layers, AgreeWithTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  const auto all = settings();
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layer.category == layers::Category::Loss) continue;  // see losses_test
    const auto found = all.find(layer.id);
    ASSERT_NE(found, all.end()) << "No setting for the layer '" << layer.id << "': add one to settings() above.";
    for (size_t i = 0; i < found->second.size(); ++i)
      for (const DType dtype : {DType::Float32, DType::Float64})
        for (const Mode mode : {Mode::Train, Mode::Eval})
          for (const bool channelsLast : {false, true})
            writeCase(folder.path(),
                      fmt::format("{}_{}_{}_{}{}", layer.id, i, netwright::name(dtype),
                                  mode == Mode::Train ? "train" : "eval", channelsLast ? "_last" : ""),
                      layer, found->second[i], dtype, mode, channelsLast, cases);
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
      inputs_.push_back(inputTensor(lowered_.program.tensorType(p.value), setting, DType::Float64, generator));
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

TEST(Layers, GradientsEqualSmallDifferences) {
  const auto all = settings();
  for (const layers::LayerSpec& layer : layers::registry()) {
    const auto found = all.find(layer.id);
    if (found == all.end()) continue;  // losses; others are missed by AgreeWithTorch
    for (size_t i = 0; i < found->second.size(); ++i) {
      if (found->second[i].params.contains("padding_idx")) continue;  // by definition its row gets no gradient
      GradientCheck check(fmt::format("{} {}", layer.id, i), layer, found->second[i]);
      check.run();
      EXPECT_GT(check.tensors, 0) << layer.id << ": no gradient was checked";
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
