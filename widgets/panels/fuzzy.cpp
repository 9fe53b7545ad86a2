// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/fuzzy.h"

#include <QStringList>
#include <algorithm>

namespace netwright::panels {
namespace {

constexpr int kWhole = 100, kInARow = 5, kWordStart = 8, kLetter = 1;

bool startsWord(const QString& text, qsizetype at) { return at == 0 || !text[at - 1].isLetterOrNumber(); }

std::optional<int> scoreOf(const QString& word, const QString& text) {
  int best = -1;
  for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    best = std::max(best, static_cast<int>(word.size()) * kInARow + (startsWord(text, at) ? kWhole : 0));
  if (best >= 0) return best;
  int score = 0;
  qsizetype from = 0;
  for (qsizetype i = 0; i < word.size(); ++i) {
    const qsizetype next = text.indexOf(word[i], from);
    if (next < 0) return std::nullopt;
    // A beginning of a word further on is what an abbreviation means: "dpl" for "Duplicate" but "st" for "Start
    // Training".
    qsizetype at = next;
    for (qsizetype k = next; k >= 0; k = text.indexOf(word[i], k + 1))
      if (startsWord(text, k)) {
        at = k;
        break;
      }
    const auto restFits = [&](qsizetype place) {
      qsizetype p = place + 1;
      for (qsizetype k = i + 1; k < word.size(); ++k, ++p)
        if ((p = text.indexOf(word[k], p)) < 0) return false;
      return true;
    };
    if (!restFits(at)) at = next;
    score += startsWord(text, at) ? kWordStart : i > 0 && at == from ? kInARow : kLetter;
    from = at + 1;
  }
  return score;
}

}  // namespace

std::optional<int> fuzzyScore(QStringView query, QStringView text) {
  const QString in = text.toString().toLower();
  int sum = 0;
  for (const QString& word : query.toString().toLower().split(' ', Qt::SkipEmptyParts)) {
    const auto score = scoreOf(word, in);
    if (!score) return std::nullopt;
    sum += *score;
  }
  return sum;
}

}  // namespace netwright::panels
