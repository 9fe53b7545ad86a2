// SPDX-License-Identifier: Apache-2.0
#include "core/data/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>

#include "core/data/memory_dataset.h"
#include "core/data/sampler.h"
#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using netwright::test::messageOf;

// Holds back every third read until another thread has read too, so that workers overtake each other; throws at one
// sample; counts how far reading has come.
class UnevenDataset final : public Dataset {
 public:
  explicit UnevenDataset(int64_t size, int64_t badSample = -1) : size_(size), badSample_(badSample) {}

  const std::vector<ColumnSpec>& columns() const override {
    static const std::vector<ColumnSpec> kColumns{{.name = "x", .dtype = DType::Int64}};
    return kColumns;
  }
  int64_t size() const override { return size_; }
  void read(std::span<const int64_t> samples, Batch& out) const override {
    const int64_t turn = reads_++;
    for (int spin = 0; turn % 3 == 0 && spin < 1000 && reads_ < turn + 2; ++spin) std::this_thread::yield();
    shapeBatch(columns(), samples, out);
    for (size_t i = 0; i < samples.size(); ++i) {
      if (samples[i] == badSample_) throw std::runtime_error("sample " + std::to_string(badSample_) + " is broken");
      out.columns[0].tensor.as<int64_t>()[i] = samples[i] * samples[i];
    }
  }
  int64_t reads() const { return reads_; }

 private:
  int64_t size_, badSample_;
  mutable std::atomic<int64_t> reads_{0};
};

std::vector<int64_t> order(int64_t size) {
  std::vector<int64_t> all(static_cast<size_t>(size));
  std::iota(all.begin(), all.end(), int64_t{0});
  return epochOrder(all, 3, 1);
}

// All batches as their bytes and samples.
std::vector<std::vector<int64_t>> batches(const std::shared_ptr<const Dataset>& data, const LoaderOptions& options) {
  Loader loader(data, order(data->size()), options);
  std::vector<std::vector<int64_t>> all;
  while (const Batch* batch = loader.next()) {
    all.push_back(batch->samples);
    const auto values = batch->columns[0].tensor.as<int64_t>();
    all.back().insert(all.back().end(), values.begin(), values.end());
  }
  EXPECT_EQ(loader.next(), nullptr);
  return all;
}

TEST(Loader, Loader_GivesTheSameBatchesForAnyNumberOfWorkersFromAnyStart) {
  for (const bool dropLast : {false, true}) {
    const auto expected = batches(std::make_shared<UnevenDataset>(1003), {.batchSize = 10, .dropLast = dropLast});
    ASSERT_EQ(expected.size(), dropLast ? 100u : 101u);
    for (const int workers : {0, 1, 4})
      for (const int64_t start : {0, 1, 50, 99, 100, 101, 500})
        for (const int64_t bound : {0, 1, 3}) {
          const auto got =
              batches(std::make_shared<UnevenDataset>(1003),
                      {.batchSize = 10, .dropLast = dropLast, .workers = workers, .startBatch = start, .bound = bound});
          const auto from = std::min(static_cast<size_t>(start), expected.size());
          EXPECT_EQ(got, (std::vector(expected.begin() + static_cast<std::ptrdiff_t>(from), expected.end())))
              << workers << " workers from " << start << " bound " << bound;
        }
  }
}

TEST(Loader, Loader_ReadsNoFurtherThanItsBound) {
  const auto data = std::make_shared<UnevenDataset>(1000);
  Loader loader(data, order(1000), {.batchSize = 10, .workers = 4, .bound = 5});
  for (int64_t given = 1; given <= 20; ++given) {
    ASSERT_NE(loader.next(), nullptr);
    EXPECT_LE(data->reads(), given - 1 + 5);
  }
}

TEST(Loader, Loader_ErrorsComeOutWhereTheirBatchWould) {
  for (const int workers : {0, 1, 4}) {
    const std::vector<int64_t> samples = order(100);
    Loader loader(std::make_shared<UnevenDataset>(100, samples[35]), samples, {.batchSize = 10, .workers = workers});
    for (int i = 0; i < 3; ++i) EXPECT_NE(loader.next(), nullptr);
    const std::string message = "sample " + std::to_string(samples[35]) + " is broken";
    for (int again = 0; again < 2; ++again) {
      try {
        loader.next();
        ADD_FAILURE() << workers;
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), message);
      }
    }
  }
}

TEST(Loader, Loader_StopsWithBatchesUnread) {
  for (const int taken : {0, 1, 7}) {
    const auto data = std::make_shared<UnevenDataset>(100'000);
    {
      Loader loader(data, order(100'000), {.batchSize = 10, .workers = 4, .bound = 8});
      for (int i = 0; i < taken; ++i) loader.next();
    }
    EXPECT_LE(data->reads(), 8 + taken);
  }
}

TEST(Loader, Loader_ReadsWhatIsInMemoryWithoutThreads) {
  const auto data = std::make_shared<UnevenDataset>(20);
  const auto copy = loaded(data);
  EXPECT_EQ(batches(copy, {.batchSize = 6, .workers = 4}), batches(data, {.batchSize = 6}));
}

TEST(Loader, Loader_TakesABatchLargerThanTheSet) {
  const auto all = batches(std::make_shared<UnevenDataset>(3), {.batchSize = 64, .workers = 1});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].size(), 6u);
  EXPECT_EQ(messageOf([] { batchCount(3, 64, true); }),
            "The batch size 64 is larger than the set of 3 samples. The last batch is dropped when it is not full, so "
            "none would be left. Choose a smaller batch size, or keep the last batch.");
}

TEST(Loader, BatchCount_CountsAndRefuses) {
  EXPECT_EQ(batchCount(10, 5, false), 2);
  EXPECT_EQ(batchCount(11, 5, false), 3);
  EXPECT_EQ(batchCount(11, 5, true), 2);
  EXPECT_EQ(batchCount(1, INT64_MAX, false), 1);
  EXPECT_EQ(messageOf([] { batchCount(3, 0, false); }),
            "The batch size must be at least 1 but is 0. Set it to 64, for example.");
  EXPECT_EQ(messageOf([] { batchCount(0, 4, false); }),
            "There is no sample to make batches of. Choose other data or other shares.");
}

}  // namespace
}  // namespace netwright::data
