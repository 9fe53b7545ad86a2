// SPDX-License-Identifier: Apache-2.0
// Einsum: sums of products over named dimensions. Formula: onnx/docs/Operators.md, opset 12.
#include <algorithm>
#include <cctype>
#include <map>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

// The names of a tensor's dimensions; those of "..." are digits, counted from the last.
std::string names(const OpCall& call, const std::string& term, size_t rank) {
  const size_t dots = term.find("...");
  if (dots == std::string::npos) {
    call.require(term.size() == rank, "A term of its equation names another number of dimensions.");
    return term;
  }
  call.require(rank + 3 >= term.size() && rank + 3 - term.size() <= 9,
               "A term of its equation names another number of dimensions.");
  std::string middle;
  for (size_t i = rank + 3 - term.size(); i > 0; --i) middle += static_cast<char>('0' + i);
  return term.substr(0, dots) + middle + term.substr(dots + 3);
}

struct Sum {
  std::vector<std::string> terms;
  std::string result;
  std::map<char, int64_t> sizes;
};

Sum read(const OpCall& call) {
  std::string equation = call.text("equation", "");
  std::erase_if(equation, [](unsigned char c) { return std::isspace(c); });
  const size_t arrow = equation.find("->");
  const std::string left = equation.substr(0, arrow);
  Sum sum;
  std::map<char, int> uses;
  size_t from = 0, widest = 0;
  for (size_t i = 0; i < call.inputs(); ++i) {
    call.require(from <= left.size(), "Its equation has fewer terms than it has inputs.");
    const size_t comma = std::min(left.find(',', from), left.size());
    const Ints& shape = call.floats(i).shape;
    const std::string term = names(call, left.substr(from, comma - from), shape.size());
    from = comma + 1;
    for (size_t d = 0; d < term.size(); ++d) {
      int64_t& size = sum.sizes.try_emplace(term[d], 1).first->second;
      call.require(size == shape[d] || size == 1 || shape[d] == 1, "One name has two sizes.");
      size = std::max(size, shape[d]);
      ++uses[term[d]];
      if (std::isdigit(static_cast<unsigned char>(term[d])))
        widest = std::max(widest, static_cast<size_t>(term[d] - '0'));
    }
    sum.terms.push_back(term);
  }
  call.require(from > left.size(), "Its equation has more terms than it has inputs.");
  std::string implied = widest ? "..." : "";
  for (const auto& [letter, count] : uses)
    if (count == 1 && std::isalpha(static_cast<unsigned char>(letter))) implied += letter;
  const std::string right = arrow == std::string::npos ? implied : equation.substr(arrow + 2);
  sum.result = names(call, right, right.size() + (right.find("...") == std::string::npos ? 0 : widest - 3));
  for (const char c : sum.result) call.require(sum.sizes.contains(c), "Its result names a dimension of no input.");
  return sum;
}

HostTensor einsum(const OpCall& call) {
  const Sum sum = read(call);
  std::string all = sum.result;  // then what is summed over
  for (const auto& [letter, size] : sum.sizes)
    if (all.find(letter) == std::string::npos) all += letter;
  Ints space, shape;
  for (const char c : all) space.push_back(sum.sizes.at(c));
  shape.assign(space.begin(), space.begin() + static_cast<std::ptrdiff_t>(sum.result.size()));
  HostTensor y = call.result(shape);
  const int64_t steps = call.result(space).count();
  const int64_t inner = y.count() == 0 ? 0 : steps / y.count();
  for (int64_t i = 0; i < y.count(); ++i) {
    double total = 0;
    for (int64_t k = 0; k < inner; ++k) {
      const Ints at = positions(i * inner + k, space);
      double product = 1;
      for (size_t t = 0; t < sum.terms.size(); ++t) {
        const HostTensor& x = call.floats(t);
        Ints own;
        for (size_t d = 0; d < x.shape.size(); ++d) own.push_back(x.shape[d] == 1 ? 0 : at[all.find(sum.terms[t][d])]);
        product *= static_cast<double>(x.as<float>()[static_cast<size_t>(indexOf(own, x.shape))]);
      }
      total += product;
    }
    y.as<float>()[static_cast<size_t>(i)] = static_cast<float>(total);
  }
  return y;
}

}  // namespace

std::map<std::string, OpFunction> einsumOps() { return {{"Einsum", einsum}}; }

}  // namespace netwright::convert::onnx
