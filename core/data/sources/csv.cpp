// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/letters.h"
#include "core/data/memory_dataset.h"
#include "core/data/sources/csv_file.h"
#include "core/data/sources/csv_plan.h"
#include "core/data/sources/file_sets.h"

namespace netwright::data {
namespace {

// Tensors as long as all rows could need; shortened at the end by those left out.
class Filler {
 public:
  Filler(const CsvPlan& plan, const CellRules& rules) : plan_(plan), rules_(rules), specs_(plan.specs()) {
    double bytes = 0;
    for (const ColumnSpec& spec : specs_)
      bytes += static_cast<double>(elementCount(spec.shape)) * static_cast<double>(byteSize(spec.dtype)) *
               static_cast<double>(plan.rows);
    if (bytes > static_cast<double>(memoryLimit()))
      failInput(fmt::format("The table needs {} in memory ({} rows of {} features), more than the {} that one data set "
                            "may take.",
                            byteText(bytes), grouped(plan.rows), grouped(elementCount(specs_.front().shape)),
                            byteText(static_cast<double>(memoryLimit()))),
                "", "Leave out columns, or set encode to index.");
    for (const ColumnSpec& spec : specs_) {
      std::vector<int64_t> shape = spec.shape;
      shape.insert(shape.begin(), plan.rows);
      tensors_.emplace_back(spec.dtype, std::move(shape));
    }
  }

  // False if the row is left out.
  bool add(const std::vector<std::string_view>& cells, int64_t line) {
    if (leftOut(cells)) return false;
    size_t feature = static_cast<size_t>(elementCount(specs_.front().shape)) * lines_.size();
    size_t indexed = specs_.front().dtype == DType::Float32 && specs_.front().role == Role::Feature ? 1 : 0;
    for (size_t c = 0; c < cells.size(); ++c) {
      const ColumnPlan& column = plan_.columns[c];
      if (column.use == Use::Number) tensors_.front().as<float>()[feature++] = numberOf(cells[c]);
      if (column.use == Use::Text) putTextOf(column, cells[c], tensors_[indexed++]);
      if (column.use != Use::Category) continue;
      const auto category = static_cast<size_t>(indexOf(column, cells[c]));
      if (plan_.oneHot) {
        tensors_.front().as<float>()[feature + category] = 1;
        feature += column.names.size();
      } else {
        tensors_[indexed++].as<int64_t>()[lines_.size()] = static_cast<int64_t>(category);
      }
    }
    auto tensor = tensors_.end() - static_cast<long>(plan_.targets.size());
    for (const size_t c : plan_.targets) {
      if (plan_.columns[c].use == Use::Label)
        tensor->as<int64_t>()[lines_.size()] = indexOf(plan_.columns[c], cells[c]);
      else
        tensor->as<float>()[lines_.size()] = numberOf(cells[c]);
      ++tensor;
    }
    lines_.push_back(line);
    return true;
  }

  int64_t rows() const { return static_cast<int64_t>(lines_.size()); }

  // names: of the files; ends: how many rows there are up to the end of each.
  std::shared_ptr<const Dataset> finish(std::vector<std::string> names, std::vector<int64_t> ends) {
    for (HostTensor& tensor : tensors_) {
      tensor.shape.front() = rows();
      tensor.bytes.resize(static_cast<size_t>(tensor.count()) * byteSize(tensor.dtype));
    }
    const auto place = [names = std::move(names), ends = std::move(ends), lines = std::move(lines_)](int64_t sample) {
      const auto file = std::upper_bound(ends.begin(), ends.end(), sample) - ends.begin();
      return fmt::format("line {} of {}", lines[static_cast<size_t>(sample)], names[static_cast<size_t>(file)]);
    };
    return memoryDataset(specs_, std::move(tensors_), place);
  }

 private:
  bool leftOut(const std::vector<std::string_view>& cells) const {
    for (const size_t c : plan_.targets)
      if (rules_.isMissing(cells[c])) return true;
    if (!plan_.dropMissing) return false;
    for (size_t c = 0; c < cells.size(); ++c)
      if (plan_.columns[c].use != Use::Skip && plan_.columns[c].missing > 0 && rules_.isMissing(cells[c])) return true;
    return false;
  }

  float numberOf(std::string_view cell) const {
    const auto value = rules_.isMissing(cell) ? std::nullopt : rules_.number(cell);
    return value ? static_cast<float>(*value) : std::numeric_limits<float>::quiet_NaN();
  }

  void putTextOf(const ColumnPlan& column, std::string_view cell, HostTensor& tensor) const {
    const auto length = static_cast<size_t>(plan_.textLength);
    putText(rules_.isMissing(cell) ? std::string_view() : trimmed(cell), column.index, plan_.padsStart,
            tensor.as<int64_t>().subspan(lines_.size() * length, length));
  }

  int64_t indexOf(const ColumnPlan& column, std::string_view cell) const {
    if (rules_.isMissing(cell)) return static_cast<int64_t>(column.names.size()) - 1;  // "(missing)"
    return column.index.find(trimmed(cell))->second;
  }

