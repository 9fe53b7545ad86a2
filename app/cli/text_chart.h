// SPDX-License-Identifier: Apache-2.0
// A small line chart in text, for terminals without a window.
#pragma once

#include <span>
#include <string>

namespace netwright::cli {

struct TextChartOptions {
  std::string title;
  int width = 64, height = 6;  // characters of the plot
};

// Means of equal stretches of the values as eighth-blocks, with the range at the left. Empty for fewer than two finite
// values.
std::string textChart(std::span<const double> values, const TextChartOptions& options);

}  // namespace netwright::cli
