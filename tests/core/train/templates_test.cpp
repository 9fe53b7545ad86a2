// SPDX-License-Identifier: Apache-2.0
// The small templates learn what they promise, on a processor, in a few seconds each: trained by a session for a part
// of their epochs and measured on the validation samples, which they have not seen.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/core/train/recording.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

struct Goal {
  const char* id;
  int64_t epochs;
  const char* metric;
  double least;
};

// Above what guessing gives: 1 in 9 for words, 1 in 10 for sounds, 0 for R2, the space (19 %) for letters of a text.
const Goal kGoals[]{
    {"adding-tcn", 12, "r2", 0.9},
    {"diabetes", 40, "r2", 0.35},
    {"gpt-small", 1, "accuracy", 0.36},
    {"penguins", 15, "accuracy", 0.94},
    {"penguins-embedding", 10, "accuracy", 0.94},
    {"seq2seq-attention", 3, "accuracy", 0.95},
    {"spirals-mlp", 15, "accuracy", 0.95},
    {"spoken-digits-cnn", 10, "accuracy", 0.9},
    {"sunspots-lstm", 30, "r2", 0.65},
    {"words-gru", 1, "accuracy", 0.65},
    {"words-lstm", 1, "accuracy", 0.65},
    {"words-transformer", 1, "accuracy", 0.5},
};

class SmallTemplate : public ::testing::TestWithParam<Goal> {};

TEST_P(SmallTemplate, LearnsWhatItPromises) {
  const Goal& goal = GetParam();
  const test::TempFolder folder;
  project::Project p = project::createProject(folder / "p", goal.id);
  ASSERT_LE(goal.epochs, p.run.epochs);
  p.run.epochs = goal.epochs;
  p.run.device = "cpu";
  p.run.threads = 1;
  const Recording r = record(folder / "p", p);
  for (const run::Failed& failed : r.all<run::Failed>()) ADD_FAILURE() << failed.what << ' ' << failed.why;
  ASSERT_EQ(r.all<run::Finished>().size(), 1u);
  const double reached = r.all<run::Finished>()[0].values.at("val/" + std::string(goal.metric));
  std::printf("%s: %s %.4f after %lld epochs\n", goal.id, goal.metric, reached, static_cast<long long>(goal.epochs));
  EXPECT_GE(reached, goal.least);
}

INSTANTIATE_TEST_SUITE_P(All, SmallTemplate, ::testing::ValuesIn(kGoals), [](const auto& instance) {
  std::string name = instance.param.id;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace netwright::train
