// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers for axes and read-outs: round tick positions, short texts.
#pragma once

#include <QString>
#include <vector>

namespace netwright::charts {

struct Tick {
  double value = 0;
  QString text;  // empty: a grid line without a number
  bool operator==(const Tick&) const = default;
};

// At most `most` ticks inside min..max whose step is 1, 2 or 5 times a power of ten; the texts have as few digits as
// tell them apart, with k, M, G, T from ten thousand on. Steps below 1 are left out if `integers` (steps, epochs).
std::vector<Tick> linearTicks(double min, double max, int most, bool integers = false);

// Ticks for an axis of log10(y), at decades (10⁻³); between few decades also at 2 and 5 times a decade, or at round
// values where not even two such fit. min and max are logarithms.
std::vector<Tick> logTicks(double min, double max, int most);

// A measured value with about `digits` significant digits: 0.0123, 1.234, 98.21, 12.4k, 3.1e-7, NaN.
QString shortNumber(double value, int digits = 4);
// Values of one column with the same number of decimals, enough for `digits` significant ones of the smallest; each on
// its own where their sizes differ too much for that.
std::vector<QString> alignedNumbers(const std::vector<double>& values, int digits = 4);
// A position on the x axis: grouped integer (12,340) or short number.
QString positionText(double value);

}  // namespace netwright::charts
