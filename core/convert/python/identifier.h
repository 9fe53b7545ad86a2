// SPDX-License-Identifier: Apache-2.0
// Names and texts in Python source, and in TorchScript, which is a part of Python. Used by the exporters that write
// code.
#pragma once

#include <string>

namespace netwright::convert::python {

bool isIdentifier(const std::string& name);  // letters, digits, _; no digit first; no word of the language
// `name` as a variable: what no identifier may hold becomes "_"; words of the language get "_" at their end. "my conv"
// -> "my_conv".
std::string identifier(const std::string& name);
// `name` as an attribute of a module; PyTorch allows "0", but not "", and nothing that nn.Module itself is called.
std::string attributeName(const std::string& name);
bool isModuleMember(const std::string& name);  // nn.Module has it, or it is private: no child may be called so
std::string quoted(const std::string& text);   // a string literal
// What a user wrote as a part of a comment or of a docstring, on one line: it never ends them.
std::string inComment(const std::string& text);
std::string inDocstring(const std::string& text);

}  // namespace netwright::convert::python
