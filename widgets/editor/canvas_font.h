// SPDX-License-Identifier: GPL-3.0-or-later
// The fonts of what is painted on the canvas. Made once: a thousand nodes ask for them in each picture.
#pragma once

#include <QFont>

#include "widgets/theme/typography.h"

namespace netwright::editor {

// Canvas text keeps its size in scene units whatever the font scale of the window is.
const QFont& canvasFont(theme::TextStyle style);

}  // namespace netwright::editor
