// SPDX-License-Identifier: Apache-2.0
// A folder beside a target in which the target is made ready, before one rename puts it into place.
#pragma once

#include <filesystem>

namespace netwright {

// Removed with all its content when this is destroyed; that of a killed process by the next one made in the same place.
class WorkFolder {
 public:
  // Makes the folders above the target where missing. Throws Error{Environment}.
  explicit WorkFolder(const std::filesystem::path& target);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Renames something inside (or the folder itself) to the target and makes it lasting. Throws Error{Environment}.
  void put(const std::filesystem::path& made);
  // The same for the folder itself where a folder is at the target: the two change places, and the old one is removed
  // when this is destroyed. Throws Error{Environment}, also where the file system cannot do that.
  void replace();

 private:
  std::filesystem::path target_, path_;
  int lock_ = -1;
};

}  // namespace netwright
