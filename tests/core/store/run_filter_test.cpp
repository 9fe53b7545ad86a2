// SPDX-License-Identifier: Apache-2.0
#include "core/store/run_filter.h"

#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"
#include "core/store/annotations.h"
#include "core/store/recorder.h"
#include "core/store/run_words.h"
#include "tests/core/store/project_folder.h"

namespace netwright::store {
namespace {

RunFacts sample() {
  RunFacts run;
  run.summary.id = {7};
  run.summary.name = "wide net";
  run.summary.status = RunStatus::Killed;
  run.summary.epochs = 5;
  run.summary.seed = 3;
  run.summary.startMs = 1000;
  run.summary.endMs = 61000;
  MetricSummary accuracy{"accuracy", "val", Goal::Maximise, 5, 50, 0.91, {}, {}};
  accuracy.min = {10, 0.5};
  accuracy.max = {40, 0.95};
  MetricSummary loss{"loss", "train", Goal::Minimise, 50, 50, 0.2, {}, {}};
  loss.min = {49, 0.1};
  loss.max = {1, 2.3};
  run.summary.metrics = {accuracy, loss};
  run.tags = {{"team", "Blue"}, {"try", "2"}};
  run.params = {{"optimiser.lr", "0.001"}, {"batch_size", "64"}};
  run.notes = "Learns slowly";
  run.bytes = 2000;
  return run;
}

bool fits(const std::string& text) { return RunFilter::parse(text).matches(sample()); }

TEST(RunFilter, ComparesMetricsParametersTagsAndFacts) {
  for (const char* yes : {"",
                          "  ",
                          "val/accuracy > 0.9",
                          "accuracy>=95%",
                          "accuracy >= 95 %",
                          "val/accuracy.last < 0.92",
                          "metric.val/accuracy.min = 0.5",
                          "loss < 0.15",
                          "train/loss.max > 2",
                          "tag.team = blue",
                          "team=Blue",
                          "param.batch_size = 64",
                          "lr < 0.01",
                          "lr = 1e-3",
                          "optimiser.lr <= 0.001",
                          "name ~ NET",
                          "name = 'wide net'",
                          "status = stopped",
                          "seed = 3",
                          "epochs != 4",
                          "duration = 60",
                          "size > 1000",
                          "note ~ slow",
                          "id = 7",
                          "try > 1"})
    EXPECT_TRUE(fits(yes)) << yes;
  for (const char* no : {"val/accuracy > 0.95", "val/accuracy.last > 0.92", "tag.team = red", "lr > 0.01",
                         "name = wide", "nothing = 1", "nothing != 1", "name !~ net", "test/accuracy > 0"})
    EXPECT_FALSE(fits(no)) << no;
}

TEST(RunFilter, WordsAreLookedForInNameStatusTagsAndNotes) {
  for (const char* yes : {"wide", "WIDE net", "stopped", "blue", "slowly", "\"wide net\"", "wide stopped"})
    EXPECT_TRUE(fits(yes)) << yes;
  for (const char* no : {"narrow", "wide narrow", "\"net wide\"", "0.001"}) EXPECT_FALSE(fits(no)) << no;
}

TEST(RunFilter, JoinsWithAndOrNotAndBrackets) {
  EXPECT_TRUE(fits("accuracy > 0.9 and tag.team = blue"));
  EXPECT_FALSE(fits("accuracy > 0.9 AND tag.team = red"));
  EXPECT_TRUE(fits("tag.team = red or accuracy > 0.9"));
  EXPECT_TRUE(fits("not red"));
  EXPECT_FALSE(fits("not (red or blue)"));
  EXPECT_TRUE(fits("red and blue or wide")) << "and binds more than or";
  EXPECT_FALSE(fits("red and (blue or wide)"));
}

TEST(RunFilter, MistakesAreToldWithTheirPlace) {
  const auto title = [](const std::string& text) {
    try {
      RunFilter::parse(text);
    } catch (const Error& e) {
      return e.title;
    }
    return std::string("no error");
  };
  EXPECT_EQ(title("accuracy >"), "There is no value after 'accuracy >' at character 11.");
  EXPECT_EQ(title("> 5"), "'>' has nothing in front of it at character 1.");
  EXPECT_EQ(title("a => 5"), "'=>' is no comparison: = != > >= < <= ~ are at character 3.");
  EXPECT_EQ(title("(a or b"), "A bracket is not closed at character 8.");
  EXPECT_EQ(title("a) b"), "')' is too much at character 2.");
  EXPECT_EQ(title("name = \"a"), "The quotation is not closed at character 8.");
  EXPECT_EQ(title("a and"), "Something is missing at character 6.");
  EXPECT_EQ(title(std::string(500, '(')), "There are too many brackets at character 102.");
}

TEST(RunFilter, AnyTextIsAFilterOrAMistake) {
  std::mt19937 random(5);
  const std::vector<std::string> pieces{"and", "or",    "not",   "(", ")", "=",   "<", ">=",   "~",
                                        "a",   "val/x", "\"q\"", "'", "%", "0.5", " ", "tag.", "="};
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (size_t n = random() % 12; n > 0; --n) text += pieces[random() % pieces.size()] + (random() % 3 ? " " : "");
    try {
      RunFilter::parse(text).matches(sample());
    } catch (const Error&) {
    }
  }
}

TEST(RunWords, ReadsAllRunsWithTheirWords) {
  const ProjectFolder folder;
  EXPECT_TRUE(runFacts(folder.database(), Database::Which::Kept).empty());
  EXPECT_TRUE(savedViews(folder.database()).empty());
  RunId a, b;
  {
    Recorder recorder(folder.database());
    RunStart start;
    start.params = {{"epochs", "3"}, {"lr", "0.1"}};
    a = recorder.beginRun(start);
    recorder.setStatus(a, RunStatus::Finished);
    start.params = {{"epochs", "4"}};
    b = recorder.beginRun(start);
    recorder.metric(b, "loss", "train", 1, 0, 0.5);
    recorder.setStatus(b, RunStatus::Finished);
  }
  tagRun(folder.database(), b, "team", "x");
  addNote(folder.database(), b, "one");
  addNote(folder.database(), b, "two");
  auto runs = runFacts(folder.database(), Database::Which::Kept);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].params, (std::vector<std::pair<std::string, std::string>>{{"epochs", "3"}, {"lr", "0.1"}}));
  EXPECT_TRUE(runs[0].tags.empty());
  EXPECT_EQ(runs[1].notes, "one\ntwo");
  EXPECT_EQ(runs[1].tags[0].second, "x");
  EXPECT_GT(runs[1].bytes, 0);
  setNotes(folder.database(), b, "three");
  EXPECT_EQ(runFacts(folder.database(), Database::Which::Kept)[1].notes, "three");
  setNotes(folder.database(), b, "");
  EXPECT_EQ(runFacts(folder.database(), Database::Which::Kept)[1].notes, "");
}

TEST(RunWords, KeepsViewsByTheirNames) {
  const ProjectFolder folder;
  saveView(folder.database(), {"good", "accuracy > 0.9"});
  saveView(folder.database(), {"bad", "status = failed"});
  saveView(folder.database(), {"good", "accuracy > 0.95"});
  EXPECT_EQ(savedViews(folder.database()),
            (std::vector<SavedView>{{"bad", "status = failed"}, {"good", "accuracy > 0.95"}}));
  removeView(folder.database(), "bad");
  removeView(folder.database(), "none");
  EXPECT_EQ(savedViews(folder.database()).size(), 1u);
}

}  // namespace
}  // namespace netwright::store
