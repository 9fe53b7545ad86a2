// SPDX-License-Identifier: Apache-2.0
#include "core/layers/prose.h"

namespace netwright::layers {

const ProseBook& prose() {
  static const ProseBook kBook = readProse(proseFiles());
  return kBook;
}

}  // namespace netwright::layers
