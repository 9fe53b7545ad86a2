// SPDX-License-Identifier: Apache-2.0
// P15: ResNet-50 as an ONNX file on the disk, from the drawn graph and its weights. Prints "p15 netwright value ms",
// the median of seven. Usage: nw_bench_export FOLDER; the file is FOLDER/resnet50.onnx. tests/bench/export_onnx runs
// the peer.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/convert/exporter.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"

namespace {

using namespace netwright;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Pair = std::vector<int64_t>;

// He et al. 2015, table 1, 50 layers; the stride is in the 3 x 3 convolution, as in torchvision.
class ResNet50 {
 public:
  graph::Document document() {
    add("input", "image", {}, {{"shape", std::vector<int64_t>{3, 224, 224}}});
    NodeId x = unit("conv1", "bn1", last(), 64, 7, 2, 3);
    x = add("relu", "relu", {x});
    x = add("max_pool2d", "maxpool", {x},
            {{"kernel_size", Pair{3, 3}}, {"stride", Pair{2, 2}}, {"padding", Pair{1, 1}}});
    for (const auto& [layer, blocks] : {std::pair{1, 3}, {2, 4}, {3, 6}, {4, 3}})
      for (int i = 0; i < blocks; ++i) x = block(layer, i, x);
    x = add("adaptive_avg_pool2d", "avgpool", {x}, {{"output_size", Pair{1, 1}}});
    x = add("flatten", "flatten", {x});
    x = add("linear", "fc", {x}, {{"out_features", int64_t{1000}}});
    add("output", "scores", {x});
    return graph_;
  }

 private:
  NodeId last() const { return graph_.nodes.back().id; }

  NodeId add(const std::string& kind, const std::string& name, const std::vector<NodeId>& from,
             const Attributes& params = {}) {
    const layers::LayerSpec& layer = *layers::findLayer(kind);
    graph::Node node = layers::newNode(layer, graph_, {});
    node.name = name;
    for (const auto& [key, value] : params) node.params[key] = value;
    graph_.nodes.push_back(node);
    for (size_t i = 0; i < from.size(); ++i) {
      const graph::Node& source = *graph_.find(from[i]);
      graph_.wires.push_back(
          {{from[i], layers::findLayer(source.kind)->outputs.front().name}, {node.id, layer.inputs[i].name}});
    }
    return node.id;
  }

  NodeId unit(const std::string& conv, const std::string& norm, NodeId x, int64_t channels, int64_t kernel,
              int64_t stride, int64_t padding) {
    x = add("conv2d", conv, {x},
            {{"out_channels", channels},
             {"kernel_size", Pair{kernel, kernel}},
             {"stride", Pair{stride, stride}},
             {"padding", Pair{padding, padding}},
             {"bias", false}});
    return add("batch_norm2d", norm, {x});
  }

  NodeId block(int layer, int index, NodeId x) {
    const std::string at = "layer" + std::to_string(layer) + '.' + std::to_string(index) + '.';
    const int64_t width = int64_t{32} << layer, stride = layer > 1 && index == 0 ? 2 : 1;
    NodeId y = add("relu", at + "relu1", {unit(at + "conv1", at + "bn1", x, width, 1, 1, 0)});
    y = add("relu", at + "relu2", {unit(at + "conv2", at + "bn2", y, width, 3, stride, 1)});
    y = unit(at + "conv3", at + "bn3", y, 4 * width, 1, 1, 0);
    if (index == 0) x = unit(at + "downsample.0", at + "downsample.1", x, 4 * width, 1, stride, 0);
    return add("relu", at + "relu3", {add("add", at + "add", {y, x})});
  }

