// SPDX-License-Identifier: Apache-2.0
// Names, comments and literals in C++ source, whatever people call their networks and layers. Used by the exporters
// that write C++.
#pragma once

#include <string>

namespace netwright::convert::cpp {

bool isIdentifier(const std::string& name);  // one that a program may use: no keyword, not reserved
// `name` as a variable: what no identifier may hold becomes "_", words of the language get "_" at their end.
std::string identifier(const std::string& name);
// `name` as a file and a namespace: lower case, no "_" at the ends; "model" if nothing is left.
std::string stem(const std::string& name);
// For a comment of one line: no control characters, no "\" that would continue it, no "*/".
std::string comment(const std::string& text);
std::string quoted(const std::string& text);  // a string literal
std::string real(double value);               // a double literal, with a point or an exponent
std::string realF(double value);              // the nearest float literal: "0.1F"

}  // namespace netwright::convert::cpp
