// SPDX-License-Identifier: Apache-2.0
// Control flow in PyTorch source. That it takes the engine's ways is in tests/peers/exported_models_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/convert/exporter.h"
#include "core/convert/pytorch/model_source.h"
#include "core/graph/expand.h"
#include "core/layers/lower_graph.h"
#include "tests/core/convert/pytorch/control_networks.h"

namespace netwright::convert::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string sourceOf(const graph::Document& drawn) { return pytorch::modelSource("Net", drawn).text; }

std::string sourceOf(const std::string& name) { return sourceOf(test::controlGraph(name)); }

TEST(ControlSource, ALoopIsAForOverItsBody) {
  const std::string text = sourceOf("counted");
  EXPECT_THAT(text, HasSubstr("        self.loop = Layer()\n"));
  EXPECT_THAT(text,
              HasSubstr("        for _ in range(3):\n            x = self.loop(x)  # (N, 6)\n        return x\n"));
}

TEST(ControlSource, TheBatchMayCount) {
  EXPECT_THAT(sourceOf("live count"),
              HasSubstr("        y = (x.abs().mean() * 10).int()  # int32 ()\n        for _ in range(int(y)):\n"
                        "            x = self.loop(x)  # (N, 6)\n"));
}

TEST(ControlSource, AConditionIsAWhile) {
  EXPECT_THAT(sourceOf("while"), HasSubstr("        again = y\n        while again:\n"
                                           "            x, again = self.loop(x)  # (N, 6)\n        return x\n"));
  EXPECT_THAT(sourceOf(numbered()), HasSubstr(R"(
        h = x
        again = True
        step = 0
        while again:
            h, again = self.until(h, torch.tensor(step, device=h.device))  # (N, 6)
            step += 1
        x = x.mean() > 0  # bool ()
        for _ in range(2 if x else 0):
            h = self.some(h)  # (N, 6)
        return h
)"));
}

TEST(ControlSource, ALoopMayEndEarlyAndStacksItsResults) {
  EXPECT_THAT(sourceOf("early exit"), HasSubstr(R"(
        steps = []
        for _ in range(5):
            x, again = self.loop(x)  # (N, 6)
            steps.append(x)
            if not again:
                break
        steps = torch.stack(steps, dim=1)  # (N, loop.steps, 6)
        y = steps.sum(dim=1)  # (N, 6)
)"));
}

TEST(ControlSource, WhatIsCarriedMayChangePlaces) {
  EXPECT_THAT(sourceOf(exchanged()), HasSubstr(R"(
        for _ in range(3):
            next_y = self.loop(x)  # (N, 6)
            old.append(x)
            x, y = y, next_y
)"));
}

TEST(ControlSource, AScanGoesAlongTheSteps) {
  EXPECT_THAT(sourceOf("scan"), HasSubstr(R"(
        for x_t in x.unbind(1):
            start = self.scan(start, x_t, y)  # (N, 6)
            all_.append(start)
        all_ = torch.stack(all_, dim=1)  # (N, 4, 6)
)"));
}

TEST(ControlSource, AMapTakesOnePartAfterTheOther) {
  EXPECT_THAT(sourceOf("mixture of experts"), HasSubstr(R"(
        for x_i in x.split(1, dim=0):
            y_i = self.each(x_i)  # (1, 6)
            y.append(y_i)
        y = torch.cat(y, dim=0)  # (N, 6)
)"));
}

TEST(ControlSource, AnIfIsAnIf) {
  EXPECT_THAT(sourceOf("if"), HasSubstr(R"(
        y = x.mean() > 0  # bool ()
        if y:
            x = self.way.then(x)  # (N, 6)
        else:
            x = self.way.otherwise(x)  # (N, 6)
)"));
  EXPECT_THAT(sourceOf(skipped()), HasSubstr("        if not y:\n            x = self.way.otherwise(x)  # (N, 6)\n"));
}

TEST(ControlSource, ASwitchTakesFromAListOrIsAChain) {
  EXPECT_THAT(sourceOf("switch"), HasSubstr("        x = self.way[int(y)](x)  # (N, 6)\n"));
  EXPECT_THAT(sourceOf(insideBlocks()), HasSubstr(R"(
        if which == 0:
            y = self.way[0](y)  # (N, 6)
        else:
            y = self.way[1](y, all_)  # (N, 6)
)"));
}

TEST(ControlSource, BlocksWithControlFlowShareClassesToo) {
  const std::string text = sourceOf(insideBlocks());
  EXPECT_THAT(text, HasSubstr("        self.one = Whole()\n        self.two = Whole()\n"));
  EXPECT_THAT(text, HasSubstr("        x = self.two(x)  # (N, 4, 6)\n        x = self.one(x)  # (N, 4, 6)\n"));
  EXPECT_THAT(text, Not(HasSubstr("Whole2")));
}

TEST(ControlSource, TellsWhatDrawsInEveryStep) {
  graph::Document d = withInput();
  const BlockId body = test::define(d, "Drop", {"h"}, {{{"dropout", "drop", {}}, {"h"}}, {result("y"), {"drop"}}});
  test::addControl(d, {"loop", "loop", {{"count", int64_t{2}}}}, {body}, {"h=x"});
  test::add(d, {"output", "out", {}}, {"loop:y"});
  const pytorch::ModelSource source = pytorch::modelSource("Net", d);
  EXPECT_TRUE(source.random.contains("loop.drop"));
  EXPECT_THAT(source.otherStart, HasSubstr("draws anew in every step of a loop"));
}

TEST(ControlSource, TheFormatHoldsControlFlow) {
  const layers::Lowered lowered = layers::lowerGraph(insideBlocks());
  for (const program::Op& op : lowered.program.ops)
    EXPECT_EQ(findExporter("pytorch")->refusal(lowered.program, op), std::nullopt) << op.layer;
}

TEST(ControlSource, ShortExpressionsStandInForwardUnderItsNames) {
  EXPECT_THAT(sourceOf(sameNames()), HasSubstr(R"(
    def forward(self, x):
        dim = x.sum(dim=1, keepdim=True)
        y = x - dim  # (N, 6)
        x_1 = y + 1
        y_1 = x_1.mean(dim=-1, keepdim=True) * x_1  # (N, 6)
        z = x_1 * y  # (N, 6)
        y, z = (y_1 * z).chunk(2, dim=1)  # (N, 3)
        x = torch.cat([z, y, x], dim=1)  # (N, 12)
        return x
)"));
}

}  // namespace
}  // namespace netwright::convert::testing
