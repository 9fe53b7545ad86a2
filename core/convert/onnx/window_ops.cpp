// SPDX-License-Identifier: Apache-2.0
// Operators that slide a window over images (N, C, H, W) or sequences (N, C, L), which are images of height 1.
// Formulas: onnx/docs/Operators.md, opset 17.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

constexpr int64_t kMaxWindow = 1 << 20;  // of kernels, strides, margins: larger ones are damage and could overflow

// One spatial dimension of a window operator.
struct Axis {
  int64_t in, kernel, stride, dilation, before, after, out;

  // Positions of the output for which kernel point k lies inside the image: [first, last).
  int64_t first(int64_t k) const {
    const int64_t offset = k * dilation - before;
    return offset >= 0 ? 0 : std::min(out, (-offset + stride - 1) / stride);
  }
  int64_t last(int64_t k) const {
    const int64_t room = in - 1 - (k * dilation - before);
    return room < 0 ? 0 : std::min(out, room / stride + 1);
  }
  int64_t at(int64_t position, int64_t k) const { return position * stride + k * dilation - before; }
};

struct Window {
  Axis y, x;
};

Ints imageSizes(const OpCall& call, const Ints& shape) {
  call.require(shape.size() == 3 || shape.size() == 4, "It works on images (N, C, H, W) and sequences (N, C, L) only.");
  return {shape.size() == 4 ? shape[2] : 1, shape.back()};
}

// The shape of a result of the rank of the input.
Ints resultShape(const HostTensor& like, int64_t channels, int64_t height, int64_t width) {
  if (like.shape.size() == 3) return {like.shape[0], channels, width};
  return {like.shape[0], channels, height, width};
}

// Axes without the sizes of the image and the result.
Window window(const OpCall& call, const Ints& kernel) {
  call.require(call.text("auto_pad", "NOTSET") == "NOTSET" && call.integer("ceil_mode", 0) == 0,
               "Margins that the reader works out are not supported.");
  const auto wide = [](Ints list, int64_t neutral) { return list.size() == 1 ? Ints{neutral, list[0]} : list; };
  const Ints strides = wide(call.list("strides", {1, 1}), 1), dilations = wide(call.list("dilations", {1, 1}), 1);
  Ints pads = call.list("pads", {0, 0, 0, 0});
  if (pads.size() == 2) pads = {0, pads[0], 0, pads[1]};
  call.require(kernel.size() == 2 && strides.size() == 2 && dilations.size() == 2 && pads.size() == 4,
               "Its window has not one or two dimensions.");
  Axis axes[2];
  for (size_t i = 0; i < 2; ++i) {
    Axis& a = axes[i] = {0, kernel[i], strides[i], dilations[i], pads[i], pads[2 + i], 0};
    for (const int64_t v : {a.kernel, a.stride, a.dilation})
      call.require(v >= 1 && v <= kMaxWindow, "Its window has an impossible size.");
    for (const int64_t v : {a.before, a.after}) call.require(v >= 0 && v <= kMaxWindow, "Its margins are impossible.");
  }
  return {axes[0], axes[1]};
}

Window windowOver(const OpCall& call, const HostTensor& image, const Ints& kernel) {
  const Ints sizes = imageSizes(call, image.shape);
  Window w = window(call, kernel);
  for (Axis* a : {&w.y, &w.x}) {
    a->in = sizes[a == &w.y ? 0 : 1];
    const int64_t span = a->in + a->before + a->after - a->dilation * (a->kernel - 1) - 1;
    call.require(span >= 0, "Its window is larger than the image.");
    a->out = span / a->stride + 1;
  }
  return w;
}

// Of Conv and ConvTranspose: behind two numbers of channels.
Ints kernelSizes(const OpCall& call, const HostTensor& weight, const HostTensor& x) {
  call.require(weight.shape.size() == x.shape.size(), "Its weight has another number of dimensions than its input.");
  const Ints kernel = imageSizes(call, weight.shape), tail(weight.shape.begin() + 2, weight.shape.end());
  call.require(call.list("kernel_shape", tail) == tail, "Its weight does not fit its kernel_shape.");
  return kernel;
}

// Adds weight * image, shifted by one kernel point, to a plane of sums.
void addShifted(const Window& w, int64_t ky, int64_t kx, const float* image, double weight, double* sums) {
  const int64_t first = w.x.first(kx), last = w.x.last(kx), stride = w.x.stride;
  for (int64_t oy = w.y.first(ky); oy < w.y.last(ky); ++oy) {
    if (first >= last) return;
    const float* row = image + w.y.at(oy, ky) * w.x.in + w.x.at(first, kx);
    double* sum = sums + oy * w.x.out + first;
    const int64_t n = last - first;
    if (stride == 1)
      for (int64_t i = 0; i < n; ++i) sum[i] += weight * static_cast<double>(row[i]);
    else
      for (int64_t i = 0; i < n; ++i) sum[i] += weight * static_cast<double>(row[i * stride]);
  }
}

