// SPDX-License-Identifier: Apache-2.0
// The modules of a TorchScript file, each with a class of its own: those of weights, and those whose mode forward()
// asks for. Used by the TorchScript exporter.
#pragma once

#include <string>

#include "core/convert/exporter.h"
#include "core/convert/module_tree.h"

namespace netwright::convert::torchscript {

class ModuleTree : public convert::ModuleTree {
 public:
  ModuleTree(const ExportInput& input, const ModelPart& part);
  // How forward() reads a module: "self.conv1", "getattr(self.layer1, \"0\")".
  const std::string& module(const std::string& nodeName) const { return find(nodeName)->expression; }
};

}  // namespace netwright::convert::torchscript
