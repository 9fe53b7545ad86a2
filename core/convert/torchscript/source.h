// SPDX-License-Identifier: Apache-2.0
// The source text inside a TorchScript file: one class per module and forward(), op by op. Used by the TorchScript
// exporter.
#pragma once

#include <optional>
#include <string>

#include "core/convert/torchscript/module_tree.h"

namespace netwright::convert::torchscript {

// Why an op cannot be written as source, as the end of a sentence; nullopt if it can. Ops carry ATen's schemas, which
// TorchScript calls by the same names, so nearly all can.
std::optional<std::string> refusal(const program::Program& program, const program::Op& op);

// The text of code/__torch__.py, the root's class first. Every op must have passed refusal().
std::string sourceOf(const program::Program& program, const ModelPart& part, const ModuleTree& tree);

}  // namespace netwright::convert::torchscript
