// SPDX-License-Identifier: Apache-2.0
// The bytes of commands and events: u32 length of JSON, u32 length of payload, JSON, payload (safetensors; empty if
// none). Little-endian. Decoding checks all sizes; a violation throws Error{Environment}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/run/message.h"

namespace netwright::run {

inline constexpr uint32_t kMaxJson = 16u << 20;
inline constexpr uint32_t kMaxPayload = 1u << 31;

std::string encode(const Command& command);
std::string encode(const Event& event);

struct FrameLimits {
  uint32_t json = kMaxJson, payload = kMaxPayload;
};
// Of a client that has not said hello.
inline constexpr FrameLimits kGreetingLimits{64u << 10, 0};

// Cuts a stream of bytes into frames. Memory grows with the bytes that came, never with what a frame claims.
class FrameReader {
 public:
  explicit FrameReader(FrameLimits limits = {}) : limits_(limits) {}
  void allow(FrameLimits limits) { limits_ = limits; }
  // Throws as next() does.
  void append(std::string_view bytes);
  // The next complete frame, or nullopt. Throws Error{Environment} on an impossible length.
  struct Frame {
    std::string json, payload;
  };
  std::optional<Frame> next();

 private:
  void checkSize() const;
  FrameLimits limits_;
  std::string buffer_;
  size_t at_ = 0;
};

// What is said where the handshake fails.
std::string versionText(int engine, int client);

Command decodeCommand(const FrameReader::Frame& frame);
Event decodeEvent(const FrameReader::Frame& frame);

}  // namespace netwright::run
