// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temp_folder.h"

#include <stdlib.h>

#include <stdexcept>

namespace netwright::test {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "netwright-test-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

}  // namespace netwright::test