  const CsvPlan& plan_;
  const CellRules& rules_;
  std::vector<ColumnSpec> specs_;
  std::vector<HostTensor> tensors_;
  std::vector<int64_t> lines_;  // of each row kept
};

std::vector<CsvFile> openFiles(const FileSets& sets, const Attributes& params) {
  std::vector<CsvFile> files;
  for (const auto* path : {&sets.train, &sets.validation, &sets.test})
    if (!path->empty()) files.emplace_back(*path, params);
  return files;
}

// Which rows are whose, from how many there are up to the end of each file.
std::optional<Split> givenSets(const FileSets& sets, const std::vector<int64_t>& ends) {
  if (ends.size() == 1) return std::nullopt;
  const auto range = [](int64_t from, int64_t to) {
    std::vector<int64_t> numbers(static_cast<size_t>(to - from));
    std::iota(numbers.begin(), numbers.end(), from);
    return numbers;
  };
  Split split;
  split.train = range(0, ends[0]);
  if (!sets.validation.empty()) split.validation = range(ends[0], ends[1]);
  if (!sets.test.empty()) split.test = range(ends[ends.size() - 2], ends.back());
  return split;
}

SourceData open(const SourceRequest& request) {
  const FileSets sets = findSets(request.path, {".csv", ".tsv", ".csv.gz", ".tsv.gz"});
  const std::vector<CsvFile> files = openFiles(sets, request.params);
  const CellRules rules(request.params);
  const CsvPlan plan = planCsv(files, request.params, rules);
  SourceData data;
  Filler filler(plan, rules);
  std::vector<std::string> names;
  std::vector<int64_t> ends;
  for (const CsvFile& file : files) {
    int64_t read = 0, left = 0;
    file.forRows([&](const std::vector<std::string_view>& cells, int64_t line) {
      ++read;
      if (!filler.add(cells, line)) ++left;
    });
    if (left == read)
      failInput(fmt::format("{} has no row without missing values.", file.name()),
                fmt::format("All {} rows would be left out.", grouped(read)),
                "Set missing to keep and add the step 'impute', or leave out the columns that are empty.");
    if (!file.note().empty()) data.notes.push_back(file.note());
    if (left > 0)
      data.notes.push_back(fmt::format("{}: {} of {} rows were left out, because {} missing.", file.name(),
                                       grouped(left), grouped(read),
                                       plan.dropMissing ? "a value is" : "the target is"));
    names.push_back(file.name());
    ends.push_back(filler.rows());
  }
  data.given = givenSets(sets, ends);
  data.train = filler.finish(std::move(names), std::move(ends));
  return data;
}

std::vector<ColumnSpec> describe(const SourceRequest& request) {
  const FileSets sets = findSets(request.path, {".csv", ".tsv", ".csv.gz", ".tsv.gz"});
  return planCsv(openFiles(sets, request.params), request.params, CellRules(request.params)).specs();
}

}  // namespace

SourceSpec csvSource() {
  SourceSpec spec;
  spec.kind = "csv";
  spec.title = "Table (CSV)";
  spec.doc =
      "A table of numbers and categories, one sample in a line: a CSV file, or a folder with train.csv and, "
      "optionally, "
      "validation.csv and test.csv.";
  spec.params = {
      textParam("target", "")
          .withDoc("The column to predict, or several separated by commas; the last one if left empty.")
          .asMain(),
      choiceParam("target_type", {"detect", "class", "number"})
          .withDoc("A class is predicted with cross entropy, a number with mse; detect takes texts for classes.")
          .asMain(),
      textParam("features", "*").withDoc("Columns to predict from, separated by commas; * takes all but the target."),
      textParam("ignore", "").withDoc("Columns to leave out, separated by commas."),
      textParam("categorical", "").withDoc("Columns of numbers that are names of categories (a year, a code)."),
      choiceParam("encode", {"one_hot", "index"})
          .withDoc("Categories as one feature each, or as a column of numbers for an embedding."),
      textParam("text", "")
          .withDoc(
              "Columns of texts that are read letter by letter, separated by commas; each letter is a number for an "
              "embedding."),
      intParam("text_length", 32)
          .min(1)
          .max(100'000)
          .withUnit("letters")
          .withDoc("What is kept of a text; shorter ones are filled up with 0."),
      choiceParam("text_padding", {"end", "start"})
          .withDoc("Where a short text is filled up: behind its end, or before its start for a layer whose last step "
                   "counts."),
      choiceParam("missing", {"keep", "drop"})
          .withDoc("Rows with missing values: keep them for a step that fills them in, or leave them out."),
  };
  const std::vector<ParamSpec> common = csvParams();
  spec.params.insert(spec.params.end(), common.begin(), common.end());
  spec.open = open;
  spec.describe = describe;
  spec.path = SourcePath::FileOrFolder;
  return spec;
}

}  // namespace netwright::data
