// SPDX-License-Identifier: Apache-2.0
// The bytes of commands and events: u32 length of JSON, u32 length of payload, JSON, payload (safetensors; empty if
// none). Little-endian. Decoding checks all sizes; a violation throws Error{Environment}.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/run/message.h"

namespace netwright::run {

inline constexpr uint32_t kMaxJson = 64u << 20;
inline constexpr uint32_t kMaxPayload = 1u << 31;

std::string encode(const Command& command);
std::string encode(const Event& event);

// Cuts a stream of bytes into frames.
class FrameReader {
 public:
  void append(std::string_view bytes) { buffer_.append(bytes); }
  // The next complete frame, or nullopt. Throws Error{Environment} on an impossible length.
  struct Frame {
    std::string json, payload;
  };
  std::optional<Frame> next();

 private:
  std::string buffer_;
  size_t at_ = 0;
};

Command decodeCommand(const FrameReader::Frame& frame);
Event decodeEvent(const FrameReader::Frame& frame);

}  // namespace netwright::run
