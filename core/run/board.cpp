// SPDX-License-Identifier: Apache-2.0
#include "core/run/board.h"

#include <algorithm>

namespace netwright::run {

void Board::begin(const std::string& project, bool keep) {
  now_ = {};
  validation_.reset();
  now_.project = project;
  now_.keep = keep;
}

void Board::take(const EventBody& event) {
  if (const auto* started = std::get_if<RunStarted>(&event)) now_.run = *started;
  if (const auto* changed = std::get_if<StateChanged>(&event)) now_.state = changed->state;
  if (const auto* epoch = std::get_if<EpochFinished>(&event)) now_.lastEpoch = *epoch;
  if (const auto* seen = std::get_if<ValidationSeen>(&event)) validation_ = *seen;
  if (const auto* progress = std::get_if<Progress>(&event)) {
    for (const Point& p : progress->points) count(p);
    now_.progress = {
        progress->epoch, progress->batch, progress->step, progress->seconds, progress->samplesPerSecond, {}};
  }
}

void Board::count(const Point& point) {  // few series, most points of the first
  const auto known = std::find_if(now_.points.begin(), now_.points.end(), [&](const SeriesCount& s) {
    return s.key == point.key && s.context == point.context;
  });
  if (known != now_.points.end())
    ++known->count;
  else
    now_.points.push_back({point.key, point.context, 1});
}

}  // namespace netwright::run
