// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/csv_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/letters.h"
#include "core/data/params.h"

namespace netwright::data {
namespace {

constexpr size_t kMostOneHot = 1000, kMostClasses = 10'000;
constexpr const char* kMissing = "(missing)";

// What the cells of a column look like.
struct Facts {
  int64_t numbers = 0, texts = 0, missing = 0;
  std::string firstText, firstPlace;
  BadLines textLines;  // if the column should be numbers
};

std::vector<Facts> survey(const std::vector<CsvFile>& files, const CellRules& rules, int64_t& rows) {
  std::vector<Facts> facts(files.front().header().size());
  for (const CsvFile& file : files)
    file.forRows([&](const std::vector<std::string_view>& cells, int64_t line) {
      ++rows;
      for (size_t c = 0; c < cells.size(); ++c) {
        Facts& column = facts[c];
        if (rules.isMissing(cells[c])) {
          ++column.missing;
        } else if (rules.number(cells[c])) {
          ++column.numbers;
        } else {
          if (column.texts++ == 0) {
            column.firstText = cells[c];
            column.firstPlace = file.place(line, c);
          }
          column.textLines.add(line, [&] { return shown(cells[c]) + (files.size() > 1 ? " in " + file.name() : ""); });
        }
      }
    });
  return facts;
}

// A column of which most are numbers is meant to be numbers.
bool holdsNumbers(const Facts& facts) { return facts.numbers > facts.texts; }

[[noreturn]] void failText(const Facts& facts, const CellRules& rules, const char* otherwise) {
  std::string why = facts.numbers > 0
                        ? fmt::format("A number was expected, because {} of the column's {} values are numbers.",
                                      grouped(facts.numbers), grouped(facts.numbers + facts.texts))
                        : "A number was expected.";
  if (facts.numbers > 0 && facts.texts > 1) why += ' ' + facts.textLines.others();
  failInput(fmt::format("{}: {} is not a number.", facts.firstPlace, shown(facts.firstText)), why,
            rules.advice(facts.firstText) + otherwise);
}

void requireNumbers(const Facts& facts, const CellRules& rules, const char* otherwise) {
  if (facts.texts > 0) failText(facts, rules, otherwise);
}

Use useOfTarget(const Facts& facts, const std::string& type, const CellRules& rules) {
  if (type == "class") return Use::Label;
  if (type == "detect" && !holdsNumbers(facts) && facts.texts > 0) return Use::Label;
  requireNumbers(facts, rules, " If these are names of classes, set target_type to class.");
  return Use::Value;
}

Use useOfFeature(const Facts& facts, bool categorical, const CellRules& rules) {
  if (categorical || (facts.texts > 0 && !holdsNumbers(facts))) return Use::Category;
  requireNumbers(facts, rules, " If the column holds names, list it in categorical.");
  return Use::Number;
}

void chooseUses(CsvPlan& plan, const CsvFile& file, const Attributes& params, const std::vector<Facts>& facts,
                const CellRules& rules) {
  const auto indices = [&](const char* param) {
    std::set<size_t> found;
    for (const std::string& name : nameList(params, param))
      if (name != "*") found.insert(file.column(name));
    return found;
  };
  const auto wanted = indices("features"), ignored = indices("ignore"), categorical = indices("categorical"),
             texts = indices("text");
  for (const std::string& name : nameList(params, "target"))
    if (const size_t c = file.column(name); !plan.isTarget(c)) plan.targets.push_back(c);
  if (plan.targets.empty()) plan.targets = {plan.header.size() - 1};
  for (size_t c = 0; c < plan.columns.size(); ++c) {
    const bool feature = (wanted.empty() || wanted.contains(c)) && !ignored.contains(c);
    ColumnPlan& column = plan.columns[c];
    column.missing = facts[c].missing;
    if (plan.isTarget(c))
      column.use = useOfTarget(facts[c], text(params, "target_type"), rules);
    else if (texts.contains(c))
      column.use = Use::Text;
    else if (feature)
      column.use = useOfFeature(facts[c], categorical.contains(c), rules);
  }
}

bool numeric(const std::set<std::string>& words, const CellRules& rules) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& w) { return rules.number(w).has_value(); });
}

// In the order of numbers where all are numbers, else by letters.
std::vector<std::string> sorted(const std::set<std::string>& words, const CellRules& rules) {
  std::vector<std::string> names(words.begin(), words.end());
  if (numeric(words, rules))
    std::stable_sort(names.begin(), names.end(),
                     [&](const std::string& a, const std::string& b) { return rules.number(a) < rules.number(b); });
  return names;
}

[[noreturn]] void failTooMany(const CsvPlan& plan, size_t c) {
  const std::string& name = plan.header[c];
  if (plan.columns[c].use == Use::Label)
    failInput(fmt::format("The target '{}' holds more than {} different values, too many for classes.", name,
                          grouped(kMostClasses)),
              "", "For a number to predict set target_type to number; or choose another target.");
  failInput(fmt::format("Column '{}' holds more than {} different texts, each of which would become a feature.", name,
                        grouped(plan.oneHot ? kMostOneHot : kMostClasses)),
            "", plan.oneHot ? "Leave it out (ignore), or set encode to index." : "Leave it out (ignore).");
}

// 151.5 as a class is a mistake of settings; 3.0 is a way to write 3.
bool isClass(std::string_view cell, const CellRules& rules) {
  const auto value = rules.number(cell);
  return !value || *value == std::floor(*value);
}

[[noreturn]] void failClass(const std::string& first, const BadLines& lines) {
  failInput(
      first,
      "A class was expected, which is a text or a whole number." + (lines.count() > 1 ? ' ' + lines.others() : ""),
      "For a regression set target_type to number and take the loss mse.");
}

