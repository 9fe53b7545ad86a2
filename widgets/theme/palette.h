// SPDX-License-Identifier: GPL-3.0-or-later
// The named colours of the window, once for light and once for dark. Everything that is painted takes its colour from
// here.
#pragma once

#include <QColor>
#include <QString>
#include <QVector>
#include <array>
#include <utility>
#include <vector>

namespace netwright::theme {

inline constexpr int kSeriesColours = 8;

// What flows through a port; each kind has a colour of its own (and, in the editor, a shape of its own).
enum class PortKind { Tensor, Index, Scalar, Loss, Dataset, Optimizer, Any };
inline constexpr int kPortKinds = 7;

// Surfaces from back to front: window, panel, raised. Inks (text, muted, accentInk, success, warning, error) are
// readable on all three with a contrast of at least 4.5:1; `accent` and `danger` are fills that carry `accentText`.
// "Soft" colours are quiet fills behind the ink of the same name.
struct Palette {
  bool dark = false;
  // surfaces
  QColor window, panel, raised, field, hover, pressed;
  QColor border, subtleBorder, focus;
  // text
  QColor text, muted, disabled;
  // accent
  QColor accent, accentHover, accentPressed, accentText, accentInk, accentSoft;
  // state
  QColor success, successSoft, warning, warningSoft, error, errorSoft, danger, dangerHover;
  // node editor
  QColor canvas, grid, gridStrong, node, nodeHeader, nodeBorder, wire, selection;
  std::array<QColor, kPortKinds> ports;
  // charts: told apart also with protanopia, deuteranopia and tritanopia
  std::array<QColor, kSeriesColours> series;
  QColor chartGrid, crosshair;

  QColor port(PortKind kind) const { return ports[static_cast<size_t>(kind)]; }
  QColor seriesColour(int index) const { return series[static_cast<size_t>(index % kSeriesColours)]; }
};

const Palette& lightPalette();
const Palette& darkPalette();

// Dash pattern of the index-th run that shares a colour, in pen widths; empty for the solid line of index 0.
QVector<qreal> dashPattern(int index);

// WCAG 2 contrast of two opaque colours: 1 (same) to 21 (black on white).
double contrast(const QColor& a, const QColor& b);
// `over` painted on `under` with the given opacity.
QColor mix(const QColor& under, const QColor& over, double opacity);

// Every colour under its name, as the style sheet and tools use it.
std::vector<std::pair<QString, QColor>> namedColours(const Palette& palette);

struct TextPair {
  QString name;
  QColor text, background;
};
// All combinations of text and background that the theme promises to be readable.
std::vector<TextPair> textPairs(const Palette& palette);

}  // namespace netwright::theme
