// SPDX-License-Identifier: GPL-3.0-or-later
// Colours for the code of expression nodes, from the language's own tokens.
#pragma once

#include <QSyntaxHighlighter>

namespace netwright::forms {

class CodeHighlighter : public QSyntaxHighlighter {
 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

 protected:
  void highlightBlock(const QString& text) override;  // a line: no token is longer
};

}  // namespace netwright::forms
