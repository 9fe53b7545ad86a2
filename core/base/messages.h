// SPDX-License-Identifier: Apache-2.0
// The one catalogue of message texts: code -> sentence with {named} arguments.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace netwright {

struct Message {
  std::string_view code, text;
};

const std::vector<Message>& messages();
// Fills {names}; asserts that the code exists. A missing argument stays visible as {name}.
std::string messageText(std::string_view code, const std::map<std::string, std::string>& args);

}  // namespace netwright
