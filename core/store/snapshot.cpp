// SPDX-License-Identifier: Apache-2.0
#include "core/store/snapshot.h"

#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {

void copyDatabase(const std::filesystem::path& from, const std::filesystem::path& to) {
  Connection source(from, Connection::Mode::Read), copy(to, Connection::Mode::Write);
  hasSchema(source);
  copy.copyFrom(source);
}

}  // namespace netwright::store
