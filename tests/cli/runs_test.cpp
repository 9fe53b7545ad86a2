// SPDX-License-Identifier: Apache-2.0
// netwright-cli runs ...: on a database that the store wrote, so that no engine is needed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/store/recorder.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::Outcome;
using test::TempFolder;
using ::testing::HasSubstr;

constexpr const char* kProject = R"({"netwright": 1, "name": "p", "graph": {"nodes": [
  {"id": 1, "kind": "input", "name": "x", "params": {"shape": [2]}},
  {"id": 2, "kind": "linear", "name": "fc", "params": {"out_features": OUT}}], "wires": [["1.y", "2.x"]]}})";

class CliRuns : public ::testing::Test {
 protected:
  CliRuns() {
    std::filesystem::create_directories(folder_ / "p");
    writeFileAtomic(folder_ / "p/project.json", project("4"));
    store::Recorder recorder(folder_ / "p/runs.sqlite");
    for (const auto& [name, out, rmse] : {std::tuple("a", "4", 0.5), {"b", "8", 0.25}, {"c", "4", 0.75}}) {
      store::RunStart start;
      start.name = name;
      start.params = {{"optimiser.lr", out}};
      start.graphJson = project(out);
      const store::RunId run = recorder.beginRun(start);
      recorder.metric(run, "loss", "train", 1, 0.5, 2);
      recorder.metric(run, "loss", "train", 2, 1, std::numeric_limits<double>::quiet_NaN());
      recorder.metric(run, "rmse", "val", 2, 1, rmse);
      recorder.histogram(run, {"fc.weight", 2, 1, {-1, 0, 1, 3}, {1, 2, 1}});
      recorder.setStatus(run, name == std::string("c") ? store::RunStatus::Failed : store::RunStatus::Finished);
    }
  }
  static std::string project(const std::string& out) {
    std::string text = kProject;
    return text.replace(text.find("OUT"), 3, out);
  }
  Outcome run(const std::string& arguments) const {
    return test::runShell(
        fmt::format("cd '{}' && '{}/netwright-cli' runs {}", folder_.path().string(), NETWRIGHT_BIN_DIR, arguments));
  }
  Json json(const std::string& arguments) const {
    const Outcome o = run(arguments + " --json");
    EXPECT_EQ(o.status, 0) << arguments << "\n" << o.err;
    return parseJson(o.out, arguments);
  }
  std::string names(const std::string& arguments) const {
    std::string all;
    for (const Json& r : json("list p " + arguments)) all += r.at("name").get<std::string>();
    return all;
  }
  TempFolder folder_;
};

TEST_F(CliRuns, ListFiltersAndSorts) {
  EXPECT_EQ(json("tag p b team=x keep").at("tags").at("team"), "x");
  run("tag p c team=y");
  EXPECT_EQ(names(""), "abc");
  EXPECT_EQ(names("--status finished"), "ab");
  EXPECT_EQ(names("--status failed,lost"), "c");
  EXPECT_EQ(names("--tag team"), "bc");
  EXPECT_EQ(names("--tag team=x,keep"), "b");
  EXPECT_EQ(names("--filter 'val/rmse < 0.6 and not tag.team = x'"), "a");
  EXPECT_EQ(names("--filter 'lr = 4 or status = failed' --tag team"), "c");
  EXPECT_THAT(run("list p --filter 'rmse >'").err, HasSubstr("character"));
  EXPECT_EQ(names("--sort rmse"), "bac");
  EXPECT_EQ(names("--sort=-val/rmse"), "cab");
  EXPECT_EQ(names("--sort=-name"), "cba");
  EXPECT_THAT(run("list p").out, HasSubstr("rmse 0.25"));
  const Outcome wrong = run("list p --sort rmsee");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.err, HasSubstr("Runs cannot be sorted by 'rmsee'. Did you mean 'rmse'?"));
  EXPECT_THAT(run("list p --status done").err, HasSubstr("There is no status 'done'."));
  json("tag p b --remove keep");
  EXPECT_EQ(names("--tag keep"), "");
}

