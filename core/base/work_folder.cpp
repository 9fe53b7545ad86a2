// SPDX-License-Identifier: Apache-2.0
#include "core/base/work_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"

namespace netwright {
namespace fs = std::filesystem;
namespace {

// "a/b/" and "a/b" are one target.
fs::path normal(const fs::path& given) {
  const fs::path whole = fs::absolute(given).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

}  // namespace

WorkFolder::WorkFolder(const fs::path& target) : target_(normal(target)) {
  std::error_code ec;
  const fs::path above = target_.parent_path();
  fs::create_directories(above, ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", above.string()), ec.message() + ".",
                    "Choose a folder that you may write to.");
  removeLeftTemporaries(above);
  std::random_device random;
  for (;;) {
    path_ = above / fmt::format(".{}.{:06x}.tmp", target_.filename().string().substr(0, 200), random() & 0xffffff);
    if (::mkdir(path_.c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;
      failEnvironment(fmt::format("Could not write into {}.", above.string()), fmt::format("{}.", std::strerror(errno)),
                      "Choose a folder that you may write to.");
    }
    struct stat info{};
    lock_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0) continue;
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 || ::fstat(lock_, &info) != 0 || info.st_nlink > 0) return;
    ::close(std::exchange(lock_, -1));  // taken for a left one between the calls
  }
}

WorkFolder::~WorkFolder() {
  std::error_code ec;
  fs::remove_all(path_, ec);
  if (lock_ >= 0) ::close(lock_);
}

void WorkFolder::put(const fs::path& made) {
  if (made == path_) ::chmod(path_.c_str(), 0755);
  if (std::rename(made.c_str(), target_.c_str()) != 0)
    failEnvironment(fmt::format("Could not write {}.", target_.string()), fmt::format("{}.", std::strerror(errno)),
                    "Choose another place; nothing was changed.");
  syncFolder(target_.parent_path());
}

void WorkFolder::replace() {
  ::chmod(path_.c_str(), 0755);
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0)
    failEnvironment(fmt::format("Could not replace {}.", target_.string()), fmt::format("{}.", std::strerror(errno)),
                    "Choose another name, or remove that folder first; nothing was changed.");
  syncFolder(target_.parent_path());
}

}  // namespace netwright
