// SPDX-License-Identifier: Apache-2.0
// R7: memory that runs out at any allocation of a run, told as a device tells it: the allocator throws
// c10::OutOfMemoryError. The run fails by name, keeps what it has learnt, and goes on to the same bytes.
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/core/train/recording.h"
#include "tests/support/digits.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

using ::testing::HasSubstr;

// Stands in for a device's allocator: gives memory until the `failAt`-th allocation of this life.
class Scarce final : public c10::Allocator {
 public:
  Scarce() : real_(c10::GetCPUAllocator()) { c10::SetCPUAllocator(this, 1); }
  ~Scarce() override { c10::SetCPUAllocator(real_, 1); }
  void failAt(int64_t n) {
    count_ = 0;
    failAt_ = n;
  }
  int64_t count() const { return count_; }
  c10::DataPtr allocate(size_t bytes) override {
    const int64_t n = ++count_;
    TORCH_CHECK_WITH(OutOfMemoryError, n != failAt_, "CUDA out of memory. Tried to allocate ", bytes,
                     " bytes. GPU 0 has a total capacity of 0 bytes.");
    return real_->allocate(bytes);
  }
  c10::DeleterFnPtr raw_deleter() const override { return real_->raw_deleter(); }
  void copy_data(void* to, const void* from, std::size_t bytes) const override { real_->copy_data(to, from, bytes); }

 private:
  c10::Allocator* real_;
  std::atomic<int64_t> count_{0}, failAt_{-1};
};

project::Project threeEpochs(const std::filesystem::path& folder) {
  project::Project p = test::makeTinyProject(folder);
  p.run.epochs = 3;
  project::save(p, folder);
  return p;
}

TEST(Memory, ThatRunsOutAtAnyAllocationFailsTheRunByNameAndLosesNothing) {
  Scarce memory;
  const test::TempFolder whole;
  record(whole.path(), threeEpochs(whole.path()));
  const auto expected = weightsOf(whole.path());
  const int64_t all = memory.count();
  ASSERT_GT(all, 100);
  std::map<std::string, int> told;
  int resumed = 0, survived = 0;
  for (int64_t n = 1; n <= all; n += std::max<int64_t>(1, all / 60)) {
    const test::TempFolder folder;
    const project::Project p = threeEpochs(folder.path());
    memory.failAt(n);
    const Recording r = record(folder.path(), p);
    memory.failAt(-1);
    const auto failed = r.all<run::Failed>();
    if (failed.empty()) {  // oneDNN's convolution fell back to one that needs less
      EXPECT_EQ(r.states().back(), "finished") << "allocation " << n << " of " << all;
      ++survived;
      continue;
    }
    EXPECT_THAT(failed[0].what, ::testing::AnyOf(HasSubstr("needs more memory than there is"),
                                                 HasSubstr("does not fit into memory"),
                                                 HasSubstr("There is not enough memory")))
        << "allocation " << n << " of " << all;
    EXPECT_THAT(failed[0].what, ::testing::Not(HasSubstr("CUDA out of memory"))) << "LibTorch's own words";
    ++told[failed[0].code];
    if (!std::filesystem::exists(project::databaseFile(folder.path()))) continue;  // while preparing
    if (store::Database(project::databaseFile(folder.path())).runs().empty()) continue;
    ++resumed;
    try {
      EXPECT_EQ(resume(folder.path()).states().back(), "finished");
    } catch (const Error& e) {
      EXPECT_THAT(e.title, HasSubstr("has finished its 3 epochs"));  // it failed when all was done
    }
    EXPECT_EQ(weightsOf(folder.path()), expected) << "allocation " << n << " of " << all;
  }
  EXPECT_GT(told["NW-R007"], 20) << "most name a layer";
  EXPECT_GT(resumed, 30);
  EXPECT_LT(survived, 10);
}

}  // namespace
}  // namespace netwright::train
