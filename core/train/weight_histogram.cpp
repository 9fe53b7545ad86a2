// SPDX-License-Identifier: Apache-2.0
#include "core/train/weight_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace netwright::train {

std::optional<store::HistogramRow> weightHistogram(const NamedTensor& weight, int64_t step, double seconds) {
  constexpr size_t kBins = 64;
  if (weight.tensor.dtype != DType::Float32) return std::nullopt;
  const auto values = weight.tensor.as<float>();
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const float v : values)
    if (std::isfinite(v)) low = std::min<double>(low, v), high = std::max<double>(high, v);
  if (low > high) return std::nullopt;
  store::HistogramRow row{weight.name, step, seconds, {}, {}};
  const double margin = low < high ? 0 : std::max(0.5, std::abs(low) * 1e-3);
  low -= margin, high += margin;
  const size_t bins = margin > 0 ? 1 : kBins;
  const double width = (high - low) / static_cast<double>(bins);
  for (size_t i = 0; i <= bins; ++i) row.edges.push_back(i == bins ? high : low + static_cast<double>(i) * width);
  row.counts.assign(bins, 0);
  for (const float v : values)
    if (std::isfinite(v)) ++row.counts[std::min(bins - 1, static_cast<size_t>((v - low) / width))];
  return row;
}

}  // namespace netwright::train
