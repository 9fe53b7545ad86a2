// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/sources/csv_file.h"
#include "core/data/sources/file_sets.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

struct Series {
  std::vector<std::string> channels;
  std::vector<float> values;     // a row for each time, a number for each channel
  std::vector<float> target;     // one for each time
  std::vector<int64_t> lines;    // of each time
  std::string file, targetName;  // of the CSV file and of its column
  int64_t filled = 0;            // missing cells that were filled in

  int64_t length() const { return static_cast<int64_t>(lines.size()); }
};

struct Window {
  int64_t length, horizon, stride;
  int64_t span() const { return length + horizon; }
};

Window windowOf(const Attributes& params) {
  return {whole(params, "window"), whole(params, "horizon"), whole(params, "stride")};
}

std::vector<ColumnSpec> columnsOf(const std::vector<std::string>& channels, const std::string& target,
                                  const Window& window) {
  ColumnSpec x{.name = target == "x" ? "values" : "x", .entries = channels};
  x.shape = {window.length, static_cast<int64_t>(channels.size())};
  return {std::move(x), {.name = target, .shape = {window.horizon}, .role = Role::Target}};
}

// Windows are not stored: each is a piece of the series.
class SeriesDataset final : public Dataset {
 public:
  SeriesDataset(Series series, Window window)
      : series_(std::move(series)),
        window_(window),
        columns_(columnsOf(series_.channels, series_.targetName, window)) {}

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return (series_.length() - window_.span()) / window_.stride + 1; }
  bool inMemory() const override { return true; }
  SampleNames sampleNames() const override {
    return [lines = series_.lines, file = series_.file, w = window_](int64_t sample) {
      const auto first = static_cast<size_t>(sample * w.stride);
      return fmt::format("the window from line {} to {} of {}", lines[first],
                         lines[first + static_cast<size_t>(w.span()) - 1], file);
    };
  }

  void read(std::span<const int64_t> samples, Batch& out) const override {
    shapeBatch(columns_, samples, out);
    const auto row = static_cast<size_t>(window_.length) * series_.channels.size();
    const auto horizon = static_cast<size_t>(window_.horizon);
    for (size_t i = 0; i < samples.size(); ++i) {
      assert(samples[i] >= 0 && samples[i] < size());
      const auto first = static_cast<size_t>(samples[i] * window_.stride);
      std::copy_n(series_.values.data() + first * series_.channels.size(), row,
                  out.columns[0].tensor.as<float>().data() + i * row);
      std::copy_n(series_.target.data() + first + static_cast<size_t>(window_.length), horizon,
                  out.columns[1].tensor.as<float>().data() + i * horizon);
    }
  }

 private:
  Series series_;
  Window window_;
  std::vector<ColumnSpec> columns_;
};

struct Selection {
  std::vector<size_t> channels;
  size_t target;
};

Selection select(const CsvFile& file, const Attributes& params, const CellRules& rules) {
  const std::string& target = text(params, "target");
  Selection selected{{}, target.empty() ? file.header().size() - 1 : file.column(target)};
  for (const std::string& name : nameList(params, "features"))
    if (name != "*") selected.channels.push_back(file.column(name));
  const std::vector<std::string> names = nameList(params, "features");
  if (names.empty()) selected.channels.push_back(selected.target);
  if (std::find(names.begin(), names.end(), "*") == names.end()) return selected;
  std::vector<bool> numbers(file.header().size(), true);
  file.forRows([&](const std::vector<std::string_view>& cells, int64_t) {
    for (size_t c = 0; c < cells.size(); ++c)
      if (numbers[c] && !rules.isMissing(cells[c]) && !rules.number(cells[c])) numbers[c] = false;
  });
  for (size_t c = 0; c < numbers.size(); ++c)
    if (numbers[c] || c == selected.target) selected.channels.push_back(c);
  return selected;
}

class SeriesReader {
 public:
  SeriesReader(const CsvFile& file, const Attributes& params) : file_(file), params_(params), rules_(params) {}

  Series read(const Selection& selected) {
    Series series;
    series.file = file_.name();
    series.targetName = file_.header()[selected.target];
    for (const size_t c : selected.channels) series.channels.push_back(file_.header()[c]);
    std::vector<float> last(file_.header().size(), std::numeric_limits<float>::quiet_NaN());
    file_.forRows([&](const std::vector<std::string_view>& cells, int64_t line) {
      requireOrder(cells, line);
      for (const size_t c : selected.channels) series.values.push_back(valueOf(cells, c, line, last));
      series.target.push_back(valueOf(cells, selected.target, line, last));
      series.lines.push_back(line);
    });
    series.filled = static_cast<int64_t>(filled_.size());
    return series;
  }

