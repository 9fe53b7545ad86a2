// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/convert/cpp/kernels/scratch.h"
#include "core/convert/cpp/kernels/tile.h"
#include "core/convert/cpp/kernels/window.h"

namespace netwright::convert::cpp::kernels {

// x (batch, channels, rows.in, columns.in), weight (outputs, channels / groups, rows.kernel, columns.kernel) -> y
// (batch, outputs, rows.out, columns.out).
class Convolution {
 public:
  Convolution(std::int64_t channels, std::int64_t outputs, std::int64_t groups, const Window& rows,
              const Window& columns)
      : rows_(rows), columns_(columns), groups_(groups), in_(channels / groups), out_(outputs / groups) {
    // The image lies in scratch with its margin. With a stride s it is taken apart into s x s images of every s-th row
    // and column: then what one weight meets for neighbouring outputs lies side by side.
    height_ = rows.out + (rows.kernel - 1) * rows.dilation / rows.stride;
    width_ = columns.out + (columns.kernel - 1) * columns.dilation / columns.stride;
    plane_ = height_ * width_;
    for (std::int64_t c = 0; c < in_; ++c)
      for (std::int64_t i = 0; i < rows.kernel; ++i)
        for (std::int64_t j = 0; j < columns.kernel; ++j) {
          const std::int64_t y = i * rows.dilation, x = j * columns.dilation;
          const std::int64_t part = (c * rows.stride + y % rows.stride) * columns.stride + x % columns.stride;
          places_.push_back(part * plane_ + y / rows.stride * width_ + x / columns.stride);
        }
  }

  void run(const float* x, const float* weight, const float* bias, float* y, Scratch& scratch,
           std::int64_t batch) const {
    const std::int64_t size = in_ * rows_.stride * columns_.stride * plane_;
    float* const image = scratch.take(size + kColumns);  // tiles read a little beyond the end
    std::fill(image + size, image + size + kColumns, 0.0F);
    const std::int64_t depth = static_cast<std::int64_t>(places_.size());
    for (std::int64_t n = 0; n < batch; ++n)
      for (std::int64_t g = 0; g < groups_; ++g) {
        spread(x + (n * groups_ + g) * in_ * rows_.in * columns_.in, image);
        multiply(image, places_.data(), depth, weight + g * out_ * depth, bias ? bias + g * out_ : nullptr,
                 y + (n * groups_ + g) * out_ * rows_.out * columns_.out);
      }
  }

 private:
  void spread(const float* x, float* image) const {
    for (std::int64_t c = 0; c < in_; ++c, x += rows_.in * columns_.in)
      for (std::int64_t part = 0; part < rows_.stride * columns_.stride; ++part)
        for (std::int64_t i = 0; i < height_; ++i, image += width_) {
          const std::int64_t row = i * rows_.stride + part / columns_.stride - rows_.padding;
          const std::int64_t shift = part % columns_.stride - columns_.padding, step = columns_.stride;
          if (row < 0 || row >= rows_.in) {
            std::fill(image, image + width_, 0.0F);
            continue;
          }
          // Columns j with 0 <= j step + shift < in.
          const std::int64_t first = std::min(width_, shift >= 0 ? 0 : (-shift + step - 1) / step);
          const std::int64_t last = std::max(first, std::min(width_, (columns_.in - shift + step - 1) / step));
          const float* const from = x + row * columns_.in + shift;
          std::fill(image, image + first, 0.0F);
          if (step == 1)
            std::copy(from + first, from + last, image + first);
          else
            for (std::int64_t j = first; j < last; ++j) image[j] = from[j * step];
          std::fill(image + last, image + width_, 0.0F);
        }
  }

  // Outputs are computed in rows of the image's width; what lies in the margin is left out.
  NETWRIGHT_KERNEL void multiply(const float* image, const std::int64_t* places, std::int64_t depth,
                                 const float* weight, const float* bias, float* y) const {
    float block[kRows * kColumns];
    const auto row = [places](std::int64_t k) { return places[k]; };
    const std::int64_t count = (rows_.out - 1) * width_ + columns_.out;
    for (std::int64_t p = 0; p < count; p += kColumns)
      for (std::int64_t o = 0; o < out_; o += kRows) {
        const std::int64_t height = std::min(kRows, out_ - o);
        if (height == kRows) {
          const auto start = [bias, o](int r, int) { return bias ? bias[o + r] : 0.0F; };
          tile<kRows>(depth, weight + o * depth, depth, image + p, row, start, block, kColumns);
        } else {
          for (std::int64_t r = 0; r < height; ++r) {
            const float first = bias ? bias[o + r] : 0.0F;
            tile<1>(
                depth, weight + (o + r) * depth, depth, image + p, row, [first](int, int) { return first; },
                block + r * kColumns, kColumns);
          }
        }
        const std::int64_t end = std::min(p + kColumns, count);
        for (std::int64_t from = p; from < end;) {
          const std::int64_t line = from / width_, column = from % width_;
          const std::int64_t until = std::min(end, (line + 1) * width_);
          const std::int64_t valid = std::min(until, line * width_ + columns_.out) - from;
          for (std::int64_t r = 0; r < height && valid > 0; ++r) {
            const float* const found = block + r * kColumns + from - p;
            std::copy(found, found + valid, y + ((o + r) * rows_.out + line) * columns_.out + column);
          }
          from = until;
        }
      }
  }

  Window rows_, columns_;
  std::int64_t groups_, in_, out_, height_ = 0, width_ = 0, plane_ = 0;  // channels of one group
  std::vector<std::int64_t> places_;                                     // in the image, for each weight of an output
};

}  // namespace netwright::convert::cpp::kernels
