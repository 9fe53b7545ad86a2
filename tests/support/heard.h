// SPDX-License-Identifier: Apache-2.0
// What a client heard from an engine, for tests that wait for something.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "core/run/message.h"

namespace netwright::test {

class Heard {
 public:
  std::function<void(const run::Event&)> listener() {
    return [this](const run::Event& e) {
      {
        const std::lock_guard lock(mutex_);
        events_.push_back(e);
      }
      more_.notify_all();
    };
  }
  // The first event of this kind that fits, waited for; nullopt after two minutes.
  template <class T>
  std::optional<T> first(const std::function<bool(const T&)>& fits = [](const T&) { return true; }) {
    std::unique_lock lock(mutex_);
    std::optional<T> found;
    more_.wait_for(lock, std::chrono::minutes(2), [&] {
      for (const run::Event& e : events_)
        if (const auto* body = std::get_if<T>(&e.body); body && fits(*body)) {
          found = *body;
          return true;
        }
      return false;
    });
    return found;
  }
  bool reaches(run::RunState state) {
    return first<run::StateChanged>([=](const auto& s) { return s.state == state; }).has_value();
  }
  std::vector<run::Event> all() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::vector<run::Event> events_;
};

}  // namespace netwright::test
