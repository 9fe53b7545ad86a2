// SPDX-License-Identifier: Apache-2.0
// P7: answers of exported networks. Writes each network as plain C++ with a program that times it, and as ONNX; times
// the engine. tests/bench/inference puts the arms together. One thread. Usage: nw_bench_inference write|time FOLDER
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "core/base/file.h"
#include "core/convert/comparison.h"
#include "core/convert/cpp/example.h"
#include "core/convert/exporter.h"
#include "core/engine/network.h"
#include "core/engine/process.h"
#include "core/layers/lower_graph.h"
#include "core/project/project.h"
#include "tests/support/graphs.h"

namespace {

using namespace netwright;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using List = std::vector<int64_t>;

struct Work {
  std::string name;
  graph::Document graph;
};

// The CNN of P3 and P5.
graph::Document cnn() {
  const auto conv = [](int64_t out) { return Attributes{{"out_channels", out}, {"padding", List{1, 1}}}; };
  return test::chain({1, 28, 28}, {{"conv2d", "conv1", conv(32)},
                                   {"relu", "relu1", {}},
                                   {"max_pool2d", "pool1", {}},
                                   {"conv2d", "conv2", conv(64)},
                                   {"relu", "relu2", {}},
                                   {"max_pool2d", "pool2", {}},
                                   {"flatten", "flat", {}},
                                   {"linear", "fc1", {{"out_features", int64_t{128}}}},
                                   {"relu", "relu3", {}},
                                   {"linear", "fc2", {{"out_features", int64_t{10}}}}});
}

// The transformer of P2: width 64, 4 heads, 2 blocks, 32 symbols.
graph::Document transformer() {
  graph::Document d;
  const auto add = [&](const std::string& kind, const std::string& name, const std::vector<std::string>& from,
                       const Attributes& params = {}) { test::add(d, {kind, name, params}, from); };
  add("input", "x", {}, {{"shape", List{32}}, {"dtype", std::string("int64")}});
  add("embedding", "words", {"x"}, {{"num_embeddings", int64_t{64}}, {"embedding_dim", int64_t{64}}});
  add("positional_encoding", "places", {"words"});
  std::string last = "places";
  for (const char* block : {"a", "b"}) {
    const auto name = [&](const char* part) { return fmt::format("{}.{}", block, part); };
    add("layer_norm", name("norm1"), {last});
    add("multihead_attention", name("attention"), {name("norm1")}, {{"num_heads", int64_t{4}}, {"is_causal", true}});
    add("add", name("sum1"), {name("attention"), last});
    add("layer_norm", name("norm2"), {name("sum1")});
    add("linear", name("fc1"), {name("norm2")}, {{"out_features", int64_t{256}}});
    add("gelu", name("gelu"), {name("fc1")});
    add("linear", name("fc2"), {name("gelu")}, {{"out_features", int64_t{64}}});
    add("add", name("sum2"), {name("fc2"), name("sum1")});
    last = name("sum2");
  }
  add("layer_norm", "norm", {last});
  add("linear", "head", {"norm"}, {{"out_features", int64_t{64}}});
  add("output", "y", {"head"});
  return d;
}

std::vector<Work> works() {
  std::vector<Work> list{{"cnn", cnn()}, {"transformer", transformer()}};
  constexpr int64_t kLarge = 1'000'000;  // weights; larger ones are what cnn() and transformer() stand for
  for (const project::Template& t : project::templates())
    if (const graph::Document graph = t.project().graph; layers::lowerGraph(graph).program.parameterCount() < kLarge)
      list.push_back({t.id, graph});
  return list;
}

constexpr int64_t kBatches[]{1, 64};

// Best of rounds that take some 20 ms each.
template <class F>
double milliseconds(F once) {
  const auto timed = [&](int64_t count) {
    const auto start = Clock::now();
    for (int64_t i = 0; i < count; ++i) once();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count() / static_cast<double>(count);
  };
  const auto count = static_cast<int64_t>(std::clamp(20 / timed(3), 3.0, 20000.0));
  double best = 1e9;
  for (int round = 0; round < 7; ++round) best = std::min(best, timed(count));
  return best;
}

std::string timer(const Work& work, const convert::cpp::Face& face) {
  std::string text = fmt::format(R"(#include <chrono>
#include <cstdio>
#include "{0}.h"
template <class F>
double milliseconds(F once) {{
  const auto timed = [&](std::int64_t count) {{
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < count; ++i) once();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() /
           static_cast<double>(count);
  }};
  const auto count = static_cast<std::int64_t>(std::min(std::max(20 / timed(3), 3.0), 20000.0));
  double best = 1e9;
  for (int round = 0; round < 7; ++round) best = std::min(best, timed(count));
  return best;
}}
int main() {{
  {0}::Model model("{0}.weights");
  for (const std::int64_t N : {{1, 64}}) {{
    const std::vector<{1}> x(static_cast<std::size_t>({2}), 0);
    std::printf("{3}/%d cpp %.6f ms\n", static_cast<int>(N), milliseconds([&] {{ model(x, N); }}));
  }}
}}
)",
                                 face.stem, face.inputs.at(0).element, face.inputs.at(0).count, work.name);
  return text;
}

void prepare(const Work& work, const fs::path& folder, bool write) {
  const layers::Lowered lowered = layers::lowerGraph(work.graph);
  engine::Network network(lowered.program, {"cpu", DType::Float32, true});
  network.initialise(0);
  if (!write) {
    for (const int64_t batch : kBatches) {
      const auto inputs = convert::sampleInputs(lowered.program, batch);
      std::printf("%s/%d engine %.6f ms\n", work.name.c_str(), static_cast<int>(batch),
                  milliseconds([&] { network.predict({&inputs[0].tensor}); }));
    }
    return;
  }
  const std::vector<NamedTensor> weights = network.weights();
  convert::ExportInput input{lowered.program, work.graph, weights, work.name, NETWRIGHT_VERSION};
  for (const convert::OutputFile& file : convert::findExporter("cpp")->files(input)) {
    fs::create_directories(folder / work.name);
    writeFileAtomic(folder / work.name / file.path, file.content);
  }
  writeFileAtomic(folder / work.name / "timer.cpp", timer(work, convert::cpp::faceOf(input)));
  convert::findExporter("onnx")->write(input, folder / work.name / "model.onnx");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 2 ? argv[1] : "";
  if (mode != "write" && mode != "time") return std::puts("usage: nw_bench_inference write|time FOLDER"), 2;
  engine::prepareProcess();
  engine::setThreads(1);
  for (const Work& work : works()) prepare(work, argv[2], mode == "write");
}
