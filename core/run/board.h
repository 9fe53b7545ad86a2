// SPDX-License-Identifier: Apache-2.0
// What the events of a run add up to, for clients that attach in its middle.
#pragma once

#include <optional>
#include <vector>

#include "core/run/message.h"

namespace netwright::run {

// Not thread-safe; the hub guards it together with the number of the event.
class Board {
 public:
  // A run of this project will be told about.
  void begin(const std::string& project, bool keep);
  // Points that the record of a resumed run has from before.
  void setHistory(std::vector<SeriesCount> points) { now_.points = std::move(points); }
  void take(const EventBody& event);
  const Snapshot& now() const { return now_; }
  // The last that was told in this run.
  const std::optional<ValidationSeen>& validation() const { return validation_; }

 private:
  void count(const Point& point);
  Snapshot now_;
  std::optional<ValidationSeen> validation_;
};

}  // namespace netwright::run
