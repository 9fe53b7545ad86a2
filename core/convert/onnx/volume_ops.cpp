// SPDX-License-Identifier: Apache-2.0
// Operators that slide a window over volumes (N, C, D, H, W), point by point. Formulas: onnx/docs/Operators.md,
// opset 17.
#include <cmath>
#include <limits>
#include <optional>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

constexpr int64_t kMaxWindow = 1 << 20;  // larger ones are damage and could overflow

struct Cube {
  Ints in, kernel, stride, dilation, begin, end, out;

  // Where kernel point k of the window at `position` reads; nothing in the margins.
  std::optional<int64_t> at(const Ints& position, const Ints& k) const {
    Ints point(3);
    for (size_t i = 0; i < 3; ++i) {
      point[i] = position[i] * stride[i] + k[i] * dilation[i] - begin[i];
      if (point[i] < 0 || point[i] >= in[i]) return std::nullopt;
    }
    return indexOf(point, in);
  }
};

Cube cube(const OpCall& call, const Ints& kernel) {
  call.require(call.text("auto_pad", "NOTSET") == "NOTSET" && call.integer("ceil_mode", 0) == 0,
               "Margins that the reader works out are not supported.");
  const Ints pads = call.list("pads", Ints(6, 0));
  call.require(pads.size() == 6, "Its margins are not six.");
  Cube c{{},
         kernel,
         call.list("strides", Ints(3, 1)),
         call.list("dilations", Ints(3, 1)),
         {pads.begin(), pads.begin() + 3},
         {pads.begin() + 3, pads.end()},
         Ints(3)};
  for (const Ints* sizes : {&c.kernel, &c.stride, &c.dilation}) {
    call.require(sizes->size() == 3, "Its window has not three dimensions.");
    for (const int64_t v : *sizes) call.require(v >= 1 && v <= kMaxWindow, "Its window has an impossible size.");
  }
  for (const int64_t v : pads) call.require(v >= 0 && v <= kMaxWindow, "Its margins are impossible.");
  return c;
}

Cube cubeOver(const OpCall& call, const HostTensor& x, const Ints& kernel) {
  Cube c = cube(call, kernel);
  c.in = {x.shape.begin() + 2, x.shape.end()};
  for (size_t i = 0; i < 3; ++i) {
    const int64_t span = c.in[i] + c.begin[i] + c.end[i] - c.dilation[i] * (c.kernel[i] - 1) - 1;
    call.require(span >= 0, "Its window is larger than the volume.");
    c.out[i] = span / c.stride[i] + 1;
  }
  return c;
}

Ints kernelSizes(const OpCall& call, const HostTensor& weight) {
  call.require(weight.shape.size() == 5, "Its weight has another number of dimensions than its input.");
  const Ints kernel(weight.shape.begin() + 2, weight.shape.end());
  call.require(call.list("kernel_shape", kernel) == kernel, "Its weight does not fit its kernel_shape.");
  return kernel;
}

double bias(const OpCall& call, int64_t channel) {
  return call.has(2) ? call.floats(2).as<float>()[static_cast<size_t>(channel)] : 0.0;
}

}  // namespace

HostTensor convVolume(const OpCall& call) {
  const HostTensor &x = call.floats(0), &weight = call.floats(1);
  const Cube c = cubeOver(call, x, kernelSizes(call, weight));
  const int64_t groups = call.integer("group", 1), channels = weight.shape[0], perGroup = weight.shape[1];
  call.require(groups >= 1 && channels % groups == 0 && x.shape[1] == perGroup * groups,
               "Its weight does not fit its input or group.");
  call.require(!call.has(2) || call.floats(2).shape == Ints{channels}, "Its bias has the wrong size.");
  HostTensor y = call.result({x.shape[0], channels, c.out[0], c.out[1], c.out[2]});
  const int64_t size = elementCount(c.in), points = elementCount(c.kernel);
  for (int64_t i = 0; i < y.count(); ++i) {
    const Ints at = positions(i, y.shape), position(at.begin() + 2, at.end());
    const int64_t first = at[1] / (channels / groups) * perGroup;
    double sum = bias(call, at[1]);
    for (int64_t k = 0; k < points; ++k) {
      const auto from = c.at(position, positions(k, c.kernel));
      for (int64_t g = 0; from && g < perGroup; ++g)
        sum += static_cast<double>(weight.as<float>()[static_cast<size_t>((at[1] * perGroup + g) * points + k)]) *
               static_cast<double>(x.as<float>()[static_cast<size_t>((at[0] * x.shape[1] + first + g) * size + *from)]);
    }
    y.as<float>()[static_cast<size_t>(i)] = static_cast<float>(sum);
  }
  return y;
}

