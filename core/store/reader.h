// SPDX-License-Identifier: Apache-2.0
// The open file behind a Database. Private to core/store.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/store/database.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

namespace netwright::store {

class Database::Reader {
 public:
  // Brings a file of an older format up to date, or reads a copy where it cannot be written.
  explicit Reader(const std::filesystem::path& path);

  bool hasRuns() { return hasSchema(*connection_); }
  Connection& connection() { return *connection_; }

  // The runs that `condition` selects, with their metrics, oldest first.
  template <class... Values>
  std::vector<RunSummary> runs(const std::string& condition, const Values&... values) {
    const Transaction view(*connection_, Transaction::Kind::Read);
    Statement rows(*connection_, runQuery() + condition);
    rows.bind(values...);
    return readRuns(rows);
  }

 private:
  static std::string runQuery();
  std::vector<RunSummary> readRuns(Statement& rows);
  void readMetrics(std::vector<RunSummary>& runs);

  std::unique_ptr<Connection> connection_;
};

}  // namespace netwright::store
