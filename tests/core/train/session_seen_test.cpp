// SPDX-License-Identifier: Apache-2.0
// What a session tells of validation samples and of nodes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/train/session.h"
#include "tests/core/train/recording.h"
#include "tests/support/digits.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

TEST(Session, TellsWhatTheNetworkSaysAboutTheValidationSamples) {
  const test::TempFolder folder;
  const Recording r = record(folder.path(), test::makeTinyProject(folder.path()));
  const auto told = r.all<run::ValidationSeen>();
  const auto epochs = r.all<run::EpochFinished>();
  ASSERT_EQ(told.size(), 2u) << "once after each epoch";
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].epoch, epochs[i].epoch);
    EXPECT_EQ(told[i].samples, 24);
    ASSERT_EQ(told[i].confusion.size(), 16u);
    int64_t all = 0, right = 0;
    for (size_t c = 0; c < 16; ++c) all += told[i].confusion[c], right += c % 5 == 0 ? told[i].confusion[c] : 0;
    EXPECT_EQ(all, 24);
    EXPECT_NEAR(static_cast<double>(right) / 24, epochs[i].values.at("val/accuracy"), 1e-12);
    EXPECT_GE(told[i].shown.size(), 12u);
    EXPECT_EQ(told[i].inputs.at(0).tensor.shape[0], static_cast<int64_t>(told[i].shown.size()));
  }
  EXPECT_EQ(told[0].shown[3].sample, told[1].shown[3].sample) << "the same samples each time";
}

TEST(Session, WatchingTheNodesChangesNoBit) {
  const test::TempFolder plain, watched;
  record(plain.path(), test::makeTinyProject(plain.path()));
  const Recording r = record(watched.path(), test::makeTinyProject(watched.path()),
                             [left = 5](Session& s, const run::EventBody& e) mutable {
                               const auto* state = std::get_if<run::StateChanged>(&e);
                               if (!state) return;
                               s.watchNodes(true);
                               if (state->state == run::RunState::Preparing) s.pause();
                               if (state->state == run::RunState::Paused) left-- > 0 ? s.step(false) : s.resume();
                             });
  const auto told = r.all<run::NodeStatistics>();
  ASSERT_GE(told.size(), 5u) << "each single step is told";
  EXPECT_EQ(told[4].step, 5);
  int trained = 0;
  for (const run::NodeStatistics::Node& n : told[4].nodes) {
    EXPECT_TRUE(std::isfinite(n.mean) && n.deviation >= 0);
    trained += n.gradient > 0;
  }
  EXPECT_EQ(trained, 3) << "convolution, batch norm and linear have parameters";
  EXPECT_GT(told[4].nodes.size(), 5u);
  EXPECT_EQ(readFile(plain.path() / "artifacts/run-1/epoch-2.safetensors"),
            readFile(watched.path() / "artifacts/run-1/epoch-2.safetensors"));
}

}  // namespace
}  // namespace netwright::train
