// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace netwright {
namespace {

std::string scaled(double value, double base, const std::array<const char*, 5>& units) {
  size_t unit = 0;
  while (std::abs(value) >= (unit == 0 ? base : base - 0.05) &&
         unit + 1 < units.size()) {  // 999.95 k would print as 1000.0 k
    value /= base;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:g}{}", value, units[0]);
  return fmt::format("{:.1f}{}", value, units[unit]);
}

size_t editDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitution = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row.back();
}

}  // namespace

std::string grouped(int64_t value) {
  std::string digits = std::to_string(value);
  if (value < 0) digits.erase(0, 1);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<size_t>(at), ",");
  return value < 0 ? "-" + digits : digits;
}

std::string shortCount(double value) { return scaled(value, 1000, {"", " k", " M", " G", " T"}); }
std::string byteText(double bytes) { return scaled(bytes, 1000, {" B", " kB", " MB", " GB", " TB"}); }

std::string durationText(double seconds) {
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto total = static_cast<int64_t>(std::llround(seconds));
  if (total < 3600) return fmt::format("{}:{:02}", total / 60, total % 60);
  return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t distance = SIZE_MAX;
  for (const std::string& c : candidates)
    if (const size_t d = editDistance(word, c); d < distance) {
      distance = d;
      best = c;
    }
  return best;
}

std::string joined(const std::vector<std::string>& items, const std::string& separator) {
  return fmt::format("{}", fmt::join(items, separator));
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> items;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find_first_of(", ", start), text.size());
    if (end > start) items.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return items;
}

}  // namespace netwright