 private:
  float valueOf(const std::vector<std::string_view>& cells, size_t c, int64_t line, std::vector<float>& last) {
    const auto value = rules_.isMissing(cells[c]) ? std::nullopt : rules_.number(cells[c]);
    if (value) return last[c] = static_cast<float>(*value);
    if (!rules_.isMissing(cells[c]))
      failInput(fmt::format("{}: {} is not a number.", file_.place(line, c), shown(cells[c])), "A number was expected.",
                rules_.advice(cells[c]));
    if (text(params_, "missing") == "fail")
      failInput(fmt::format("{}: there is no value.", file_.place(line, c)), "A series needs a number at each time.",
                "Fill it in, or set missing to previous.");
    if (std::isnan(last[c]))
      failInput(fmt::format("{}: there is no value, and none before it.", file_.place(line, c)), "",
                "Begin the series where its first value is.");
    if (filled_.empty() || filled_.back() != line) filled_.push_back(line);
    return last[c];
  }

  void requireOrder(const std::vector<std::string_view>& cells, int64_t line) {
    if (text(params_, "time").empty()) return;
    const size_t c = file_.column(text(params_, "time"));
    const std::string now(trimmed(cells[c]));
    const auto before = rules_.number(before_), after = rules_.number(now);
    const bool ascends = before && after ? *before < *after : before_ < now;
    if (!before_.empty() && !ascends)
      failInput(fmt::format("{}: {} does not come after {}.", file_.place(line, c), shown(now), shown(before_)),
                "A series must be in order of time.", "Sort the file by that column.");
    before_ = now;
  }

  const CsvFile& file_;
  const Attributes& params_;
  CellRules rules_;
  std::string before_;           // time of the row before
  std::vector<int64_t> filled_;  // lines with a missing cell
};

fs::path fileOf(const SourceRequest& request) {
  return findSets(request.path, {".csv", ".tsv", ".csv.gz", ".tsv.gz"}).train;
}

SourceData open(const SourceRequest& request) {
  const CsvFile file(fileOf(request), request.params);
  const Selection selected = select(file, request.params, CellRules(request.params));
  Series series = SeriesReader(file, request.params).read(selected);
  const Window window = windowOf(request.params);
  if (series.length() < window.span())
    failInput(fmt::format("{} has {} rows, but a window of {} and a horizon of {} need {}.", file.name(),
                          grouped(series.length()), window.length, window.horizon, grouped(window.span())),
              "", "Set window or horizon lower, or choose a longer series.");
  SourceData data;
  if (!file.note().empty()) data.notes.push_back(file.note());
  if (series.filled > 0)
    data.notes.push_back(fmt::format("{}: missing values in {} of {} rows were taken from the row before.", file.name(),
                                     grouped(series.filled), grouped(series.length())));
  data.series = true;
  data.gap = (window.span() - 1) / window.stride;
  data.train = std::make_shared<SeriesDataset>(std::move(series), window);
  return data;
}

std::vector<ColumnSpec> describe(const SourceRequest& request) {
  const CsvFile file(fileOf(request), request.params);
  const Selection selected = select(file, request.params, CellRules(request.params));
  std::vector<std::string> channels;
  for (const size_t c : selected.channels) channels.push_back(file.header()[c]);
  return columnsOf(channels, file.header()[selected.target], windowOf(request.params));
}

}  // namespace

SourceSpec seriesSource() {
  SourceSpec spec;
  spec.kind = "series";
  spec.title = "Time series (CSV)";
  spec.doc =
      "A series in a CSV file, one time in a line, cut into windows: the network sees the last values and predicts the "
      "next. Split by time: first training, then validation, then test.";
  spec.params = {
      intParam("window", 24)
          .min(1)
          .max(1'000'000)
          .withDoc("How many values the network sees.")
          .withUnit("rows")
          .asMain(),
      intParam("horizon", 1).min(1).max(1'000'000).withDoc("How many values it predicts.").withUnit("rows").asMain(),
      intParam("stride", 1).min(1).max(1'000'000).withDoc("From the start of a window to the next.").withUnit("rows"),
      textParam("target", "").withDoc("The column to predict; the last one if left empty."),
      textParam("features", "")
          .withDoc("Columns the network sees, separated by commas; the target if left empty, * for all numbers."),
      textParam("time", "").withDoc("A column that must ascend: dates or numbers; not checked if left empty."),
      choiceParam("missing", {"fail", "previous"})
          .withDoc("A missing value is an error, or taken from the row before."),
  };
  const std::vector<ParamSpec> common = csvParams();
  spec.params.insert(spec.params.end(), common.begin(), common.end());
  spec.open = open;
  spec.describe = describe;
  spec.path = SourcePath::FileOrFolder;
  return spec;
}

}  // namespace netwright::data
