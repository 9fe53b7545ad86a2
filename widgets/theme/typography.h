// SPDX-License-Identifier: GPL-3.0-or-later
// The fonts of the window: Inter where installed, else the system's sans; a fixed-pitch family for shapes and code.
#pragma once

#include <QFont>

namespace netwright::theme {

enum class TextStyle {
  Title,    // page titles
  Heading,  // sections, card titles
  Body,
  Strong,   // body, semibold
  Small,    // captions, axis labels
  Figures,  // numbers that change or stand in columns: all digits have the same width
  Code,     // shapes, source, paths
};

// Font of a style at a scale (1 = normal, 2 = twice as large). Needs a QGuiApplication.
QFont font(TextStyle style, double scale);
// The same at the scale of the current theme.
QFont font(TextStyle style);
double pointSize(TextStyle style);

}  // namespace netwright::theme
