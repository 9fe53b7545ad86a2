// SPDX-License-Identifier: Apache-2.0
// Lines of a small tensor language that reads as PyTorch; ports are named by use. Compiled in core/layers/expressions.
#include "core/layers/expressions/expression.h"

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

Ports ports(const Attributes& params, const Attributes& names) {
  const auto code = params.find(expressions::kCode);
  const auto* text = code == params.end() ? nullptr : std::get_if<std::string>(&code->second);
  return expressions::portsOf(text ? *text : "", names);
}

}  // namespace

LayerSpec expression() {
  constexpr const char* kExample = "y = relu(x)";
  LayerSpec spec =
      LayerSpec{"expression", "Expression", Category::Function}
          .describe("Lines of code that read as PyTorch; what they use and set become ports.", "y = any formula of x")
          .named("expression")
          .alias({"code", "formula", "python", "script", "custom", "lambda", "einsum", "equation"})
          .param(textParam(expressions::kCode, kExample)
                     .withDoc("Lines such as h = relu(x @ w + b); w = param(out, in_) makes a weight.")
                     .asMain())
          .portsFrom(ports)
          .lowering(expressions::lower);
  const Ports usual = expressions::portsOf(kExample, {});
  spec.inputs = usual.inputs;
  spec.outputs = usual.outputs;
  return spec;
}

}  // namespace netwright::layers
