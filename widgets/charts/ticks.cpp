// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/ticks.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

namespace netwright::charts {
namespace {

double roundStep(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (rough <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

struct Suffix {
  double unit;
  const char* text;
};

Suffix suffixFor(double magnitude) {
  if (magnitude >= 1e12) return {1e12, "T"};
  if (magnitude >= 1e9) return {1e9, "G"};
  if (magnitude >= 1e6) return {1e6, "M"};
  if (magnitude >= 1e4) return {1e3, "k"};
  return {1, ""};
}

QString withMinus(QString text) { return text.replace('-', QChar(0x2212)); }

QString superscript(int number) {
  static const char16_t digits[] = u"\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
  QString text;
  for (const QChar c : QString::number(std::abs(number))) text += QChar(digits[c.digitValue()]);
  return number < 0 ? QChar(0x207b) + text : text;
}

int decimalsFor(double step) {
  return step >= 1 ? (std::fmod(step, 1) == 0 ? 0 : 1) : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
}

// 3.1e−7: no zeros that say nothing.
QString scientific(double value, int decimals) {
  const QStringList parts = QString::number(value, 'e', decimals).split('e');
  QString mantissa = parts[0];
  while (mantissa.contains('.') && (mantissa.endsWith('0') || mantissa.endsWith('.'))) mantissa.chop(1);
  return withMinus(mantissa + "e" + QString::number(parts[1].toInt()));
}

QString tickText(double value, double step, const Suffix& suffix) {
  if (std::abs(value) < step * 1e-6) return "0";
  const auto exponent = [](double v) { return static_cast<int>(std::floor(std::log10(std::abs(v)) + 1e-9)); };
  if (step < 1e-5) return scientific(value, std::clamp(exponent(value) - exponent(step), 0, 12));
  return withMinus(QString::number(value / suffix.unit, 'f', decimalsFor(step / suffix.unit))) + suffix.text;
}

}  // namespace

std::vector<Tick> linearTicks(double min, double max, int most, bool integers) {
  std::vector<Tick> ticks;
  if (!(max > min) || !std::isfinite(max - min) || most < 1) return ticks;
  double step = roundStep((max - min) / most);
  if (integers) step = std::max(step, 1.0);
  const Suffix suffix = suffixFor(std::max(std::abs(min), std::abs(max)));
  // Positions are multiples of the step, never sums: no drift.
  for (double k = std::ceil(min / step - 1e-9); k * step <= max + step * 1e-9; ++k)
    ticks.push_back({k * step, tickText(k * step, step, suffix)});
  return ticks;
}

std::vector<Tick> logTicks(double min, double max, int most) {
  std::vector<Tick> ticks;
  if (!(max > min) || !std::isfinite(max - min) || most < 1) return ticks;
  const double decades = max - min;
  if (decades < 0.8) {  // less than a decade: round values
    for (Tick tick : linearTicks(std::pow(10, min), std::pow(10, max), most)) {
      if (tick.value <= 0) continue;
      tick.value = std::log10(tick.value);
      ticks.push_back(std::move(tick));
    }
    return ticks;
  }
  const int every = std::max(1, static_cast<int>(std::ceil(decades / most)));
  const bool halves = every == 1 && decades * 3 <= most;
  // Where the axis is labelled inside decades, plain numbers read better, if they are short.
  const bool plain = halves && min > -4 && max < 4;
  const auto label = [&](int factor, int decade) {
    if (plain) return QString::number(factor * std::pow(10, decade), 'g', 6);
    return (factor == 1 ? QString() : QString::number(factor) + QChar(0x00b7)) + "10" + superscript(decade);
  };
  for (int k = static_cast<int>(std::floor(min)); k <= static_cast<int>(std::ceil(max)); ++k) {
    if (k % every == 0 && k >= min && k <= max) ticks.push_back({static_cast<double>(k), label(1, k)});
    if (every > 1) continue;
    for (const int factor : {2, 5}) {
      const double value = k + std::log10(factor);
      if (value >= min && value <= max) ticks.push_back({value, halves ? label(factor, k) : QString()});
    }
  }
  return ticks;
}

QString shortNumber(double value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? QString(QChar(0x221e)) : withMinus("-") + QChar(0x221e);
  if (value == 0) return "0";
  const double magnitude = std::abs(value);
  const Suffix suffix = suffixFor(magnitude);
  if (magnitude < 1e-4 || magnitude >= 1e15) return scientific(value, std::max(0, digits - 2));
  const double scaled = magnitude / suffix.unit;
  const int before = static_cast<int>(std::floor(std::log10(scaled))) + 1;
  const int decimals = std::clamp(digits - std::max(before, 1), 0, 7);
  QString text = QString::number(value / suffix.unit, 'f', before < 1 ? std::min(digits - before, 7) : decimals);
  if (value == std::round(value) && text.contains('.') && suffix.unit == 1) text = QString::number(value, 'f', 0);
  return withMinus(text) + suffix.text;
}

std::vector<QString> alignedNumbers(const std::vector<double>& values, int digits) {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  bool whole = true;
  for (const double value : values) {
    if (!std::isfinite(value) || value == 0) continue;
    whole = whole && value == std::round(value);
    least = std::min(least, std::abs(value));
    most = std::max(most, std::abs(value));
  }
  const bool aligned = least >= 1e-4 && most < 1e4;
  const int decimals =
      aligned && !whole ? std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(least))), 0, 7) : 0;
  std::vector<QString> texts;
  for (const double value : values)
    texts.push_back(aligned && std::isfinite(value) ? withMinus(QString::number(value, 'f', decimals))
                                                    : shortNumber(value, digits));
  return texts;
}

QString positionText(double value) {
  if (std::isfinite(value) && value == std::round(value) && std::abs(value) < 1e15)
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(value));
  return shortNumber(value, 5);
}

}  // namespace netwright::charts
