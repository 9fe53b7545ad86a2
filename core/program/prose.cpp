// SPDX-License-Identifier: Apache-2.0
#include "core/program/prose.h"

namespace netwright::program {

const ProseBook& prose() {
  static const ProseBook kBook = readProse(proseFiles());
  return kBook;
}

}  // namespace netwright::program
