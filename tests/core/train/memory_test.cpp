// SPDX-License-Identifier: Apache-2.0
// R7: memory that runs out at any allocation of a run, told as a device tells it: the allocator throws
// c10::OutOfMemoryError. The run fails by name, keeps what it has learnt, and goes on to the same bytes.
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "core/run/protocol.h"
#include "core/train/server.h"
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
    EXPECT_THAT(failed[0].what,
                ::testing::AnyOf(HasSubstr("needs more memory than there is"), HasSubstr("does not fit into memory"),
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

// An engine in this process, so that its memory can be counted; its starter speaks with it in bytes.
class Served {
 public:
  Served() {
    ::setenv("XDG_RUNTIME_DIR", runtime_.path().c_str(), 1);
    EXPECT_EQ(::pipe2(commands_, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(events_, O_CLOEXEC), 0);
    engine_ = std::jthread([this] { serve(commands_[0], events_[1]); });
    send(run::Greeting{run::kProtocolVersion, "control"});
  }
  ~Served() {
    ::close(commands_[1]);
    engine_.join();
    for (const int fd : {commands_[0], events_[0], events_[1]}) ::close(fd);
    ::unsetenv("XDG_RUNTIME_DIR");
  }
  int64_t send(run::CommandBody body, std::vector<NamedTensor> tensors = {}) {
    const std::string bytes = run::encode(run::Command{++id_, std::move(body), std::move(tensors)});
    EXPECT_EQ(::write(commands_[1], bytes.data(), bytes.size()), ssize_t(bytes.size()));
    return id_;
  }
  // The next event that fits.
  run::Event until(const std::function<bool(const run::Event&)>& fits) {
    for (char chunk[1 << 16];;) {
      while (auto frame = frames_.next()) {
        run::Event event = run::decodeEvent(*frame);
        if (fits(event)) return event;
      }
      const ssize_t n = ::read(events_[0], chunk, sizeof chunk);
      if (n <= 0) throw std::runtime_error("the engine has ended");
      frames_.append({chunk, size_t(n)});
    }
  }
  run::Event ask(run::CommandBody body, std::vector<NamedTensor> tensors = {}) {
    const int64_t id = send(std::move(body), std::move(tensors));
    return until([id](const run::Event& e) {
      const auto* reply = std::get_if<run::Reply>(&e.body);
      return reply && reply->id == id;
    });
  }
  void reaches(run::RunState state) {
    until([state](const run::Event& e) {
      const auto* changed = std::get_if<run::StateChanged>(&e.body);
      return changed && changed->state == state;
    });
  }

 private:
  test::TempFolder runtime_;
  int commands_[2], events_[2];
  run::FrameReader frames_;
  int64_t id_ = 0;
  std::jthread engine_;
};

// The command with a lack of memory at each of its allocations: refused by name, and carried out when there is some.
void refusesThenDoes(Served& engine, Scarce& memory, const char* what, const run::CommandBody& body,
                     const std::vector<NamedTensor>& tensors = {}) {
  memory.failAt(-1);
  const run::Event sound = engine.ask(body, tensors);
  ASSERT_TRUE(std::get<run::Reply>(sound.body).ok) << what << ": " << std::get<run::Reply>(sound.body).what;
  const int64_t all = memory.count();
  int refused = 0;
  for (int64_t n = 1; n <= all; n += std::max<int64_t>(1, all / 25)) {
    memory.failAt(n);
    const auto reply = std::get<run::Reply>(engine.ask(body, tensors).body);
    if (reply.ok) continue;  // oneDNN's convolution fell back to one that needs less
    ++refused;
    EXPECT_THAT(reply.what, HasSubstr("memory")) << what << ", allocation " << n << " of " << all;
  }
  EXPECT_TRUE(all == 0 || refused > 0) << what << " has " << all << " allocations";
  memory.failAt(-1);
  const run::Event again = engine.ask(body, tensors);
  EXPECT_EQ(std::get<run::Reply>(again.body).values, std::get<run::Reply>(sound.body).values) << what;
  ASSERT_EQ(again.tensors.size(), sound.tensors.size());
  for (size_t i = 0; i < again.tensors.size(); ++i)
    EXPECT_EQ(again.tensors[i].tensor.bytes, sound.tensors[i].tensor.bytes);
}

TEST(Memory, ThatRunsOutWhileIdleRefusesTheCommandAndNoMore) {
  Scarce memory;
  const test::TempFolder folder;
  record(folder.path(), threeEpochs(folder.path()));
  Served engine;
  const std::string project = folder.path().string();
  refusesThenDoes(engine, memory, "load", run::LoadModel{project, "latest"});
  refusesThenDoes(engine, memory, "predict", run::Predict{}, {{"x", HostTensor(DType::Float32, {2, 1, 8, 8})}});
  refusesThenDoes(engine, memory, "evaluate", run::Evaluate{project, "latest", "test"});
}

TEST(Memory, ThatRunsOutWhilePausedRefusesTheCommandAndLeavesTheRun) {
  Scarce memory;
  const test::TempFolder whole, folder;
  record(whole.path(), threeEpochs(whole.path()));
  threeEpochs(folder.path());
  {
    Served engine;
    engine.send(run::Train{folder.path().string(), "", {}, false});
    engine.send(run::Pause{});
    engine.reaches(run::RunState::Paused);
    engine.send(run::Step{false});
    engine.reaches(run::RunState::Paused);
    refusesThenDoes(engine, memory, "checkpoint", run::SaveCheckpoint{});
    refusesThenDoes(engine, memory, "predict", run::Predict{}, {{"x", HostTensor(DType::Float32, {2, 1, 8, 8})}});
    refusesThenDoes(engine, memory, "evaluate", run::Evaluate{"", "", "validation"});
    engine.send(run::Resume{});
    engine.reaches(run::RunState::Finished);
  }
  EXPECT_EQ(weightsOf(folder.path()), weightsOf(whole.path()));
}

TEST(Memory, ThatRunsOutWhileStoppingLosesNothing) {
  Scarce memory;
  const test::TempFolder whole;
  record(whole.path(), threeEpochs(whole.path()));
  const auto expected = weightsOf(whole.path());
  int64_t all = 2;  // on a CPU the checkpoint is written without any
  for (int64_t n = 1; n <= all; ++n) {
    const test::TempFolder folder;
    const Recording r = record(folder.path(), threeEpochs(folder.path()), [&](Session& s, const auto& e) {
      if (!std::holds_alternative<run::EpochFinished>(e)) return;
      memory.failAt(n);
      s.stop();
    });
    all = std::max(all, memory.count());
    memory.failAt(-1);
    EXPECT_TRUE(r.states().back() == "failed" || r.states().back() == "finished") << r.states().back();
    resume(folder.path());
    EXPECT_EQ(weightsOf(folder.path()), expected) << "allocation " << n << " of " << all;
  }
}

}  // namespace
}  // namespace netwright::train
