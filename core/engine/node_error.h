// SPDX-License-Identifier: Apache-2.0
// An error at a node while it computes. Used by the engine; the session turns it into the run's Failed event.
#pragma once

#include <map>
#include <string>

#include "core/base/error.h"
#include "core/base/ids.h"

namespace c10 {
class Error;
}

namespace netwright::engine {

class NodeError : public Error {
 public:
  NodeError(NodePath node, std::string code, std::string what, std::string why, std::string next)
      : Error(ErrorKind::Input, std::move(what), std::move(why), std::move(next)),
        node(std::move(node)),
        code(std::move(code)) {}
  // A value of the batch is at fault: `args` fill the message of `code`, "sample" is added from its place in the batch.
  NodeError(NodePath node, std::string code, std::map<std::string, std::string> args, int64_t sample = -1);
  NodeError atSample(int64_t number) const {
    return NodeError(node, code, args, number);
  }  // its number in the data instead

  const NodePath node;
  const std::string code;  // of base/messages.cpp; may be empty
  const std::map<std::string, std::string> args;
  const int64_t sample = -1;
};

// Translates a LibTorch error while `what` ("Linear 'fc1'") computed `op`: too little memory, or its first line.
[[noreturn]] void failCompute(const NodePath& node, const std::string& what, const std::string& op,
                              const c10::Error& error);
// Too little memory, as LibTorch tells it.
bool isOutOfMemory(const c10::Error& error);
// What a user needs of a LibTorch error: its first line, without frames.
std::string firstLine(const std::string& text);

}  // namespace netwright::engine
