// SPDX-License-Identifier: Apache-2.0
#include "core/base/prose.h"

#include <cassert>
#include <sstream>

#include "core/base/text.h"

namespace netwright {
namespace {

// The rest of a line that begins so.
bool follows(const std::string& line, const std::string& word, std::string& rest) {
  if (line.rfind(word, 0) != 0) return false;
  rest = line.substr(word.size());
  return true;
}

// Joins the lines of a paragraph and gives it to all that the section is about.
class Section {
 public:
  explicit Section(ProseBook& book) : book_(book) {}

  void begin(const std::string& ids) {
    endParagraph();
    ids_ = words(ids);
  }
  void line(const std::string& text) {
    assert((!ids_.empty() || text.empty()) && "prose belongs below a heading");
    std::string rest;
    if (text.empty()) return endParagraph();
    if (follows(text, "Example: ", rest)) {
      endParagraph();
      for (const std::string& id : ids_) book_[id].examples.push_back(rest);
    } else if (follows(text, "PyTorch: ", rest)) {
      endParagraph();
      for (const std::string& id : ids_) book_[id].torchName = rest;
    } else if (follows(text, "See also: ", rest)) {
      endParagraph();
      for (const std::string& id : ids_)
        for (const std::string& key : words(rest)) book_[id].seeAlso.push_back(key);
    } else {
      paragraph_ += (paragraph_.empty() ? "" : " ") + text;
    }
  }
  void endParagraph() {
    if (paragraph_.empty()) return;
    std::string rest;
    const bool pitfall = follows(paragraph_, "Pitfall: ", rest);
    for (const std::string& id : ids_)
      (pitfall ? book_[id].pitfalls : book_[id].paragraphs).push_back(pitfall ? rest : paragraph_);
    paragraph_.clear();
  }

 private:
  ProseBook& book_;
  std::vector<std::string> ids_;
  std::string paragraph_;
};

}  // namespace

ProseBook readProse(const std::map<std::string, std::string>& files) {
  ProseBook book;
  for (const auto& [name, text] : files) {
    Section section(book);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::string heading;
      if (follows(line, "## ", heading))
        section.begin(heading);
      else
        section.line(line);
    }
    section.endParagraph();
  }
  return book;
}

}  // namespace netwright
