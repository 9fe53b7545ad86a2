// SPDX-License-Identifier: Apache-2.0
#include "core/program/shape_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace netwright::program {

OpInfo row(const char* schema, void (*infer)(OpCall&)) {
  OpInfo info;
  info.schemaText = schema;
  info.infer = infer;
  return info;
}

int64_t entry(const Shape& list, size_t i) { return (list.size() == 1 ? list[0] : list[i]).constant().value(); }

bool requireSizes(OpCall& call, const char* argument, size_t count, int64_t least, bool emptyToo) {
  const Shape list = call.ints(argument);
  if (list.empty() && emptyToo) return true;
  if (!requireParam(call, list.size() == 1 || list.size() == count, argument,
                    fmt::format("must be one number or {} but has {}", count, list.size())))
    return false;
  for (const Dim& d : list)
    if (!requireParam(call, d.atLeast(Dim(least)) != Answer::No, argument,
                      fmt::format("must be at least {} but is {}", least, d.text())))
      return false;
  return true;
}

Dim windowed(const Dim& size, const Window& w) {
  const Dim span = size + Dim(2 * w.padding - w.dilation * (w.kernel - 1) - 1);
  if (!w.ceil) return floorDiv(span, Dim(w.stride)) + Dim(1);
  const Dim out = floorDiv(span + Dim(w.stride - 1), Dim(w.stride)) + Dim(1);
  if (const auto o = out.constant(), s = size.constant(); o && s && (*o - 1) * w.stride >= *s + w.padding)
    return *o - 1;  // a window must not start in the right padding
  return out;
}

bool windows(OpCall& call, const Shape& input, const std::vector<Window>& ws, Shape& out) {
  for (size_t i = 0; i < ws.size(); ++i) {
    const Dim& size = input[input.size() - ws.size() + i];
    if (size.atLeast(1) == Answer::No) {
      call.fail("NW-S044", {{"dim", std::to_string(input.size() - ws.size() + i)}, {"shape", text(input)}});
      return false;
    }
    const Dim result = windowed(size, ws[i]);
    if (const auto r = result.constant(); r && *r < 1) {
      call.fail("NW-S002", {{"result", result.text()},
                            {"size", size.text()},
                            {"window", std::to_string(ws[i].dilation * (ws[i].kernel - 1) + 1)},
                            {"kernel", std::to_string(ws[i].kernel)},
                            {"dilation", std::to_string(ws[i].dilation)},
                            {"padding", std::to_string(ws[i].padding)}});
      return false;
    }
    out.push_back(result);
  }
  return true;
}

bool requireRank(OpCall& call, const char* argument, size_t low, size_t high, const char* form) {
  const size_t rank = call.shape(argument).size();
  if (rank >= low && rank <= high) return true;
  call.fail("NW-S001", {{"expected", low == high ? std::to_string(low) : fmt::format("{} to {}", low, high)},
                        {"form", form},
                        {"shape", text(call.shape(argument))}});
  return false;
}

// One number for each feature that comes out.
bool requireBias(OpCall& call, const Dim& features) {
  if (!call.has("bias")) return true;
  const Shape& bias = call.shape("bias");
  const std::map<std::string, std::string> args{
      {"port", "bias"}, {"expected", "(" + features.text() + ",)"}, {"received", text(bias)}};
  if (bias.size() == 1) return call.requireEqual(bias[0], features, "NW-S033", args);
  call.fail("NW-S033", args);
  return false;
}

bool requireFloat(OpCall& call, const char* argument) {
  if (isFloating(call.tensor(argument).dtype)) return true;
  call.fail("NW-S007", {{"expected", "float"}, {"received", name(call.tensor(argument).dtype)}});
  return false;
}

bool requireNumber(OpCall& call, const char* argument) {
  if (call.tensor(argument).dtype != DType::Bool) return true;
  call.fail("NW-S007", {{"expected", "a number"}, {"received", "bool"}});
  return false;
}

std::optional<size_t> requireDim(OpCall& call, int64_t dim, const Shape& shape) {
  const auto rank = static_cast<int64_t>(shape.size());
  if (dim >= -rank && dim < rank) return static_cast<size_t>(dim < 0 ? dim + rank : dim);
  call.fail("NW-S006", {{"dim", std::to_string(dim)},
                        {"shape", text(shape)},
                        {"rank", std::to_string(rank)},
                        {"last", std::to_string(rank - 1)}});
  return std::nullopt;
}

std::optional<Shape> broadcast(OpCall& call, const Shape& a, const Shape& b, const char* code) {
  const size_t rank = std::max(a.size(), b.size());
  Shape out(rank);
  for (size_t i = 1; i <= rank; ++i) {  // from the last dimension
    const Dim x = i <= a.size() ? a[a.size() - i] : Dim(1), y = i <= b.size() ? b[b.size() - i] : Dim(1);
    const bool stretchX = x == Dim(1), stretchY = y == Dim(1);
    if (!stretchX && !stretchY &&
        !call.requireEqual(
            x, y, code,
            {{"a", text(a)}, {"b", text(b)}, {"dim", std::to_string(rank - i)}, {"x", x.text()}, {"y", y.text()}}))
      return std::nullopt;
    out[rank - i] = stretchX ? y : x;
  }
  return out;
}

bool requireParam(OpCall& call, bool ok, const char* param, const std::string& problem) {
  if (!ok) call.fail("NW-P001", {{"param", param}, {"problem", problem}});
  return ok;
}

std::optional<std::vector<bool>> requireDims(OpCall& call, const char* argument, const Shape& shape) {
  constexpr size_t kMost = 64;  // dimensions that ATen's sets of them hold
  if (!requireParam(call, shape.size() <= kMost, argument, "cannot be chosen among more than 64 dimensions"))
    return std::nullopt;
  const Shape dims = call.given(argument) ? call.ints(argument) : Shape{};
  std::vector<bool> marked(shape.size(), dims.empty());
  for (const Dim& d : dims) {
    if (shape.empty() && (d == Dim(0) || d == Dim(-1))) continue;  // of a single number, as ATen has it
    const auto dim = requireDim(call, d.constant().value(), shape);
    if (!dim || !requireParam(call, !marked[*dim], argument, "names dimension " + std::to_string(*dim) + " twice"))
      return std::nullopt;
    marked[*dim] = true;
  }
  return marked;
}

Shape reduced(const Shape& shape, const std::vector<bool>& gone, bool keep) {
  Shape out;
  for (size_t i = 0; i < shape.size(); ++i)
    if (!gone[i] || keep) out.push_back(gone[i] ? Dim(1) : shape[i]);
  return out;
}

std::optional<Shape> broadcastOf(OpCall& call, const char* a, const char* b, const char* code) {
  return broadcast(call, call.shape(a), call.shape(b), code);
}

DType floatingOf(DType type) { return isFloating(type) ? type : DType::DefaultFloat; }

void sameAsSelf(OpCall& call) { call.result(call.tensor("self")); }
void sameAsFloatSelf(OpCall& call) {
  if (requireFloat(call, "self")) sameAsSelf(call);
}

void sameAsNumberSelf(OpCall& call) {
  if (requireNumber(call, "self")) sameAsSelf(call);
}
void sameAsFloatInput(OpCall& call) {
  if (requireFloat(call, "input")) call.result(call.tensor("input"));
}

}  // namespace netwright::program
