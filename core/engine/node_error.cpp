// SPDX-License-Identifier: Apache-2.0
#include "core/engine/node_error.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

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

bool isOutOfMemory(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return dynamic_cast<const c10::OutOfMemoryError*>(&error) ||
         text.find("can't allocate memory") != std::string::npos || text.find("not enough memory") != std::string::npos;
}

void failCompute(const NodePath& node, const std::string& what, const std::string& op, const c10::Error& error) {
  if (isOutOfMemory(error)) throw NodeError(node, "NW-R007", {{"layer", what}});
  const std::string text = firstLine(error.what_without_backtrace());
  throw NodeError(node, "", fmt::format("{} failed in {}: {}", what, op, text), "", "");
}

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace netwright::engine
