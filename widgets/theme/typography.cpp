// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/typography.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QStringList>

#include "widgets/theme/theme.h"

namespace netwright::theme {
namespace {

QString firstInstalled(const QStringList& wanted, const QString& otherwise) {
  const QStringList families = QFontDatabase::families();
  for (const QString& family : wanted)
    if (families.contains(family)) return family;
  return otherwise;
}

const QString& sans() {
  static const QString family =
      firstInstalled({"Inter", "Inter Variable"}, QFontDatabase::systemFont(QFontDatabase::GeneralFont).family());
  return family;
}

const QString& mono() {
  static const QString family =
      firstInstalled({"JetBrains Mono", "IBM Plex Mono", "Source Code Pro", "Noto Sans Mono", "DejaVu Sans Mono"},
                     QFontDatabase::systemFont(QFontDatabase::FixedFont).family());
  return family;
}

bool hasTabularDigits(const QString& family) {
  QFont font(family);
  font.setPixelSize(100);
  const QFontMetricsF metrics(font);
  const double width = metrics.horizontalAdvance('0');
  for (char digit = '1'; digit <= '9'; ++digit)
    if (qAbs(metrics.horizontalAdvance(QLatin1Char(digit)) - width) > 0.5) return false;
  return true;
}

// Qt 6.4 cannot switch on a font's "tnum" feature, so a family whose digits are tabular anyway takes the numbers.
const QString& figures() {
  static const QString family = [] {
    const QStringList families = QFontDatabase::families();
    const QStringList wanted = {sans(),          "IBM Plex Sans",   "Noto Sans",
                                "Source Sans 3", "Liberation Sans", "DejaVu Sans"};
    for (const QString& name : wanted)
      if (families.contains(name) && hasTabularDigits(name)) return name;
    return mono();
  }();
  return family;
}

}  // namespace

double pointSize(TextStyle style) {
  switch (style) {
    case TextStyle::Title:
      return 16.5;
    case TextStyle::Heading:
      return 11.25;
    case TextStyle::Small:
      return 8.25;
    case TextStyle::Figures:
    case TextStyle::Code:
      return 9;
    case TextStyle::Body:
    case TextStyle::Strong:
      return 9.75;
  }
  return 9.75;
}

QFont font(TextStyle style, double scale) {
  QFont result(style == TextStyle::Code ? mono() : style == TextStyle::Figures ? figures() : sans());
  result.setPointSizeF(pointSize(style) * scale);
  if (style == TextStyle::Title || style == TextStyle::Heading || style == TextStyle::Strong)
    result.setWeight(QFont::DemiBold);
  if (style == TextStyle::Title) result.setLetterSpacing(QFont::PercentageSpacing, 98.5);
  if (style == TextStyle::Code) result.setStyleHint(QFont::Monospace);
  // Light hinting keeps letter shapes and spacing as drawn.
  result.setHintingPreference(QFont::PreferVerticalHinting);
  return result;
}

QFont font(TextStyle style) { return font(style, Theme::instance().fontScale()); }

}  // namespace netwright::theme
