// SPDX-License-Identifier: Apache-2.0
#include "core/run/outbox.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/run/protocol.h"

namespace netwright::run {

void Outbox::push(Bytes message) {
  addHeldBack();
  add(std::move(message), false);
}

void Outbox::pushEvent(const Event& event, Bytes& bytes) {
  const auto* progress = std::get_if<Progress>(&event.body);
  if (progress && (events_ > kSlow || heldBack_)) return holdBack(event, *progress);
  addHeldBack();
  if (!bytes) bytes = std::make_shared<const std::string>(encode(event));
  add(bytes, true);
}

void Outbox::holdBack(const Event& event, const Progress& progress) {
  Progress merged = progress;
  merged.skipped += static_cast<int64_t>(merged.points.size());
  if (heldBack_) merged.skipped += std::get<Progress>(heldBack_->body).skipped;
  merged.points.clear();
  heldBack_ = Event{event.number, std::move(merged), {}};
}

void Outbox::addHeldBack() {
  if (!heldBack_) return;
  const Event event = *std::exchange(heldBack_, std::nullopt);
  add(std::make_shared<const std::string>(encode(event)), true);
}

void Outbox::add(Bytes bytes, bool isEvent) {
  size_ += bytes->size();
  events_ += isEvent ? bytes->size() : 0;
  items_.push_back({std::move(bytes), isEvent});
}

bool Outbox::writeTo(int fd) {
  while (!items_.empty()) {
    const std::string& bytes = *items_.front().bytes;
    const ssize_t n = ::write(fd, bytes.data() + written_, bytes.size() - written_);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (n < 0) return false;
    written_ += static_cast<size_t>(n);
    size_ -= static_cast<size_t>(n);
    if (written_ < bytes.size()) continue;
    events_ -= items_.front().isEvent ? bytes.size() : 0;
    written_ = 0;
    items_.pop_front();
    if (events_ < kSlow) addHeldBack();
  }
  pollfd end{fd, 0, 0};
  return ::poll(&end, 1, 0) != 1 || !(end.revents & (POLLERR | POLLHUP | POLLNVAL));
}

void Outbox::clear() { *this = Outbox(); }

}  // namespace netwright::run
