// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/canvas_font.h"

#include <map>

namespace netwright::editor {

const QFont& canvasFont(theme::TextStyle style) {
  static std::map<theme::TextStyle, QFont> fonts;
  const auto it = fonts.find(style);
  if (it != fonts.end()) return it->second;
  QFont font = theme::font(style, 1);
  font.setHintingPreference(QFont::PreferNoHinting);
  return fonts.emplace(style, font).first->second;
}

}  // namespace netwright::editor
