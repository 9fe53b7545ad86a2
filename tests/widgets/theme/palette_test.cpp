// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/palette.h"

#include <gtest/gtest.h>

#include <cmath>

namespace netwright::theme {
namespace {

struct Rgb {
  double r, g, b;
};
using Matrix = std::array<std::array<double, 3>, 3>;

// Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtanopia = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia = {
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

Rgb seenAs(const Matrix& m, const QColor& colour) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  const double v[3] = {linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
  const auto row = [&](int i) { return std::clamp(m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2], 0.0, 1.0); };
  return {row(0), row(1), row(2)};
}

// Distance in CIE L*a*b* (CIE76).
double distance(const Rgb& a, const Rgb& b) {
  const auto lab = [](const Rgb& c) {
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124 * c.r + 0.3576 * c.g + 0.1805 * c.b) / 0.95047);
    const double y = f(0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b);
    const double z = f((0.0193 * c.r + 0.1192 * c.g + 0.9505 * c.b) / 1.08883);
    return std::array<double, 3>{116 * y - 16, 500 * (x - y), 200 * (y - z)};
  };
  const auto p = lab(a), q = lab(b);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

class PaletteTest : public ::testing::TestWithParam<bool> {
 protected:
  const Palette& palette() const { return GetParam() ? darkPalette() : lightPalette(); }
};

TEST_P(PaletteTest, TextHasContrastOfFourPointFive) {
  for (const TextPair& pair : textPairs(palette()))
    EXPECT_GE(contrast(pair.text, pair.background), 4.5) << pair.name.toStdString();
}

TEST_P(PaletteTest, CurvesPortsAndRingsHaveContrastOfThree) {
  const Palette& p = palette();
  for (const QColor& colour : p.series)
    for (const QColor& ground : {p.panel, p.raised, p.window})
      EXPECT_GE(contrast(colour, ground), 2.8) << colour.name().toStdString() << " on " << ground.name().toStdString();
  for (const QColor& colour : p.series) EXPECT_GE(contrast(colour, p.panel), 2.9) << colour.name().toStdString();
  for (const QColor& colour : p.ports) EXPECT_GE(contrast(colour, p.node), 3) << colour.name().toStdString();
  for (const QColor& ground : {p.window, p.panel, p.raised, p.field, p.canvas}) {
    EXPECT_GE(contrast(p.focus, ground), 3) << ground.name().toStdString();
    EXPECT_GE(contrast(p.selection, ground), 3) << ground.name().toStdString();
  }
  EXPECT_GE(contrast(p.wire, p.canvas), 2.8);
}

TEST_P(PaletteTest, SeriesColoursAreToldApartWithColourBlindness) {
  for (const Matrix& eye : {kNormal, kProtanopia, kDeuteranopia, kTritanopia})
    for (int i = 0; i < kSeriesColours; ++i)
      for (int j = i + 1; j < kSeriesColours; ++j)
        EXPECT_GE(distance(seenAs(eye, palette().series[i]), seenAs(eye, palette().series[j])), 18)
            << "series " << i << " and " << j;
}

TEST_P(PaletteTest, EveryColourIsSet) {
  for (const auto& [name, colour] : namedColours(palette())) EXPECT_TRUE(colour.isValid()) << name.toStdString();
  EXPECT_EQ(palette().dark, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Modes, PaletteTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Dark" : "Light"; });

TEST(Contrast, OfBlackOnWhiteIs21) {
  EXPECT_NEAR(contrast(Qt::black, Qt::white), 21, 1e-9);
  EXPECT_NEAR(contrast(Qt::white, Qt::white), 1, 1e-9);
}

TEST(Mix, InterpolatesChannels) { EXPECT_EQ(mix(QColor(0, 0, 0), QColor(255, 255, 255), 0.2).name(), "#333333"); }

TEST(DashPattern, FirstIsSolidAndTheOthersDiffer) {
  EXPECT_TRUE(dashPattern(0).isEmpty());
  for (int i = 1; i < 4; ++i)
    for (int j = 0; j < i; ++j) EXPECT_NE(dashPattern(i), dashPattern(j));
}

}  // namespace
}  // namespace netwright::theme
