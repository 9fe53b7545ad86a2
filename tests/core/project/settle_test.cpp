// SPDX-License-Identifier: Apache-2.0
#include "core/project/settle.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/data/registry.h"
#include "core/project/costs.h"
#include "core/project/prepare.h"
#include "core/run/optimiser.h"
#include "core/run/schedule_spec.h"
#include "tests/support/graphs.h"

namespace netwright::project {
namespace {

Project spirals() {
  Project p = findTemplate("spirals-mlp").project();
  p.graph.variables = {{"n", int64_t{3}, ""}, {"rate", 0.5, ""}, {"much", Formula{"n * 100"}, ""}};
  return p;
}

TEST(Settle, VariablesDecideSettingsOfRunAndData) {
  Project p = spirals();
  setByName(p, "epochs", "=n * 2");
  setByName(p, "lr", "=rate / 10");
  setByName(p, "clip_norm", "=n");
  setByName(p, "regularisers", "l2:=rate / 1000");
  setByName(p, "data.samples", "=much");
  setByName(p, "data.validation", "=rate / 2");
  const Project now = settled(p);
  EXPECT_EQ(now.run.epochs, 6);
  EXPECT_EQ(now.run.objectives[0].optimiser.params.at("lr"), Attribute(0.05));
  EXPECT_EQ(now.run.objectives[0].clipNorm, 3);
  EXPECT_EQ(now.run.objectives[0].regularisers[0].weight, 0.0005);
  EXPECT_EQ(now.data.params.at("samples"), Attribute(int64_t{300}));
  EXPECT_EQ(now.data.validation, 0.25);
  EXPECT_EQ(fromText(toText(p), "test"), p);
  EXPECT_TRUE(prepare(p, std::filesystem::path()).ok());
  setByName(p, "n", "4");
  EXPECT_EQ(settledRun(p).epochs, 8);
  EXPECT_EQ(settledData(p).params.at("samples"), Attribute(int64_t{400}));
}

// Whatever the setting: a formula that comes to nothing is a sentence that names both, and everything else still works.
TEST(Settle, EverySettingTellsAFormulaThatComesToNothing) {
  const auto expectTold = [](const Project& p, const std::string& setting) {
    const std::string said = "NW-F001 " + setting + " nowhere";
    std::vector<std::string> all;
    for (const Diagnostic& d : prepareWithoutData(p).diagnostics)
      if (d.code == "NW-F001") all.push_back(d.code + ' ' + d.param + ' ' + d.args.at("formula"));
    EXPECT_EQ(all, std::vector<std::string>{said});
    EXPECT_EQ(fromText(toText(p), "test"), p) << setting;
    const Prepared prepared = prepare(p, std::filesystem::path());
    EXPECT_FALSE(prepared.ok()) << setting;
    trainingMemory(p, prepared, 4);
  };
  std::vector<std::string> names;
  for (const ParamSpec& s : run::runParams()) names.push_back(s.name);
  for (const ParamSpec& s : run::objectiveParams())
    if (s.name != "every") names.push_back(s.name);
  for (const ParamSpec& s : data::splitParams()) names.push_back("data." + s.name);
  for (const ParamSpec& s : data::sourceSpec("spirals").params) names.push_back("data." + s.name);
  for (const std::string& name : names) {
    Project p = spirals();
    setByName(p, name, "=nowhere");
    expectTold(p, name.starts_with("data.") ? name.substr(5) : name);
  }
  for (const run::OptimiserSpec& o : run::optimisers())
    for (const ParamSpec& s : o.params) {
      Project p = spirals();
      p.run.objectives[0].optimiser = {o.id, {{s.name, Formula{"nowhere"}}}};
      expectTold(p, s.name);
    }
  for (const run::ScheduleSpec& o : run::schedules())
    for (const ParamSpec& s : o.params) {
      Project p = spirals();
      p.run.objectives[0].schedule = {o.id, {{s.name, Formula{"nowhere"}}}, "", run::partsFromText(o.usualParts)};
      expectTold(p, s.name);
    }
}

TEST(Settle, AValueOutOfRangeNamesTheSetting) {
  Project p = spirals();
  setByName(p, "batch_size", "=n - 3");
  const Diagnostics found = prepareWithoutData(p).diagnostics;
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.back().text(), "The run: batch_size must be at least 1 but is 0.");
}

TEST(Settle, RenamingAVariableReachesTheSettings) {
  Project p = spirals();
  setByName(p, "epochs", "=n * 2");
  setByName(p, "data.samples", "=much");
  setByName(p, "lr", "=rate / n");
  renameInSettings(p, "n", "count");
  EXPECT_EQ(run::runParam(p.run, "epochs"), Attribute(Formula{"count * 2"}));
  EXPECT_EQ(p.run.objectives[0].optimiser.params.at("lr"), Attribute(Formula{"rate / count"}));
  EXPECT_EQ(p.data.params.at("samples"), Attribute(Formula{"much"}));
}

}  // namespace
}  // namespace netwright::project