  graph::Document graph_;
};

std::vector<NamedTensor> weightsOf(const program::Program& program) {
  std::vector<NamedTensor> weights;
  for (const program::State& s : program.states) {
    const program::TensorType& type = program.tensorType(s.value);
    NamedTensor t{s.name, HostTensor(type.dtype == DType::DefaultFloat ? DType::Float32 : type.dtype,
                                     *program::constants(type.shape))};
    if (t.tensor.dtype == DType::Float32)
      for (size_t i = 0; i < t.tensor.as<float>().size(); ++i)
        t.tensor.as<float>()[i] = 0.001F + static_cast<float>(i % 89) / 8900;
    weights.push_back(std::move(t));
  }
  return weights;
}

// The largest resident size of this process so far, in MB.
double peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1000;
  return 0;
}

// Tells nothing, so that what the proof needs of memory is the reader's own.
class Silent final : public convert::Evaluator {
 public:
  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>&) override { return {}; }
  std::vector<NamedTensor> evaluateTorchScript(const fs::path&, const std::vector<NamedTensor>&) override { return {}; }
};

// A network with 2 GB of weights in eight layers, written and proven once: how much memory that needs beside the
// weights. What other processes (compiler, Python, engine) need is theirs: they are not asked.
void memory(const fs::path& folder, const std::string& format) {
  for (const char* asked : {"CXX", "NETWRIGHT_PYTHON"}) ::setenv(asked, "/nonexistent", 1);
  ::setenv("PATH", "/nonexistent", 1);
  graph::Document graph;
  const auto add = [&](const char* kind, const Attributes& params) {
    graph::Node node = layers::newNode(*layers::findLayer(kind), graph, {});
    for (const auto& [key, value] : params) node.params[key] = value;
    graph.nodes.push_back(node);
    if (graph.nodes.size() > 1) graph.wires.push_back({{graph.nodes[graph.nodes.size() - 2].id, "y"}, {node.id, "x"}});
  };
  add("input", {{"shape", std::vector<int64_t>{8000}}});
  for (int i = 0; i < 8; ++i) add("linear", {{"out_features", int64_t{8000}}});
  add("output", {});
  const layers::Lowered lowered = layers::lowerGraph(graph);
  const std::vector<NamedTensor> weights = weightsOf(lowered.program);
  const convert::ExportInput input{lowered.program, graph, weights, "large", "bench", "large.bin"};
  const double before = peakMemory();
  const auto start = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const convert::Exporter& exporter = *convert::findExporter(format);
  exporter.write(input, folder / "large.bin");
  std::printf("%s: %.0f MB with the weights alone, %.0f MB at most while writing (%.2fx), %.1f s\n", format.c_str(),
              before, peakMemory(), peakMemory() / before, seconds());
  Silent silent;
  (void)exporter.prove(input, folder / "large.bin", silent, {});
  std::printf("%s: %.0f MB at most with its proof (%.2fx), %.1f s in all\n", format.c_str(), peakMemory(),
              peakMemory() / before, seconds());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[2]) == "memory") return memory(argv[1], argv[3]), 0;
  if (argc != 2) return std::puts("usage: nw_bench_export FOLDER [memory FORMAT]"), 2;
  const graph::Document graph = ResNet50().document();
  const layers::Lowered lowered = layers::lowerGraph(graph);
  for (const Diagnostic& d : lowered.diagnostics) std::puts(d.text().c_str());
  const std::vector<NamedTensor> weights = weightsOf(lowered.program);
  const fs::path file = fs::path(argv[1]) / "resnet50.onnx";
  std::vector<double> times;
  for (int i = 0; i < 7; ++i) {
    const auto start = Clock::now();
    const layers::Lowered again = layers::lowerGraph(graph);  // as long as it takes from the drawn graph
    convert::findExporter("onnx")->write({again.program, graph, weights, "ResNet-50", "bench"}, file);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("p15 netwright %.4f ms\n", times[times.size() / 2]);
  std::fprintf(stderr, "%lld parameters, %.1f MB\n", static_cast<long long>(lowered.program.parameterCount()),
               static_cast<double>(fs::file_size(file)) / 1e6);
}
