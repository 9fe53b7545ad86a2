// SPDX-License-Identifier: Apache-2.0
// Writes zip archives without compression whose data can be mapped into memory. Used for TorchScript files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/chunks.h"

namespace netwright::convert {

// Entries keep their order; the data of each begins at a multiple of 64 bytes, as PyTorch does it. The same entries
// give the same bytes: the time stamp is fixed. No zip64: at most 4 GB and 65,534 entries.
class ZipWriter {
 public:
  // Throws Error{Input} if the archive would outgrow the format.
  void add(const std::string& name, std::string content);
  void borrow(const std::string& name, std::string_view content);  // must outlive the archive
  Chunks finish();                                                 // the archive; the writer is empty afterwards

 private:
  void begin(const std::string& name, std::string_view content);
  Chunks out_;
  std::string directory_;
  uint16_t entries_ = 0;
};

}  // namespace netwright::convert
