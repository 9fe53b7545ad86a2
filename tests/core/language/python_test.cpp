// SPDX-License-Identifier: Apache-2.0
// Property: a random formula has the value and the type that Python gives it, or is refused where Python refuses it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/language/scalar.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright::language {
namespace {

const Names kNames{{"a", int64_t{7}},
                   {"b", int64_t{-3}},
                   {"x", 2.5},
                   {"y", -0.75},
                   {"yes", true},
                   {"no", false},
                   {"s", std::string("gelu")},
                   {"t", std::vector<int64_t>{3, 1, 2}},
                   {"u", std::vector<double>{0.5, 4.0}}};

class Generator {
 public:
  std::string expression(int depth) {
    if (depth == 0) return leaf();
    const auto inner = [&] { return "(" + expression(depth - 1) + ")"; };
    const auto bare = [&] { return expression(depth - 1); };
    switch (random_() % 16) {
      case 0:
      case 1:
      case 2:
      case 3:
        return bare() + " " + pick({"+", "-", "*", "/", "//", "%"}) + " " + bare();
      case 4:
        return inner() + " ** " + pick({"0", "1", "2", "3", "-1", "-2", "0.5", "2.0"});
      case 5:
        return pick({"-", "+", "~", "not "}) + bare();
      case 6:
        return bare() + " " + pick({"<", "<=", ">", ">=", "==", "!="}) + " " + bare();
      case 7:
        return bare() + " < " + bare() + " <= " + bare();
      case 8:
        return bare() + " " + pick({"and", "or"}) + " " + bare();
      case 9:
        return bare() + " if " + bare() + " else " + bare();
      case 10:
        return pick({"abs", "round", "floor", "ceil", "sqrt", "log2", "exp", "int", "float", "bool", "len"}) + inner();
      case 11:
        return pick({"min", "max"}) + "(" + bare() + ", " + bare() + ")";
      case 12:
        return pick({"", "sum", "len", "max"}) + "((" + bare() + ", " + bare() + "))";
      case 13:
        return pick({"t", "u", "s"}) + "[" + pick({"0", "-1", "1:", "::-1", "::2", "5", "-9:2", "a", "yes"}) + "]";
      case 14:
        return bare() + " " + pick({"in", "not in", "&", "|", "^", "<< 2 +", ">>"}) + " " +
               pick({"t", "s", "2", "yes"});
      default:
        return "round(" + bare() + ", " + pick({"0", "1", "2", "-1", "3"}) + ")";
    }
  }

 private:
  std::string leaf() {
    return pick({"a", "b",  "x",   "y",    "yes",   "no",     "s",   "t",  "u",    "0",  "1",
                 "2", "10", "0.1", "1e-3", "2.675", "'gelu'", "0.5", "-4", "None", "0.0"});
  }
  std::string pick(const std::vector<std::string>& of) { return of[random_() % of.size()]; }
  std::mt19937 random_{11};
};

Json told(const Attribute& value) {
  if (const auto* v = std::get_if<double>(&value)) return {{"float", fmt::format("{}", *v)}};
  if (const auto* v = std::get_if<std::vector<double>>(&value)) {
    Json list = Json::array();
    for (const double x : *v) list.push_back(fmt::format("{}", x));
    return {{"floats", list}};
  }
  return {{"value", toJson(value)}};
}

TEST(Formula, EqualsPythonOnRandomExpressions) {
  const std::string python = test::peerPython();
  ASSERT_FALSE(python.empty()) << "No Python was found. ./test installs one; or set NW_PEER_PY.";
  Generator generator;
  Json cases = Json::array();
  for (int i = 0; i < 20000; ++i) {
    const std::string text = generator.expression(1 + i % 4);
    const Evaluated ours = evaluate(text, kNames);
    Json entry{{"text", text}};
    if (ours.ok())
      entry["ours"] = told(ours.value);
    else
      entry["mistake"] = ours.mistake->message;
    cases.push_back(std::move(entry));
  }
  Json names;
  for (const auto& [name, value] : kNames) names[name] = toJson(value);
  const test::TempFolder folder;
  writeFileAtomic(folder.path() / "formulas.json", Json{{"names", names}, {"cases", cases}}.dump());
  const test::Outcome outcome =
      test::runShell("'" + python + "' '" NETWRIGHT_SOURCE_DIR "/tests/peers/check_formulas.py' '" +
                     (folder.path() / "formulas.json").string() + "'");
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace netwright::language
