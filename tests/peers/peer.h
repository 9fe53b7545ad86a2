// SPDX-License-Identifier: Apache-2.0
// Hands tensors and questions to the real frameworks in Python and brings their answer back.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/safetensors.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright::test {

// Runs tests/peers/<script> with the folder as its argument; the script prints one line per difference and ends with 1
// then.
inline void expectPeerAgrees(const std::string& script, const std::filesystem::path& folder) {
  const std::string python = peerPython();
  ASSERT_FALSE(python.empty()) << "No Python with PyTorch was found. ./test installs one; or set NW_PEER_PY.";
  const Outcome outcome =
      runShell("'" + python + "' '" NETWRIGHT_SOURCE_DIR "/tests/peers/" + script + "' '" + folder.string() + "'");
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

}  // namespace netwright::test
