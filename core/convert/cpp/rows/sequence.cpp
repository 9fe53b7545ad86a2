// SPDX-License-Identifier: Apache-2.0
// Words and steps in time: tables of vectors, recurrent networks, attention.
#include <fmt/format.h>

#include <cmath>

#include "core/base/text.h"
#include "core/convert/cpp/rows.h"
#include "core/convert/cpp/words.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Op;
using program::Program;
using program::Shape;
using program::ValueId;

void embedding(OpPrinter& p) {
  const Shape& weight = p.shape("weight");
  const std::string table = p.tensor("weight"), index = p.tensor("indices"), y = p.result();
  p.call("embedding", "embedding", {table, index, y, count(p.shape("indices")), text(weight[0]), text(weight[1])});
}

void newZeros(OpPrinter& p) {
  const std::string y = p.result(), zero = p.resultDtype() == DType::Int64 ? "0" : "0.0F";
  p.call("view", "std::fill_n", {y, count(p.resultShape()), zero});
}

void lstm(OpPrinter& p) {
  const Shape& x = p.shape("input");
  const bool batchFirst = p.flag("batch_first"), biases = p.flag("has_biases");
  const std::vector<ValueId> params = p.list("params"), states = p.list("hx");
  const size_t step = biases ? 4 : 2;
  std::vector<std::string> weights;
  for (size_t i = 0; i < params.size(); i += step)
    weights.push_back(fmt::format("{{{}, {}, {}, {}}}", p.panels(params[i]), p.panels(params[i + 1]),
                                  biases ? p.tensor(params[i + 2]) : "nullptr",
                                  biases ? p.tensor(params[i + 3]) : "nullptr"));
  const std::string input = p.tensor("input"), y = p.result(0), h = p.result(1), c = p.result(2);
  p.call("lstm", fmt::format("lstm<{}>", weights.size()),
         {input, p.tensor(states[0]), p.tensor(states[1]), fmt::format("{{{}}}", joined(weights, ", ")), y, h, c,
          p.scratch("lstm"),
          fmt::format("{{{}, {}, {}, {}, {}, {}, {}}}", text(x[batchFirst ? 0 : 1]), text(x[batchFirst ? 1 : 0]),
                      text(x[2]), text(p.shape("params", 1)[1]), p.integer("num_layers"),
                      p.flag("bidirectional") ? 2 : 1, batchFirst ? "true" : "false")});
}

Refusal refuseLstm(const Program& program, const Op& op) {
  for (const ValueId v : std::get<std::vector<ValueId>>(argument(op, "params")))
    if (!program::constants(program.tensorType(v).shape)) return "its weights have a size only known at run time";
  if (std::get<program::Dim>(argument(op, "num_layers")) == program::Dim(1)) return std::nullopt;
  return refuseNoise(op, "dropout");
}

void attention(OpPrinter& p) {
  const Shape &q = p.shape("query"), &k = p.shape("key"), &v = p.shape("value");
  const auto* given = std::get_if<double>(&argument(p.op(), "scale"));
  const double scale = given ? *given : 1 / std::sqrt(static_cast<double>(*q[3].constant()));
  const std::string query = p.tensor("query"), key = p.tensor("key"), value = p.tensor("value"), y = p.result();
  p.call("attention", "attention",
         {query, key, value, y, p.scratch("attention"), count(q, 0, 2), text(q[2]), text(k[2]), text(q[3]), text(v[3]),
          realF(scale), p.flag("is_causal") ? "true" : "false"});
}

Refusal refuseAttention(const Program& program, const Op& op) {
  if (tensorArgument(op, "attn_mask") || std::get<bool>(argument(op, "enable_gqa")))
    return "masks of its own and shared keys cannot be written yet";
  if (!program.tensorType(tensorArgument(op, "query")).shape[3].constant())
    return "its number of features is only known at run time";
  return refuseNoise(op, "dropout_p");
}

}  // namespace

Rows sequence() {
  return {{"embedding", {embedding}},
          {"lstm.input", {lstm, refuseLstm}},
          {"new_zeros", {newZeros}},
          {"scaled_dot_product_attention", {attention, refuseAttention}}};
}

}  // namespace netwright::convert::cpp::rows
