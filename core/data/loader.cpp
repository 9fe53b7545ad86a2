// SPDX-License-Identifier: Apache-2.0
#include "core/data/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <span>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {

int64_t batchCount(int64_t samples, int64_t batchSize, bool dropLast) {
  if (batchSize < 1)
    failInput(fmt::format("The batch size must be at least 1 but is {}.", batchSize), "", "Set it to 64, for example.");
  if (samples == 0) failInput("There is no sample to make batches of.", "", "Choose other data or other shares.");
  if (dropLast && samples < batchSize)
    failInput(fmt::format("The batch size {} is larger than the set of {} {}.", grouped(batchSize), grouped(samples),
                          samples == 1 ? "sample" : "samples"),
              "The last batch is dropped when it is not full, so none would be left.",
              "Choose a smaller batch size, or keep the last batch.");
  return dropLast ? samples / batchSize : samples / batchSize + (samples % batchSize > 0);
}

Loader::Loader(std::shared_ptr<const Dataset> dataset, std::vector<int64_t> order, LoaderOptions options)
    : dataset_(std::move(dataset)),
      order_(std::move(order)),
      options_(options),
      batches_(batchCount(static_cast<int64_t>(order_.size()), options.batchSize, options.dropLast)),
      given_(std::max<int64_t>(options.startBatch, 0)),
      claimed_(given_),
      released_(given_) {
  const bool ahead = options_.workers > 0 && !dataset_->inMemory();
  const int64_t bound = options_.bound > 0 ? options_.bound : 2 * int64_t{options_.workers};
  slots_.resize(ahead ? static_cast<size_t>(bound) : 1);
  if (!ahead) return;
  for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

Loader::~Loader() {
  for (std::jthread& worker : workers_) worker.request_stop();
}

std::span<const int64_t> Loader::samplesOf(int64_t batch) const {
  const auto from = static_cast<size_t>(batch * options_.batchSize);
  return std::span(order_).subspan(from, std::min(static_cast<size_t>(options_.batchSize), order_.size() - from));
}

const Batch* Loader::next() {
  if (given_ >= batches_) return nullptr;
  if (!workers_.empty()) return nextFromWorkers();
  dataset_->read(samplesOf(given_), slots_.front().batch);
  ++given_;
  return &slots_.front().batch;
}

const Batch* Loader::nextFromWorkers() {
  std::unique_lock lock(mutex_);
  released_ = given_;  // the batch before this one is no longer looked at
  changed_.notify_all();
  Slot& slot = slotOf(given_);
  changed_.wait(lock, [&] { return slot.ready; });
  if (slot.error) std::rethrow_exception(slot.error);
  slot.ready = false;
  ++given_;
  return &slot.batch;
}

void Loader::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto bound = static_cast<int64_t>(slots_.size());
  while (changed_.wait(lock, stop, [&] { return claimed_ >= batches_ || claimed_ < released_ + bound; }) &&
         !stop.stop_requested() && claimed_ < batches_) {
    const int64_t batch = claimed_++;
    Slot& slot = slotOf(batch);
    lock.unlock();
    std::exception_ptr error;
    try {
      dataset_->read(samplesOf(batch), slot.batch);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    slot.error = error;
    slot.ready = true;
    changed_.notify_all();
  }
}

}  // namespace netwright::data
