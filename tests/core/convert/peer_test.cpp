// SPDX-License-Identifier: Apache-2.0
// Exports against the real readers: ONNX checker, ONNX Runtime, PyTorch and safetensors, by
// tests/peers/check_exports.py.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/safetensors.h"
#include "core/convert/model_part.h"
#include "core/convert/pytorch/op_source.h"
#include "tests/core/convert/sample_networks.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;

fs::path peerPython() {
  if (const char* given = std::getenv("NW_PEER_PY")) return given;
  const char *cache = std::getenv("XDG_CACHE_HOME"), *home = std::getenv("HOME");
  return (cache ? fs::path(cache) : fs::path(home ? home : "/") / ".cache") / "netwright-peers" / "bin" / "python";
}

// Where a small difference of the inputs may make a large one of the results: not compared in float16.
bool jumps(const program::Program& program) {
  static const std::set<std::string> kJumps{"ceil", "div.Tensor_mode",  "floor", "fmod.Tensor",
                                            "frac", "remainder.Tensor", "round", "sign",
                                            "sort", "threshold",        "topk",  "trunc"};
  const auto ops = modelPart(program).ops;
  return std::any_of(ops.begin(), ops.end(), [](const program::Op* op) {
    return !op->info->differentiable || kJumps.contains(op->info->id());
  });
}

// Draws its values in evaluation too.
bool draws(const program::Program& program) {
  const auto ops = modelPart(program).ops;
  return std::any_of(ops.begin(), ops.end(),
                     [](const program::Op* op) { return op->info->random && op->info->id().rfind("rand", 0) == 0; });
}

// What check_exports.py needs to know of one network.
Json describe(const Network& network) {
  Json states = Json::object(), inputs = Json::array(), outputs = Json::array();
  for (const program::State& s : network.lowered.program.states)
    states[s.name] = {{"shape", *program::constants(network.lowered.program.tensorType(s.value).shape)},
                      {"parameter", s.kind == program::StateKind::Parameter}};
  for (const program::Port* p : modelPart(network.lowered.program).inputs) inputs.push_back(p->name);
  for (const program::Port& p : network.lowered.program.outputs) outputs.push_back(p.name);
  return {{"name", network.name},
          {"states", states},
          {"inputs", inputs},
          {"outputs", outputs},
          {"onnx", !refuses(*findExporter("onnx"), network)},
          {"jumps", jumps(network.lowered.program)},
          {"draws", draws(network.lowered.program)}};
}

void save(const Network& network, const fs::path& stem) {
  for (const auto& exporter : registry())
    if (!refuses(*exporter, network)) exporter->write(network.input(), outputName(stem.string(), *exporter));
  const Exporter& onnx = *findExporter("onnx");
  const bool asOnnx = !refuses(onnx, network);
  std::vector<NamedTensor> exchange;
  for (const int64_t batch : {1, 7})
    for (const NamedTensor& t : sampleInputs(network.lowered.program, batch))
      exchange.push_back({fmt::format("{}/in/{}", batch, t.name), t.tensor});
  if (asOnnx) {
    for (const int64_t opset : {18, 20, 22})
      onnx.write(network.input({{"opset", opset}}), fmt::format("{}.{}.onnx", stem.string(), opset));
    for (const int64_t batch : {1, 7})
      onnx.write(network.input({{"batch", batch}, {"external_data", true}}),
                 fmt::format("{}.b{}.onnx", stem.string(), batch));
    // A number that float16 does not reach is refused, and so is the check of it.
    try {
      onnx.write(network.input({{"dtype", std::string("float16")}}), stem.string() + ".half.onnx");
    } catch (const Error& e) {
      EXPECT_NE(e.why.find("float16 ends at"), std::string::npos) << network.name << ": " << e.title << ' ' << e.why;
      EXPECT_EQ(network.name.rfind("nan_to_num", 0), 0u) << network.name << ": " << e.why;
    }
    const onnx::Model model = onnx::parse(readFile(stem.string() + ".onnx"), "model");
    for (const int64_t batch : {1, 7})
      for (NamedTensor& t : onnx::evaluate(model, sampleInputs(network.lowered.program, batch)))
        exchange.push_back({fmt::format("{}/out/{}", batch, t.name), t.tensor});
  }
  writeFileAtomic(stem.string() + ".expected", safetensorsBytes(exchange));
}

TEST(Peers, ReadOurExportsAndComputeTheSame) {
  const fs::path python = peerPython();
  ASSERT_TRUE(fs::exists(python))
      << python.string() << " is missing: it holds the real readers (PyTorch, ONNX Runtime, "
      << "safetensors). Run ./test, which installs it, or set NW_PEER_PY to a Python that has them.";
  const std::vector<NetworkPtr> networks = sampleNetworks();
  const TemporaryFolder folder;
  Json cases = Json::array();
  int number = 0;
  for (const NetworkPtr& n : networks) {
    const std::string stem = fmt::format("{:03}", ++number);
    try {
      save(*n, folder.path() / stem);
      cases.push_back(describe(*n));
      cases.back()["stem"] = stem;
    } catch (const Error& e) {
      ADD_FAILURE() << n->name << ": " << e.title << ' ' << e.why;
    }
  }
  writeFileAtomic(folder.path() / "cases.json", cases.dump(1));

  const std::string command = fmt::format("'{}' '{}/tests/peers/check_exports.py' '{}' 2>&1", python.string(),
                                          NETWRIGHT_SOURCE_DIR, folder.path().string());
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_TRUE(pipe);
  std::string said;
  char buffer[4096];
  while (const size_t n = fread(buffer, 1, sizeof(buffer), pipe)) said.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << said;
  std::fputs(said.c_str(), stdout);
}

TEST(Peers, PyTorchHasEveryFunctionThatOpsAreWrittenAs) {
  std::string names;
  for (const auto& [id, op] : program::catalogue()) names += pytorch::functionOf(op) + ", ";
  const std::string command =
      fmt::format("'{}' -c 'import torch; from torch.nn import functional as F; print(len([{}]))' 2>&1",
                  peerPython().string(), names);
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_TRUE(pipe);
  std::string said;
  char buffer[4096];
  while (const size_t n = fread(buffer, 1, sizeof(buffer), pipe)) said.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << said;
}

}  // namespace
}  // namespace netwright::convert::testing
