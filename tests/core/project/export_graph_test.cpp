// SPDX-License-Identifier: Apache-2.0
#include "core/project/export_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/layers/lower_graph.h"
#include "tests/support/digits.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

using ::testing::HasSubstr;

TEST(ExportGraph, IsTheTrainedOneWithoutOptions) {
  const test::TempFolder folder;
  const Project p = test::makeTinyProject(folder.path());
  const ExportGraph made = exportGraph(p, {});
  EXPECT_EQ(made.graph, p.graph);
  EXPECT_TRUE(made.endings.empty());
}

TEST(ExportGraph, PutsProbabilitiesBehindTheScores) {
  const test::TempFolder folder;
  Project p = test::makeTinyProject(folder.path());
  const ExportGraph made = exportGraph(p, {{"probabilities", true}, {"output_names", std::string("chances")}});
  EXPECT_EQ(made.endings.at("chances"), "softmax");
  const auto lowered = layers::lowerGraph(made.graph);
  ASSERT_TRUE(lowered.ok());
  EXPECT_EQ(lowered.program.ops.back().info->id(), "softmax.int");
  EXPECT_EQ(lowered.program.outputs[0].name, "chances");
  p.run.objectives[0].terms[0].loss = "mse";
  EXPECT_THAT(test::messageOf([&] { exportGraph(p, {{"probabilities", true}}); }),
              HasSubstr("No output gives probabilities."));
}

TEST(ExportGraph, NamesMayBeExchanged) {
  Project p;
  for (const auto& [id, name, kind] : {std::tuple{1, "a", "input"}, {2, "b", "input"}, {3, "y", "output"}}) {
    graph::Node node;
    node.id = {id};
    node.name = name;
    node.kind = kind;
    p.graph.nodes.push_back(node);
  }
  const ExportGraph made = exportGraph(p, {{"input_names", std::string("b, a")}});
  EXPECT_EQ(made.graph.nodes[0].name, "b");
  EXPECT_EQ(made.inputs.at("b"), "a");
  EXPECT_EQ(made.inputs.at("a"), "b");
  const auto said = [&](const char* names) {
    return test::messageOf([&] { exportGraph(p, {{"input_names", std::string(names)}}); });
  };
  EXPECT_THAT(said("x"), HasSubstr("1 name(s) were given for 2 input(s). The network has: a, b."));
  EXPECT_THAT(said("x x"), HasSubstr("not all different"));
  EXPECT_THAT(said("x y"), HasSubstr("'y'")) << "an output is called so";
}

TEST(ExportGraph, EndingsAreThoseOfTheLayers) {
  HostTensor scores(DType::Float32, {2, 3});
  std::copy_n(std::vector<float>{0, 0, 0, 1000, 0, -1000}.begin(), 6, scores.as<float>().begin());
  const HostTensor chances = ended(scores, "softmax");
  EXPECT_FLOAT_EQ(chances.as<float>()[1], 1.0F / 3);
  EXPECT_FLOAT_EQ(chances.as<float>()[3], 1);
  EXPECT_FLOAT_EQ(ended(scores, "sigmoid").as<float>()[0], 0.5F);
  HostTensor images(DType::Float32, {1, 2, 2});
  images.as<float>()[0] = 5;
  EXPECT_FLOAT_EQ(ended(images, "softmax").as<float>()[0] + ended(images, "softmax").as<float>()[2], 1);
}

}  // namespace
}  // namespace netwright::project
