// SPDX-License-Identifier: Apache-2.0
// The bytes of a file from first to last, unpacked on the way if it is a gzip file (told by its content). Used by file
// sources.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace netwright::data {

// Throws Error{Input} for a file that cannot be read, is cut off or is damaged, naming it.
class ByteSource {
 public:
  explicit ByteSource(const std::filesystem::path& path);
  ~ByteSource();

  // Fills `out` and returns its size, or less at the end of the data.
  size_t read(std::span<uint8_t> out);

  int64_t fileSize() const;  // on disk
  bool isCompressed() const;
  // No more than this can follow, so nothing larger needs to be allocated. Exact for plain files.
  int64_t mostBytesLeft() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All bytes of a file, unpacked. Throws Error{Input} too when they are more than `most`.
std::string readBytes(const std::filesystem::path& path, int64_t most);

}  // namespace netwright::data
