// SPDX-License-Identifier: Apache-2.0
#include "core/help/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace netwright::help {
namespace {

// Letters of a UTF-8 text.
size_t letters(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, letters(text)), ' ');
}

constexpr const char* kIndent = "  ";

// The last column takes what room there is and goes on below itself.
std::string tableText(const Table& table, Kind kind, size_t width) {
  std::vector<std::vector<std::string>> rows;
  std::vector<size_t> widths(table.heads.size(), 0);
  for (const auto& cells : table.rows) {
    std::vector<std::string> row;
    for (size_t i = 0; i < cells.size(); ++i) {
      row.push_back(plainText(cells[i], kind));
      widths[i] = std::max(widths[i], letters(row.back()));
    }
    rows.push_back(std::move(row));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line = kIndent;
    for (size_t i = 0; i + 1 < row.size(); ++i) line += padded(row[i], widths[i]) + kIndent;
    const size_t used = letters(line);
    std::string last = wrapped(row.back(), std::string(used, ' '), std::max(width, used + 30));
    if (last.empty()) last = "\n";
    line += last.substr(std::min(used, last.size() - 1));
    line.erase(line.find_last_not_of(" \n") + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string wrapped(const std::string& text, const std::string& indent, size_t width) {
  std::istringstream words(text);
  std::string out, line;
  for (std::string word; words >> word;) {
    if (!line.empty() && letters(indent) + letters(line) + 1 + letters(word) > width) {
      out += indent + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + indent + line + "\n";
}

std::string asText(const Page& page, const TextLook& look, size_t width) {
  const Entry& e = *page.entry;
  const auto bold = [&](const std::string& text) { return look.bold ? look.bold(text) : text; };
  const auto dim = [&](const std::string& text) { return look.dim ? look.dim(text) : text; };
  std::string out = bold(e.title) + "  " + dim(sideText(e)) + "\n" + wrapped(plainText(e.summary, e.kind), "", width);
  std::istringstream formula(page.formula);
  for (std::string line; std::getline(formula, line);) out += fmt::format("\n{}{}{}\n", kIndent, kIndent, line);
  for (const Section& section : page.sections) {
    out += "\n" + bold(section.title) + "\n";
    bool first = true;
    for (const std::string& paragraph : section.paragraphs) {
      if (!first && !section.list) out += "\n";
      std::string lines = wrapped(plainText(paragraph, e.kind), section.list ? "    " : kIndent, width);
      if (section.list) lines.replace(2, 1, "-");
      out += lines;
      first = false;
    }
    out += tableText(section.table, e.kind, width);
  }
  return out;
}

}  // namespace netwright::help
