// SPDX-License-Identifier: Apache-2.0
// A text cut into windows, each with the letters that follow: for networks that write. Used by the registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// "x" int64 (length,), the numbers of letters (letters.h); target "next", the same one letter on.
SourceSpec textSource();

}  // namespace netwright::data
