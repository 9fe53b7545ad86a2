// SPDX-License-Identifier: Apache-2.0
#include "core/engine/passes.h"

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include "core/layers/lower_graph.h"
#include "tests/support/graphs.h"

namespace netwright::engine {
namespace {

using List = std::vector<int64_t>;

// Loss and gradients of one training step, with the rewrites or without.
struct Outcome {
  std::vector<std::string> order;
  std::vector<at::Tensor> values;
};

Outcome train(const program::Program& program, bool rewritten) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU);
  generator.set_current_seed(3);
  std::vector<at::Tensor> slots(program.values.size());
  const auto slot = [&](program::ValueId v) -> at::Tensor& { return slots[static_cast<size_t>(v.index)]; };
  const auto sizes = [&](program::ValueId v) { return *program::evaluate(program.tensorType(v).shape, {{"N", 4}}); };
  const auto last = [](const at::Tensor& t) {
    return t.dim() == 4 ? at::empty_like(t, t.options(), at::MemoryFormat::ChannelsLast).copy_(t) : t;
  };
  for (const program::State& s : program.states)
    slot(s.value) = last(at::randn(sizes(s.value))).set_requires_grad(s.kind == program::StateKind::Parameter);
  slot(program.inputs[0].value) = last(at::randn(sizes(program.inputs[0].value)));
  slot(program.inputs[1].value) = at::randint(3, {4}, at::TensorOptions().dtype(at::kLong));
  const Plan plan = makePlan(program, {Mode::Train, true, true, rewritten});
  run(plan.forward, slots, {});
  slot(program.losses[0].value).backward();
  Outcome outcome;
  for (const Instruction& i : plan.forward) outcome.order.push_back(i.op->info->id());
  outcome.values.push_back(slot(program.losses[0].value));
  outcome.values.push_back(slot(program.outputs[0].value));
  for (const program::State& s : program.states) outcome.values.push_back(slot(s.value).grad());
  return outcome;
}

program::Program network(const Attributes& pool) {
  return layers::lowerGraph(
             test::chain({2, 9, 9}, {{"conv2d", "conv1", {{"out_channels", int64_t{4}}}},
                                     {"relu", "r1", {}},
                                     {"max_pool2d", "p1", pool},
                                     {"conv2d", "conv2", {{"out_channels", int64_t{3}}, {"padding", List{1, 1}}}},
                                     {"relu", "r2", {}},
                                     {"flatten", "f", {}},
                                     {"linear", "fc", {{"out_features", int64_t{3}}}}}),
             {{"cross_entropy", {}, 1, 0, "", "label", {DType::Int64, {}}}})
      .program;
}

TEST(Passes, ComputeTheSameBitsForwardAndBackward) {
  for (const Attributes& pool :
       std::vector<Attributes>{{}, {{"kernel_size", List{3, 3}}, {"stride", List{1, 2}}, {"padding", List{1, 1}}}}) {
    const program::Program p = network(pool);
    const Outcome plain = train(p, false), rewritten = train(p, true);
    EXPECT_EQ(plain.order[1], "relu");
    EXPECT_EQ(rewritten.order[1], "max_pool2d") << "the pass did nothing";
    for (size_t i = 0; i < plain.values.size(); ++i)
      EXPECT_TRUE(plain.values[i].equal(rewritten.values[i])) << "value " << i;
  }
}

TEST(Passes, LeaveWindowsAloneThatMightSeeNothing) {
  for (const Attributes& pool : std::vector<Attributes>{{{"ceil_mode", true}}, {{"dilation", List{2, 2}}}})
    EXPECT_EQ(train(network(pool), true).order[1], "relu");
}

TEST(Passes, LeaveAloneWhatIsReadTwice) {
  graph::Document d = test::chain({2, 4, 4}, {{"relu", "r", {}},
                                              {"max_pool2d", "p", {}},
                                              {"flatten", "f", {}},
                                              {"linear", "fc", {{"out_features", int64_t{3}}}}});
  d.nodes.push_back(test::node(50, "output", "rectified"));
  d.wires.push_back({{d.nodes[1].id, "y"}, {{50}, "x"}});
  const program::Program p =
      layers::lowerGraph(d, {{"cross_entropy", {}, 1, 0, "y", "label", {DType::Int64, {}}}}).program;
  EXPECT_EQ(makePlan(p, {Mode::Train, true, true, true}).forward[0].op->info->id(), "relu");
}

}  // namespace
}  // namespace netwright::engine
