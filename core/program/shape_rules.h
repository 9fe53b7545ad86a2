// SPDX-License-Identifier: Apache-2.0
// The rows of the op catalogue: schema text, shape rule and cost of every op. Used by catalogue.cpp only.
#pragma once

#include <vector>

#include "core/program/catalogue.h"

namespace netwright::program {

std::vector<OpInfo> opRows();  // schemas not parsed yet

}  // namespace netwright::program
