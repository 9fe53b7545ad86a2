// SPDX-License-Identifier: Apache-2.0
#include "app/cli/text_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace netwright::cli {
namespace {

constexpr std::array kBlocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

std::vector<double> stretchMeans(std::span<const double> values, int width) {
  std::vector<double> means;
  const size_t columns = std::min(values.size(), static_cast<size_t>(width));
  for (size_t c = 0; c < columns; ++c) {
    const size_t from = c * values.size() / columns, to = (c + 1) * values.size() / columns;
    double sum = 0;
    for (size_t i = from; i < to; ++i) sum += values[i];
    means.push_back(sum / static_cast<double>(to - from));
  }
  std::erase_if(means, [](double m) { return !std::isfinite(m); });
  return means;
}

}  // namespace

std::string textChart(std::span<const double> values, const TextChartOptions& options) {
  const std::vector<double> means = stretchMeans(values, options.width);
  if (means.size() < 2) return "";
  const auto [low, high] = std::minmax_element(means.begin(), means.end());
  const double range = std::max(*high - *low, 1e-12);
  std::string out = fmt::format("{:>9} {}\n", "", options.title);
  for (int row = options.height - 1; row >= 0; --row) {
    const std::string label = row == options.height - 1 ? fmt::format("{:.4g}", *high)
                              : row == 0                ? fmt::format("{:.4g}", *low)
                                                        : "";
    out += fmt::format("{:>9} │", label);
    for (const double m : means) {
      const double filled = (m - *low) / range * options.height - row;  // of this character
      out += kBlocks[static_cast<size_t>(std::clamp(std::lround(filled * 8), row == 0 ? 1L : 0L, 8L))];
    }
    out += "\n";
  }
  return out;
}

}  // namespace netwright::cli
