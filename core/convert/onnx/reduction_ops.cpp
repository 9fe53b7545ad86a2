// SPDX-License-Identifier: Apache-2.0
// Many values made into one; sums so far; order. Formulas: onnx/docs/Operators.md, opsets 17 to 22: axes of means and
// the like are an attribute before 18, an input from there on.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// What a reduction does with the values that become one.
using Reduce = double (*)(const std::vector<double>&);

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }
double mean(const std::vector<double>& v) { return v.empty() ? 0 : sum(v) / static_cast<double>(v.size()); }
double product(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 1.0, std::multiplies<>()); }
double highest(const std::vector<double>& v) {
  double best = -kInfinity;
  for (const double x : v) best = std::isnan(x) || x > best ? x : best;
  return best;
}
double lowest(const std::vector<double>& v) {
  double best = kInfinity;
  for (const double x : v) best = std::isnan(x) || x < best ? x : best;
  return best;
}
double norm1(const std::vector<double>& v) {
  double all = 0;
  for (const double x : v) all += std::abs(x);
  return all;
}
double norm2(const std::vector<double>& v) {
  double all = 0;
  for (const double x : v) all += x * x;
  return std::sqrt(all);
}
double logSumExp(const std::vector<double>& v) {
  const double top = highest(v);
  if (std::isinf(top)) return top;
  double all = 0;
  for (const double x : v) all += std::exp(x - top);
  return top + std::log(all);
}

template <Reduce F>
HostTensor reduce(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  call.require(x.dtype == DType::Float32 || x.dtype == DType::Int64, "Its input is neither float32 nor int64.");
  Ints all(x.shape.size());
  std::iota(all.begin(), all.end(), 0);
  Ints shape = x.shape;  // with ones where values become one
  std::vector<bool> gone(shape.size(), false);
  for (const int64_t a : call.has(1) ? call.ints(1) : call.list("axes", all))
    gone[static_cast<size_t>(call.axis(a, shape.size()))] = true;
  for (size_t i = 0; i < shape.size(); ++i)
    if (gone[i]) shape[i] = 1;
  HostTensor y = call.result(shape, x.dtype);
  std::vector<std::vector<double>> groups(static_cast<size_t>(y.count()));
  for (int64_t i = 0; i < x.count(); ++i)
    groups[source(i, x.shape, shape)].push_back(valueAt(x, static_cast<size_t>(i)));
  for (size_t i = 0; i < groups.size(); ++i) {
    const double value = F(groups[i]);
    call.require(x.dtype == DType::Float32 || std::abs(value) <= 0x1p53, "Its whole numbers become too large.");
    setValue(y, i, value);
  }
  if (call.integer("keepdims", 1) != 0) return y;
  y.shape.clear();
  for (size_t i = 0; i < shape.size(); ++i)
    if (!gone[i]) y.shape.push_back(shape[i]);
  return y;
}

// The place of the first extreme value along an axis.
HostTensor placeOf(const OpCall& call, double direction) {
  const HostTensor& x = call.tensor(0);
  const int64_t axis = call.axis(call.integer("axis", 0), x.shape.size());
  call.require(call.integer("select_last_index", 0) == 0, "The last of equal values is not supported.");
  const Around s(x.shape, axis);
  call.require(s.size >= 1, "It chooses among no values.");
  Ints shape = x.shape;
  shape[static_cast<size_t>(axis)] = 1;
  HostTensor y = call.result(shape, DType::Int64);
  for (int64_t o = 0; o < s.outer; ++o)
    for (int64_t i = 0; i < s.inner; ++i) {
      int64_t best = 0;
      const auto at = [&](int64_t k) {
        return direction * valueAt(x, static_cast<size_t>((o * s.size + k) * s.inner + i));
      };
      for (int64_t k = 1; k < s.size; ++k)
        if (at(k) > at(best)) best = k;
      y.as<int64_t>()[static_cast<size_t>(o * s.inner + i)] = best;
    }
  if (call.integer("keepdims", 1) == 0) y.shape.erase(y.shape.begin() + axis);
  return y;
}
HostTensor argMax(const OpCall& call) { return placeOf(call, 1); }
HostTensor argMin(const OpCall& call) { return placeOf(call, -1); }

