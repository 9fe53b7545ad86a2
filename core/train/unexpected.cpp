// SPDX-License-Identifier: Apache-2.0
#include "core/train/unexpected.h"

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "core/engine/node_error.h"

namespace netwright::train {
namespace {

bool lacksMemory(const std::exception& e) {
  if (dynamic_cast<const std::bad_alloc*>(&e)) return true;
  static constexpr std::array kTexts{"can't allocate memory", "out of memory", "Cannot allocate memory"};
  const std::string text = e.what();
  return std::any_of(kTexts.begin(), kTexts.end(), [&](const char* t) { return text.find(t) != std::string::npos; });
}

}  // namespace

Error unexpected(const std::exception& e) {
  if (lacksMemory(e))
    return Error(ErrorKind::Environment, "There is not enough memory.", engine::firstLine(e.what()),
                 "Choose a smaller batch size or network, or close other programs.");
  return Error(ErrorKind::Environment, "Something failed that should not have.", engine::firstLine(e.what()),
               "Please report it.");
}

}  // namespace netwright::train
