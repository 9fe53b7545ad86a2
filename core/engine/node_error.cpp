// SPDX-License-Identifier: Apache-2.0
#include "core/engine/node_error.h"

#include "core/base/messages.h"
#include "core/base/text.h"

namespace netwright::engine {
namespace {

std::map<std::string, std::string> withSample(std::map<std::string, std::string> args, int64_t sample) {
  if (sample >= 0) args["sample"] = grouped(sample);
  return args;
}

}  // namespace

NodeError::NodeError(NodePath node, std::string code, std::map<std::string, std::string> args, int64_t sample)
    : Error(ErrorKind::Input, messageText(code, withSample(args, sample)), "", ""),
      node(std::move(node)),
      code(std::move(code)),
      args(std::move(args)),
      sample(sample) {}

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace netwright::engine
