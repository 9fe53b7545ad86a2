// SPDX-License-Identifier: Apache-2.0
#include "core/language/source.h"

#include <algorithm>

namespace netwright::language {

Position positionOf(std::string_view text, size_t offset) {
  Position at;
  for (const char c : text.substr(0, std::min(offset, text.size()))) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {  // not inside a character of several bytes
      ++at.column;
    }
  }
  return at;
}

}  // namespace netwright::language