// Collects the letters of the columns that are texts.
void nameLetters(CsvPlan& plan, const std::vector<CsvFile>& files, const CellRules& rules) {
  for (size_t c = 0; c < plan.columns.size(); ++c) {
    if (plan.columns[c].use != Use::Text) continue;
    Alphabet alphabet;
    for (const CsvFile& file : files)
      file.forRows([&](const std::vector<std::string_view>& cells, int64_t) {
        if (!rules.isMissing(cells[c])) alphabet.add(trimmed(cells[c]));
      });
    alphabet.requireText(fmt::format("the column '{}' of {}", plan.header[c], files.front().name()));
    plan.columns[c].index = alphabet.numbers();
    plan.columns[c].names = alphabet.names();
  }
}

// Collects the words of all categories and of the label.
void nameCategories(CsvPlan& plan, const std::vector<CsvFile>& files, const CellRules& rules) {
  std::vector<size_t> worded;
  for (size_t c = 0; c < plan.columns.size(); ++c)
    if (plan.columns[c].use == Use::Category || plan.columns[c].use == Use::Label) worded.push_back(c);
  if (worded.empty()) return;
  std::vector<std::set<std::string>> words(plan.columns.size());
  BadLines noClass;
  std::string firstNoClass;
  for (const CsvFile& file : files)
    file.forRows([&](const std::vector<std::string_view>& cells, int64_t line) {
      for (const size_t c : worded) {
        if (rules.isMissing(cells[c])) continue;
        const bool label = plan.columns[c].use == Use::Label;
        if (label && !isClass(cells[c], rules)) {
          if (noClass.count() == 0)
            firstNoClass = fmt::format("{}: {} is not a class.", file.place(line, c), shown(cells[c]));
          noClass.add(line, [&] { return shown(cells[c]) + (files.size() > 1 ? " in " + file.name() : ""); });
        }
        if (noClass.count() > 0) continue;  // the lines are all that is still of interest
        words[c].emplace(trimmed(cells[c]));
        if (words[c].size() > (label || !plan.oneHot ? kMostClasses : kMostOneHot)) failTooMany(plan, c);
      }
    });
  if (noClass.count() > 0) failClass(firstNoClass, noClass);
  for (const size_t c : worded) {
    ColumnPlan& column = plan.columns[c];
    column.names = sorted(words[c], rules);
    for (size_t i = 0; i < column.names.size(); ++i) column.index[column.names[i]] = static_cast<int64_t>(i);
    if (column.use == Use::Category && column.missing > 0 && !plan.dropMissing) column.names.push_back(kMissing);
  }
}

void requireSameHeader(const std::vector<CsvFile>& files) {
  for (const CsvFile& file : files)
    if (file.header() != files.front().header())
      failInput(fmt::format("{} has other columns than {}.", file.name(), files.front().name()),
                fmt::format("{} has {} columns, {} has {}.", file.name(), file.header().size(), files.front().name(),
                            files.front().header().size()),
                "Give all sets the same columns in the same order.");
}

}  // namespace

bool CsvPlan::isTarget(size_t column) const {
  return std::find(targets.begin(), targets.end(), column) != targets.end();
}

std::vector<std::string> CsvPlan::features() const {
  std::vector<std::string> names;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].use == Use::Number) names.push_back(header[c]);
    if (columns[c].use != Use::Category || !oneHot) continue;
    for (const std::string& category : columns[c].names) names.push_back(fmt::format("{}={}", header[c], category));
  }
  return names;
}

std::vector<ColumnSpec> CsvPlan::specs() const {
  std::vector<ColumnSpec> specs;
  const bool taken = std::any_of(targets.begin(), targets.end(), [&](size_t c) { return header[c] == "x"; });
  ColumnSpec x{.name = taken ? "features" : "x", .entries = features()};
  x.shape = {static_cast<int64_t>(x.entries.size())};
  if (!x.entries.empty()) specs.push_back(std::move(x));
  for (size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].use == Use::Category && !oneHot)
      specs.push_back({.name = header[c], .dtype = DType::Int64, .classes = columns[c].names});
    if (columns[c].use == Use::Text)
      specs.push_back({.name = header[c],
                       .dtype = DType::Int64,
                       .shape = {textLength},
                       .classes = columns[c].names,
                       .padsStart = padsStart});
  }
  for (const size_t c : targets)
    if (columns[c].use == Use::Label)
      specs.push_back({.name = header[c], .dtype = DType::Int64, .role = Role::Target, .classes = columns[c].names});
    else
      specs.push_back({.name = header[c], .shape = {1}, .role = Role::Target});
  return specs;
}

CsvPlan planCsv(const std::vector<CsvFile>& files, const Attributes& params, const CellRules& rules) {
  requireSameHeader(files);
  CsvPlan plan;
  plan.header = files.front().header();
  plan.columns.resize(plan.header.size());
  plan.oneHot = text(params, "encode") == "one_hot";
  plan.dropMissing = text(params, "missing") == "drop";
  plan.textLength = whole(params, "text_length");
  plan.padsStart = text(params, "text_padding") == "start";
  const std::vector<Facts> facts = survey(files, rules, plan.rows);
  chooseUses(plan, files.front(), params, facts, rules);
  nameCategories(plan, files, rules);
  nameLetters(plan, files, rules);
  if (plan.specs().size() == plan.targets.size())
    failInput(fmt::format("{} leaves no features beside the target '{}'.", files.front().name(),
                          plan.header[plan.targets.front()]),
              fmt::format("It has {} columns.", plan.header.size()),
              "Choose other features, or set separator if the columns were not told apart.");
  return plan;
}

}  // namespace netwright::data
