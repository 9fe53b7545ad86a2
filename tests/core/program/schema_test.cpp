// SPDX-License-Identifier: Apache-2.0
#include "core/program/schema.h"

#include <gtest/gtest.h>

#include "core/program/catalogue.h"

namespace netwright::program {
namespace {

TEST(Schema, ReadsNamesTypesAndDefaults) {
  const Schema s = parseSchema(
      "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], str mode=\"zeros\", float "
      "eps=0.5, bool up=True, *, Scalar alpha=1) -> Tensor");
  EXPECT_EQ(s.id(), "conv2d");
  ASSERT_EQ(s.arguments.size(), 8u);
  EXPECT_EQ(s.arguments[2].type, "Tensor?");
  EXPECT_TRUE(std::holds_alternative<None>(*s.arguments[2].fallback));
  EXPECT_EQ(std::get<Shape>(*s.arguments[3].fallback), (Shape{1, 1}));
  EXPECT_EQ(std::get<std::string>(*s.arguments[4].fallback), "zeros");
  EXPECT_EQ(std::get<double>(*s.arguments[5].fallback), 0.5);
  EXPECT_EQ(std::get<bool>(*s.arguments[6].fallback), true);
  EXPECT_EQ(std::get<Dim>(*s.arguments[7].fallback), Dim(1));
  EXPECT_EQ(s.returns, std::vector<std::string>{"Tensor"});
}

TEST(Schema, ReadsOverloadsAliasesAndTuples) {
  const Schema s =
      parseSchema("aten::max.dim(Tensor(a!) self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)");
  EXPECT_EQ(s.id(), "max.dim");
  EXPECT_EQ(s.arguments[0].type, "Tensor");
  EXPECT_FALSE(s.arguments[1].fallback);
  EXPECT_EQ(s.returns.size(), 2u);
}

TEST(Catalogue, HoldsEachOpUnderItsId) {
  for (const auto& [id, info] : catalogue()) {
    EXPECT_EQ(id, info.schema.id());
    EXPECT_TRUE(info.infer) << id;
    for (const std::string& m : info.mutates) info.schema.index(m);  // asserts that the argument exists
  }
}

}  // namespace
}  // namespace netwright::program
