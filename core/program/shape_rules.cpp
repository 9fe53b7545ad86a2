// SPDX-License-Identifier: Apache-2.0
#include "core/program/shape_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace netwright::program {
namespace {

int64_t at(const Shape& list, size_t i) { return (list.size() == 1 ? list[0] : list[i]).constant().value(); }

// (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1, as in torch.nn.Conv2d.
struct Window {
  int64_t kernel, stride, padding, dilation;
  bool ceil = false;
};
Dim windowed(const Dim& size, const Window& w) {
  const Dim span = size + Dim(2 * w.padding - w.dilation * (w.kernel - 1) - 1);
  if (!w.ceil) return floorDiv(span, Dim(w.stride)) + Dim(1);
  const Dim out = floorDiv(span + Dim(w.stride - 1), Dim(w.stride)) + Dim(1);
  if (const auto o = out.constant(), s = size.constant(); o && s && (*o - 1) * w.stride >= *s + w.padding)
    return *o - 1;  // a window must not start in the right padding
  return out;
}

// Spatial sizes of a convolution or pooling; false after a complaint.
bool windows(OpCall& call, const Shape& input, const std::vector<Window>& ws, Shape& out) {
  for (size_t i = 0; i < ws.size(); ++i) {
    const Dim& size = input[input.size() - ws.size() + i];
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

bool requireFloat(OpCall& call, const char* argument) {
  if (isFloating(call.tensor(argument).dtype)) return true;
  call.fail("NW-S007", {{"expected", "float"}, {"received", name(call.tensor(argument).dtype)}});
  return false;
}

void conv2d(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 4, 4, "N, C, H, W")) return;
  const Shape &x = call.shape("input"), &w = call.shape("weight");
  const int64_t groups = call.integer("groups");
  if (!call.requireEqual(x[1], w[1] * Dim(groups), "NW-S004",
                         {{"expected", (w[1] * Dim(groups)).text()}, {"received", x[1].text()}}))
    return;
  std::vector<Window> ws;
  for (size_t i = 0; i < 2; ++i)
    ws.push_back(
        {*w[2 + i].constant(), at(call.ints("stride"), i), at(call.ints("padding"), i), at(call.ints("dilation"), i)});
  Shape out{x[0], w[0]};
  if (!windows(call, x, ws, out)) return;
  call.macs = product(out) * product(w, 1);
  call.result({call.tensor("input").dtype, out});
}

void maxPool2d(OpCall& call) {
  if (!requireRank(call, "self", 3, 4, "N, C, H, W")) return;
  const Shape& x = call.shape("self");
  const Shape kernel = call.ints("kernel_size"), stride = call.ints("stride").empty() ? kernel : call.ints("stride");
  std::vector<Window> ws;
  for (size_t i = 0; i < 2; ++i) {
    ws.push_back({at(kernel, i), at(stride, i), at(call.ints("padding"), i), at(call.ints("dilation"), i),
                  call.flag("ceil_mode")});
    if (ws.back().padding > ws.back().kernel / 2)
      return call.fail("NW-P004", {{"padding", std::to_string(ws.back().padding)},
                                   {"kernel", std::to_string(ws.back().kernel)},
                                   {"limit", std::to_string(ws.back().kernel / 2)}});
  }
  Shape out(x.begin(), x.end() - 2);
  if (windows(call, x, ws, out)) call.result({call.tensor("self").dtype, out});
}

void linear(OpCall& call) {
  if (!requireFloat(call, "input")) return;
  if (call.shape("input").empty())
    return call.fail("NW-S001", {{"expected", "1 or more"}, {"form", "N, features"}, {"shape", "()"}});
  const Shape &x = call.shape("input"), &w = call.shape("weight");
  if (!call.requireEqual(x.back(), w[1], "NW-S003", {{"expected", w[1].text()}, {"received", x.back().text()}})) return;
  Shape out = x;
  out.back() = w[0];
  call.macs = product(out) * w[1];
  call.result({call.tensor("input").dtype, out});
}

void sameAsSelf(OpCall& call) { call.result(call.tensor("self")); }

void softmax(OpCall& call) {
  if (!requireFloat(call, "self")) return;
  const auto rank = static_cast<int64_t>(call.shape("self").size());
  const int64_t dim = call.integer("dim");
  if (dim < -rank || dim >= rank)
    return call.fail("NW-S006", {{"dim", std::to_string(dim)},
                                 {"shape", text(call.shape("self"))},
                                 {"rank", std::to_string(rank)},
                                 {"last", std::to_string(rank - 1)}});
  sameAsSelf(call);
}

void flatten(OpCall& call) {
  const Shape& x = call.shape("self");
  const auto rank = static_cast<int64_t>(x.size());
  int64_t range[2] = {call.integer("start_dim"), call.integer("end_dim")};
  for (int64_t& d : range) {
    if (d < -rank || d >= rank)
      return call.fail("NW-S006", {{"dim", std::to_string(d)},
                                   {"shape", text(x)},
                                   {"rank", std::to_string(rank)},
                                   {"last", std::to_string(rank - 1)}});
    if (d < 0) d += rank;
  }
  if (range[0] > range[1])
    return call.fail("NW-S010",
                     {{"start", std::to_string(range[0])}, {"end", std::to_string(range[1])}, {"shape", text(x)}});
  Shape out(x.begin(), x.begin() + range[0]);
  out.push_back(product(x, static_cast<size_t>(range[0]), static_cast<size_t>(range[1]) + 1));
  out.insert(out.end(), x.begin() + range[1] + 1, x.end());
  call.result({call.tensor("self").dtype, out});
}

void dropout(OpCall& call) {
  if (requireFloat(call, "input")) call.result(call.tensor("input"));
}

void batchNorm(OpCall& call) {
  if (!requireFloat(call, "input") || !requireRank(call, "input", 2, 5, "N, C, *")) return;
  const Shape& x = call.shape("input");
  for (const char* argument : {"weight", "bias", "running_mean", "running_var"})
    if (call.has(argument) &&
        !call.requireEqual(x[1], call.shape(argument)[0], "NW-S004",
                           {{"expected", call.shape(argument)[0].text()}, {"received", x[1].text()}}))
      return;
  const Dim perChannel = x[0] * product(x, 2);
  if (call.training == Answer::Yes && perChannel.equals(1) == Answer::Yes)
    return call.fail("NW-S009", {{"shape", text(x)}});
  call.macs = product(x);
  call.result(call.tensor("input"));
}

void add(OpCall& call) {
  const Shape &a = call.shape("self"), &b = call.shape("other");
  if (call.tensor("self").dtype != call.tensor("other").dtype)
    return call.fail("NW-S007",
                     {{"expected", name(call.tensor("self").dtype)}, {"received", name(call.tensor("other").dtype)}});
  const size_t rank = std::max(a.size(), b.size());
  Shape out(rank);
  for (size_t i = 1; i <= rank; ++i) {  // from the last dimension, as NumPy broadcasts
    const Dim x = i <= a.size() ? a[a.size() - i] : Dim(1), y = i <= b.size() ? b[b.size() - i] : Dim(1);
    const bool stretchX = x == Dim(1), stretchY = y == Dim(1);
    if (!stretchX && !stretchY &&
        !call.requireEqual(
            x, y, "NW-S005",
            {{"a", text(a)}, {"b", text(b)}, {"dim", std::to_string(rank - i)}, {"x", x.text()}, {"y", y.text()}}))
      return;
    out[rank - i] = stretchX ? y : x;
  }
  call.result({call.tensor("self").dtype, out});
}

// Class numbers as targets: self (N, C) or (N, C, d...), target (N) or (N, d...). Result: one number.
void crossEntropy(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 2, 5, "N, C, *")) return;
  const Shape &scores = call.shape("self"), &target = call.shape("target");
  const std::map<std::string, std::string> sizes{{"outputs", text(scores)}, {"targets", text(target)}};
  if (call.tensor("target").dtype != DType::Int64)
    return call.fail("NW-S007",
                     {{"expected", "int64 (class numbers)"}, {"received", name(call.tensor("target").dtype)}});
  if (target.size() + 1 != scores.size()) return call.fail("NW-S008", sizes);
  for (size_t i = 0; i < target.size(); ++i)
    if (!call.requireEqual(target[i], scores[i == 0 ? 0 : i + 1], "NW-S008", sizes)) return;
  call.result({call.tensor("self").dtype, {}});
}

OpInfo row(const char* schema, void (*infer)(OpCall&)) {
  OpInfo info;
  info.schemaText = schema;
  info.infer = infer;
  return info;
}

}  // namespace

std::vector<OpInfo> opRows() {
  std::vector<OpInfo> rows{
      row("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], SymInt[2] padding=[0, "
          "0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor",
          conv2d),
      row("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, "
          "bool ceil_mode=False) -> Tensor",
          maxPool2d),
      row("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", linear),
      row("aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)", flatten),
      row("aten::relu(Tensor self) -> Tensor", sameAsSelf),
      row("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", softmax),
      row("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", add),
      row("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt "
          "ignore_index=-100, float label_smoothing=0.) -> Tensor",
          crossEntropy),
  };
  OpInfo drop = row("aten::dropout(Tensor input, float p, bool train) -> Tensor", dropout);
  drop.random = true;
  rows.push_back(drop);
  OpInfo norm =
      row("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
          "bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor",
          batchNorm);
  norm.mutates = {"running_mean", "running_var"};
  rows.push_back(norm);
  OpInfo count = row("aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)", sameAsSelf);
  count.mutates = {"self"};
  count.differentiable = false;
  rows.push_back(count);
  return rows;
}

}  // namespace netwright::program
