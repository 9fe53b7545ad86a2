// SPDX-License-Identifier: Apache-2.0
// Texts of all kinds, whole and damaged, and calls of every function with arguments of all kinds and sizes: each ends
// in shapes or in mistakes with a place. Run under sanitizers by tests/sanitize.
#include <gtest/gtest.h>

#include <random>

#include "core/layers/expressions/assist.h"
#include "core/layers/expressions/conveniences.h"
#include "core/layers/expressions/expression.h"
#include "core/layers/expressions/functions.h"

namespace netwright::layers::expressions {
namespace {

using program::Dim;

program::ValueType tensor(program::Shape shape, DType dtype = DType::DefaultFloat) {
  return program::TensorType{dtype, std::move(shape)};
}
const std::map<std::string, program::ValueType> kInputs{{"x", tensor({Dim::symbol("N"), 20})},
                                                        {"image", tensor({Dim::symbol("N"), 3, 8, 8})},
                                                        {"m", tensor({4, 4})},
                                                        {"i", tensor({Dim::symbol("N"), 20}, DType::Int64)},
                                                        {"mask", tensor({4, 4}, DType::Bool)},
                                                        {"s", tensor({})},
                                                        {"v", tensor({5})},
                                                        {"deep", tensor({2, 3, 4, 5, 6})}};
const Attributes kNames{{"hidden", int64_t{128}}, {"rate", 0.5}, {"sizes", std::vector<int64_t>{2, 3}}};

void expectSound(const std::string& code) {
  const Described all = describe(code, kInputs, kNames);
  for (const language::Mistake& m : all.mistakes) {
    EXPECT_LE(m.at.begin, m.at.end) << code;
    EXPECT_LE(m.at.end, code.size()) << code;
    EXPECT_FALSE(m.message.empty()) << code;
    EXPECT_GE(m.position.line, 1) << code;
  }
}

int rounds(int usual) {
  const char* wanted = std::getenv("NW_EXPRESSIONS");  // more of them in a long run
  return wanted ? std::atoi(wanted) : usual;
}

TEST(ExpressionFuzz, EveryFunctionTakesAnyArguments) {
  static const std::vector<std::string> kArguments{"x",
                                                   "image",
                                                   "m",
                                                   "i",
                                                   "mask",
                                                   "s",
                                                   "v",
                                                   "deep",
                                                   "0",
                                                   "1",
                                                   "-1",
                                                   "2",
                                                   "3",
                                                   "7",
                                                   "64",
                                                   "2147483647",
                                                   "-2147483647",
                                                   "4611686018427387904",
                                                   "0.5",
                                                   "-1.5",
                                                   "1e300",
                                                   "math.inf",
                                                   "math.nan",
                                                   "None",
                                                   "True",
                                                   "False",
                                                   "'none'",
                                                   "'sum'",
                                                   "'floor'",
                                                   "'reflect'",
                                                   "'ij,jk->ik'",
                                                   "[x, x]",
                                                   "[m, m]",
                                                   "[]",
                                                   "()",
                                                   "(1,)",
                                                   "(2, 2)",
                                                   "(0, 1)",
                                                   "(-1, 2)",
                                                   "(1, 2, 3)",
                                                   "(3, 3, 3)",
                                                   "(1, 1, 1, 1)",
                                                   "(2147483647, 2147483647)",
                                                   "(2147483647, 2147483647, 2147483647)",
                                                   "x.shape",
                                                   "x.shape[0]",
                                                   "m.shape",
                                                   "(0,)",
                                                   "[0, 0]",
                                                   "torch.float32",
                                                   "torch.int64",
                                                   "torch.bool",
                                                   "self.training",
                                                   "hidden",
                                                   "sizes",
                                                   "'->'",
                                                   "''"};
  std::mt19937 random(3);
  const auto argument = [&] { return kArguments[random() % kArguments.size()]; };
  for (const Function& f : functions())
    for (int round = 0; round < rounds(120); ++round) {
      const bool method = f.isMethod && round % 3 == 0;
      std::string call = method ? argument() + "." + f.name + "("
                                : (f.inTorch || f.inF ? (f.inTorch ? "torch." : "F.") : "x.") + f.name + "(";
      // Half of them with what the schema asks for, as far as types go.
      const program::Schema& schema = f.overloads[random() % f.overloads.size()]->schema;
      const size_t count = round % 2 == 0
                               ? random() % 6
                               : schema.arguments.size() - std::min<size_t>(schema.arguments.size(), random() % 3);
      for (size_t i = method ? 1 : 0; i < count; ++i) {
        static const std::vector<std::string> kTensors{"x", "image", "m", "i", "mask", "s", "v", "deep"};
        const bool fits = round % 2 == 1 && i < schema.arguments.size() && schema.arguments[i].isTensor();
        const bool named = i < schema.arguments.size() && random() % 4 == 0;
        call += (named ? schema.arguments[i].name + "=" : "") +
                (fits ? kTensors[random() % kTensors.size()] : argument()) + ", ";
      }
      expectSound("y = " + call + ")");
    }
}

TEST(ExpressionFuzz, EveryConvenienceTakesAnyArguments) {
  static const std::vector<std::string> kArguments{
      "x",      "image", "s",    "deep",  "0",      "1",   "-1",         "-9223372036854775807", "2",
      "[1, 2]", "[20]",  "None", "dim=1", "dim=-9", "'a'", "x.shape[0]", "4611686018427387904"};
  std::mt19937 random(4);
  for (const Convenience& c : conveniences())
    for (int round = 0; round < rounds(120); ++round) {
      std::string arguments;
      for (size_t i = random() % 4; i > 0; --i) arguments += kArguments[random() % kArguments.size()] + ", ";
      expectSound("y = " + (c.isMethod ? kArguments[random() % 4] : std::string("torch")) + "." + c.name + "(" +
                  arguments + ")");
      expectSound("y = " + c.name + "(" + arguments + ")");
    }
}

TEST(ExpressionFuzz, WhateverIsTyped) {
  static const std::vector<std::string> kPieces{"x",
                                                "image",
                                                "m",
                                                "y",
                                                "h",
                                                " = ",
                                                "\n",
                                                "\n    ",
                                                "(",
                                                ")",
                                                "[",
                                                "]",
                                                ", ",
                                                ":",
                                                ".",
                                                "relu(",
                                                "F.gelu(",
                                                "x.sum(",
                                                "param(4, 4)",
                                                "w = param(2)",
                                                "dim=1",
                                                " + ",
                                                " @ ",
                                                " ** ",
                                                " // ",
                                                " == ",
                                                " < ",
                                                "for k in range(3):\n    ",
                                                "if x.shape[1] == 20:\n    ",
                                                "else:\n    ",
                                                "return ",
                                                "1",
                                                "-1",
                                                "0.5",
                                                "::2",
                                                "None",
                                                "...",
                                                "x.shape",
                                                "[0]",
                                                "hidden",
                                                "True",
                                                "'a'",
                                                "#",
                                                "not ",
                                                "lambda",
                                                "y = x\n",
                                                "h = relu(x)\n",
                                                "{",
                                                "\"",
                                                "\\",
                                                "9223372036854775807",
                                                "[k for k in sizes]",
                                                "sum([x, x])",
                                                ".T",
                                                ".mT",
                                                ".dtype",
                                                "self.training",
                                                "init=xavier",
                                                "é",
                                                "\xff"};
  std::mt19937 random(5);
  for (int round = 0; round < rounds(6000); ++round) {
    std::string code = random() % 2 == 0 ? "y = " : "";
    for (size_t n = random() % 16; n > 0; --n) code += kPieces[random() % kPieces.size()];
    expectSound(code);
    const size_t cursor = random() % (code.size() + 1);
    const Proposals all = proposals(code, cursor, kNames);
    EXPECT_LE(all.word.begin, all.word.end) << code;
    EXPECT_LE(all.word.end, code.size()) << code;
    if (const auto hint = hintAt(code, cursor)) {
      EXPECT_LE(hint->argument.end, hint->signature.size()) << code;
    }
  }
}

TEST(ExpressionFuzz, DamagedPrograms) {
  static const std::string kPrograms[]{"h = relu(x @ w + b)\ny = (h * 2).softmax(dim=-1)\n",
                                       "ws = [param(20, 20, init=xavier) for k in range(3)]\nh = x\nfor w in ws:\n    "
                                       "h = torch.tanh(h @ w) + h\ny = h[:, ::2]\n",
                                       "q, k, v = F.linear(deep, param_).chunk(3, dim=-1)\ny = "
                                       "F.scaled_dot_product_attention(q, k, v, is_causal=True)\n",
                                       "if hidden > 3 and image.shape[1] == 3:\n    y = image.mean(dim=(2, 3), "
                                       "keepdim=True)\nelse:\n    y = image[:, None, ..., 0]\n"};
  std::mt19937 random(6);
  for (int round = 0; round < rounds(6000); ++round) {
    std::string code = kPrograms[random() % 4];
    for (size_t n = 1 + random() % 4; n > 0 && !code.empty(); --n) {
      const size_t at = random() % code.size();
      switch (random() % 4) {
        case 0:
          code.erase(at, 1 + random() % 4);
          break;
        case 1:
          code.insert(at, 1, "()[]:,.=+-*@\n #'0x"[random() % 18]);
          break;
        case 2:
          code[at] = static_cast<char>(random() % 256);
          break;
        default:
          code.insert(at, code.substr(random() % code.size(), random() % 12));
      }
    }
    expectSound(code);
  }
}

}  // namespace
}  // namespace netwright::layers::expressions
