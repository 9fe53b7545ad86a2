// SPDX-License-Identifier: Apache-2.0
// Help pages for a terminal.
#pragma once

#include <string>

#include "core/help/page.h"

namespace netwright::help {

// How headings and side remarks look; nothing by default.
struct TextLook {
  std::string (*bold)(const std::string&) = nullptr;
  std::string (*dim)(const std::string&) = nullptr;
};

// Lines of at most `width` characters, as far as words and the first columns of tables allow; ends with a line end.
std::string asText(const Page& page, const TextLook& look = {}, size_t width = 100);
// Broken between words into lines of that width, each behind `indent`.
std::string wrapped(const std::string& text, const std::string& indent, size_t width);

}  // namespace netwright::help
