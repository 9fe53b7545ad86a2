// SPDX-License-Identifier: Apache-2.0
// Products of matrices, and of indices as Einstein wrote them.
#include <algorithm>
#include <map>

#include "core/program/promotion.h"
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

std::map<std::string, std::string> operands(const Shape& a, const Shape& b) { return {{"a", text(a)}, {"b", text(b)}}; }

bool requireOneType(OpCall& call, const TensorType& a, const TensorType& b) {
  if (a.dtype == b.dtype && a.dtype != DType::Bool) return true;
  call.fail("NW-S032", {{"input", "b"}, {"expected", name(a.dtype)}, {"received", name(b.dtype)}});
  return false;
}

// Vectors are rows at the left and columns at the right; further dimensions broadcast.
void matmul(OpCall& call) {
  const TensorType &a = call.tensor("self"), &b = call.tensor("other");
  if (!requireOneType(call, a, b)) return;
  if (a.shape.empty() || b.shape.empty()) return call.fail("NW-S045", operands(a.shape, b.shape));
  const Dim inner = a.shape.back(), rows = b.shape.size() == 1 ? b.shape[0] : b.shape[b.shape.size() - 2];
  if (!call.requireEqual(inner, rows, "NW-S045", operands(a.shape, b.shape))) return;
  const size_t cut = std::min<size_t>(2, a.shape.size()), cutB = std::min<size_t>(2, b.shape.size());
  const Shape batchA(a.shape.begin(), a.shape.end() - static_cast<std::ptrdiff_t>(cut)),
      batchB(b.shape.begin(), b.shape.end() - static_cast<std::ptrdiff_t>(cutB));
  auto out = broadcast(call, batchA, batchB, "NW-S040");
  if (!out) return;
  if (cut == 2) out->push_back(a.shape[a.shape.size() - 2]);
  if (cutB == 2) out->push_back(b.shape.back());
  call.macs = product(*out) * inner;
  call.result({a.dtype, std::move(*out)});
}

void bmm(OpCall& call) {
  const TensorType &a = call.tensor("self"), &b = call.tensor("mat2");
  if (!requireOneType(call, a, b)) return;
  if (a.shape.size() != 3 || b.shape.size() != 3) return call.fail("NW-S045", operands(a.shape, b.shape));
  if (!call.requireEqual(a.shape[0], b.shape[0], "NW-S045", operands(a.shape, b.shape)) ||
      !call.requireEqual(a.shape[2], b.shape[1], "NW-S045", operands(a.shape, b.shape)))
    return;
  call.macs = product(a.shape) * b.shape[2];
  call.result({a.dtype, {a.shape[0], a.shape[1], b.shape[2]}});
}

// y[o] = x1ᵀ weight[o] x2 + bias[o]
void bilinear(OpCall& call) {
  if (!requireFloat(call, "input1") || !requireFloat(call, "input2") ||
      !requireRank(call, "weight", 3, 3, "out_features, in1_features, in2_features"))
    return;
  const Shape &a = call.shape("input1"), &b = call.shape("input2"), &w = call.shape("weight");
  const std::map<std::string, std::string> args{
      {"port", "input2"}, {"expected", "as input1 but for the features"}, {"received", text(b)}};
  if (a.empty() || a.size() != b.size()) return call.fail("NW-S033", args);
  for (size_t i = 0; i + 1 < a.size(); ++i)
    if (!call.requireEqual(a[i], b[i], "NW-S033", args)) return;
  if (!call.requireEqual(a.back(), w[1], "NW-S003", {{"expected", w[1].text()}, {"received", a.back().text()}}) ||
      !call.requireEqual(b.back(), w[2], "NW-S003", {{"expected", w[2].text()}, {"received", b.back().text()}}))
    return;
  if (!requireBias(call, w[0])) return;
  Shape out = a;
  out.back() = w[0];
  call.macs = product(out) * w[1] * w[2];
  call.result({call.tensor("input1").dtype, out});
}

// "bij,bjk->bik". Letters name dimensions, an ellipsis stands for those that broadcast; without an arrow letters that
// occur once remain, in the order of the alphabet.
class Einsum {
 public:
  explicit Einsum(OpCall& call) : call_(call) {
    for (const char c : call.text("equation"))
      if (c != ' ') equation_ += c;
  }

