// SPDX-License-Identifier: Apache-2.0
// An empty project folder of its own, which is removed afterwards. For tests of the store.
#pragma once

#include <string>

#include "core/store/sql.h"
#include "tests/support/temp_folder.h"

namespace netwright::store {

class ProjectFolder : public netwright::test::TempFolder {
 public:
  std::filesystem::path database() const { return path() / "runs.sqlite"; }
};

inline std::string firstText(const std::filesystem::path& database, const std::string& sql) {
  Connection connection(database, Connection::Mode::Read);
  Statement row(connection, sql);
  row.step();
  return row.text(0);
}

}  // namespace netwright::store
