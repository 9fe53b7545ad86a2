// SPDX-License-Identifier: Apache-2.0
#include "core/project/edit_lock.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/store/process.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

constexpr uintmax_t kLargestLock = 64 * 1024;

// Look and write are one step for all processes of this machine; where the file system cannot, the window between them
// is a few microseconds.
class FolderGuard {
 public:
  explicit FolderGuard(const fs::path& folder) : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ >= 0) ::flock(fd_, LOCK_EX);
  }
  ~FolderGuard() {
    if (fd_ >= 0) ::close(fd_);
  }
  FolderGuard(const FolderGuard&) = delete;
  FolderGuard& operator=(const FolderGuard&) = delete;

 private:
  int fd_;
};

std::string userName() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry && entry->pw_name ? entry->pw_name : std::to_string(::getuid());
}

LockOwner newOwner() {
  static std::atomic<int> count{0};
  const store::ProcessId self = store::thisProcess();
  const int64_t now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const std::string host = store::hostName();
  return {self.pid, self.start, host, userName(), now, fmt::format("{}-{}-{}-{}", host, self.pid, self.start, ++count)};
}

std::string toText(const LockOwner& o) {
  return Json{{"netwright_lock", 1}, {"pid", o.pid},          {"pid_start", o.pidStart}, {"host", o.host},
              {"user", o.user},      {"since_ms", o.sinceMs}, {"token", o.token}}
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

// What the file says, whoever it is; nullopt if there is none. One that nobody can read counts as somebody's.
std::optional<LockOwner> recorded(const fs::path& folder) {
  const fs::path file = lockFile(folder);
  std::error_code ec;
  if (!fs::exists(fs::symlink_status(file, ec))) return std::nullopt;
  LockOwner owner;
  try {
    const Json json = parseJson(readRegularFile(file, kLargestLock), file.string());
    owner.pid = jsonGet<int64_t>(json, "pid", 0, "");
    owner.pidStart = jsonGet<int64_t>(json, "pid_start", 0, "");
    owner.host = jsonGet<std::string>(json, "host", "", "");
    owner.user = jsonGet<std::string>(json, "user", "", "");
    owner.sinceMs = jsonGet<int64_t>(json, "since_ms", 0, "");
    owner.token = jsonGet<std::string>(json, "token", "", "");
  } catch (const Error&) {
    if (!fs::exists(fs::symlink_status(file, ec))) return std::nullopt;  // removed meanwhile
    owner = {};
  }
  return owner;
}

std::optional<LockOwner> living(std::optional<LockOwner> owner) {
  if (!owner || owner->host != store::hostName()) return owner;
  return store::isAlive({owner->pid, owner->pidStart}) ? owner : std::nullopt;
}

}  // namespace

std::string LockOwner::text() const {
  if (token.empty()) return "an unknown program";
  constexpr int64_t kLatestMs = 253402300799999;  // the year 9999
  const std::string since = sinceMs > 0 && sinceMs < kLatestMs
                                ? fmt::format(", since {:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time_t{sinceMs / 1000}))
                                : "";
  return fmt::format("{} on {} (process {}){}", user, host, pid, since);
}

fs::path lockFile(const fs::path& folder) { return folder / ".netwright.lock"; }

std::optional<LockOwner> lockOwner(const fs::path& folder) { return living(recorded(folder)); }

std::unique_ptr<EditLock> EditLock::take(const fs::path& folder, Way way) {
  const FolderGuard guard(folder);
  if (way == Way::IfFree && lockOwner(folder)) return nullptr;
  LockOwner owner = newOwner();
  writeFileAtomic(lockFile(folder), toText(owner));
  return std::unique_ptr<EditLock>(new EditLock(fs::absolute(folder), std::move(owner)));
}

EditLock::EditLock(fs::path folder, LockOwner owner) : folder_(std::move(folder)), owner_(std::move(owner)) {}

EditLock::~EditLock() {
  const FolderGuard guard(folder_);
  std::error_code ec;
  if (isHeld()) fs::remove(lockFile(folder_), ec);
}

bool EditLock::isHeld() const {
  const auto now = recorded(folder_);
  return now && now->token == owner_.token;
}

}  // namespace netwright::project
