// SPDX-License-Identifier: Apache-2.0
// Operators that read a sequence step by step. Formulas: onnx/docs/Operators.md, opset 17.
#include <cmath>

#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

double sigmoid(double v) { return 1 / (1 + std::exp(-v)); }

// One direction of an LSTM: weights (4H, in) and (4H, H), gates in the order i, o, f, c.
struct Direction {
  const float *w, *r, *b;  // b: 4H of W, then 4H of R; null without
  int64_t in, hidden;

  double gate(int64_t row, const float* x, const double* h) const {
    double sum = b ? static_cast<double>(b[row]) + static_cast<double>(b[4 * hidden + row]) : 0;
    for (int64_t k = 0; k < in; ++k) sum += static_cast<double>(w[row * in + k]) * static_cast<double>(x[k]);
    for (int64_t k = 0; k < hidden; ++k) sum += static_cast<double>(r[row * hidden + k]) * h[k];
    return sum;
  }

  void step(const float* x, std::vector<double>& h, std::vector<double>& c) const {
    const std::vector<double> before = h;
    for (int64_t k = 0; k < hidden; ++k) {
      const auto at = static_cast<size_t>(k);
      const double i = sigmoid(gate(k, x, before.data())), o = sigmoid(gate(hidden + k, x, before.data()));
      const double f = sigmoid(gate(2 * hidden + k, x, before.data()));
      c[at] = f * c[at] + i * std::tanh(gate(3 * hidden + k, x, before.data()));
      h[at] = o * std::tanh(c[at]);
    }
  }
};

struct Lstm {
  int64_t steps, samples, in, hidden, directions;
  bool backwards;  // the only direction
};

// Everything that the sizes of the inputs must say.
Lstm check(const OpCall& call) {
  const Ints &x = call.floats(0).shape, &w = call.floats(1).shape, &r = call.floats(2).shape;
  const std::string direction = call.text("direction", "forward");
  const int64_t directions = direction == "bidirectional" ? 2 : 1;
  call.require(direction == "forward" || direction == "reverse" || directions == 2, "Its direction is unknown.");
  call.require(call.integer("layout", 0) == 0 && call.integer("input_forget", 0) == 0 && !call.has(4) && !call.has(7),
               "Only layout 0 without lengths, peepholes and coupled gates is supported.");
  const int64_t hidden = call.integer("hidden_size", r.size() == 3 ? r[2] : 0);
  call.require(call.number("clip", 0) == 0, "Clipping is not supported.");
  call.require(x.size() == 3 && hidden >= 1 && r.size() == 3 && r[2] == hidden &&
                   w == Ints{directions, 4 * hidden, x[2]} && r == Ints{directions, 4 * hidden, hidden},
               "Its weights do not fit its input or hidden_size.");
  call.require(!call.has(3) || call.floats(3).shape == Ints{directions, 8 * hidden}, "Its offsets have another size.");
  for (const size_t state : {5, 6})
    call.require(!call.has(state) || call.floats(state).shape == Ints{directions, x[1], hidden},
                 "A state that it begins with has another size.");
  return {x[0], x[1], x[2], hidden, directions, direction == "reverse"};
}

Direction direction(const OpCall& call, const Lstm& s, int64_t d) {
  const auto part = [&](size_t input, int64_t size) {
    return call.has(input) ? call.floats(input).as<float>().data() + d * size : nullptr;
  };
  return {part(1, 4 * s.hidden * s.in), part(2, 4 * s.hidden * s.hidden), part(3, 8 * s.hidden), s.in, s.hidden};
}

std::vector<HostTensor> lstm(const OpCall& call) {
  const Lstm s = check(call);
  HostTensor y = call.result({s.steps, s.directions, s.samples, s.hidden});
  HostTensor lastH = call.result({s.directions, s.samples, s.hidden}), lastC = lastH;
  for (int64_t d = 0; d < s.directions; ++d)
    for (int64_t n = 0; n < s.samples; ++n) {
      const Direction weights = direction(call, s, d);
      const auto row = static_cast<size_t>((d * s.samples + n) * s.hidden), width = static_cast<size_t>(s.hidden);
      const auto start = [&](size_t input) {
        if (!call.has(input)) return std::vector<double>(width, 0);
        const auto values = call.floats(input).as<float>().subspan(row, width);
        return std::vector<double>(values.begin(), values.end());
      };
      std::vector<double> h = start(5), c = start(6);
      for (int64_t k = 0; k < s.steps; ++k) {
        const int64_t t = d == 1 || s.backwards ? s.steps - 1 - k : k;
        weights.step(call.floats(0).as<float>().data() + (t * s.samples + n) * s.in, h, c);
        for (size_t i = 0; i < width; ++i)
          y.as<float>()[static_cast<size_t>(((t * s.directions + d) * s.samples + n) * s.hidden) + i] =
              static_cast<float>(h[i]);
      }
      for (size_t i = 0; i < width; ++i) {
        lastH.as<float>()[row + i] = static_cast<float>(h[i]);
        lastC.as<float>()[row + i] = static_cast<float>(c[i]);
      }
    }
  return {y, lastH, lastC};
}

}  // namespace

std::map<std::string, OpFunction> sequenceOps() { return {{"LSTM", lstm}}; }

}  // namespace netwright::convert::onnx
