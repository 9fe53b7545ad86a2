// SPDX-License-Identifier: Apache-2.0
// Functions of single values, and softmax.
#include "core/convert/cpp/rows.h"
#include "core/convert/cpp/words.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Op;
using program::Program;

// The kernel's arguments: from, to, how many, and what else it takes.
void each(OpPrinter& p, const char* kernel, const char* function, const std::vector<std::string>& more = {}) {
  const std::string x = p.tensor("self"), y = p.resultOver("self");
  std::vector<std::string> arguments{x, y, count(p.resultShape())};
  arguments.insert(arguments.end(), more.begin(), more.end());
  p.call(kernel, function, arguments);
}

void gelu(OpPrinter& p) {
  const bool approximate = std::get<std::string>(argument(p.op(), "approximate")) == "tanh";
  each(p, "smooth", approximate ? "geluTanh" : "gelu");
}

void leakyRelu(OpPrinter& p) { each(p, "activation", "leakyRelu", {realF(p.scalar("negative_slope"))}); }

void softmax(OpPrinter& p) {
  const program::Shape& shape = p.resultShape();
  const size_t dim = place(p.integer("dim"), shape.size());
  const std::string x = p.tensor("self"), y = p.resultOver("self");
  p.call("softmax", "softmax", {x, y, count(shape, 0, dim), text(shape[dim]), count(shape, dim + 1)});
}

Refusal refuseSoftmax(const Program&, const Op& op) {
  if (std::holds_alternative<None>(argument(op, "dtype"))) return std::nullopt;
  return "it changes the type of the numbers on the way";
}

}  // namespace

Rows activation() {
  return {{"gelu", {gelu}},
          {"leaky_relu", {leakyRelu}},
          {"relu", {[](OpPrinter& p) { each(p, "activation", "relu"); }}},
          {"sigmoid", {[](OpPrinter& p) { each(p, "smooth", "sigmoid"); }}},
          {"silu", {[](OpPrinter& p) { each(p, "smooth", "silu"); }}},
          {"softmax.int", {softmax, refuseSoftmax}},
          {"tanh", {[](OpPrinter& p) { each(p, "smooth", "tanh"); }}}};
}

}  // namespace netwright::convert::cpp::rows
