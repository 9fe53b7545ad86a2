// SPDX-License-Identifier: Apache-2.0
// The batches of an epoch in order, read ahead by worker threads where reading costs something. Used by training and
// evaluation.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/data/dataset.h"

namespace netwright::data {

struct LoaderOptions {
  int64_t batchSize = 64;
  bool dropLast = false;   // leave out a last batch that is not full
  int workers = 0;         // threads that read ahead; 0 reads on the calling thread
  int64_t startBatch = 0;  // the first batch to give, counted from 0: where a run resumes
  int64_t bound = 0;       // batches in memory at most, the one given included; 0 takes two for each worker
};

// How many batches an epoch has. Throws Error{Input} when there is none: a batch size below 1, or no full batch.
int64_t batchCount(int64_t samples, int64_t batchSize, bool dropLast);

// Order and bytes of the batches do not depend on the number of workers. Data in memory is always read on the calling
// thread, where it costs one copy. Belongs to one thread; the destructor waits for reads that have begun, no others.
class Loader {
 public:
  // order: the samples in the order of the epoch. Throws as batchCount().
  Loader(std::shared_ptr<const Dataset> dataset, std::vector<int64_t> order, LoaderOptions options);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, valid until the next call; null after the last. What reading a batch throws comes out of the call
  // that would have given it, and of every later one.
  const Batch* next();
  int64_t batches() const { return batches_; }  // of the whole epoch, those before startBatch included

 private:
  struct Slot {
    Batch batch;
    std::exception_ptr error;
    bool ready = false;
  };

  std::span<const int64_t> samplesOf(int64_t batch) const;
  void work(const std::stop_token& stop);
  const Batch* nextFromWorkers();
  Slot& slotOf(int64_t batch) { return slots_[static_cast<size_t>(batch) % slots_.size()]; }

  std::shared_ptr<const Dataset> dataset_;
  std::vector<int64_t> order_;
  LoaderOptions options_;
  int64_t batches_ = 0;
  int64_t given_ = 0;  // the batch that next() gives next

  std::mutex mutex_;  // guards what follows, but not the batch of a slot that is being filled
  std::condition_variable_any changed_;
  std::vector<Slot> slots_;
  int64_t claimed_ = 0;                // the batch that a worker takes next
  int64_t released_ = 0;               // batches before it are done with: their slots may be filled again
  std::vector<std::jthread> workers_;  // last: they end before the rest is destroyed
};

}  // namespace netwright::data
