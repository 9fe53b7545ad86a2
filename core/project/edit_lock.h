// SPDX-License-Identifier: Apache-2.0
// Who edits a project: a small file beside project.json, so that two windows do not overwrite each other's edits. The
// database needs none, it has many writers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace netwright::project {

struct LockOwner {
  int64_t pid = 0, pidStart = 0;  // on `host`; a process is known by both
  std::string host, user;
  int64_t sinceMs = 0;  // since 1970
  std::string token;    // differs for each lock, in one process too
  bool operator==(const LockOwner&) const = default;
  // "anna on pine (process 4242), since 2026-11-23 14:03 UTC"
  std::string text() const;
};

std::filesystem::path lockFile(const std::filesystem::path& folder);  // folder/.netwright.lock
// Nobody if there is no lock, or its process has ended (known on its own machine only).
std::optional<LockOwner> lockOwner(const std::filesystem::path& folder);

// Held until it is destroyed, or until somebody else takes it over.
class EditLock {
 public:
  enum class Way { IfFree, TakeOver };
  // Null if somebody else holds it. A lock whose process has ended is free. Throws Error{Environment} if the folder
  // cannot be written.
  static std::unique_ptr<EditLock> take(const std::filesystem::path& folder, Way way = Way::IfFree);
  ~EditLock();
  EditLock(const EditLock&) = delete;
  EditLock& operator=(const EditLock&) = delete;

  bool isHeld() const;  // false after somebody else took it over or removed it
  const LockOwner& owner() const { return owner_; }

 private:
  EditLock(std::filesystem::path folder, LockOwner owner);
  std::filesystem::path folder_;
  LockOwner owner_;
};

}  // namespace netwright::project
