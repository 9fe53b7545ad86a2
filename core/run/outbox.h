// SPDX-License-Identifier: Apache-2.0
// Bytes on their way to one client that may be slow to read them. Used by the hub.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "core/run/message.h"

namespace netwright::run {

// Past kSlow bytes of events the newest Progress stands for all that come, without points but with their number; it
// goes out before the next other message, or when there is room again. Not thread-safe.
class Outbox {
 public:
  static constexpr size_t kSlow = 1u << 20, kTooSlow = 32u << 20;

  using Bytes = std::shared_ptr<const std::string>;
  void push(Bytes message);  // to this client alone
  // An event for all. `bytes`: made by the first client that needs them.
  void pushEvent(const Event& event, Bytes& bytes);
  // Writes what the descriptor takes. False: the reader has gone.
  bool writeTo(int fd);
  void clear();

  bool empty() const { return items_.empty(); }
  size_t size() const { return size_; }
  bool tooLong() const { return events_ > kTooSlow; }

 private:
  struct Item {
    Bytes bytes;
    bool isEvent = false;
  };
  void add(Bytes bytes, bool isEvent);
  void addHeldBack();
  void holdBack(const Event& event, const Progress& progress);

  std::deque<Item> items_;
  size_t written_ = 0;            // of the first item
  size_t size_ = 0, events_ = 0;  // bytes still to write; bytes of items that are events
  std::optional<Event> heldBack_;
};

}  // namespace netwright::run
