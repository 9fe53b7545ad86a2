// SPDX-License-Identifier: Apache-2.0
// The Python of the machine that proofs ask. Used by exporters whose peer is PyTorch.
#pragma once

#include <string>

namespace netwright::convert::python {

std::string interpreter();  // NETWRIGHT_PYTHON or, where that is not set, "python3"

}  // namespace netwright::convert::python
