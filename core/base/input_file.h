// SPDX-License-Identifier: Apache-2.0
// A file that is read in pieces, so that it need not be in memory as a whole. Used where files are as large as models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace netwright {

// Open as long as this lives. Every call may come from any thread.
class InputFile {
 public:
  explicit InputFile(std::filesystem::path path);  // throws Error{Environment} that names the path and the reason
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  uint64_t size() const { return size_; }  // bytes, when it was opened
  // Exactly as many bytes as asked for. Throws Error{Environment} if the file ends before, or cannot be read.
  void read(uint64_t at, std::span<std::byte> into) const;
  std::string read(uint64_t at, size_t count) const;

 private:
  std::filesystem::path path_;
  uint64_t size_ = 0;
  int file_ = -1;
};

// The whole file as memory that the system fills where it is looked at, as long as this lives. Only for files that
// nobody shortens meanwhile: looking at what is gone ends the process.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);  // throws Error{Environment}
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

std::string sha256OfFile(const std::filesystem::path& path);  // hexadecimal; throws Error{Environment}

}  // namespace netwright
