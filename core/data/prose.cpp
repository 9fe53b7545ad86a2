// SPDX-License-Identifier: Apache-2.0
#include "core/data/prose.h"

namespace netwright::data {

const ProseBook& sourceProse() {
  static const ProseBook kBook = readProse(sourceProseFiles());
  return kBook;
}

const ProseBook& transformProse() {
  static const ProseBook kBook = readProse(transformProseFiles());
  return kBook;
}

}  // namespace netwright::data
