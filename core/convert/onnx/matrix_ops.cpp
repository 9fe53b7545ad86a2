// SPDX-License-Identifier: Apache-2.0
// Operators that multiply matrices or only read the same numbers in another shape. Formulas: onnx/docs/Operators.md,
// opset 17.
#include <fmt/format.h>

#include <algorithm>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

int64_t product(const Ints& shape, size_t from, size_t to) {
  return elementCount(
      {shape.begin() + static_cast<std::ptrdiff_t>(from), shape.begin() + static_cast<std::ptrdiff_t>(to)});
}

// A matrix inside a tensor, maybe read with rows and columns exchanged.
struct Matrix {
  const float* data;
  int64_t rows, columns, rowStep, columnStep;
  double at(int64_t r, int64_t c) const { return data[r * rowStep + c * columnStep]; }
};

Matrix matrix(const OpCall& call, size_t input, bool transposed) {
  const HostTensor& t = call.floats(input);
  call.require(t.shape.size() == 2, fmt::format("Its input {} is no matrix.", input));
  const float* data = t.as<float>().data();
  if (transposed) return {data, t.shape[1], t.shape[0], 1, t.shape[1]};
  return {data, t.shape[0], t.shape[1], t.shape[1], 1};
}

// Sums of products, row by row of b, which keeps memory in order whichever way b is stored.
void multiplyRow(const Matrix& a, const Matrix& b, int64_t row, std::vector<double>& sums) {
  std::fill(sums.begin(), sums.end(), 0.0);
  if (b.rowStep == 1) {
    for (int64_t c = 0; c < b.columns; ++c)
      for (int64_t k = 0; k < a.columns; ++k) sums[static_cast<size_t>(c)] += a.at(row, k) * b.at(k, c);
    return;
  }
  for (int64_t k = 0; k < a.columns; ++k)
    for (int64_t c = 0; c < b.columns; ++c) sums[static_cast<size_t>(c)] += a.at(row, k) * b.at(k, c);
}

HostTensor gemm(const OpCall& call) {
  const Matrix a = matrix(call, 0, call.integer("transA", 0) != 0), b = matrix(call, 1, call.integer("transB", 0) != 0);
  call.require(a.columns == b.rows, fmt::format("It multiplies {} columns with {} rows.", a.columns, b.rows));
  const double alpha = call.number("alpha", 1), beta = call.number("beta", 1);
  const HostTensor* c = call.has(2) ? &call.floats(2) : nullptr;
  const Ints full{a.rows, b.columns}, row{b.columns};
  call.require(!c || c->shape == full || c->shape == row || c->count() == 1,
               "Its third input does not fit the result.");
  HostTensor y = call.result(full);
  std::vector<double> sums(static_cast<size_t>(b.columns));
  for (int64_t r = 0; r < a.rows; ++r) {
    multiplyRow(a, b, r, sums);
    for (int64_t j = 0; j < b.columns; ++j) {
      const int64_t at = !c || c->count() == 1 ? 0 : c->shape == row ? j : r * b.columns + j;
      const double added = c ? beta * static_cast<double>(c->as<float>()[static_cast<size_t>(at)]) : 0;
      y.as<float>()[static_cast<size_t>(r * b.columns + j)] =
          static_cast<float>(alpha * sums[static_cast<size_t>(j)] + added);
    }
  }
  return y;
}

// Where the matrix for position `index` of the batch dimensions begins, in a tensor whose own may be 1 or missing.
int64_t matrixAt(int64_t index, const Ints& batch, const Ints& own) {
  int64_t at = 0, step = own[own.size() - 2] * own.back();
  for (size_t i = 1; i <= batch.size(); ++i) {
    const int64_t position = index % batch[batch.size() - i];
    index /= batch[batch.size() - i];
    if (i + 2 > own.size()) continue;
    const int64_t size = own[own.size() - 2 - i];
    if (size != 1) at += position * step;
    step *= size;
  }
  return at;
}

// The common batch dimensions of two stacks of matrices; 1 stretches.
Ints commonBatch(const OpCall& call, const Ints& a, const Ints& b) {
  Ints batch(std::max(a.size(), b.size()) - 2, 1);
  for (size_t i = 1; i <= batch.size(); ++i) {
    const int64_t x = i + 2 <= a.size() ? a[a.size() - 2 - i] : 1, y = i + 2 <= b.size() ? b[b.size() - 2 - i] : 1;
    call.require(x == y || x == 1 || y == 1, "Its inputs do not fit each other.");
    batch[batch.size() - i] = x == 1 ? y : x;
  }
  return batch;
}

