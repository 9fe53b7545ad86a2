// SPDX-License-Identifier: Apache-2.0
// Names in TorchScript source. Used by the TorchScript exporter.
#pragma once

#include <string>

namespace netwright::convert::torchscript {

bool isIdentifier(const std::string& name);  // letters, digits, _; no digit first; no word of the language
// `name` as a variable: what no identifier may hold becomes "_"; words of the language get "_" at their end. "my conv"
// -> "my_conv".
std::string identifier(const std::string& name);
// `name` as an attribute of a module; PyTorch allows "0", but not "", and nothing that nn.Module itself is called.
std::string attributeName(const std::string& name);
std::string quoted(const std::string& text);  // a string literal

}  // namespace netwright::convert::torchscript
