// SPDX-License-Identifier: Apache-2.0
// Exceptions that are not ours, in words. Used where the engine catches everything.
#pragma once

#include <exception>

#include "core/base/error.h"

namespace netwright::train {

// Names a lack of memory as what it is.
Error unexpected(const std::exception& e);

}  // namespace netwright::train
