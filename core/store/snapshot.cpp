// SPDX-License-Identifier: Apache-2.0
#include "core/store/snapshot.h"

#include <sqlite3.h>

#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {

void copyDatabase(const std::filesystem::path& from, const std::filesystem::path& to) {
  Connection source(from, Connection::Mode::Read), copy(to, Connection::Mode::Write);
  hasSchema(source);
  sqlite3_backup* backup = sqlite3_backup_init(copy.handle(), "main", source.handle(), "main");
  if (!backup) copy.fail(sqlite3_errcode(copy.handle()));
  int code = SQLITE_OK;
  do code = sqlite3_backup_step(backup, -1);  // begins anew when somebody writes meanwhile
  while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) copy.fail(code);
}

}  // namespace netwright::store
