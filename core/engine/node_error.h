// SPDX-License-Identifier: Apache-2.0
// An error at a node while it computes. Used by the engine; the session turns it into the run's Failed event.
#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"

namespace netwright::engine {

class NodeError : public Error {
 public:
  NodeError(NodePath node, std::string code, std::string what, std::string why, std::string next)
      : Error(ErrorKind::Input, std::move(what), std::move(why), std::move(next)), node(std::move(node)), code(std::move(code)) {}
  const NodePath node;
  const std::string code;   // of base/messages.cpp; may be empty
};

// What a user needs of a LibTorch error: its first line, without frames.
std::string firstLine(const std::string& text);

}  // namespace netwright::engine
