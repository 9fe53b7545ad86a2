// SPDX-License-Identifier: Apache-2.0
#include "core/store/snapshot.h"

#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {

void copyDatabase(const std::filesystem::path& from, const std::filesystem::path& to) {
  Connection connection(from, Connection::Mode::Read);
  hasSchema(connection);
  Statement(connection, "VACUUM INTO ?").bind(to.string()).run();
}

}  // namespace netwright::store
