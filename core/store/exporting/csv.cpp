// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iterator>

#include "core/store/exporting/run_export.h"

namespace netwright::store {
namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string runsToCsv(Database& database, const std::vector<RunSummary>& runs) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), "run,context,key,step,seconds,value\r\n");
  for (const RunSummary& run : runs)
    for (const auto& [key, context] : database.metricKeys(run.id)) {
      const Series series = database.series(run.id, key, context);
      const std::string start = fmt::format("{},{},{}", cell(run.name), cell(context), cell(key));
      for (size_t i = 0; i < series.size(); ++i)
        fmt::format_to(std::back_inserter(out), "{},{},{},{}\r\n", start, series.steps[i], series.seconds[i],
                       series.values[i]);
    }
  return fmt::to_string(out);
}

}  // namespace netwright::store
