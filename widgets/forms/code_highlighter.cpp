// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/code_highlighter.h"

#include "core/language/functions.h"
#include "core/language/tokens.h"
#include "core/layers/expressions/functions.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {

void CodeHighlighter::highlightBlock(const QString& text) {
  const std::string line = text.toStdString();
  const std::vector<language::Token> tokens = language::tokenize(line, language::Layout::Expression).tokens;
  const theme::Palette& colours = theme::palette();
  const auto place = [&](size_t byte) {
    return static_cast<int>(QString::fromUtf8(line.data(), static_cast<qsizetype>(byte)).size());
  };
  for (size_t i = 0; i < tokens.size(); ++i) {
    const language::Token& t = tokens[i];
    const std::string word = line.substr(t.at.begin, t.at.end - t.at.begin);
    QTextCharFormat format;
    switch (t.kind) {
      case language::TokenKind::Keyword:
        format.setForeground(colours.accentInk);
        format.setFontWeight(QFont::DemiBold);
        break;
      case language::TokenKind::Number:
        format.setForeground(colours.warning);
        break;
      case language::TokenKind::Text:
        format.setForeground(colours.success);
        break;
      case language::TokenKind::Comment:
        format.setForeground(colours.muted);
        format.setFontItalic(true);
        break;
      case language::TokenKind::Name: {
        const bool called = i + 1 < tokens.size() && line.substr(tokens[i + 1].at.begin, 1) == "(";
        if (!called || !(layers::expressions::findFunction(word) || language::findFunction(word) || word == "param"))
          continue;
        format.setForeground(colours.accentInk);
        break;
      }
      default:
        continue;
    }
    setFormat(place(t.at.begin), place(t.at.end) - place(t.at.begin), format);
  }
}

}  // namespace netwright::forms
