// SPDX-License-Identifier: Apache-2.0
// Concat: puts tensors behind each other along one dimension; all other sizes are equal. x1 (N, a, *), x2 (N, b, *),
// ...
// -> y (N, a + b + ..., *). PyTorch: torch.cat.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

constexpr const char* kPorts[]{"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"};

void lower(Lowering& l) {
  std::vector<program::ValueId> tensors;
  std::vector<std::string> ports;
  for (const char* port : kPorts) {
    if (!l.has(port)) continue;
    tensors.push_back(l.input(port).id);
    ports.emplace_back(port);
  }
  l.output("y", l.op("cat", {tensors, Dim(l.get<int64_t>("dim"))}));
  for (Diagnostic& d : l.diagnostics)
    if (const auto input = d.args.find("input"); input != d.args.end()) {
      d.port = ports[std::stoul(input->second) - 1];
      input->second = d.port;
    }
}

}  // namespace

LayerSpec concat() {
  LayerSpec layer =
      LayerSpec{"concat", "Concat", Category::Combine}
          .describe(
              "Puts two to eight tensors behind each other: channels of several branches, or parts of a sequence.",
              "y = x1 followed by x2, x3, … along dim")
          .named("concat")
          .alias({"concatenate", "cat", "join", "merge", "stack", "torch.cat"})
          .param(intParam("dim", 1).withDoc("Dimension along which they follow each other; -1 is the last.").asMain())
          .output("y", "as x1, longer along dim")
          .lowering(lower);
  for (const char* port : kPorts) {
    if (layer.inputs.size() < 2)
      layer.input(port, layer.inputs.empty() ? "any" : "as x1 but for dim");
    else
      layer.optionalInput(port, "as x1 but for dim");
  }
  return layer;
}

}  // namespace netwright::layers
