// SPDX-License-Identifier: Apache-2.0
#include "core/project/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/base/error.h"
#include "core/project/edit_lock.h"
#include "core/project/prepare.h"
#include "core/project/project.h"
#include "core/project/settle.h"
#include "core/run/checkpoint.h"
#include "core/store/check.h"
#include "core/store/database.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

// What `act` throws becomes a finding.
void guarded(Checked& out, const char* part, const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& e) {
    out.findings.push_back({Severity::Error, part, e.why.empty() ? e.title : e.title + " " + e.why, e.next});
  }
}

void checkGraph(Checked& out, const Project& project, const fs::path& folder) {
  std::vector<data::ColumnSpec> columns;
  bool readable = false;
  guarded(out, "data", [&] {
    columns = data::describeData(settledData(project), folder);
    readable = true;
  });
  if (!readable) return;
  const Prepared prepared = prepare(project, columns);
  for (const Diagnostic& d : prepared.diagnostics)
    out.findings.push_back({d.severity, "project.json", d.text(), d.fixes.empty() ? "" : d.fixes.front().label + "."});
}

void checkLock(Checked& out, const fs::path& folder) {
  std::error_code ec;
  if (const auto owner = lockOwner(folder)) {
    out.findings.push_back({Severity::Info, "lock", fmt::format("It is being edited by {}.", owner->text()), ""});
  } else if (fs::exists(fs::symlink_status(lockFile(folder), ec))) {
    out.findings.push_back({Severity::Info, "lock", "A program that was ended left its lock.",
                            "Nothing needs to be done: the next one takes it over."});
  }
}

void checkRuns(Checked& out, const fs::path& folder) {
  const fs::path file = databaseFile(folder);
  for (const store::Finding& f : store::checkDatabase(folder, file, store::Depth::Full))
    out.findings.push_back({Severity::Error, "runs", f.what, f.next});
  store::Database database(file);
  for (const store::RunSummary& summary : database.runs()) {
    ++out.runs;
    for (const store::CheckpointSummary& c : database.checkpoints(summary.id)) {
      ++out.artifacts;
      std::error_code ec;  // what is missing or too short has been told
      if (fs::file_size(folder / c.path, ec) == static_cast<uintmax_t>(c.size) && !ec)
        guarded(out, "runs", [&] { run::readCheckpoint(folder / c.path); });
    }
  }
}

}  // namespace

bool Checked::ok() const {
  return std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == Severity::Error; });
}

Checked check(const fs::path& given) {
  const fs::path folder = projectFolder(given);
  Checked out;
  guarded(out, "project.json", [&] { checkGraph(out, load(folder), folder); });
  checkLock(out, folder);
  guarded(out, "database", [&] { checkRuns(out, folder); });
  return out;
}

}  // namespace netwright::project
