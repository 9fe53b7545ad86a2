// SPDX-License-Identifier: Apache-2.0
// An empty project folder of its own, which is removed afterwards. For tests of the store.
#pragma once

#include "tests/support/temp_folder.h"

namespace netwright::store {

class ProjectFolder : public netwright::test::TempFolder {
 public:
  std::filesystem::path database() const { return path() / "runs.sqlite"; }
};

}  // namespace netwright::store
