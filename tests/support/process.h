// SPDX-License-Identifier: Apache-2.0
// Runs programs and keeps what they say.
#pragma once

#include <string>

namespace netwright::test {

struct Outcome {
  int status = -1;  // exit status; 128 + signal if killed
  std::string out, err;
};

Outcome runShell(const std::string& command);  // by sh -c
// The Python with the real frameworks: NW_PEER_PY, or the one that ./test makes. Empty if there is none.
std::string peerPython();

}  // namespace netwright::test