TEST_F(CliRuns, NotesAreShown) {
  EXPECT_EQ(run("note p a 'worth a second look'").status, 0);
  EXPECT_EQ(json("show p a").at("notes").at(0).at("text"), "worth a second look");
  EXPECT_THAT(run("show p a").out, HasSubstr("worth a second look"));
}

TEST_F(CliRuns, CompareTellsWhatDiffers) {
  const Json c = json("compare p a b");
  EXPECT_EQ(c.at("settings"), Json::parse(R"({"optimiser.lr": {"a": "4", "b": "8"}})"));
  EXPECT_EQ(c.at("graph").size(), 1u);
  EXPECT_EQ(c.at("graph").at("fc").at("b").at("params").at("out_features"), 8);
  EXPECT_EQ(c.at("metrics").at("val/rmse").at("a").at("best"), 0.5);
  EXPECT_THAT(run("compare p a b").out, HasSubstr("out_features"));
  EXPECT_THAT(run("compare p a c").out, HasSubstr("graph: the same"));
  EXPECT_THAT(run("compare p a d").err, HasSubstr("There is no run 'd'"));
}

TEST_F(CliRuns, DeletedRunsComeBackUntilTheTrashIsEmptied) {
  EXPECT_EQ(json("delete p a c").at("deleted"), Json::parse(R"(["a", "c"])"));
  EXPECT_EQ(names(""), "b");
  EXPECT_EQ(names("--deleted"), "ac");
  EXPECT_EQ(run("show p a").status, 1);
  EXPECT_EQ(json("restore p c").at("restored"), Json::parse(R"(["c"])"));
  EXPECT_THAT(run("restore p b").err, HasSubstr("There is no run 'b' in the trash"));
  EXPECT_EQ(json("gc p --dry-run").at("runs"), 1);
  EXPECT_EQ(names("--deleted"), "a");
  EXPECT_EQ(json("gc p").at("runs"), 1);
  EXPECT_EQ(names("--deleted"), "");
  EXPECT_EQ(names(""), "bc");
  EXPECT_EQ(run("restore p a").status, 1);
}

TEST_F(CliRuns, ExportWritesCsvAndJson) {
  EXPECT_EQ(
      run("export p a").out,
      "run,context,key,step,seconds,value\r\na,train,loss,1,0.5,2\r\na,train,loss,2,1,nan\r\na,val,rmse,2,1,0.5\r\n");
  EXPECT_EQ(json("export p --all -f json -o all.json").at("runs"), 3);
  const Json all = parseJson(readFile(folder_ / "all.json"), "all.json");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].at("metrics").at("train/loss").at("values"), Json::parse(R"([2.0, "nan"])"));
  EXPECT_EQ(all[1].at("project").at("name"), "p");
  EXPECT_THAT(run("export p -f xml").err, HasSubstr("xml"));
}

TEST_F(CliRuns, EverySubcommandHasHelp) {
  for (const char* name : {"list", "show", "compare", "export", "tag", "note", "delete", "restore", "gc"}) {
    const Outcome o = run(fmt::format("{} --help", name));
    EXPECT_EQ(o.status, 0) << name;
    EXPECT_THAT(o.out, HasSubstr("--json")) << name;
  }
}

// The peer reads what we wrote with TensorBoard's own loader.
TEST_F(CliRuns, TensorBoardReadsTheExport) {
  ASSERT_EQ(run("export p --all -f tensorboard -o tb").status, 0);
  const std::string python = test::peerPython();
  ASSERT_FALSE(python.empty()) << "No Python with TensorBoard was found. ./test installs one; or set NW_PEER_PY.";
  const Outcome o = test::runShell("'" + python + "' '" NETWRIGHT_SOURCE_DIR "/tests/peers/check_tensorboard.py' '" +
                                   (folder_ / "tb").string() + "'");
  EXPECT_EQ(o.status, 0) << o.out << o.err;
}

}  // namespace
}  // namespace netwright
