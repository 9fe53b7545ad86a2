// SPDX-License-Identifier: Apache-2.0
#include "core/base/param_spec.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/base/error.h"

namespace netwright {
namespace {

using Ints = std::vector<int64_t>;

std::string problem(const ParamSpec& spec, const Attribute& value) { return spec.problem(value).value_or("legal"); }

TEST(ParamSpec, SaysWhichBoundWasCrossed) {
  EXPECT_EQ(problem(intParam("p", 1).min(1), int64_t{1}), "legal");
  EXPECT_EQ(problem(intParam("p", 1).min(1), int64_t{0}), "must be at least 1 but is 0");
  EXPECT_EQ(problem(floatParam("p", 1).above(0), 0.0), "must be above 0 but is 0");
  EXPECT_EQ(problem(floatParam("p", 0).max(1), 1.5), "must be at most 1 but is 1.5");
  EXPECT_EQ(problem(floatParam("p", 0), std::numeric_limits<double>::infinity()), "must be a finite number but is inf");
}

TEST(ParamSpec, SaysWhichKindIsWanted) {
  EXPECT_EQ(problem(intParam("p", 1), 0.5), "must be a whole number but is 0.5");
  EXPECT_EQ(problem(floatParam("p", 1), int64_t{2}), "legal") << "a whole number is a number";
  EXPECT_EQ(problem(floatParam("p", 1), std::string("fast")), "must be a number but is fast");
  EXPECT_EQ(problem(boolParam("p", true), int64_t{1}), "must be true or false but is 1");
  EXPECT_EQ(problem(textParam("p", ""), true), "must be a text but is true");
  EXPECT_EQ(problem(choiceParam("p", {"zeros", "same"}), std::string("reflect")),
            "must be one of zeros, same but is reflect");
  EXPECT_EQ(problem(inferredParam("p"), std::string("x")), "must be auto or a whole number but is x");
}

TEST(ParamSpec, NoneIsLegalOnlyWhereItIsSaid) {
  EXPECT_EQ(problem(intParam("p", 1), None{}), "must be a whole number but is none");
  EXPECT_EQ(problem(intParam("p", 1).orNone(), None{}), "legal");
}

TEST(ParamSpec, InferredSizesArePositiveOrAuto) {
  EXPECT_EQ(problem(inferredParam("p"), Auto{}), "legal");
  EXPECT_EQ(problem(inferredParam("p"), int64_t{784}), "legal");
  EXPECT_EQ(problem(inferredParam("p"), int64_t{0}), "must be at least 1 but is 0");
}

TEST(ParamSpec, ListsTakeOneNumberForAll) {
  const ParamSpec spec = intListParam("p", {3, 3}, 2).min(1);
  EXPECT_EQ(problem(spec, int64_t{5}), "legal");
  EXPECT_EQ(problem(spec, Ints{5, 7}), "legal");
  EXPECT_EQ(problem(spec, Ints{5, 7, 9}), "must be one number or 2 numbers but has 3");
  EXPECT_EQ(problem(spec, Ints{3, 0}), "must be at least 1 but is 0");
  EXPECT_EQ(problem(spec, 0.5), "must be whole numbers but is 0.5");
}

TEST(ParamSpec, ReadsWhatPeopleType) {
  EXPECT_EQ(intParam("p", 1).parse(" 3 "), Attribute(int64_t{3}));
  EXPECT_EQ(floatParam("p", 1).parse("1e-3"), Attribute(1e-3));
  for (const char* word : {"true", "yes", "on", "1"}) EXPECT_EQ(boolParam("p", false).parse(word), Attribute(true));
  for (const char* word : {"false", "no", "off", "0"}) EXPECT_EQ(boolParam("p", true).parse(word), Attribute(false));
  for (const char* list : {"3, 5", "(3, 5)", "[3,5]", "3x5"})
    EXPECT_EQ(intListParam("p", {1, 1}, 2).parse(list), Attribute(Ints{3, 5})) << list;
  EXPECT_EQ(intListParam("p", {1, 1}, 2).parse("3"), Attribute(int64_t{3}));
  EXPECT_EQ(inferredParam("p").parse("auto"), Attribute(Auto{}));
  EXPECT_EQ(inferredParam("p").parse(""), Attribute(Auto{}));
  EXPECT_EQ(inferredParam("p").parse("784"), Attribute(int64_t{784}));
  EXPECT_EQ(intParam("p", 1).orNone().parse("none"), Attribute(None{}));
  EXPECT_EQ(choiceParam("p", {"zeros", "same"}).parse(" same"), Attribute(std::string("same")));
  EXPECT_EQ(textParam("p", "").parse("(a b) "), Attribute(std::string("(a b) "))) << "texts are taken as they are";
}

std::string refusal(const ParamSpec& spec, const std::string& typed) {
  try {
    spec.parse(typed);
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, ErrorKind::Input);
    return e.title;
  }
  return "accepted";
}

TEST(ParamSpec, RefusesTypedNonsenseByName) {
  EXPECT_EQ(refusal(intParam("epochs", 1), "ten"), "epochs must be a whole number but is ten.");
  EXPECT_EQ(refusal(intParam("epochs", 1), "3 4"), "epochs must be a whole number but is 3 4.");
  EXPECT_EQ(refusal(intParam("epochs", 1).min(1), "0"), "epochs must be at least 1 but is 0.");
  EXPECT_EQ(refusal(floatParam("lr", 1), "0,1"), "lr must be a number but is 0,1.");
  EXPECT_EQ(refusal(boolParam("shuffle", true), "maybe"), "shuffle must be true or false but is maybe.");
  EXPECT_EQ(refusal(intListParam("kernel_size", {3, 3}, 2), "3,"), "kernel_size must be whole numbers but is 3,.");
}

}  // namespace
}  // namespace netwright
