// SPDX-License-Identifier: Apache-2.0
#include "core/store/schema.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>

#include "core/store/migrations/steps.h"
#include "core/store/sql.h"

namespace netwright::store {
namespace {

int64_t pragma(Connection& connection, const char* name) {
  Statement query(connection, fmt::format("PRAGMA {}", name));
  query.step();
  return query.integer(0);
}

// Two processes that switch a new file to WAL at the same instant may both be refused without the busy handler being
// asked.
void useWriteAheadLog(Connection& connection) {
  for (int attempt = 0;; ++attempt) {
    try {
      return connection.exec("PRAGMA journal_mode = WAL");
    } catch (const SqlError& error) {
      if (error.code != SQLITE_BUSY || attempt == 200) throw;
      sqlite3_sleep(10);
    }
  }
}

// From nothing or from an older version to this one, inside the caller's transaction.
void migrate(Connection& connection) {
  constexpr std::array kSteps{&kVersion1, &kVersion1To2};
  static_assert(kSteps.size() == kSchemaVersion);
  for (auto version = static_cast<size_t>(pragma(connection, "user_version")); version < kSteps.size(); ++version)
    connection.exec(*kSteps[version]);
  connection.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, kSchemaVersion));
}

void syncToDisk(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

// While the caller holds the write lock and has changed nothing: a second connection reads what is committed, and
// nobody else can begin to migrate.
void keepBackup(Connection& connection) {
  const auto version = static_cast<int>(pragma(connection, "user_version"));
  const std::filesystem::path backup = backupOf(connection.path(), version);
  std::filesystem::path unfinished = backup;
  unfinished += ".unfinished";
  std::error_code ec;
  std::filesystem::remove(unfinished, ec);  // of a process that died here
  try {
    Connection reader(connection.path(), Connection::Mode::Write);
    Statement(reader, "VACUUM INTO ?").bind(unfinished.string()).run();
  } catch (const SqlError& error) {
    std::filesystem::remove(unfinished, ec);
    failEnvironment(
        fmt::format("{} could not be copied before it is brought to format {}.", connection.path().string(),
                    kSchemaVersion),
        error.why, fmt::format("Make room for {} or let the folder be written; nothing was changed.", backup.string()));
  }
  syncToDisk(unfinished);
  std::filesystem::rename(unfinished, backup, ec);
  if (ec)
    failEnvironment(fmt::format("{} could not be written.", backup.string()), ec.message(),
                    "Let the folder be written; nothing was changed.");
}

}  // namespace

bool hasSchema(Connection& connection) {
  const int64_t version = pragma(connection, "user_version"), application = pragma(connection, "application_id");
  Statement tables(connection, "SELECT count(*) FROM sqlite_schema");
  tables.step();
  if (version == 0 && application == 0 && tables.integer(0) == 0) return false;
  const std::string path = connection.path().string();
  if (application != kApplicationId)
    failInput(fmt::format("{} is the database of another program.", path),
              fmt::format("Its application id is 0x{:08x} where Netwright's is 0x{:08x}.", application, kApplicationId),
              "Move it away: the next run makes a new one.");
  if (version > kSchemaVersion)
    failInput(
        fmt::format("{} has format {}, but this Netwright knows formats up to {}.", path, version, kSchemaVersion),
        "A newer Netwright wrote it.", "Update Netwright.");
  return true;
}

bool isOlderFormat(Connection& connection) {
  return hasSchema(connection) && pragma(connection, "user_version") < kSchemaVersion;
}

std::filesystem::path backupOf(const std::filesystem::path& database, int version) {
  return database.parent_path() /
         fmt::format("{}.v{}{}", database.stem().string(), version, database.extension().string());
}

void prepareForWriting(Connection& connection) {
  hasSchema(connection);  // refuse before anything is changed
  useWriteAheadLog(connection);
  Transaction transaction(connection, Transaction::Kind::Write);
  const bool older = isOlderFormat(connection);
  if (hasSchema(connection) && !older) return;
  if (older) keepBackup(connection);
  migrate(connection);
  transaction.commit();
}

std::unique_ptr<Connection> migratedCopy(Connection& older) {
  auto copy = Connection::temporaryCopy(older);
  Transaction transaction(*copy, Transaction::Kind::Write);
  migrate(*copy);
  transaction.commit();
  return copy;
}

}  // namespace netwright::store
