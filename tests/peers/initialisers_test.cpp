// SPDX-License-Identifier: Apache-2.0
// All of torch.nn.init against the installed PyTorch, to the bit for a seed.
#include <gtest/gtest.h>

#include "core/engine/network.h"
#include "core/engine/process.h"
#include "core/layers/lower_graph.h"
#include "core/project/check_training.h"
#include "core/run/initialiser.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

TEST(Initialisers, EqualTorchNnInitToTheBit) {
  engine::setThreads(1, 0);
  const test::TempFolder folder;
  const graph::Document d = test::chain(
      {3, 16, 16},
      {{"conv2d", "conv", {{"out_channels", int64_t{8}}}},
       {"conv2d", "grouped", {{"kernel_size", int64_t{5}}, {"groups", int64_t{2}}, {"out_channels", int64_t{8}}}},
       {"flatten", "flat", {}},
       {"linear", "wide", {{"out_features", int64_t{20}}}},
       {"linear", "tall", {{"out_features", int64_t{30}}}}});
  std::vector<run::Initialiser> cases;
  for (const run::InitialiserSpec& spec : run::initialisers())
    if (!spec.torchName.empty()) cases.push_back({"*", spec.id, {}, ""});
  for (const char* kind : {"kaiming_uniform", "kaiming_normal"}) {
    cases.push_back({"*", kind, {{"a", 0.3}, {"mode", std::string("fan_out")}}, ""});
    for (const char* function : {"relu", "tanh", "sigmoid", "selu", "linear"})
      cases.push_back({"*", kind, {{"nonlinearity", std::string(function)}}, ""});
  }
  cases.push_back({"*", "uniform", {{"a", -0.5}, {"b", 0.25}}, ""});
  cases.push_back({"*", "trunc_normal", {{"std", 0.02}}, ""});
  cases.push_back({"*", "trunc_normal", {{"mean", 0.1}, {"std", 2.0}, {"a", 1.5}, {"b", 2.0}}, ""});  // rejection
  cases.push_back({"*", "dirac", {{"groups", int64_t{2}}}, ""});
  cases.push_back({"*", "orthogonal", {{"gain", 1.4}}, ""});
  cases.push_back({"*", "sparse", {{"sparsity", 0.35}, {"std", 0.5}}, ""});
  Json list = Json::array();
  for (const run::Initialiser& one : cases) {
    program::Program program = layers::lowerGraph(d).program;
    run::RunConfig config;
    config.initialisers = {one};
    program.starts = project::startsOf(config, program);
    ASSERT_FALSE(program.starts.empty()) << one.kind;
    engine::Network network(std::move(program), {"cpu", DType::Float32, true});
    network.initialise(123);
    writeFileAtomic(folder / (std::to_string(list.size()) + ".safetensors"), safetensorsBytes(network.weights()));
    Json settings = Json::object();
    for (const auto& [name, value] : run::completeParams(one)) settings[name] = toJson(value);
    const std::string function = run::findInitialiser(one.kind)->torchName;
    list.push_back({function.substr(function.rfind('.') + 1), settings});
  }
  writeFileAtomic(folder / "cases.json", list.dump());
  test::expectPeerAgrees("check_initialisers.py", folder.path());
}

}  // namespace
}  // namespace netwright
