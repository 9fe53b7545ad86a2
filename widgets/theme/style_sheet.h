// SPDX-License-Identifier: GPL-3.0-or-later
// The application's one style sheet, built from a palette.
#pragma once

#include <QString>

#include "widgets/theme/palette.h"

namespace netwright::theme {

// `imagePrefix` + "check.svg" and the like are the pictures for arrows and marks.
QString styleSheet(const Palette& palette, double fontScale, const QString& imagePrefix);

// Replaces each @name by the colour's "#rrggbb"; unknown names assert.
QString fillTemplate(const QString& text, const Palette& palette);

}  // namespace netwright::theme
