// SPDX-License-Identifier: Apache-2.0
// Schedules as text and in files, and what cannot be combined; their numbers are compared with PyTorch in
// tests/peers/schedules_test.cpp.
#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/run/config.h"
#include "core/run/schedule_spec.h"
#include "tests/support/message_of.h"

namespace netwright::run {
namespace {

std::string complaint(const std::string& schedule, const std::string& optimiser = "adam") {
  RunConfig c;
  c.objectives[0].schedule = scheduleFromText(schedule);
  c.objectives[0].optimiser.kind = optimiser;
  const Diagnostics found = checkConfig(c);
  return found.empty() ? "" : found.front().text();
}

TEST(Schedule, IsReadFromTextAndWrittenAsText) {
  const Schedule s = scheduleFromText(
      " sequential( linear(start_factor=0.1), chained (step, exponential(gamma=0.9)) ,milestones=[5] )");
  EXPECT_EQ(s.kind, "sequential");
  ASSERT_EQ(s.parts.size(), 2u);
  EXPECT_EQ(s.parts[1].parts[1].params.at("gamma"), Attribute(0.9));
  EXPECT_EQ(s.params.at("milestones"), Attribute(int64_t{5}));
  EXPECT_EQ(text(s), "sequential(linear(start_factor=0.1), chained(step, exponential(gamma=0.9)), milestones=5)");
  EXPECT_EQ(scheduleFromText(text(s)), s);
  EXPECT_EQ(text(scheduleFromText("multi_step(milestones=(3, 5, 9))")), "multi_step(milestones=(3, 5, 9))");
  EXPECT_EQ(text(scheduleFromText("step()")), "step");
  EXPECT_TRUE(partsFromText("").empty());
  for (const ScheduleSpec& spec : schedules()) {
    const Schedule all{spec.id, defaults(spec.params), {}, partsFromText(spec.usualParts)};
    const Schedule read = scheduleFromText(text(all));
    EXPECT_EQ(scheduleFromText(text(read)), read) << text(all);
    for (const ParamSpec& p : spec.params)  // a list of one is the number
      EXPECT_TRUE(read.params.at(p.name) == p.fallback || numbers(read.params.at(p.name)) == numbers(p.fallback))
          << text(all) << " " << p.name;
    EXPECT_EQ(complaint(text(all)), "") << text(all);
  }
}

TEST(Schedule, SaysWhatCannotBeRead) {
  const auto said = [](const std::string& text) { return test::messageOf([&] { scheduleFromText(text); }); };
  const std::string example = " Write it as sequential(linear(total_iters=5), cosine, milestones=5).";
  EXPECT_EQ(said("linar"),
            "The schedule 'linar' cannot be read: the schedule 'linar' does not exist. Did you mean 'linear'? Known: "
            "constant, chained, constant_factor, cosine, cosine_restarts, cyclic, exponential, linear, multi_step, "
            "one_cycle, plateau, polynomial, sequential, step." +
                example);
  EXPECT_EQ(
      said("step(size=3)"),
      "The schedule 'step(size=3)' cannot be read: step has no 'size'; it has step_size, gamma, interval." + example);
  EXPECT_EQ(said("step(step_size=3"),
            "The schedule 'step(step_size=3' cannot be read: a closing bracket is missing." + example);
  EXPECT_EQ(said("step) cosine"), "The schedule 'step) cosine' cannot be read: ') cosine' is too much." + example);
  EXPECT_EQ(said("step(step_size=0)"), "step_size must be at least 1 but is 0.");
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "chained(";
  EXPECT_NE(said(deep).find("it has too many parts within parts"), std::string::npos);
}

TEST(Schedule, SaysWhatCannotBeCombined) {
  EXPECT_EQ(complaint("sequential"), "One after another: parts must be at least one, such as linear(total_iters=5).");
  EXPECT_EQ(complaint("sequential(linear, cosine, step, milestones=5)"),
            "One after another: milestones must be one less than its 3 parts but are 1.");
  EXPECT_EQ(complaint("sequential(linear, cosine, step, milestones=(7, 5))"),
            "One after another: milestones must rise.");
  EXPECT_EQ(complaint("chained(plateau)"), "Several at once: parts must not be plateau, which waits for the loss.");
  EXPECT_EQ(complaint("sequential(chained(linear), step, milestones=5)"),
            "One after another: parts must not be chained, which has parts itself.");
  EXPECT_EQ(complaint("step(cosine)"), "Step: parts must be none: it has no parts.");
  EXPECT_EQ(complaint("chained(sequential(linear, cosine))"), "");
  EXPECT_EQ(complaint("one_cycle", "adagrad"),
            "The schedule: cycle_momentum must be false, because Adagrad has no momentum.");
  EXPECT_EQ(complaint("one_cycle(cycle_momentum=false)", "adagrad"), "");
}

TEST(Schedule, PartsAreInTheFileWithWhatIsUnknown) {
  RunConfig c;
  c.objectives[0].schedule = scheduleFromText("sequential(linear(total_iters=3), cosine, milestones=3)");
  const Json json = toJson(c);
  EXPECT_EQ(json["objectives"][0]["schedule"].dump(),
            R"({"kind":"sequential","params":{"milestones":3},"parts":[{"kind":"linear","params":{"total_iters":3}},)"
            R"({"kind":"cosine","params":{}}]})");
  EXPECT_EQ(runConfigFromJson(json, "test"), c);
  Json later = json;
  later["objectives"][0]["schedule"]["parts"][0]["colour"] = "red";
  EXPECT_EQ(toJson(runConfigFromJson(later, "test")), later);
}

TEST(Schedule, GoesOnFromARateThatWasChangedInFlight) {
  Scheduler s(scheduleFromText("exponential(gamma=0.5, interval=step)"), 1, {10, 5});
  EXPECT_EQ(s.rate(2), 0.25);
  s.setBase(8);
  EXPECT_EQ(s.rate(2), 2);
  EXPECT_EQ(s.rate(0), 8) << "and may be asked in any order";
}

TEST(Config, SaysWhatAnOptimiserThatSearchesCannotDo) {
  RunConfig c;
  c.objectives[0].optimiser.kind = "lbfgs";
  c.objectives[0].accumulate = 2;
  c.objectives[0].groups = {{"*.bias", {{"lr", 0.5}}, ""}};
  const Diagnostics found = checkConfig(c);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].text(), "The objective: accumulate must be 1, because L-BFGS looks at one batch several times.");
  EXPECT_EQ(found[1].text(), "The objective: groups must be none, because L-BFGS has the same settings for all.");
}

}  // namespace
}  // namespace netwright::run