HostTensor conv(const OpCall& call) {
  const HostTensor &x = call.floats(0), &weight = call.floats(1);
  const Window w = windowOver(call, x, kernelSizes(call, weight, x));
  const int64_t groups = call.integer("group", 1), outChannels = weight.shape[0], perGroup = weight.shape[1];
  call.require(groups >= 1 && outChannels % groups == 0 && x.shape[1] % groups == 0 && x.shape[1] / groups == perGroup,
               "Its weight does not fit its input or group.");
  call.require(!call.has(2) || call.floats(2).shape == Ints{outChannels}, "Its bias has the wrong size.");
  HostTensor y = call.result(resultShape(x, outChannels, w.y.out, w.x.out));
  const int64_t plane = w.y.in * w.x.in, outPlane = w.y.out * w.x.out, kernelPlane = w.y.kernel * w.x.kernel;
  std::vector<double> sums(static_cast<size_t>(outPlane));
  for (int64_t n = 0; n < x.shape[0]; ++n)
    for (int64_t o = 0; o < outChannels; ++o) {
      std::fill(sums.begin(), sums.end(), call.has(2) ? call.floats(2).as<float>()[static_cast<size_t>(o)] : 0.0);
      const int64_t firstIn = o / (outChannels / groups) * perGroup;
      for (int64_t c = 0; c < perGroup; ++c) {
        const float* image = x.as<float>().data() + (n * x.shape[1] + firstIn + c) * plane;
        const float* kernelAt = weight.as<float>().data() + (o * perGroup + c) * kernelPlane;
        for (int64_t k = 0; k < kernelPlane; ++k)
          addShifted(w, k / w.x.kernel, k % w.x.kernel, image, kernelAt[k], sums.data());
      }
      float* out = y.as<float>().data() + (n * outChannels + o) * outPlane;
      std::transform(sums.begin(), sums.end(), out, [](double v) { return static_cast<float>(v); });
    }
  return y;
}

// The largest value of one window; margins do not count; a NaN wins, as in PyTorch.
float largest(const Window& w, const float* image, int64_t oy, int64_t ox) {
  float best = -std::numeric_limits<float>::infinity();
  for (int64_t ky = 0; ky < w.y.kernel; ++ky)
    for (int64_t kx = 0; kx < w.x.kernel; ++kx) {
      const int64_t iy = w.y.at(oy, ky), ix = w.x.at(ox, kx);
      if (iy < 0 || iy >= w.y.in || ix < 0 || ix >= w.x.in) continue;
      const float v = image[iy * w.x.in + ix];
      if (v > best || std::isnan(v)) best = v;
    }
  return best;
}

Window poolWindow(const OpCall& call, const HostTensor& x) {
  const Ints kernel = call.list("kernel_shape", {});
  call.require(kernel.size() + 2 == x.shape.size(), "Its window has another number of dimensions than its input.");
  return windowOver(call, x, kernel.size() == 1 ? Ints{1, kernel[0]} : kernel);
}

HostTensor maxPool(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  const Window w = poolWindow(call, x);
  HostTensor y = call.result(resultShape(x, x.shape[1], w.y.out, w.x.out));
  float* out = y.as<float>().data();
  for (int64_t image = 0; image < x.shape[0] * x.shape[1]; ++image)
    for (int64_t oy = 0; oy < w.y.out; ++oy)
      for (int64_t ox = 0; ox < w.x.out; ++ox)
        *out++ = largest(w, x.as<float>().data() + image * w.y.in * w.x.in, oy, ox);
  return y;
}

// The mean of one window, over the margins too if they count.
double meanOf(const Window& w, const float* image, int64_t oy, int64_t ox, bool counted) {
  double sum = 0;
  int64_t inside = 0;
  for (int64_t ky = 0; ky < w.y.kernel; ++ky)
    for (int64_t kx = 0; kx < w.x.kernel; ++kx) {
      const int64_t iy = w.y.at(oy, ky), ix = w.x.at(ox, kx);
      if (iy < 0 || iy >= w.y.in || ix < 0 || ix >= w.x.in) continue;
      sum += image[iy * w.x.in + ix];
      ++inside;
    }
  return sum / static_cast<double>(counted ? w.y.kernel * w.x.kernel : inside);
}

HostTensor averagePool(const OpCall& call) {
  const HostTensor& x = call.floats(0);
  const Window w = poolWindow(call, x);
  const bool counted = call.integer("count_include_pad", 0) != 0;
  HostTensor y = call.result(resultShape(x, x.shape[1], w.y.out, w.x.out));
  float* out = y.as<float>().data();
  for (int64_t image = 0; image < x.shape[0] * x.shape[1]; ++image)
    for (int64_t oy = 0; oy < w.y.out; ++oy)
      for (int64_t ox = 0; ox < w.x.out; ++ox)
        *out++ = static_cast<float>(meanOf(w, x.as<float>().data() + image * w.y.in * w.x.in, oy, ox, counted));
  return y;
}

