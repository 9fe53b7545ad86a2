// SPDX-License-Identifier: Apache-2.0
#include "core/store/run_words.h"

#include <algorithm>

#include "core/base/json.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {
namespace {

// Both lists go up by the run's id.
template <class Add>
void addRows(Connection& connection, const char* sql, std::vector<RunFacts>& runs, Add add) {
  Statement rows(connection, sql);
  auto run = runs.begin();
  while (rows.step()) {
    const RunId id{rows.integer(0)};
    while (run != runs.end() && run->summary.id < id) ++run;
    if (run != runs.end() && run->summary.id == id) add(*run, rows);
  }
}

bool isThere(const std::filesystem::path& file) {
  std::error_code ec;
  return std::filesystem::exists(file, ec);
}

}  // namespace

std::vector<RunFacts> runFacts(const std::filesystem::path& file, Database::Which which) {
  Database database(file);
  std::vector<RunFacts> runs;
  for (RunSummary& run : database.runs(which)) runs.push_back({std::move(run), {}, {}, {}, 0});
  if (runs.empty()) return runs;
  auto tags = database.allTags();
  const auto use = database.diskUse();
  for (RunFacts& run : runs) {
    if (const auto it = tags.find(run.summary.id); it != tags.end()) run.tags = std::move(it->second);
    if (const auto it = use.find(run.summary.id); it != use.end()) run.bytes = it->second.total();
  }
  Connection connection(file, Connection::Mode::Read);
  if (isOlderFormat(connection)) return runs;  // of a disk that cannot be written
  addRows(connection, "SELECT run_id, key, value FROM params ORDER BY run_id, rowid", runs,
          [](RunFacts& run, const Statement& row) { run.params.emplace_back(row.text(1), row.text(2)); });
  addRows(connection, "SELECT run_id, text FROM notes ORDER BY run_id, id", runs,
          [](RunFacts& run, const Statement& row) { run.notes += (run.notes.empty() ? "" : "\n") + row.text(1); });
  return runs;
}

std::vector<SavedView> savedViews(const std::filesystem::path& file) {
  std::vector<SavedView> views;
  if (!isThere(file)) return views;
  Connection connection(file, Connection::Mode::Read);
  if (!hasSchema(connection) || isOlderFormat(connection)) return views;
  Statement rows(connection, "SELECT name, json FROM saved_views ORDER BY name");
  while (rows.step()) {
    const Json json = Json::parse(rows.text(1), nullptr, false);
    if (json.is_object()) views.push_back({rows.text(0), json.value("filter", "")});
  }
  return views;
}

void saveView(const std::filesystem::path& file, const SavedView& view) {
  Connection connection(file, Connection::Mode::Write);
  prepareForWriting(connection);
  Statement(connection,
            "INSERT INTO saved_views(name, json, created_ms) VALUES(?, ?, ?) ON CONFLICT(name) DO UPDATE SET json = "
            "excluded.json")
      .bind(view.name, Json{{"filter", view.filter}}.dump(), nowMs())
      .run();
}

void removeView(const std::filesystem::path& file, const std::string& name) {
  if (!isThere(file)) return;
  Connection connection(file, Connection::Mode::Write);
  prepareForWriting(connection);
  Statement(connection, "DELETE FROM saved_views WHERE name = ?").bind(name).run();
}

}  // namespace netwright::store
