// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr int kProbe = 20;               // records that tell the separator
constexpr size_t kMostFields = 100'000;  // bounds the memory that a file of separators can take

// How many fields each of the first records has; 0 if they differ or cannot be read.
size_t equalFields(std::string_view text, char separator) {
  CsvReader reader(text, separator, "");
  size_t fields = 0;
  try {
    for (int i = 0; i < kProbe && reader.next(); ++i) {
      if (i > 0 && reader.cells().size() != fields) return 0;
      fields = reader.cells().size();
    }
  } catch (const Error&) {
    return 0;
  }
  return fields;
}

}  // namespace

bool CsvReader::next() {
  cells_.clear();
  unquoted_.clear();
  while (at_ < text_.size() && atLineEnd()) skipLineEnd();
  if (at_ == text_.size()) return false;
  line_ = currentLine_;
  while (true) {
    if (cells_.size() == kMostFields)
      failInput(fmt::format("{}, line {} has more than {} fields.", fileName_, line_, grouped(kMostFields)), "",
                "Choose a table, or set separator.");
    cells_.push_back(at_ < text_.size() && text_[at_] == '"' ? quotedCell() : plainCell());
    if (at_ == text_.size()) return true;
    if (text_[at_] != separator_) break;
    ++at_;
  }
  skipLineEnd();
  return true;
}

void CsvReader::skipLineEnd() {
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++currentLine_;
}

std::string_view CsvReader::plainCell() {
  const size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != separator_ && !atLineEnd()) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string_view CsvReader::quotedCell() {
  const int64_t openedAt = currentLine_;
  const size_t begin = ++at_;
  bool doubled = false;
  for (;; ++at_) {
    if (at_ == text_.size())
      failInput(fmt::format("{}, line {}: a quote opens here that is never closed.", fileName_, openedAt), "",
                "Close it, or double a quote that belongs to the text.");
    if (text_[at_] == '\n' || (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n')))
      ++currentLine_;
    if (text_[at_] != '"') continue;
    if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
    doubled = true;
    ++at_;
  }
  const size_t end = at_++;
  while (at_ < text_.size() && text_[at_] == ' ' && separator_ != ' ') ++at_;
  if (at_ < text_.size() && text_[at_] != separator_ && !atLineEnd())
    failInput(fmt::format("{}, line {}, field {}: text follows the closing quote.", fileName_, currentLine_,
                          cells_.size() + 1),
              "", "Double a quote that belongs to the text, or put a separator after it.");
  return doubled ? unquoted(begin, end) : text_.substr(begin, end - begin);
}

std::string_view CsvReader::unquoted(size_t begin, size_t end) {
  std::string& cell = unquoted_.emplace_back();
  for (size_t i = begin; i < end; ++i) {
    cell += text_[i];
    if (text_[i] == '"') ++i;
  }
  return cell;
}

char detectSeparator(std::string_view text, bool decimalComma) {
  char best = 0;
  size_t most = 1;
  for (const char candidate : {',', ';', '\t', '|'}) {
    if (decimalComma && candidate == ',') continue;
    if (const size_t fields = equalFields(text, candidate); fields > most) {
      most = fields;
      best = candidate;
    }
  }
  if (best) return best;
  // Some record has too many or too few fields: the first line still tells what was meant.
  const std::string_view first = text.substr(0, text.find_first_of("\r\n"));
  std::ptrdiff_t count = 0;
  for (const char candidate : {';', '\t', '|', ','}) {
    const auto found = std::count(first.begin(), first.end(), candidate);
    if (found > count || (candidate == ',' && found == count && !decimalComma)) {
      count = found;
      best = candidate;
    }
  }
  return best ? best : ',';
}

}  // namespace netwright::data