// A convolution backwards: seen from its result, the input's positions are those of the windows.
HostTensor convTransposeVolume(const OpCall& call) {
  const HostTensor &x = call.floats(0), &weight = call.floats(1);
  Cube c = cube(call, kernelSizes(call, weight));
  const Ints more = call.list("output_padding", Ints(3, 0));
  call.require(more.size() == 3 && call.list("output_shape", {}).empty(),
               "Its output_padding or output_shape is not supported.");
  c.out = {x.shape.begin() + 2, x.shape.end()};
  c.in.resize(3);
  for (size_t i = 0; i < 3; ++i) {
    call.require(more[i] >= 0 && more[i] <= kMaxWindow && c.out[i] <= kMaxWindow, "Its sizes are impossible.");
    c.in[i] = (c.out[i] - 1) * c.stride[i] + c.dilation[i] * (c.kernel[i] - 1) + 1 + more[i] - c.begin[i] - c.end[i];
    call.require(c.in[i] >= 1, "Its margins cut off the whole result.");
  }
  const int64_t groups = call.integer("group", 1), perGroup = weight.shape[1], channels = x.shape[1];
  call.require(groups >= 1 && groups <= kMaxWindow && perGroup <= kMaxWindow && channels == weight.shape[0] &&
                   channels % groups == 0,
               "Its weight does not fit its input or group.");
  call.require(!call.has(2) || call.floats(2).shape == Ints{perGroup * groups}, "Its bias has the wrong size.");
  HostTensor y = call.result({x.shape[0], perGroup * groups, c.in[0], c.in[1], c.in[2]});
  const int64_t size = elementCount(c.in), points = elementCount(c.kernel);
  std::vector<double> sums(static_cast<size_t>(y.count()));
  for (size_t i = 0; i < sums.size(); ++i) sums[i] = bias(call, static_cast<int64_t>(i) / size % (perGroup * groups));
  for (int64_t i = 0; i < x.count(); ++i) {
    const Ints at = positions(i, x.shape), position(at.begin() + 2, at.end());
    const int64_t first = at[1] / (channels / groups) * perGroup;
    for (int64_t k = 0; k < points; ++k) {
      const auto to = c.at(position, positions(k, c.kernel));
      for (int64_t g = 0; to && g < perGroup; ++g)
        sums[static_cast<size_t>((at[0] * perGroup * groups + first + g) * size + *to)] +=
            static_cast<double>(weight.as<float>()[static_cast<size_t>((at[1] * perGroup + g) * points + k)]) *
            static_cast<double>(x.as<float>()[static_cast<size_t>(i)]);
    }
  }
  for (size_t i = 0; i < sums.size(); ++i) y.as<float>()[i] = static_cast<float>(sums[i]);
  return y;
}

HostTensor poolVolume(const OpCall& call, bool average) {
  const HostTensor& x = call.floats(0);
  const Cube c = cubeOver(call, x, call.list("kernel_shape", {}));
  const bool counted = call.integer("count_include_pad", 0) != 0;
  HostTensor y = call.result({x.shape[0], x.shape[1], c.out[0], c.out[1], c.out[2]});
  const int64_t size = elementCount(c.in), points = elementCount(c.kernel);
  for (int64_t i = 0; i < y.count(); ++i) {
    const Ints at = positions(i, y.shape), position(at.begin() + 2, at.end());
    double sum = 0, best = -std::numeric_limits<double>::infinity();
    int64_t inside = 0;
    for (int64_t k = 0; k < points; ++k) {
      const auto from = c.at(position, positions(k, c.kernel));
      if (!from) continue;
      const double v = x.as<float>()[static_cast<size_t>((at[0] * x.shape[1] + at[1]) * size + *from)];
      sum += v;
      if (v > best || std::isnan(v)) best = v;
      ++inside;
    }
    const double mean = sum / static_cast<double>(counted ? points : inside);
    y.as<float>()[static_cast<size_t>(i)] = static_cast<float>(average ? mean : best);
  }
  return y;
}

}  // namespace netwright::convert::onnx
