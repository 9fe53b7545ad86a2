// SPDX-License-Identifier: GPL-3.0-or-later
// How well a text answers what somebody typed: letters in order, words in any order. Used by the command palette.
#pragma once

#include <QStringView>
#include <optional>

namespace netwright::panels {

// Higher is better; nullopt if a word of the query is not in the text. Each word must occur as letters in this order;
// letters in a row and at the beginnings of words count more. An empty query fits everything with 0.
std::optional<int> fuzzyScore(QStringView query, QStringView text);

}  // namespace netwright::panels
