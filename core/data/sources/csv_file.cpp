// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/csv_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/sources/byte_source.h"
#include "core/data/sources/csv_reader.h"
#include "core/data/sources/text_encoding.h"

namespace netwright::data {
namespace {

char separatorOf(const Attributes& params, std::string_view content) {
  const std::string& name = text(params, "separator");
  if (name == "comma") return ',';
  if (name == "semicolon") return ';';
  if (name == "tab") return '\t';
  if (name == "bar") return '|';
  return detectSeparator(content, text(params, "decimal") == "comma");
}

std::optional<double> parsed(std::string_view cell, bool decimalComma) {
  std::string point;
  if (decimalComma && cell.find(',') != std::string_view::npos) {
    point.assign(cell);
    std::replace(point.begin(), point.end(), ',', '.');
    cell = point;
  }
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  double value = 0;
  const auto [end, ec] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (ec != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  if (!(std::abs(value) <= std::numeric_limits<float>::max())) return std::nullopt;
  return value;
}

[[noreturn]] void failEncoding(const std::string& first, const BadLines& lines) {
  failInput(first, "UTF-8 was expected." + (lines.count() > 1 ? ' ' + lines.others() : ""),
            "Set encoding to detect or latin-1, or save the file as UTF-8.");
}

}  // namespace

std::vector<ParamSpec> csvParams() {
  return {
      choiceParam("separator", {"detect", "comma", "semicolon", "tab", "bar"}).withDoc("What stands between fields."),
      choiceParam("decimal", {"point", "comma"}).withDoc("How numbers are written: 1.5 or 1,5."),
      boolParam("header", true).withDoc("The first line names the columns."),
      textParam("missing_words", "NA, N/A, NaN, nan, null, ?")
          .withDoc("Words that stand for a missing value; an empty field always does."),
      choiceParam("encoding", {"detect", "utf-8", "utf-16", "latin-1"}).withDoc("How characters are stored as bytes."),
  };
}

std::string_view trimmed(std::string_view cell) {
  const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
  if (!cell.empty() && !isSpace(cell.front()) && !isSpace(cell.back())) return cell;
  const size_t first = cell.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
}

CellRules::CellRules(const Attributes& params)
    : missing_(nameList(params, "missing_words")), decimalComma_(text(params, "decimal") == "comma") {
  for (const std::string& word : missing_) beginsMissing_[static_cast<uint8_t>(word.front())] = true;
}

bool CellRules::isMissing(std::string_view cell) const {
  cell = trimmed(cell);
  if (cell.empty()) return true;
  if (!beginsMissing_[static_cast<uint8_t>(cell.front())]) return false;
  return std::find(missing_.begin(), missing_.end(), cell) != missing_.end();
}

std::optional<double> CellRules::number(std::string_view cell) const { return parsed(trimmed(cell), decimalComma_); }

std::string CellRules::advice(std::string_view cell) const {
  if (!decimalComma_ && parsed(trimmed(cell), true)) return "Set decimal to comma.";
  return "Correct the value, or add it to missing_words.";
}

CsvFile::CsvFile(const std::filesystem::path& path, const Attributes& params)
    : name_(path.filename().string()), hasHeader_(flag(params, "header")) {
  const Encoding encoding = encodingFromName(text(params, "encoding"));
  DecodedText decoded = decodeText(readBytes(path, memoryLimit()), encoding, name_);
  text_ = std::move(decoded.text);
  note_ = std::move(decoded.note);
  checkUtf8_ = note_.empty() && firstNonUtf8(text_).has_value();
  separator_ = separatorOf(params, text_);
  readHeader(hasHeader_);
}

void CsvFile::readHeader(bool given) {
  CsvReader reader(text_, separator_, name_);
  if (!reader.next()) failInput(fmt::format("{} is empty.", name_), "", "Choose a file that holds rows of data.");
  std::set<std::string> seen;
  for (const std::string_view cell : reader.cells()) {
    std::string name = given ? std::string(trimmed(cell)) : "";
    if (name.empty()) name = fmt::format("column {}", header_.size() + 1);
    if (!seen.insert(name).second)
      failInput(fmt::format("{}, line {}: two columns are called '{}'.", name_, reader.line(), name), "",
                "Rename one of them, or set header to false if the first line is data.");
    header_.push_back(std::move(name));
  }
  BadLines bad;
  if (const auto wrong = checkUtf8_ ? notUtf8(reader.cells(), reader.line(), bad) : std::nullopt)
    failEncoding(*wrong, bad);
  if (given && !reader.next())
    failInput(fmt::format("{} has a header but no rows.", name_), "", "Choose a file that holds rows of data.");
}

std::string BadLines::others() const {
  if (count_ < 2) return "";
  std::string text = joined({named_.begin() + 1, named_.end()}, ", ");
  text.front() = 'L';
  const int64_t left = count_ - static_cast<int64_t>(named_.size());
  if (left > 0) text += fmt::format(" and {} more", grouped(left));
  return text + (count_ == 2 ? " is wrong, too." : " are wrong, too.");
}

void CsvFile::forRows(const Row& row) const {
  CsvReader reader(text_, separator_, name_);
  if (hasHeader_) reader.next();
  BadLines bad, encoded;
  std::string first, firstEncoded;
  while (reader.next()) {
    const size_t count = reader.cells().size();
    if (count != header_.size()) {
      const std::string fields = count == 1 ? "1 field" : fmt::format("{} fields", count);
      if (bad.count() == 0)
        first = fmt::format("{}, line {} has {} but {} expected.", name_, reader.line(), fields,
                            header_.size() == 1 ? "1 is" : fmt::format("{} are", header_.size()));
      bad.add(reader.line(), [&] { return fields; });
    }
    if (const auto wrong = checkUtf8_ ? notUtf8(reader.cells(), reader.line(), encoded) : std::nullopt)
      if (encoded.count() == 1) firstEncoded = *wrong;
    if (bad.count() > 0 || encoded.count() > 0) continue;
    row(reader.cells(), reader.line());
  }
  if (bad.count() > 0)
    failInput(first, "The first line tells how many." + (bad.count() > 1 ? ' ' + bad.others() : ""),
              fmt::format("Correct {}, put quotes round a field that holds the separator, or set separator.",
                          bad.count() > 1 ? "these lines" : "that line"));
  if (encoded.count() > 0) failEncoding(firstEncoded, encoded);
}

// What is wrong with the first such cell.
std::optional<std::string> CsvFile::notUtf8(const std::vector<std::string_view>& cells, int64_t line,
                                            BadLines& lines) const {
  for (size_t c = 0; c < cells.size(); ++c) {
    const auto wrong = firstNonUtf8(cells[c]);
    if (!wrong) continue;
    lines.add(line, [&] { return shown(cells[c]); });
    return fmt::format("{}: {} is not UTF-8 (byte 0x{:02X}).", place(line, c), shown(cells[c]),
                       static_cast<uint8_t>(cells[c][*wrong]));
  }
  return std::nullopt;
}

size_t CsvFile::column(const std::string& name) const {
  const auto it = std::find(header_.begin(), header_.end(), name);
  if (it != header_.end()) return static_cast<size_t>(it - header_.begin());
  constexpr size_t kMost = 30;
  const std::vector<std::string> first(header_.begin(),
                                       header_.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, header_.size())));
  failInput(fmt::format("{} has no column '{}'.", name_, name),
            fmt::format("It has {}{}.", joined(first, ", "), header_.size() > kMost ? " and others" : ""),
            fmt::format("Did you mean '{}'?", nearest(name, header_)));
}

std::string CsvFile::place(int64_t line, size_t column) const {
  return fmt::format("{}, line {}, column '{}'", name_, line, column < header_.size() ? header_[column] : "");
}

std::string shown(std::string_view cell) {
  constexpr size_t kMost = 40;
  std::string out = "'";
  for (size_t at = 0; at < cell.size() && at < kMost;) {
    const size_t wrong = firstNonUtf8(cell.substr(at)).value_or(std::string_view::npos);
    if (wrong == 0) {
      out += fmt::format("\\x{:02X}", static_cast<uint8_t>(cell[at++]));
      continue;
    }
    // Whole characters only, so that a shortened text stays valid.
    const std::string_view good = cell.substr(at, std::min({wrong, cell.size() - at, kMost}));
    const size_t length = firstNonUtf8(good).value_or(good.size());
    out += good.substr(0, length);
    at += length;
    if (at >= kMost || length == 0) break;
  }
  return out + (cell.size() > kMost ? "…'" : "'");
}

}  // namespace netwright::data