// (..., R, K) times (..., K, M) is (..., R, M); a single row or column (K) is a matrix for the time being.
HostTensor matMul(const OpCall& call) {
  const HostTensor &a = call.floats(0), &b = call.floats(1);
  call.require(!a.shape.empty() && !b.shape.empty(), "Its inputs do not fit each other.");
  Ints left = a.shape, right = b.shape;
  if (left.size() == 1) left.insert(left.begin(), 1);
  if (right.size() == 1) right.push_back(1);
  const int64_t rows = left[left.size() - 2], inner = left.back(), columns = right.back();
  call.require(inner == right[right.size() - 2], "Its inputs do not fit each other.");
  const Ints batch = commonBatch(call, left, right);
  Ints shape = batch;
  if (a.shape.size() > 1) shape.push_back(rows);
  if (b.shape.size() > 1) shape.push_back(columns);
  HostTensor y = call.result(shape);
  std::vector<double> sums(static_cast<size_t>(columns));
  float* out = y.as<float>().data();
  for (int64_t i = 0; i < elementCount(batch); ++i) {
    const Matrix x{a.as<float>().data() + matrixAt(i, batch, left), rows, inner, inner, 1};
    const Matrix w{b.as<float>().data() + matrixAt(i, batch, right), inner, columns, columns, 1};
    for (int64_t r = 0; r < rows; ++r) {
      multiplyRow(x, w, r, sums);
      out = std::transform(sums.begin(), sums.end(), out, [](double v) { return static_cast<float>(v); });
    }
  }
  return y;
}

HostTensor transpose(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const size_t rank = x.shape.size();
  Ints reversed(rank), shape(rank);
  for (size_t i = 0; i < rank; ++i) reversed[i] = static_cast<int64_t>(rank - 1 - i);
  const Ints perm = call.list("perm", reversed);
  Ints sorted = perm;
  std::sort(sorted.begin(), sorted.end());
  std::reverse(sorted.begin(), sorted.end());
  call.require(sorted == reversed, "Its perm does not name every dimension once.");
  for (size_t i = 0; i < rank; ++i) shape[i] = x.shape[static_cast<size_t>(perm[i])];
  HostTensor y = call.result(shape, x.dtype);
  for (int64_t i = 0; i < y.count(); ++i) {
    int64_t rest = i, source = 0;
    for (size_t d = rank; d-- > 0; rest /= shape[d]) {
      const auto from = static_cast<size_t>(perm[d]);
      source += rest % shape[d] * product(x.shape, from + 1, rank);
    }
    copyEntry(x, source, y, i);
  }
  return y;
}

HostTensor reshaped(const OpCall& call, const HostTensor& x, Ints shape) {
  HostTensor y = call.result(std::move(shape), x.dtype);
  call.require(y.bytes.size() == x.bytes.size(), fmt::format("It puts {} values where {} fit.", x.count(), y.count()));
  y.bytes = x.bytes;
  return y;
}

HostTensor flatten(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  const int64_t given = call.integer("axis", 1);
  const auto rank = static_cast<int64_t>(x.shape.size());
  const auto axis = static_cast<size_t>(given == rank ? rank : call.axis(given, x.shape.size()));
  return reshaped(call, x, {product(x.shape, 0, axis), product(x.shape, axis, x.shape.size())});
}

HostTensor reshape(const OpCall& call) {
  const HostTensor& x = call.tensor(0);
  Ints shape = call.ints(1);
  int64_t known = 1;
  int64_t* open = nullptr;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && call.integer("allowzero", 0) == 0) {
      call.require(i < x.shape.size(), "It takes over a size that its input does not have.");
      shape[i] = x.shape[i];
    }
    call.require(shape[i] >= 0 || (shape[i] == -1 && !open), "Its shape has a negative size.");
    if (shape[i] == -1)
      open = &shape[i];
    else
      call.require(!__builtin_mul_overflow(known, shape[i], &known), "Its shape is too large.");
  }
  call.require(!open || (known > 0 && x.count() % known == 0), "Its open size cannot be worked out.");
  if (open) *open = x.count() / known;
  return reshaped(call, x, std::move(shape));
}

}  // namespace

std::map<std::string, OpFunction> matrixOps() {
  return {{"Flatten", flatten}, {"Gemm", gemm}, {"MatMul", matMul}, {"Reshape", reshape}, {"Transpose", transpose}};
}

}  // namespace netwright::convert::onnx
