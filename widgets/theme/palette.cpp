// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/palette.h"

#include <algorithm>
#include <cmath>

namespace netwright::theme {
namespace {

Palette makeDark() {
  Palette p;
  p.dark = true;
  p.window = "#131418";
  p.panel = "#1a1b20";
  p.raised = "#23252b";
  p.field = "#15161a";
  p.hover = "#2a2c34";
  p.pressed = "#31343d";
  p.border = "#363943";
  p.subtleBorder = "#26282f";
  p.focus = "#8d98ff";
  p.text = "#e9eaee";
  p.muted = "#9da1ad";
  p.disabled = "#6a6e7a";
  p.accent = "#5a66e0";
  p.accentHover = "#4f5bd8";
  p.accentPressed = "#454fc0";
  p.accentText = "#ffffff";
  p.accentInk = "#a3adff";
  p.accentSoft = "#262a45";
  p.success = "#4ecb95";
  p.successSoft = "#18302a";
  p.warning = "#f0b23e";
  p.warningSoft = "#352b18";
  p.error = "#ff8581";
  p.errorSoft = "#3a2023";
  p.danger = "#c9393d";
  p.dangerHover = "#b83237";
  p.canvas = "#101115";
  p.grid = "#1b1c22";
  p.gridStrong = "#24262d";
  p.node = "#202228";
  p.nodeHeader = "#2a2d35";
  p.nodeBorder = "#3a3d47";
  p.wire = "#7b8190";
  p.selection = "#8d98ff";
  p.ports = {"#6aa9ff", "#3fd0c0", "#c8ccd6", "#ff8a6b", "#5ccf86", "#d59bff", "#9aa0ae"};
  p.series = {"#20caff", "#ff9f06", "#20906d", "#b06cab", "#ffe187", "#e44527", "#7f74ff", "#c7ded1"};
  p.chartGrid = "#2d3038";
  p.crosshair = "#7b8190";
  return p;
}

Palette makeLight() {
  Palette p;
  p.dark = false;
  p.window = "#f3f4f6";
  p.panel = "#fbfbfc";
  p.raised = "#ffffff";
  p.field = "#ffffff";
  p.hover = "#eceef2";
  p.pressed = "#e2e5eb";
  p.border = "#cdd1d9";
  p.subtleBorder = "#e4e6eb";
  p.focus = "#5561dc";
  p.text = "#1b1d23";
  p.muted = "#5b606e";
  p.disabled = "#9a9eaa";
  p.accent = "#4a56d0";
  p.accentHover = "#414cbe";
  p.accentPressed = "#3842a8";
  p.accentText = "#ffffff";
  p.accentInk = "#4450c8";
  p.accentSoft = "#e6e8fb";
  p.success = "#0b6e45";
  p.successSoft = "#dff3e8";
  p.warning = "#855400";
  p.warningSoft = "#fbefd5";
  p.error = "#b3272d";
  p.errorSoft = "#fbe5e4";
  p.danger = "#c5343a";
  p.dangerHover = "#b02b31";
  p.canvas = "#eceef1";
  p.grid = "#e0e3e8";
  p.gridStrong = "#d4d8df";
  p.node = "#ffffff";
  p.nodeHeader = "#f2f3f6";
  p.nodeBorder = "#c6cad3";
  p.wire = "#858b99";
  p.selection = "#5561dc";
  p.ports = {"#2b6fd0", "#0d857a", "#5b606e", "#cc4a26", "#1e8449", "#8b46c9", "#7a8090"};
  p.series = {"#1a55a4", "#db7a02", "#008258", "#c04f94", "#79833c", "#cd0d11", "#219bd8", "#4a4f5c"};
  p.chartGrid = "#e6e8ec";
  p.crosshair = "#858b99";
  return p;
}

double luminance(const QColor& colour) {
  const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

}  // namespace

const Palette& lightPalette() {
  static const Palette palette = makeLight();
  return palette;
}

const Palette& darkPalette() {
  static const Palette palette = makeDark();
  return palette;
}

QVector<qreal> dashPattern(int index) {
  switch (index % 4) {
    case 1:
      return {5, 3};
    case 2:
      return {1.5, 2.5};
    case 3:
      return {7, 2.5, 1.5, 2.5};
    default:
      return {};
  }
}

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor mix(const QColor& under, const QColor& over, double opacity) {
  const auto channel = [opacity](double u, double o) { return u + (o - u) * opacity; };
  return QColor::fromRgbF(static_cast<float>(channel(under.redF(), over.redF())),
                          static_cast<float>(channel(under.greenF(), over.greenF())),
                          static_cast<float>(channel(under.blueF(), over.blueF())));
}

std::vector<std::pair<QString, QColor>> namedColours(const Palette& p) {
  return {{"window", p.window},
          {"panel", p.panel},
          {"raised", p.raised},
          {"field", p.field},
          {"hover", p.hover},
          {"pressed", p.pressed},
          {"border", p.border},
          {"subtleBorder", p.subtleBorder},
          {"focus", p.focus},
          {"text", p.text},
          {"muted", p.muted},
          {"disabled", p.disabled},
          {"accent", p.accent},
          {"accentHover", p.accentHover},
          {"accentPressed", p.accentPressed},
          {"accentText", p.accentText},
          {"accentInk", p.accentInk},
          {"accentSoft", p.accentSoft},
          {"success", p.success},
          {"successSoft", p.successSoft},
          {"warning", p.warning},
          {"warningSoft", p.warningSoft},
          {"error", p.error},
          {"errorSoft", p.errorSoft},
          {"danger", p.danger},
          {"dangerHover", p.dangerHover},
          {"canvas", p.canvas},
          {"grid", p.grid},
          {"gridStrong", p.gridStrong},
          {"node", p.node},
          {"nodeHeader", p.nodeHeader},
          {"nodeBorder", p.nodeBorder},
          {"wire", p.wire},
          {"selection", p.selection},
          {"chartGrid", p.chartGrid},
          {"crosshair", p.crosshair}};
}

std::vector<TextPair> textPairs(const Palette& p) {
  std::vector<TextPair> pairs;
  const std::vector<std::pair<QString, QColor>> inks = {{"text", p.text},           {"muted", p.muted},
                                                        {"accentInk", p.accentInk}, {"success", p.success},
                                                        {"warning", p.warning},     {"error", p.error}};
  const std::vector<std::pair<QString, QColor>> surfaces = {
      {"window", p.window}, {"panel", p.panel}, {"raised", p.raised},         {"field", p.field},
      {"canvas", p.canvas}, {"node", p.node},   {"nodeHeader", p.nodeHeader}, {"hover", p.hover}};
  for (const auto& [ink, inkColour] : inks)
    for (const auto& [surface, colour] : surfaces) pairs.push_back({ink + " on " + surface, inkColour, colour});
  for (const auto& [surface, colour] : {std::pair<QString, QColor>{"accent", p.accent},
                                        {"accentHover", p.accentHover},
                                        {"accentPressed", p.accentPressed},
                                        {"danger", p.danger},
                                        {"dangerHover", p.dangerHover}})
    pairs.push_back({"accentText on " + surface, p.accentText, colour});
  for (const auto& [name, soft, ink] :
       {std::tuple<QString, QColor, QColor>{"accentInk on accentSoft", p.accentSoft, p.accentInk},
        {"text on accentSoft", p.accentSoft, p.text},
        {"muted on accentSoft", p.accentSoft, p.muted},
        {"success on successSoft", p.successSoft, p.success},
        {"text on successSoft", p.successSoft, p.text},
        {"warning on warningSoft", p.warningSoft, p.warning},
        {"text on warningSoft", p.warningSoft, p.text},
        {"error on errorSoft", p.errorSoft, p.error},
        {"text on errorSoft", p.errorSoft, p.text},
        {"text on pressed", p.pressed, p.text}})
    pairs.push_back({name, ink, soft});
  return pairs;
}

}  // namespace netwright::theme
