// SPDX-License-Identifier: Apache-2.0
// An op's name as a template argument: how families of layers that differ in their op only share one lowering. Used by
// builtin/ only.
#pragma once

#include <cstddef>

namespace netwright::layers {

template <size_t length>
struct OpName {
  char text[length]{};
  constexpr OpName(const char (&name)[length]) {  // NOLINT: a literal is a name
    for (size_t i = 0; i < length; ++i) text[i] = name[i];
  }
};

}  // namespace netwright::layers
