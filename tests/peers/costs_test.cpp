// SPDX-License-Identifier: Apache-2.0
// Parameters and multiply-accumulates of every template beside what PyTorch counts in the same network
// (torch.utils.flop_counter), as exported.
#include <algorithm>

#include "core/convert/exporter.h"
#include "core/program/control.h"
#include "core/project/prepare.h"
#include "core/project/project.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

constexpr int64_t kSamples = 2;

std::vector<NamedTensor> zeros(const program::Program& program) {
  std::vector<NamedTensor> all;
  for (const program::State& s : program.states) {
    const program::TensorType& type = program.tensorType(s.value);
    all.push_back({s.name, HostTensor(type.dtype == DType::DefaultFloat ? DType::Float32 : type.dtype,
                                      *program::constants(type.shape))});
  }
  return all;
}

// The steps of a loop that the batch counts are taken for one.
bool countsSteps(const program::Program& program) {
  return std::any_of(program.ops.begin(), program.ops.end(), [](const program::Op& op) {
    return (op.info == &program::loopOp() && !program::loopOf(op).count) ||
           std::any_of(op.regions.begin(), op.regions.end(), [](const auto& r) { return countsSteps(*r); });
  });
}

TEST(Costs, OfEveryTemplateAreThoseThatPyTorchCounts) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const project::Template& t : project::templates()) {
    const project::Project given = t.project();
    const project::Prepared prepared = project::prepareWithoutData(given);
    ASSERT_TRUE(prepared.lowered.ok()) << t.id;
    const program::Program& program = prepared.lowered.program;
    const std::vector<NamedTensor> weights = zeros(program);
    const graph::Document& flat = prepared.lowered.flat(given.graph);
    const convert::ExportInput input{program, flat, weights, "Model", "0", "model", {}, {}, {}, &given.graph};
    convert::findExporter("pytorch")->write(input, folder / t.id);
    Json inputs = Json::array();
    for (const program::Port& p : program.inputs)
      inputs.push_back({{"shape", *program::evaluate(program.tensorType(p.value).shape, {{"N", kSamples}})},
                        {"whole", program.tensorType(p.value).dtype == DType::Int64}});
    const auto macs = program.macs().evaluate({{"N", kSamples}});
    ASSERT_TRUE(macs) << t.id;
    cases.push_back(
        {{"template", t.id}, {"inputs", inputs}, {"macs", *macs}, {"parameters", program.parameterCount()}});
    if (countsSteps(program)) cases.back()["macs"] = nullptr;
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_costs.py", folder.path());
}

}  // namespace
}  // namespace netwright