// A convolution backwards: seen from its result, the input's positions are those of the windows.
Window transposedWindow(const OpCall& call, const HostTensor& x, const Ints& kernel) {
  const Ints sizes = imageSizes(call, x.shape), given = call.list("output_padding", {0, 0});
  const Ints more = given.size() == 1 ? Ints{0, given[0]} : given;
  call.require(more.size() == 2 && call.list("output_shape", {}).empty(),
               "Its output_padding or output_shape is not supported.");
  Window w = window(call, kernel);
  for (Axis* a : {&w.y, &w.x}) {
    const size_t i = a == &w.y ? 0 : 1;
    call.require(more[i] >= 0 && more[i] <= kMaxWindow && sizes[i] <= kMaxWindow, "Its sizes are impossible.");
    a->out = sizes[i];
    a->in = (sizes[i] - 1) * a->stride + a->dilation * (a->kernel - 1) + 1 + more[i] - a->before - a->after;
    call.require(a->in >= 1, "Its margins cut off the whole result.");
  }
  return w;
}

// Adds weight * x, spread by one kernel point, to a plane of sums.
void spread(const Window& w, int64_t ky, int64_t kx, const float* x, double weight, double* sums) {
  for (int64_t iy = w.y.first(ky); iy < w.y.last(ky); ++iy)
    for (int64_t ix = w.x.first(kx); ix < w.x.last(kx); ++ix)
      sums[w.y.at(iy, ky) * w.x.in + w.x.at(ix, kx)] += weight * static_cast<double>(x[iy * w.x.out + ix]);
}

HostTensor convTranspose(const OpCall& call) {
  const HostTensor &x = call.floats(0), &weight = call.floats(1);
  const Window w = transposedWindow(call, x, kernelSizes(call, weight, x));
  const int64_t groups = call.integer("group", 1), inChannels = x.shape[1], perGroup = weight.shape[1];
  call.require(groups >= 1 && inChannels == weight.shape[0] && inChannels % groups == 0 && perGroup <= kMaxWindow &&
                   groups <= kMaxWindow,
               "Its weight does not fit its input or group.");
  const int64_t outChannels = perGroup * groups;
  call.require(!call.has(2) || call.floats(2).shape == Ints{outChannels}, "Its bias has the wrong size.");
  HostTensor y = call.result(resultShape(x, outChannels, w.y.in, w.x.in));
  const int64_t plane = w.y.out * w.x.out, outPlane = w.y.in * w.x.in, kernelPlane = w.y.kernel * w.x.kernel;
  std::vector<double> sums(static_cast<size_t>(outPlane));
  for (int64_t n = 0; n < x.shape[0]; ++n)
    for (int64_t o = 0; o < outChannels; ++o) {
      std::fill(sums.begin(), sums.end(), call.has(2) ? call.floats(2).as<float>()[static_cast<size_t>(o)] : 0.0);
      const int64_t group = o / perGroup, firstIn = group * (inChannels / groups);
      for (int64_t c = firstIn; c < firstIn + inChannels / groups; ++c) {
        const float* image = x.as<float>().data() + (n * inChannels + c) * plane;
        const float* kernelAt = weight.as<float>().data() + (c * perGroup + o % perGroup) * kernelPlane;
        for (int64_t k = 0; k < kernelPlane; ++k)
          spread(w, k / w.x.kernel, k % w.x.kernel, image, kernelAt[k], sums.data());
      }
      float* out = y.as<float>().data() + (n * outChannels + o) * outPlane;
      std::transform(sums.begin(), sums.end(), out, [](double v) { return static_cast<float>(v); });
    }
  return y;
}

// Volumes have operators of their own.
bool volume(const OpCall& call) { return call.floats(0).shape.size() == 5; }
HostTensor anyConv(const OpCall& call) { return volume(call) ? convVolume(call) : conv(call); }
HostTensor anyConvTranspose(const OpCall& call) {
  return volume(call) ? convTransposeVolume(call) : convTranspose(call);
}
HostTensor anyMaxPool(const OpCall& call) { return volume(call) ? poolVolume(call, false) : maxPool(call); }
HostTensor anyAveragePool(const OpCall& call) { return volume(call) ? poolVolume(call, true) : averagePool(call); }

}  // namespace

std::map<std::string, OpFunction> windowOps() {
  return {
      {"AveragePool", anyAveragePool}, {"Conv", anyConv}, {"ConvTranspose", anyConvTranspose}, {"MaxPool", anyMaxPool}};
}

}  // namespace netwright::convert::onnx
