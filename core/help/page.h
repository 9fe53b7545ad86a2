// SPDX-License-Identifier: Apache-2.0
// A help page as data, made from the specs and the words beside the code. Shown by the window, printed by the command
// line (text.h), written as HTML (html.h).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/help/entry.h"

namespace netwright::help {

// Texts of pages are plain but for `code` and links: "[layer/conv2d]" is the page of that key, by its title.
struct Span {
  enum class Style { Plain, Code, Link };
  Style style = Style::Plain;
  std::string text;
  const Entry* target = nullptr;  // of a link; null: it leads nowhere
};
std::vector<Span> spans(const std::string& text, Kind from);
std::string plainText(const std::string& text, Kind from);  // without marks

struct Table {
  std::vector<std::string> heads;
  std::vector<std::vector<std::string>> rows;
};

struct Section {
  std::string id, title;  // "pitfalls", "Pitfalls"
  std::vector<std::string> paragraphs;
  bool list = false;  // each paragraph is an item
  Table table = {};   // below them; may have no rows
};

struct Page {
  const Entry* entry = nullptr;
  std::string formula;            // plain text, may have several lines; empty: none
  std::vector<Section> sections;  // without empty ones
  const Section* find(const std::string& id) const;
};

// Lowers the layer for its example: within a millisecond. For the first op all layers, in a tenth of a second. Any
// thread.
Page pageOf(const Entry& entry);

nlohmann::ordered_json toJson(const Page& page);

}  // namespace netwright::help
