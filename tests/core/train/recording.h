// SPDX-License-Identifier: Apache-2.0
// Sessions in this process, for tests: run to their end, steered by their own events.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/project/stored_run.h"
#include "core/train/resume.h"
#include "core/train/session.h"

namespace netwright::train {

// Runs a session to its end and keeps all events. `onEvent` may steer it.
struct Recording {
  std::vector<run::EventBody> events;
  template <class T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& e : events)
      if (const auto* x = std::get_if<T>(&e)) found.push_back(*x);
    return found;
  }
  std::vector<std::string> states() const {
    std::vector<std::string> names;
    for (const auto& s : all<run::StateChanged>()) names.push_back(run::name(s.state));
    return names;
  }
};

using Steer = std::function<void(Session&, const run::EventBody&)>;

inline Recording recordOf(SessionOptions options, const Steer& onEvent = {}) {
  Recording recording;
  Session* self = nullptr;
  Session session(std::move(options), [&](run::EventBody event) {
    recording.events.push_back(event);
    if (onEvent) onEvent(*self, event);
  });
  self = &session;
  session.run();
  return recording;
}
inline Recording record(const std::filesystem::path& folder, const project::Project& p, const Steer& onEvent = {}) {
  return recordOf({folder, p, "", {}}, onEvent);
}
inline Recording resume(const std::filesystem::path& folder, std::vector<std::pair<std::string, std::string>> overrides = {},
                 const Steer& onEvent = {}) {
  return recordOf(resumeOptions({folder.string(), "latest", std::move(overrides)}), onEvent);
}

// Pauses at once, does `batches` steps one by one, and then stops.
inline Steer stopAfter(int64_t batches) {
  return [batches, left = batches](Session& s, const run::EventBody& e) mutable {
    if (const auto* state = std::get_if<run::StateChanged>(&e)) {
      if (state->state == run::RunState::Preparing) s.pause();
      if (state->state == run::RunState::Paused) left-- > 0 ? s.step(false) : s.stop();
    }
  };
}

inline std::map<std::string, std::string> weightsOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const NamedTensor& t : project::openRun(folder, "latest").checkpoint.weights)
    hashes[t.name] = sha256Hex(std::span(t.tensor.bytes));
  return hashes;
}

}  // namespace netwright::train
