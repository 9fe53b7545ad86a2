// SPDX-License-Identifier: Apache-2.0
#include "core/store/check.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store/reader.h"
#include "core/store/series_tables.h"

namespace netwright::store {
namespace {

constexpr const char* kRestore = "Restore the database from a backup, or move it away: the next run makes a new one.";

void checkPages(Connection& connection, Depth depth, std::vector<Finding>& findings) {
  Statement rows(connection, depth == Depth::Full ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)");
  while (rows.step())
    if (rows.text(0) != "ok") findings.push_back({fmt::format("SQLite finds: {}.", rows.text(0)), kRestore});
}

void checkReferences(Connection& connection, std::vector<Finding>& findings) {
  Statement rows(connection, "PRAGMA foreign_key_check");
  while (rows.step())
    findings.push_back({fmt::format("Row {} of {} refers to a row of {} that is not there.", rows.integer(1),
                                    rows.text(0), rows.text(2)),
                        kRestore});
}

void checkSeries(Connection& connection, const SeriesTables& tables, std::vector<Finding>& findings) {
  Statement rows(
      connection,
      fmt::format("SELECT r.name, m.context || '/' || m.key, m.n, coalesce(c.n, 0) + coalesce(t.n, 0), "
                  "coalesce(c.bad, 0) FROM {} m JOIN runs r ON r.id = m.run_id "
                  "LEFT JOIN (SELECT metric_id, sum(n) AS n, max(chunk) + 1 <> count(*) OR sum(encoding = 1 "
                  "AND length(data) <> 24 * n) > 0 AS bad FROM {} GROUP BY metric_id) c ON c.metric_id = m.id "
                  "LEFT JOIN (SELECT metric_id, count(*) AS n FROM {} GROUP BY metric_id) t ON t.metric_id = "
                  "m.id",
                  tables.series, tables.chunks, tables.tail));
  while (rows.step()) {
    if (rows.integer(2) != rows.integer(3))
      findings.push_back({fmt::format("The curve {} of run '{}' should have {} points but has {}.", rows.text(1),
                                      rows.text(0), rows.integer(2), rows.integer(3)),
                          kRestore});
    else if (rows.integer(4) != 0)
      findings.push_back(
          {fmt::format("The curve {} of run '{}' has a damaged chunk.", rows.text(1), rows.text(0)), kRestore});
  }
}

void checkFiles(Connection& connection, const std::filesystem::path& folder, std::vector<Finding>& findings) {
  Statement rows(connection,
                 "SELECT r.name, a.path, a.size FROM artifacts a JOIN runs r ON r.id = a.run_id WHERE a.kind = "
                 "'checkpoint' AND a.storage = 'file' ORDER BY a.id");
  while (rows.step()) {
    std::error_code ec;
    const auto size = std::filesystem::file_size(folder / rows.text(1), ec);
    const std::string next = "Put the file back, or delete the run: netwright-cli runs delete.";
    if (ec)
      findings.push_back({fmt::format("The checkpoint {} of run '{}' is missing.", rows.text(1), rows.text(0)), next});
    else if (static_cast<int64_t>(size) != rows.integer(2))
      findings.push_back({fmt::format("The checkpoint {} of run '{}' should have {} bytes but has {}.", rows.text(1),
                                      rows.text(0), rows.integer(2), size),
                          next});
  }
}

}  // namespace

std::vector<Finding> checkDatabase(const std::filesystem::path& projectFolder, const std::filesystem::path& database,
                                   Depth depth) {
  std::vector<Finding> findings;
  if (std::error_code ec; !std::filesystem::exists(database, ec)) return findings;
  try {
    auto connection = std::make_unique<Connection>(database, Connection::Mode::Read);
    if (!hasSchema(*connection)) return findings;
    checkPages(*connection, depth, findings);
    if (!findings.empty()) return findings;  // what damaged pages say is not worth asking
    if (isOlderFormat(*connection)) connection = migratedCopy(*connection);
    checkReferences(*connection, findings);
    checkSeries(*connection, kMetricTables, findings);
    checkSeries(*connection, kSystemTables, findings);
    checkFiles(*connection, projectFolder, findings);
  } catch (const SqlError& error) {
    if (error.code != SQLITE_CORRUPT && error.code != SQLITE_NOTADB) throw;
    findings.push_back({error.title + " " + error.why, kRestore});
  }
  return findings;
}

std::string sqliteVersion() { return sqlite3_libversion(); }

}  // namespace netwright::store
