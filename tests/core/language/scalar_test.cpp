// SPDX-License-Identifier: Apache-2.0
#include "core/language/scalar.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace netwright::language {
namespace {

const Names kNames{{"hidden", int64_t{128}},
                   {"deep", true},
                   {"act", std::string("gelu")},
                   {"rate", 0.5},
                   {"k", int64_t{3}},
                   {"sizes", std::vector<int64_t>{4, 8, 16}}};

Attribute value(std::string_view text) {
  const Evaluated result = evaluate(text, kNames);
  EXPECT_TRUE(result.ok()) << text << ": " << (result.mistake ? result.mistake->message : "");
  return result.value;
}
// "[characters at fault] message"
std::string mistake(std::string_view text) {
  const Evaluated result = evaluate(text, kNames);
  if (result.ok()) return "none: " + toText(result.value);
  return fmt::format("[{}] {}",
                     text.substr(result.mistake->at.begin, result.mistake->at.end - result.mistake->at.begin),
                     result.mistake->message);
}

TEST(Formula, IsAValueOfTheNamesInIt) {
  EXPECT_EQ(value("hidden * 4"), Attribute(int64_t{512}));
  EXPECT_EQ(value("hidden / 4"), Attribute(32.0)) << "as in Python, / is never whole";
  EXPECT_EQ(value("hidden // 4"), Attribute(int64_t{32}));
  EXPECT_EQ(value("\"gelu\" if deep else \"relu\""), Attribute(std::string("gelu")));
  EXPECT_EQ(value("(k, k)"), Attribute(std::vector<int64_t>{3, 3}));
  EXPECT_EQ(value("[k, rate]"), Attribute(std::vector<double>{3, 0.5}));
  EXPECT_EQ(value(" 1e-3 "), Attribute(1e-3));
  EXPECT_EQ(value("max(sizes) + sum(sizes) + len(sizes)"), Attribute(int64_t{16 + 28 + 3}));
  EXPECT_EQ(value("[s * 2 for s in sizes if s != 8]"), Attribute(std::vector<int64_t>{8, 32}));
  EXPECT_EQ(value("sizes[-1]"), Attribute(int64_t{16}));
  EXPECT_EQ(value("sizes[::-2]"), Attribute(std::vector<int64_t>{16, 4}));
  EXPECT_EQ(value("1 < k <= 3 and not deep or act == 'gelu'"), Attribute(true));
  EXPECT_EQ(value("None"), Attribute(None{}));
  EXPECT_EQ(value("'auto'"), Attribute(Auto{})) << "the word is reserved, as in files";
  EXPECT_EQ(value("math.sqrt(hidden // 8) * math.pi"), Attribute(4 * 3.141592653589793));
  EXPECT_EQ(value("round(2.5) + round(-7, -1) + int(-2.7) + floor(-0.5)"), Attribute(int64_t{2 - 10 - 2 - 1}));
  EXPECT_EQ(value("-2 ** 2 + 2 ** -1"), Attribute(-3.5));
  EXPECT_EQ(value("act + '_' + \"x\" 'y'"), Attribute(std::string("gelu_xy")));
  EXPECT_EQ(value("(hidden +\n 1)  # one more"), Attribute(int64_t{129}));
}

TEST(Formula, NamesWhatIsUnknownAndTheNearestName) {
  EXPECT_EQ(mistake("2 * hiden"), "[hiden] unknown name 'hiden'; did you mean 'hidden'?");
  EXPECT_EQ(mistake("squrt(4)"), "[squrt] unknown function 'squrt'; did you mean 'sqrt'?");
  EXPECT_EQ(mistake("max + 1"), "[max] 'max' is a function; call it: max(a, b, ...)");
  EXPECT_EQ(mistake("hidden(3)"), "[hidden] 'hidden' is a value and cannot be called; is a sign missing before '('?");
  EXPECT_EQ(evaluate("x", {}).mistake->message, "unknown name 'x'");
}

TEST(Formula, UnderlinesWhatIsWrong) {
  EXPECT_EQ(mistake("1 + k / (k - 3)"), "[k / (k - 3)] the number right of '/' is 0; nothing can be divided by it");
  EXPECT_EQ(mistake("act * rate"), "[act * rate] '*' does not go with a text and a number with a point");
  EXPECT_EQ(mistake("sizes[3]"), "[sizes[3]] there is no item 3; it may be 0 to 2, or -1 to -3 from the end");
  EXPECT_EQ(mistake("sizes['a']"), "['a'] an index is a whole number, not a text");
  EXPECT_EQ(mistake("sqrt(-1)"), "[sqrt(-1)] 'sqrt': -1 is too small: this is defined from 0");
  EXPECT_EQ(mistake("sqrt(1, 2)"), "[sqrt(1, 2)] 'sqrt' is given 2 arguments; write sqrt(number)");
  EXPECT_EQ(mistake("round(1.5, digits=1)"), "[1] 'round' takes no named arguments; write round(number, digits)");
  EXPECT_EQ(mistake("(-8) ** 0.5"), "[(-8) ** 0.5] -8 ** 0.5 is a complex number, which nothing here computes with");
  EXPECT_EQ(mistake("act < 3"),
            "[act < 3] a text and a whole number have no order; '<' compares numbers, texts or lists");
  EXPECT_EQ(mistake("('a', 1)"), "[('a', 1)] a list holds numbers only, but one of its items is a text");
  EXPECT_EQ(mistake("hidden.size"), "[hidden.size] a whole number has no attribute 'size'");
  EXPECT_EQ(mistake("k is 3"), "[k is 3] 'is' is for None, True and False; compare with ==");
}

TEST(Formula, ReadsAsPythonDoes) {
  EXPECT_EQ(mistake(""), "[] here an expression is missing");
  EXPECT_EQ(mistake("1 +"), "[+] here an expression is missing, before the end");
  EXPECT_EQ(mistake("(k"), "[(] '(' is never closed");
  EXPECT_EQ(mistake("k)"), "[)] ')' closes nothing; delete it or open one before");
  EXPECT_EQ(mistake("(k]"), "[]] ']' cannot close '('; write )");
  EXPECT_EQ(mistake("k = 3"), "[=] '=' sets a name and cannot be inside an expression; compare with '=='");
  EXPECT_EQ(mistake("3k"), "[3k] '3k' is neither a number nor a name; put a sign between '3' and 'k'");
  EXPECT_EQ(mistake("012"), "[012] the number 012 begins with 0; write 12");
  EXPECT_EQ(mistake("2j"), "[2j] '2j' is a complex number, which nothing here computes with");
  EXPECT_EQ(mistake("'abc"), "['abc] the text that begins here has no end; close it with '");
  EXPECT_EQ(mistake("k × 2"), "[×] '×' looks like * but is another sign; type *");
  EXPECT_EQ(mistake("größe"), "[ö] 'ö' means nothing here; names are made of the letters a to z, digits and _");
  EXPECT_EQ(mistake("k && deep"), "[&] write 'and' for && and 'or' for ||");
  EXPECT_EQ(mistake("!deep"), "[!] '!' means nothing here; write 'not'");
  EXPECT_EQ(mistake("k if deep"), "[p] 'else' is missing before the end; write: a if test else b");
  EXPECT_EQ(mistake("lambda: 3"), "[lambda] 'lambda' is not known here; write what it computes where it is used");
  EXPECT_EQ(mistake("{1: 2}"), "[{] dictionaries and sets are not known here; use a list: [1, 2]");
  EXPECT_EQ(mistake("max(1 2)"), "[2] ',' or ')' is missing before '2'");
  EXPECT_EQ(mistake("max(a=1, 2)"), "[2] this argument has no name but follows one that has; name it or put it before");
  EXPECT_EQ(mistake("f\"{k}\""), "[f] texts begin with a quote here; leave out 'f' before it");
  EXPECT_EQ(mistake("while"), "[while] 'while' cannot be here");
  const Evaluated second = evaluate("k +\n  nope", kNames);
  EXPECT_EQ(second.mistake->position, (Position{2, 3}));
}

TEST(Formula, WholeNumbersNeverOverflow) {
  EXPECT_EQ(mistake("9223372036854775807 + 1"),
            "[9223372036854775807 + 1] 9223372036854775807 + 1 is beyond the whole numbers (at most "
            "9223372036854775807); use a number with a point, as in 9223372036854775807.0");
  EXPECT_EQ(mistake("9223372036854775808"),
            "[9223372036854775808] the whole number 9223372036854775808 is too large (at most 9223372036854775807); "
            "write it with a point: 9223372036854775808.0");
  for (const std::string text :
       {"2 ** 63", "-2 ** 62 * 4", "(-9223372036854775807 - 1) // -1", "-(-9223372036854775807 - 1)", "1 << 63",
        "3 << 62", "abs(-9223372036854775807 - 1)", "int(1e19)", "round(1e300)", "sum([9223372036854775807, 1])",
        "10 ** 100", "2.0 ** 5000", "exp(1000)", "-9223372036854775807 - 2", "round(9223372036854775807, -1)"})
    EXPECT_NE(mistake(text).find("beyond"), std::string::npos) << text << ": " << mistake(text);
  EXPECT_EQ(value("(-9223372036854775807 - 1) % -1"), Attribute(int64_t{0}));
  EXPECT_EQ(value("(-9223372036854775807 - 1) % 3"), Attribute(int64_t{1}));
  EXPECT_EQ(value("(-1) ** 4611686018427387904"), Attribute(int64_t{1}));
  EXPECT_EQ(value("1 >> 4611686018427387904"), Attribute(int64_t{0}));
  EXPECT_EQ(value("9007199254740993 == 9007199254740992.0"), Attribute(false)) << "compared exactly, as in Python";
}

TEST(Formula, HostileSizesEndInAMistake) {
  const std::string open(10000, '('), close(10000, ')');
  EXPECT_EQ(mistake(open + "1" + close), "[(] this is nested more than 200 levels deep; give parts of it names");
  const std::string minuses(10000, '-');
  EXPECT_EQ(mistake(minuses + "1"), "[-] this is nested more than 200 levels deep; give parts of it names");
  std::string nots, powers = "2", lists, sums = "1", ifs = "1";
  for (int i = 0; i < 5000; ++i) nots += "not ", powers += "**2", lists += "[", sums += "+1", ifs += " if 1 else 1";
  for (const std::string& text : {nots + "1", powers, sums, ifs})
    EXPECT_NE(mistake(text).find("this is nested more than 200 levels deep"), std::string::npos) << text.substr(0, 20);
  EXPECT_EQ(mistake(lists), "[[] '[' is never closed");
  EXPECT_EQ(mistake(std::string(70000, '1')),
            "[1] the text has 70000 bytes, more than the 65536 that one may have; divide it");
  EXPECT_EQ(
      mistake("[0] * 4611686018427387904"),
      "[[0] * 4611686018427387904] 1 items, 4611686018427387904 times, are more than the 100000 that one value may "
      "have");
  EXPECT_EQ(mistake("range(10 ** 12)"), "[range(10 ** 12)] 'range': a range may have 100000 items");
  EXPECT_EQ(mistake("[[j for j in range(10000)] for i in range(10000)]"),
            "[range(10000)] this takes more than 1,000,000 steps; make loops and lists shorter");
  EXPECT_EQ(mistake("[range(99999) == range(99999) for i in range(99999)]").substr(0, 100).find("none"),
            std::string::npos);
  EXPECT_EQ(mistake(std::string("1\0", 2)),
            std::string("[\0]", 3) + " here is an invisible sign (number 0); delete it");
}

TEST(Formula, TellsTheNamesItNeeds) {
  const auto names = [](std::string_view text) { return namesIn(text); };
  using All = std::vector<std::string>;
  EXPECT_EQ(names("b * max(a, 2) + b"), (All{"b", "a"}));
  EXPECT_EQ(names("math.sqrt(a) * math.pi"), (All{"a"}));
  EXPECT_EQ(names("[i * k for i in sizes if i > least]"), (All{"sizes", "least", "k"}));
  EXPECT_EQ(names("[i for i in range(i)]"), (All{"i"})) << "what is looped over is outside the loop";
  EXPECT_EQ(names("f(x=y)"), (All{"f", "y"}));
  EXPECT_EQ(names("a +"), All{});
}

TEST(Variables, AreResolvedInAnyOrder) {
  const Resolved all = resolveVariables({{"width", "hidden * 2", {}},
                                         {"hidden", std::nullopt, int64_t{128}},
                                         {"act", std::nullopt, std::string("gelu")},
                                         {"sizes", "(width, hidden)", {}}});
  EXPECT_TRUE(all.mistakes.empty());
  EXPECT_EQ(all.values.at("width"), Attribute(int64_t{256}));
  EXPECT_EQ(all.values.at("sizes"), Attribute(std::vector<int64_t>{256, 128}));
  EXPECT_EQ(all.values.at("act"), Attribute(std::string("gelu")));
}

TEST(Variables, CirclesAreNamed) {
  const Resolved all = resolveVariables({{"a", "b + 1", {}}, {"b", "a * 2", {}}, {"c", "a", {}}, {"d", "d", {}}});
  EXPECT_EQ(all.mistakes.at(0).message,
            "variables need each other in a circle: a needs b, b needs a; give one of them a value");
  EXPECT_EQ(all.mistakes.at(1).message,
            "variables need each other in a circle: b needs a, a needs b; give one of them a value");
  EXPECT_EQ(all.mistakes.at(2).message,
            "variables need each other in a circle: a needs b, b needs a; give one of them a value");
  EXPECT_EQ(all.mistakes.at(3).message, "variables need each other in a circle: d needs d; give one of them a value");
}

TEST(Variables, NamesAndMistakesAreTold) {
  const Resolved all = resolveVariables({{"2x", std::nullopt, int64_t{1}},
                                         {"for", std::nullopt, int64_t{1}},
                                         {"max", std::nullopt, int64_t{1}},
                                         {"", std::nullopt, int64_t{1}},
                                         {"hidden", std::nullopt, int64_t{1}},
                                         {"hidden", std::nullopt, int64_t{2}},
                                         {"width", "hiden * 2", {}},
                                         {"depth", "width + 1", {}}});
  EXPECT_EQ(all.mistakes.at(0).message,
            "'2x' is no name; names are made of letters, digits and _, and begin with a letter");
  EXPECT_EQ(all.mistakes.at(1).message, "'for' is a word of the language; write 'for_'");
  EXPECT_EQ(all.mistakes.at(2).message, "'max' is a function; write 'max_'");
  EXPECT_EQ(all.mistakes.at(3).message, "a name is missing");
  EXPECT_EQ(all.mistakes.at(5).message, "there are two variables 'hidden'; rename one");
  EXPECT_EQ(all.mistakes.at(6).message, "unknown name 'hiden'; did you mean 'hidden'?");
  EXPECT_EQ(all.mistakes.at(6).at, (Span{0, 5}));
  EXPECT_EQ(all.mistakes.at(7).message, "'width' has a mistake itself; repair it first");
  EXPECT_EQ(all.values.size(), 1u);
}

TEST(Variables, AThousandInAChainAreNoStack) {
  std::vector<Definition> chain;
  for (int i = 0; i < 1000; ++i) chain.push_back({fmt::format("v{}", i), fmt::format("v{} + 1", i + 1), {}});
  chain.push_back({"v1000", std::nullopt, int64_t{0}});
  EXPECT_EQ(resolveVariables(chain).values.at("v0"), Attribute(int64_t{1000}));
}

}  // namespace
}  // namespace netwright::language
