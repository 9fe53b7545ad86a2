// SPDX-License-Identifier: Apache-2.0
#include "core/base/attribute.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/json.h"

namespace netwright {
namespace {

using Ints = std::vector<int64_t>;

TEST(Attribute, RoundTripsThroughJsonAndText) {
  const std::vector<std::tuple<Attribute, std::string, std::string>> cases{
      {None{}, "null", "none"},
      {Auto{}, "\"auto\"", "auto"},
      {true, "true", "true"},
      {int64_t{-3}, "-3", "-3"},
      {0.5, "0.5", "0.5"},
      {3.0, "3.0", "3"},
      {std::string("same"), "\"same\"", "same"},
      {Ints{3, 5}, "[3,5]", "(3, 5)"},
      {Ints{}, "[]", "()"},
      {INT64_MAX, "9223372036854775807", "9223372036854775807"},
  };
  for (const auto& [value, json, text] : cases) {
    EXPECT_EQ(toJson(value).dump(), json);
    EXPECT_EQ(attributeFromJson(Json::parse(json), "test"), value) << json;
    EXPECT_EQ(toText(value), text);
  }
}

TEST(Attribute, WholeNumbersAndFractionsAreDifferentKinds) {
  EXPECT_TRUE(std::holds_alternative<int64_t>(attributeFromJson(Json::parse("1"), "test")));
  EXPECT_TRUE(std::holds_alternative<double>(attributeFromJson(Json::parse("1.0"), "test")));
}

std::string message(const char* json) {
  try {
    attributeFromJson(Json::parse(json), "conv1.padding");
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, ErrorKind::Input);
    EXPECT_EQ(e.next, "Use null, \"auto\", true, false, a number, a text or a list of numbers.");
    return e.title;
  }
  return "";
}

TEST(Attribute, RefusesWhatNoParameterCanHold) {
  EXPECT_EQ(message(R"({"x": 1})"), "conv1.padding holds {\"x\":1}, which is not a parameter value.");
  EXPECT_EQ(message(R"([1, "a"])"), "conv1.padding holds [1,\"a\"], which is not a parameter value.");
  EXPECT_EQ(message("[1, \"a\"]"), "conv1.padding holds [1,\"a\"], which is not a parameter value.");
}

}  // namespace
}  // namespace netwright
