// SPDX-License-Identifier: Apache-2.0
#include "core/store/annotations.h"

#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {

void tagRun(const std::filesystem::path& database, RunId run, const std::string& key, const std::string& value) {
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  setTag(connection, run, key, value);
}

void untagRun(const std::filesystem::path& database, RunId run, const std::string& key) {
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  Statement(connection, "DELETE FROM tags WHERE run_id = ? AND key = ?").bind(run.value, key).run();
}

void addNote(const std::filesystem::path& database, RunId run, const std::string& text) {
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  Statement(connection, "INSERT INTO notes(run_id, created_ms, text) VALUES(?, ?, ?)")
      .bind(run.value, nowMs(), text)
      .run();
}

void setNotes(const std::filesystem::path& database, RunId run, const std::string& text) {
  Connection connection(database, Connection::Mode::Write);
  prepareForWriting(connection);
  Transaction transaction(connection, Transaction::Kind::Write);
  Statement(connection, "DELETE FROM notes WHERE run_id = ?").bind(run.value).run();
  if (!text.empty())
    Statement(connection, "INSERT INTO notes(run_id, created_ms, text) VALUES(?, ?, ?)")
        .bind(run.value, nowMs(), text)
        .run();
  transaction.commit();
}

}  // namespace netwright::store