// Values in order and where they came from; of equal ones the first comes first.
std::vector<HostTensor> topK(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const int64_t axis = call.axis(call.integer("axis", -1), x.shape.size()), count = call.whole(1);
  const Around s(x.shape, axis);
  call.require(count >= 0 && count <= s.size, "It takes more values than there are.");
  const double direction = call.integer("largest", 1) != 0 ? 1 : -1;
  Ints shape = x.shape;
  shape[static_cast<size_t>(axis)] = count;
  HostTensor values = call.result(shape, x.dtype), places = call.result(shape, DType::Int64);
  std::vector<int64_t> order(static_cast<size_t>(s.size));
  for (int64_t o = 0; o < s.outer; ++o)
    for (int64_t i = 0; i < s.inner; ++i) {
      const auto from = [&](int64_t k) { return (o * s.size + k) * s.inner + i; };
      const auto key = [&](int64_t k) { return direction * valueAt(x, static_cast<size_t>(from(k))); };
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return key(a) > key(b); });
      for (int64_t k = 0; k < count; ++k) {
        const int64_t to = (o * count + k) * s.inner + i;
        copyEntry(x, from(order[static_cast<size_t>(k)]), values, to);
        places.as<int64_t>()[static_cast<size_t>(to)] = order[static_cast<size_t>(k)];
      }
    }
  return {values, places};
}

HostTensor cumSum(const OpCall& call) {
  HostTensor y = call.tensor(0);
  call.require(call.integer("exclusive", 0) == 0 && call.integer("reverse", 0) == 0, "Only sums up to here are known.");
  const Around s(y.shape, call.axis(call.whole(1), y.shape.size()));
  for (int64_t o = 0; o < s.outer; ++o)
    for (int64_t i = 0; i < s.inner; ++i) {
      double all = 0;
      for (int64_t k = 0; k < s.size; ++k) {
        const auto at = static_cast<size_t>((o * s.size + k) * s.inner + i);
        setValue(y, at, all += valueAt(y, at));
      }
    }
  return y;
}

// Over all dimensions behind (N, C).
HostTensor global(const OpCall& call, Reduce f) {
  const HostTensor& x = call.floats(0);
  call.require(x.shape.size() >= 3, "It works on images (N, C, *) only.");
  Ints shape(x.shape.size(), 1);
  shape[0] = x.shape[0];
  shape[1] = x.shape[1];
  HostTensor y = call.result(shape);
  const int64_t size = y.count() == 0 ? 0 : x.count() / y.count();
  for (int64_t i = 0; i < y.count(); ++i) {
    const auto values = x.as<float>().subspan(static_cast<size_t>(i * size), static_cast<size_t>(size));
    y.as<float>()[static_cast<size_t>(i)] = static_cast<float>(f({values.begin(), values.end()}));
  }
  return y;
}
HostTensor globalAveragePool(const OpCall& call) { return global(call, mean); }
HostTensor globalMaxPool(const OpCall& call) { return global(call, highest); }

}  // namespace

std::map<std::string, OpFunction> reductionOps() {
  return {{"ArgMax", argMax},
          {"ArgMin", argMin},
          {"CumSum", cumSum},
          {"GlobalAveragePool", globalAveragePool},
          {"GlobalMaxPool", globalMaxPool},
          {"ReduceL1", reduce<norm1>},
          {"ReduceL2", reduce<norm2>},
          {"ReduceLogSumExp", reduce<logSumExp>},
          {"ReduceMax", reduce<highest>},
          {"ReduceMean", reduce<mean>},
          {"ReduceMin", reduce<lowest>},
          {"ReduceProd", reduce<product>},
          {"ReduceSum", reduce<sum>},
          {"TopK", topK}};
}

}  // namespace netwright::convert::onnx
