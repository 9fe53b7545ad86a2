// SPDX-License-Identifier: Apache-2.0
#include "core/store/trash.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {
namespace {

namespace fs = std::filesystem;
constexpr const char* kTrashed = "(SELECT id FROM runs WHERE deleted_ms IS NOT NULL)";

// What the rows say about files: paths that kept runs refer to, paths that only trashed ones do, and the folders of
// kept runs, which may hold a checkpoint whose row a crash prevented.
struct References {
  std::set<std::string> kept, trashed;
  std::vector<std::string> keptFolders;
};

std::string recordOf(const std::string& path) { return fs::path(path).replace_extension(".json").string(); }

References readReferences(Connection& connection) {
  References all;
  Statement files(connection,
                  "SELECT a.path, r.deleted_ms IS NOT NULL, a.kind FROM artifacts a JOIN runs r ON r.id = a.run_id "
                  "WHERE a.storage = 'file'");
  while (files.step()) {
    std::set<std::string>& there = files.integer(1) != 0 ? all.trashed : all.kept;
    if (files.text(2) != "checkpoint") {
      if (files.integer(1) == 0) there.insert(files.text(0));
      continue;  // an export lies where the user wanted it and stays
    }
    there.insert(files.text(0));
    there.insert(recordOf(files.text(0)));
  }
  Statement names(connection, "SELECT DISTINCT name FROM runs WHERE deleted_ms IS NULL");
  while (names.step()) all.keptFolders.push_back("artifacts/" + names.text(0) + "/");
  return all;
}

std::vector<std::string> filesOf(const fs::path& projectFolder) {
  std::vector<std::string> files;
  std::error_code ec;
  for (auto it = fs::recursive_directory_iterator(projectFolder / "artifacts", ec);
       !ec && it != fs::recursive_directory_iterator(); it.increment(ec))
    if (it->is_regular_file(ec) && !it->is_symlink(ec))
      files.push_back(it->path().lexically_relative(projectFolder).generic_string());
  std::sort(files.begin(), files.end());
  return files;
}

bool isOurs(const std::string& file) {
  static const std::regex kCheckpoint(R"((epoch|step)-\d+\.(safetensors|json)(\.\w{6})?)");
  return std::regex_match(fs::path(file).filename().string(), kCheckpoint);
}

bool isGarbage(const std::string& file, const References& references) {
  if (references.kept.contains(file)) return false;
  if (references.trashed.contains(file)) return true;
  if (!isOurs(file)) return false;
  return std::none_of(references.keptFolders.begin(), references.keptFolders.end(),
                      [&](const std::string& folder) { return file.starts_with(folder); });
}

void deleteRows(Connection& connection) {
  Transaction transaction(connection, Transaction::Kind::Write);
  connection.exec(fmt::format("UPDATE runs SET parent_run_id = NULL WHERE parent_run_id IN {}", kTrashed));
  connection.exec("DELETE FROM runs WHERE deleted_ms IS NOT NULL");
  connection.exec("DELETE FROM graphs WHERE id NOT IN (SELECT graph_id FROM runs WHERE graph_id IS NOT NULL)");
  connection.exec("DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM run_datasets)");
  transaction.commit();
}

int64_t integerOf(Connection& connection, const std::string& sql) {
  Statement row(connection, sql);
  row.step();
  return row.integer(0);
}

// Gives the pages of deleted rows back to the disk. A reader or a lack of room prevents that, and nothing else.
std::string shrink(Connection& connection) {
  if (integerOf(connection, "PRAGMA freelist_count") == 0) return {};
  try {
    connection.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
  } catch (const SqlError& error) {
    return error.why;
  }
}

int64_t sizeOf(const fs::path& file) {
  std::error_code ec;
  const auto size = fs::file_size(file, ec);
  return ec ? 0 : static_cast<int64_t>(size);
}

void removeFiles(const fs::path& projectFolder, const std::vector<fs::path>& files) {
  std::error_code ec;
  for (const fs::path& file : files) {
    fs::remove(projectFolder / file, ec);
    for (fs::path folder = file.parent_path(); folder != "artifacts" && !folder.empty(); folder = folder.parent_path())
      if (!fs::remove(projectFolder / folder, ec)) break;  // not empty
  }
}

void refuseRunning(Connection& connection, const std::vector<RunId>& runs) {
  Statement row(connection, "SELECT name, status FROM runs WHERE id = ?");
  for (const RunId run : runs) {
    if (!row.bind(run.value).step()) continue;
    if (row.text(1) == name(RunStatus::Running) || row.text(1) == name(RunStatus::Paused))
      failInput(fmt::format("The run '{}' is {} and cannot be deleted.", row.text(0), row.text(1)), "",
                "Stop it first, or wait for its end.");
  }
}

}  // namespace

void moveToTrash(const fs::path& database, const std::vector<RunId>& runs) {
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  Transaction transaction(connection, Transaction::Kind::Write);
  refuseRunning(connection, runs);
  Statement mark(connection, "UPDATE runs SET deleted_ms = ? WHERE id = ? AND deleted_ms IS NULL");
  for (const RunId run : runs) mark.bind(nowMs(), run.value).run();
  transaction.commit();
}

void restoreFromTrash(const fs::path& database, const std::vector<RunId>& runs) {
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  Transaction transaction(connection, Transaction::Kind::Write);
  Statement mark(connection, "UPDATE runs SET deleted_ms = NULL WHERE id = ?");
  for (const RunId run : runs) mark.bind(run.value).run();
  transaction.commit();
}

Collected collectGarbage(const fs::path& projectFolder, const fs::path& database, bool dryRun) {
  Collected collected;
  // Files first: of a run that begins meanwhile, the row is there before its first file.
  const std::vector<std::string> files = filesOf(projectFolder);
  if (std::error_code ec; !fs::exists(database, ec)) return collected;
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  const References references = readReferences(connection);
  for (const std::string& file : files) {
    if (!isGarbage(file, references)) continue;
    collected.files.emplace_back(file);
    collected.fileBytes += sizeOf(projectFolder / file);
  }
  collected.runs = integerOf(connection, "SELECT count(*) FROM runs WHERE deleted_ms IS NOT NULL");
  if (dryRun) {
    collected.databaseBytes =
        integerOf(connection,
                  fmt::format("SELECT coalesce(sum(length(data)), 0) FROM metric_chunks WHERE metric_id IN (SELECT id "
                              "FROM metrics WHERE run_id IN {})",
                              kTrashed));
    return collected;
  }
  connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const int64_t before = sizeOf(database);
  deleteRows(connection);
  removeFiles(projectFolder, collected.files);
  collected.kept = shrink(connection);
  collected.databaseBytes = std::max<int64_t>(0, before - sizeOf(database));
  return collected;
}

}  // namespace netwright::store
