// SPDX-License-Identifier: Apache-2.0
// The queries of docs/formats.md, asked of a database that has an answer for each.
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/store/recorder.h"
#include "core/store/sql.h"
#include "tests/core/store/project_folder.h"

namespace netwright::store {
namespace {

std::string documentedSql() {
  const std::string text = readFile(NETWRIGHT_SOURCE_DIR "/docs/formats.md");
  std::string all;
  for (size_t at = text.find("```sql"); at != std::string::npos; at = text.find("```sql", at)) {
    at += 6;
    all += text.substr(at, text.find("```", at) - at);
  }
  return all;
}

TEST(DocumentedQueries, EachHasAnAnswer) {
  const ProjectFolder folder;
  {
    Recorder recorder(folder.database());
    RunStart start;
    start.params = {{"optimiser.lr", "0.001"}};
    start.tags = {{"team", "x"}};
    const RunId run = recorder.beginRun(start);
    recorder.metric(run, "accuracy", "val", 1, 0, 0.5);
    recorder.system(run, "memory_bytes", 1, 0, 1e6);
    recorder.dataset(run, {"train", "idx", "builtin:mnist", "abc", "[]", 10, std::nullopt});
    recorder.artifact(run, {"export", "m.onnx", 5, "aa"});
  }
  Connection connection(folder.database(), Connection::Mode::Read);
  const std::string sql = documentedSql();
  int queries = 0;
  for (size_t from = 0, end = sql.find(';'); end != std::string::npos;
       from = end + 1, end = sql.find(';', from), ++queries) {
    const std::string query = sql.substr(from, end - from);
    Statement rows(connection, query);
    EXPECT_TRUE(rows.step()) << query;
  }
  EXPECT_GE(queries, 7);
}

}  // namespace
}  // namespace netwright::store
