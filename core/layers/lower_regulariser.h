// SPDX-License-Identifier: Apache-2.0
// Lowers a regulariser: one number from the parameters that it keeps in check. Used by lower_graph.cpp.
#pragma once

#include "core/layers/lower_graph.h"
#include "core/program/builder.h"

namespace netwright::layers {

// Nothing where no parameter that is trained fits.
void lowerRegulariser(const RegulariserRequest& request, const std::vector<std::string>& frozen,
                      program::Builder& builder);
// Whether it can hold a parameter of that many dimensions: orthogonality is that of a matrix.
bool regularises(const std::string& kind, size_t dimensions);

}  // namespace netwright::layers
