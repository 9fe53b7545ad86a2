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

// GRU and RNN: one state; weights (directions, gates H, in), (directions, gates H, H), offsets of both behind each
// other.
struct OneState {
  int64_t gates, steps, samples, in, hidden, directions;
  bool backwards;
};

OneState checkOneState(const OpCall& call, int64_t gates) {
  const Ints &x = call.floats(0).shape, &w = call.floats(1).shape, &r = call.floats(2).shape;
  const std::string direction = call.text("direction", "forward");
  const int64_t directions = direction == "bidirectional" ? 2 : 1;
  call.require(direction == "forward" || direction == "reverse" || directions == 2, "Its direction is unknown.");
  const int64_t hidden = call.integer("hidden_size", r.size() == 3 ? r[2] : 0);
  call.require(call.integer("layout", 0) == 0 && !call.has(4) && call.number("clip", 0) == 0,
               "Only layout 0 without lengths and clipping is supported.");
  call.require(x.size() == 3 && hidden >= 1 && w == Ints{directions, gates * hidden, x[2]} &&
                   r == Ints{directions, gates * hidden, hidden},
               "Its weights do not fit its input or hidden_size.");
  call.require(!call.has(3) || call.floats(3).shape == Ints{directions, 2 * gates * hidden},
               "Its offsets have another size.");
  call.require(!call.has(5) || call.floats(5).shape == Ints{directions, x[1], hidden},
               "The state that it begins with has another size.");
  return {gates, x[0], x[1], x[2], hidden, directions, direction == "reverse"};
}

// The sums for every gate of one sample: of the input, and of the state.
struct Sums {
  std::vector<double> input, state;
  Sums(const OpCall& call, const OneState& s, int64_t d, const float* x, const std::vector<double>& h) {
    const int64_t rows = s.gates * s.hidden;
    const float *w = call.floats(1).as<float>().data() + d * rows * s.in,
                *r = call.floats(2).as<float>().data() + d * rows * s.hidden,
                *b = call.has(3) ? call.floats(3).as<float>().data() + d * 2 * rows : nullptr;
    for (int64_t row = 0; row < rows; ++row) {
      double in = b ? b[row] : 0, own = b ? b[rows + row] : 0;
      for (int64_t k = 0; k < s.in; ++k) in += static_cast<double>(w[row * s.in + k]) * static_cast<double>(x[k]);
      for (int64_t k = 0; k < s.hidden; ++k)
        own += static_cast<double>(r[row * s.hidden + k]) * h[static_cast<size_t>(k)];
      input.push_back(in);
      state.push_back(own);
    }
  }
};

// Gates z, r, h. The offset of the state is within what r opens (linear_before_reset = 1).
void gruStep(const Sums& sums, std::vector<double>& h) {
  const size_t n = h.size();
  for (size_t k = 0; k < n; ++k) {
    const double z = sigmoid(sums.input[k] + sums.state[k]), r = sigmoid(sums.input[n + k] + sums.state[n + k]);
    const double fresh = std::tanh(sums.input[2 * n + k] + r * sums.state[2 * n + k]);
    h[k] = (1 - z) * fresh + z * h[k];
  }
}
void rnnStep(const Sums& sums, std::vector<double>& h) {
  for (size_t k = 0; k < h.size(); ++k) h[k] = std::tanh(sums.input[k] + sums.state[k]);
}

std::vector<HostTensor> overSteps(const OpCall& call, const OneState& s,
                                  void (*step)(const Sums&, std::vector<double>&)) {
  HostTensor y = call.result({s.steps, s.directions, s.samples, s.hidden});
  HostTensor last = call.result({s.directions, s.samples, s.hidden});
  const auto width = static_cast<size_t>(s.hidden);
  for (int64_t d = 0; d < s.directions; ++d)
    for (int64_t n = 0; n < s.samples; ++n) {
      const auto row = static_cast<size_t>((d * s.samples + n) * s.hidden);
      std::vector<double> h(width, 0);
      if (call.has(5)) {
        const auto values = call.floats(5).as<float>().subspan(row, width);
        h.assign(values.begin(), values.end());
      }
      for (int64_t k = 0; k < s.steps; ++k) {
        const int64_t t = d == 1 || s.backwards ? s.steps - 1 - k : k;
        step(Sums(call, s, d, call.floats(0).as<float>().data() + (t * s.samples + n) * s.in, h), h);
        for (size_t i = 0; i < width; ++i)
          y.as<float>()[static_cast<size_t>(((t * s.directions + d) * s.samples + n) * s.hidden) + i] =
              static_cast<float>(h[i]);
      }
      for (size_t i = 0; i < width; ++i) last.as<float>()[row + i] = static_cast<float>(h[i]);
    }
  return {y, last};
}

std::vector<HostTensor> gru(const OpCall& call) {
  call.require(call.integer("linear_before_reset", 0) == 1, "Only linear_before_reset = 1 is supported.");
  return overSteps(call, checkOneState(call, 3), gruStep);
}
std::vector<HostTensor> rnn(const OpCall& call) { return overSteps(call, checkOneState(call, 1), rnnStep); }

}  // namespace

std::map<std::string, OpFunction> sequenceOps() { return {{"GRU", gru}, {"LSTM", lstm}, {"RNN", rnn}}; }

}  // namespace netwright::convert::onnx