  void run() {
    const size_t arrow = equation_.find("->");
    const std::string left = equation_.substr(0, arrow);
    std::vector<std::string> terms(1);
    for (const char c : left) c == ',' ? terms.emplace_back() : terms.back() += c, void();
    const auto& tensors = call_.list("tensors");
    if (terms.size() != tensors.size() || tensors.empty())
      return refuse("names " + std::to_string(terms.size()) + " inputs, but there are " +
                    std::to_string(tensors.size()));
    DType type = tensors.front().dtype;
    for (size_t i = 0; i < terms.size(); ++i) {
      if (tensors[i].dtype != type)
        return call_.fail(
            "NW-S032",
            {{"input", std::to_string(i + 1)}, {"expected", name(type)}, {"received", name(tensors[i].dtype)}});
      if (!bind(terms[i], tensors[i].shape)) return;
    }
    finish(arrow == std::string::npos ? implied() : equation_.substr(arrow + 2), type);
  }

 private:
  void refuse(const std::string& problem) { requireParam(call_, false, "equation", problem); }

  bool bind(const std::string& term, const Shape& shape) {
    const size_t dots = term.find("...");
    const bool ellipsis = dots != std::string::npos;
    const size_t named = term.size() - (ellipsis ? 3 : 0);
    if (ellipsis ? shape.size() < named : shape.size() != named) {
      refuse("names " + std::to_string(named) + " dimensions in '" + term + "' for an input of shape " + text(shape));
      return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < term.size(); ++i) {
      if (ellipsis && i == dots) {
        const size_t count = shape.size() - named;
        const Shape middle(shape.begin() + static_cast<std::ptrdiff_t>(at),
                           shape.begin() + static_cast<std::ptrdiff_t>(at + count));
        const auto joined = broadcast(call_, ellipsis_, middle, "NW-S040");
        if (!joined) return false;
        ellipsis_ = *joined;
        at += count;
        i += 2;
      } else if (!bindLetter(term[i], shape[at++])) {
        return false;
      }
    }
    return true;
  }

  bool bindLetter(char letter, const Dim& size) {
    if (!std::isalpha(static_cast<unsigned char>(letter))) {
      refuse(std::string("holds '") + letter + "', which is no letter");
      return false;
    }
    ++uses_[letter];
    const auto [found, fresh] = sizes_.emplace(letter, size);
    if (fresh || size == Dim(1)) return true;
    if (found->second == Dim(1)) {
      found->second = size;
      return true;
    }
    return call_.requireEqual(
        found->second, size, "NW-P001",
        {{"param", "equation"},
         {"problem", std::string("gives '") + letter + "' the sizes " + found->second.text() + " and " + size.text()}});
  }

  std::string implied() const {
    std::string out = ellipsis_.empty() ? "" : "...";
    for (const auto& [letter, count] : uses_)
      if (count == 1) out += letter;
    return out;
  }

  void finish(const std::string& right, DType type) {
    Shape out;
    Dim all = product(ellipsis_);
    for (const auto& [letter, size] : sizes_) all = all * size;
    for (size_t i = 0; i < right.size(); ++i) {
      if (right.compare(i, 3, "...") == 0) {
        out.insert(out.end(), ellipsis_.begin(), ellipsis_.end());
        i += 2;
        continue;
      }
      const auto found = sizes_.find(right[i]);
      if (found == sizes_.end()) return refuse(std::string("asks for '") + right[i] + "', which no input has");
      if (std::count(right.begin(), right.end(), right[i]) > 1)
        return refuse(std::string("names '") + right[i] + "' twice in the result");
      out.push_back(found->second);
    }
    call_.macs = all;
    call_.result({type, out});
  }

  OpCall& call_;
  std::string equation_;
  std::map<char, Dim> sizes_;
  std::map<char, int> uses_;
  Shape ellipsis_;
};

void einsum(OpCall& call) { Einsum(call).run(); }

}  // namespace

std::vector<OpInfo> matrix() {
  return {row("aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor", bilinear),
          row("aten::bmm(Tensor self, Tensor mat2) -> Tensor", bmm),
          row("aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor", einsum),
          row("aten::matmul(Tensor self, Tensor other) -> Tensor", matmul)};
}

}  // namespace netwright::program::ops
