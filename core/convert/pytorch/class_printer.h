// SPDX-License-Identifier: Apache-2.0
// Prints a class when it is known what stands for its constants. Used by class_text.cpp and class_source.cpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/convert/pytorch/class_text.h"

namespace netwright::convert::pytorch {

// What stands for a constant; nothing where it is left out. Asked for in the order of the text.
using Say = std::function<std::optional<std::string>(const Constant&)>;
using Comment = std::function<std::string(const Line&)>;  // of a line

// Everything after "class NAME". `parameters` of __init__; `kept`: its first lines, which put some of them into self.
std::string printed(const ClassText& source, const std::string& doc, const std::vector<std::string>& parameters,
                    const std::vector<std::string>& kept, const Say& say, const Comment& comment);

// The text without parameters.
std::string printed(const ClassText& source);

// A call or a definition that is too long for its line, with its arguments on lines of their own.
std::string broken(const std::string& code, size_t indent);

}  // namespace netwright::convert::pytorch
