// SPDX-License-Identifier: Apache-2.0
// Words and steps in time: tables of vectors, states to begin with, attention.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;
using program::ValueId;

void embedding(OpPrinter& p) { p.result("Gather", {p.tensor("weight"), p.tensor("indices")}, {{"axis", int64_t{0}}}); }

// These begin with zeros where a state is left out.
const std::set<std::string> kStartWithZeros{"gru.input", "lstm.input", "rnn_tanh.input"};

bool readsOnlyAsState(const Op& op, ValueId value) {
  for (size_t i = 0; i < op.args.size(); ++i) {
    const auto* list = std::get_if<std::vector<ValueId>>(&op.args[i]);
    const bool reads =
        op.args[i] == program::Argument(value) || (list && std::find(list->begin(), list->end(), value) != list->end());
    if (reads && (!kStartWithZeros.contains(op.info->id()) || op.info->schema.arguments[i].name != "hx")) return false;
  }
  return true;
}

bool startsAnOp(const Program& program, const Op& op) {
  const ValueId value = op.results[0];
  const bool asState = std::all_of(program.ops.begin(), program.ops.end(),
                                   [&](const Op& reader) { return readsOnlyAsState(reader, value); });
  const bool isOutput = std::any_of(program.outputs.begin(), program.outputs.end(),
                                    [&](const program::Port& port) { return port.value == value; });
  return asState && !isOutput;
}

// Of zeros for each sample of a batch, the sizes behind the batch; nullopt for all others.
std::optional<Ints> restOfZeros(const Program& program, const Op& op) {
  const program::Shape &out = program.tensorType(op.results[0]).shape,
                       &in = program.tensorType(tensorArgument(op, "self")).shape;
  if (out.empty() || in.empty() || out[0] != in[0]) return std::nullopt;
  return program::constants(program::Shape(out.begin() + 1, out.end()));
}

Refusal refuseNewZeros(const Program& program, const Op& op) {
  if (startsAnOp(program, op) || restOfZeros(program, op)) return std::nullopt;
  return "its zeros have a size that is only known at run time";
}

void newZeros(OpPrinter& p) {
  const bool leftOut = startsAnOp(p.program(), p.op());
  p.bind(0, leftOut ? "" : batchOfZeros(p, p.tensor("self"), *restOfZeros(p.program(), p.op())));
}

// 0 where position l may look at position s, minus infinity where s comes later.
HostTensor causalMask(int64_t queries, int64_t keys) {
  HostTensor mask(DType::Float32, {queries, keys});
  for (int64_t l = 0; l < queries; ++l)
    for (int64_t s = l + 1; s < keys; ++s)
      mask.as<float>()[static_cast<size_t>(l * keys + s)] = -std::numeric_limits<float>::infinity();
  return mask;
}

// Heads that share keys and values, for each query head one.
std::string headsOf(OpPrinter& p, const char* name) {
  const program::Shape &queries = p.shape("query"), &own = p.shape(name);
  if (own[1] == queries[1]) return p.tensor(name);
  const int64_t heads = *queries[1].constant(), times = heads / *own[1].constant();
  const std::string apart = p.node("Unsqueeze", {p.tensor(name), p.integers("axis", {2})}, "apart");
  const std::string copies = p.node("Tile", {apart, p.integers("times", {1, 1, times, 1, 1})}, "copies");
  return p.node("Reshape", {copies, p.integers("shape", {0, heads, -1, *own[3].constant()})}, "heads");
}

double scale(const Op& op, int64_t features) {
  const auto* given = std::get_if<double>(&argument(op, "scale"));
  return given ? *given : 1 / std::sqrt(static_cast<double>(features));
}

void attention(OpPrinter& p) {
  const program::Shape &query = p.shape("query"), &key = p.shape("key");
  const std::string factor = p.number("scale", static_cast<float>(scale(p.op(), *query[3].constant())));
  const std::string scaled = p.node("Mul", {p.tensor("query"), factor}, "scaled");
  const std::string keys = p.node("Transpose", {headsOf(p, "key")}, "keys", {{"perm", Ints{0, 1, 3, 2}}});
  std::string scores = p.node("MatMul", {scaled, keys}, "scores");
  if (p.flag("is_causal"))
    scores = p.node("Add", {scores, p.constant("causal_mask", causalMask(*query[2].constant(), *key[2].constant()))},
                    "masked");
  if (p.has("attn_mask")) {
    const std::string mask = p.tensor("attn_mask");
    const float lowest = -std::numeric_limits<float>::infinity();
    scores = p.dtype("attn_mask") == DType::Bool ? p.node("Where", {mask, scores, p.number("hidden", lowest)}, "masked")
                                                 : p.node("Add", {scores, mask}, "masked");
  }
  const std::string shares = p.node("Softmax", {scores}, "shares", {{"axis", int64_t{-1}}});
  p.result("MatMul", {shares, headsOf(p, "value")});
}

Refusal refuseAttention(const Program& program, const Op& op) {
  const auto shape = [&](const char* name) { return program.tensorType(tensorArgument(op, name)).shape; };
  for (const char* name : {"query", "key", "value"})
    if (shape(name)[1] != shape("query")[1] && !(shape(name)[1].constant() && shape(name)[3].constant()))
      return "its number of heads is only known at run time";
  if (!shape("query")[3].constant()) return "its number of features is only known at run time";
  if (std::get<bool>(argument(op, "is_causal")) && (!shape("query")[2].constant() || !shape("key")[2].constant()))
    return "is_causal needs sequences of a known length";
  return refuseNoise(op, "dropout_p");
}

}  // namespace

Rows sequence() {
  return {{"embedding", {embedding}},
          {"new_zeros", {newZeros, refuseNewZeros}},
          {"scaled_dot_product_attention", {attention, refuseAttention}}};
}

}  // namespace netwright::convert::onnx::rows
