// SPDX-License-Identifier: Apache-2.0
// The command line as a person and a script meet it: names, exit codes, JSON, messages. Runs the built programs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/project/project.h"
#include "tests/support/digits.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::Outcome;
using test::TempFolder;
using ::testing::HasSubstr;

class Cli : public ::testing::Test {
 protected:
  Outcome run(const std::string& arguments, const std::string& environment = "") const {
    return test::runShell(fmt::format("cd '{}' && {} '{}/netwright-cli' {}", folder_.path().string(), environment,
                                      NETWRIGHT_BIN_DIR, arguments));
  }
  Json json(const std::string& arguments) const {
    const Outcome o = run(arguments + " --json");
    EXPECT_EQ(o.status, 0) << arguments << "\n" << o.err;
    return parseJson(o.out, arguments);
  }
  TempFolder folder_;
};

TEST_F(Cli, DoesTheWholeJob) {
  test::makeTinyProject(folder_ / "p");
  EXPECT_EQ(json("validate p").at("ok"), true);
  EXPECT_EQ(json("summary p").at("parameters"), 4 * 9 + 4 + 8 + 144 * 4 + 4);
  const Json trained = json("train p --epochs 3 --seed 5 --name first");
  EXPECT_EQ(trained.at("run"), "first");
  EXPECT_EQ(trained.at("epochs").size(), 3u);
  EXPECT_EQ(trained.at("stopped"), false);
  const Json runs = json("runs list p");
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].at("status"), "FINISHED");
  EXPECT_EQ(runs[0].at("seed"), 5);
  for (const char* reference : {"first", "1", "latest"})
    EXPECT_EQ(json(fmt::format("runs show p {}", reference)).at("name"), "first");
  EXPECT_EQ(json("runs show p").at("params").at("epochs"), "3");
  const Json evaluated = json("eval p first --split test");
  EXPECT_EQ(evaluated.at("samples"), 40);
  EXPECT_GT(evaluated.at("accuracy").get<double>(), 0.5);
  for (const char* format : {"onnx", "pth", "torchscript", "safetensors"}) {
    const Json exported = json(fmt::format("export p first --format {0} -o m.{0}", format));
    EXPECT_EQ(exported.at("ok"), true) << exported.dump();
    EXPECT_TRUE(std::filesystem::exists(folder_ / (std::string("m.") + format)));
  }
}

TEST_F(Cli, ListsTemplatesAndLayers) {
  const Json templates = json("templates");
  const auto cnn =
      std::find_if(templates.begin(), templates.end(), [](const Json& t) { return t["id"] == "digits-cnn"; });
  ASSERT_NE(cnn, templates.end());
  EXPECT_EQ(cnn->at("topic"), "vision");
  EXPECT_EQ(cnn->at("parameters"), 421642);
  bool conv = false;
  for (const Json& l : json("layers")) conv |= l.at("id") == "conv2d" && l.at("torch") == "nn.Conv2d";
  EXPECT_TRUE(conv);
  EXPECT_THAT(run("layers conv2d").out, HasSubstr("kernel_size"));
}

TEST_F(Cli, ExplainsByTheNamesThatPeopleUse) {
  for (const char* name : {"conv2d", "nn.Conv2d", "Conv2D", "layers.Conv2D"})
    EXPECT_EQ(run(std::string("help ") + name).out.rfind("Conv2d  layer, Convolution", 0), 0u) << name;
  EXPECT_EQ(run("help adam").out.rfind("Adam  optimiser", 0), 0u);
  EXPECT_THAT(run("help linear").out, HasSubstr("There is also: schedule/linear, op/linear"));
  EXPECT_EQ(run("layers conv2d").out + "\nThere is also: op/conv2d\n", run("help conv2d").out);
  const Json page = json("help cross_entropy");
  EXPECT_EQ(page.at("key"), "layer/cross_entropy");
  EXPECT_EQ(page.at("torch"), "nn.CrossEntropyLoss");
  EXPECT_EQ(page.at("sections").at(0).at("id"), "use");
  EXPECT_GT(json("help").size(), 500u);
  EXPECT_THAT(run("help").out, HasSubstr("Layers: Activation\n"));
}

TEST_F(Cli, SaysWhichPageWasMeant) {
  const Outcome o = run("help conv2");
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.err, HasSubstr("There is no help page 'conv2'. Did you mean 'conv2d'?"));
  const std::string word = run("help checkerboard").err;
  EXPECT_THAT(word, HasSubstr("There is no help page 'checkerboard'.\n  These speak of it: layer/upsample, "));
}

TEST_F(Cli, WritesTheHelpAsHtml) {
  EXPECT_THAT(run("help --html pages").out, HasSubstr("pages in pages/index.html"));
  EXPECT_THAT(readFile(folder_ / "pages/layer/relu.html"), HasSubstr("<h1>ReLU</h1>"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "pages/help.css"));
}

TEST_F(Cli, TemplatesAreWhatTheirProgramsMake) {
  const Outcome checked = test::runShell(
      fmt::format("NETWRIGHT_BIN='{}' '{}/tools/templates/make' --check", NETWRIGHT_BIN_DIR, NETWRIGHT_SOURCE_DIR));
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
}

TEST_F(Cli, MakesAProjectThatIsSound) {
  EXPECT_EQ(run("new --template digits-mlp a").status, 0);
  EXPECT_EQ(run("validate a").status, 0);
  const Outcome again = run("new --template digits-mlp a");
  EXPECT_EQ(again.status, 1);
  EXPECT_EQ(again.err, "✗ a exists already and is not empty.\n  Choose another folder; nothing was changed.\n");
}

TEST_F(Cli, ExitCodesTellWhoseFaultItIs) {
  test::makeTinyProject(folder_ / "p");
  EXPECT_EQ(run("validate p --set fc.in_features=10").status, 1);
  EXPECT_EQ(run("train p --set fc.in_features=10").status, 1);
  EXPECT_EQ(run("train p --epochs 0").status, 1);
  EXPECT_EQ(run("train").status, 2);
  EXPECT_EQ(run("trian p").status, 2);
  EXPECT_EQ(run("train p --set epochs").status, 2);
  EXPECT_EQ(run("train p --device tpu").status, 3);
  EXPECT_EQ(run("train p", "NETWRIGHT_ENGINE=/nowhere/engine").status, 3);
  EXPECT_EQ(run("--help").status, 0);
  EXPECT_EQ(run("--version").out, "netwright-cli " NETWRIGHT_VERSION "\n");
}

TEST_F(Cli, SaysWhatIsWrongWithFix) {
  test::makeTinyProject(folder_ / "p");
  const Outcome o = run("validate p --set fc.in_features=10");
  EXPECT_THAT(o.out, HasSubstr("✗ Linear 'fc' expects 10 input features but receives 144. NW-S003\n  x (N, 1, 8, 8) → "
                               "Conv2d 'conv' (N, 4, 6, 6) → … → Flatten 'flatten' (N, 144)\n  [Let fc take 144]\n"));
  EXPECT_THAT(
      run("eval p").err,
      ::testing::MatchesRegex("✗ The project .*/p has no runs yet.\n  Train it first: netwright-cli train .*/p\n"));
  EXPECT_EQ(run("export p --format onx").err,
            "✗ There is no format 'onx'. Did you mean 'onnx'?\n  Choose one with --format: onnx, pth, safetensors, "
            "torchscript, libtorch, cpp, pytorch.\n");
  EXPECT_EQ(run("runs show nowhere").err,
            "✗ There is no project in nowhere.\n  The file project.json is missing.\n  Make one with: netwright-cli "
            "new --template digits-cnn nowhere\n");
  EXPECT_EQ(run("train p --batch 16,32").err,
            "✗ 'batch_size' takes one value, but '16,32' has 2.\n  A run is trained with one value of each setting.\n"
            "  Train once for each, then compare the runs: netwright-cli train --set batch_size=16, and so on; "
            "netwright-cli runs compare.\n");
}

TEST_F(Cli, SettingsApplyInTheirOrder) {
  test::makeTinyProject(folder_ / "p");
  EXPECT_EQ(run("train p --epochs 1 --lr 0.5 --set optimiser=sgd --set momentum=0.9").status, 0);
  const Json params = json("runs show p").at("params");
  EXPECT_EQ(params.at("optimiser"), "sgd");
  EXPECT_EQ(params.at("optimiser.lr"), "0.5");
  EXPECT_EQ(params.at("optimiser.momentum"), "0.9");
}

TEST_F(Cli, SettingsFollowVariables) {
  test::makeTinyProject(folder_ / "p");
  project::Project p = project::load(folder_ / "p");
  p.graph.variables = {{"base", 0.1, ""}, {"n", int64_t{3}, ""}};
  for (const auto& [name, formula] : {std::pair("epochs", "=n - 1"), std::pair("lr", "=base / 2")})
    project::setByName(p, name, formula);
  project::save(p, folder_ / "p");
  EXPECT_EQ(run("train p").status, 0);
  const Json params = json("runs show p").at("params");
  EXPECT_EQ(params.at("epochs"), "2");
  EXPECT_EQ(params.at("optimiser.lr"), "0.05");
  EXPECT_EQ(json("train p --set n=2 --set base=0.5").at("epochs").size(), 1u);
  EXPECT_EQ(json("runs show p").at("params").at("optimiser.lr"), "0.25");
  EXPECT_EQ(json("resume p latest --epochs =n+1").at("epochs").size(), 2u);
  const Outcome wrong = run("train p --set 'lr==bas / 2'");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_EQ(wrong.err, "✗ Adam: lr = bas / 2 cannot be computed (unknown name 'bas'; did you mean 'base'?).\n");
  EXPECT_EQ(run("validate p --set batch_size==n-3").out,
            "✗ The run: batch_size must be at least 1 but is 0. NW-P001\n");
  EXPECT_EQ(run("export p --format onnx --set opset==n").err,
            "✗ The option opset of ONNX takes no formula.\n  Write a value.\n");
}

TEST_F(Cli, WeightsFromElsewhereAreExplainedAndApplied) {
  test::makeTinyProject(folder_ / "p");
  ASSERT_EQ(run("train p --epochs 1").status, 0);
  ASSERT_EQ(run("export p --format torchscript -o m.pt").status, 0);
  const Json table = json("weights p m.pt");
  EXPECT_EQ(table.at("matched"), 9);
  EXPECT_EQ(table.at("unused"), Json::array());
  EXPECT_EQ(table.at("weights")[0].at("how"), "name");
  const Outcome applied = run("weights p m.pt --apply");
  EXPECT_EQ(applied.status, 0) << applied.err;
  EXPECT_THAT(applied.out, HasSubstr("9 of 9 weights are in the file; 0 of its tensors are not used.\n"));
  EXPECT_THAT(applied.out, HasSubstr("The next run starts from weights/m.safetensors."));
  EXPECT_EQ(project::load(folder_ / "p").run.start, "file:weights/m.safetensors");
  EXPECT_EQ(run("train p --epochs 1 --lr 0").status, 0);
  EXPECT_THAT(run("weights p project.json").err, HasSubstr("There is no file project.json."));
  EXPECT_THAT(run("weights p p/project.json").err, HasSubstr("holds no weights that Netwright can read."));
}

TEST_F(Cli, TrainsWithSchedulesThatCombineOthers) {
  ASSERT_EQ(run("new p --template penguins").status, 0);
  EXPECT_EQ(run("train p --epochs 2 --set optimiser=lion --set "
                "'schedule=sequential(linear(total_iters=1), cosine, milestones=1)'")
                .status,
            0);
  const auto params = json("runs show p latest").at("params");
  EXPECT_EQ(params.at("schedule"), "sequential");
  EXPECT_EQ(params.at("schedule.parts"), "linear(total_iters=1), cosine");
  EXPECT_THAT(run("train p --set 'schedule=sequential(linear, cosine, milestones=(1, 2))'").err,
              HasSubstr("One after another: milestones must be one less than its 2 parts but are 2."));
  EXPECT_THAT(run("optimisers lbfgs").out, HasSubstr("torch.optim.LBFGS"));
  EXPECT_THAT(run("optimisers adamm").err, HasSubstr("There is no optimiser 'adamm'. Did you mean 'adam'?"));
  EXPECT_EQ(json("schedules sequential").at("torch"), "torch.optim.lr_scheduler.SequentialLR");
}

TEST_F(Cli, NamesUnknownCommands) {
  const Outcome o = run("trian p");
  EXPECT_EQ(o.err,
            "✗ There is no command 'trian'. Did you mean 'train'?\n  'netwright-cli --help' lists the commands.\n");
}

TEST_F(Cli, NamesBadDataFiles) {
  test::makeTinyProject(folder_ / "p");
  const auto images = folder_ / "p/data/train-images-idx3-ubyte";
  writeFileAtomic(images, readFile(images).substr(0, 1000));
  const Outcome o = run("train p");
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.err, HasSubstr("train-images-idx3-ubyte"));
  EXPECT_THAT(o.err, HasSubstr("120 images of 8 x 8 = 7,680 bytes"));
}

TEST_F(Cli, TellsWhenTheEngineDies) {
  test::makeTinyProject(folder_ / "p");
  writeFileAtomic(folder_ / "engine", "#!/bin/sh\necho broken driver >&2\nkill -9 $$\n");
  std::filesystem::permissions(folder_ / "engine", std::filesystem::perms::owner_all);
  const Outcome o = run("train p", fmt::format("NETWRIGHT_ENGINE='{}'", (folder_ / "engine").string()));
  EXPECT_EQ(o.status, 3);
  EXPECT_EQ(o.err,
            "✗ The engine was ended by signal 9 (Killed).\n  broken driver\n\n  Try again; 'netwright-cli doctor' "
            "checks the engine.\n");
  writeFileAtomic(folder_ / "engine", "#!/bin/sh\necho this is no message at all\n");
  std::filesystem::permissions(folder_ / "engine", std::filesystem::perms::owner_all);
  const Outcome garbage = run("train p", fmt::format("NETWRIGHT_ENGINE='{}'", (folder_ / "engine").string()));
  EXPECT_EQ(garbage.status, 3);
  EXPECT_THAT(garbage.err, HasSubstr("The engine sent something that is no message"));
}

TEST_F(Cli, AnInterruptSavesACheckpointAndEndsWith130) {
  test::makeTinyProject(folder_ / "p");
  // timeout sends SIGINT once the first checkpoint is there; the run itself would take far longer.
  const Outcome o = test::runShell(
      fmt::format("cd '{}' && ( '{}/netwright-cli' train p --epochs 100000 --name long & p=$!; while ! ls "
                  "p/artifacts/long/*.json >/dev/null 2>&1; do kill -0 $p || exit 9; done; kill -INT $p; wait $p )",
                  folder_.path().string(), NETWRIGHT_BIN_DIR));
  EXPECT_EQ(o.status, 130) << o.out << o.err;
  EXPECT_THAT(o.out, HasSubstr("Stopped; a checkpoint was saved."));
  EXPECT_EQ(json("runs list p")[0].at("status"), "KILLED");
}

TEST_F(Cli, DoctorIsGreen) {
  test::makeTinyProject(folder_ / "p");
  const Json checked = json("doctor p");
  EXPECT_EQ(checked.at("ok"), true) << checked.dump(1);
  std::map<std::string, std::string> parts;
  for (const Json& c : checked.at("checks")) parts[c.at("part")] = c.at("detail");
  EXPECT_THAT(parts["engine"], HasSubstr("LibTorch 2.13.0, "));
  EXPECT_THAT(parts["database"], HasSubstr("SQLite 3."));
  EXPECT_THAT(parts["libraries"], HasSubstr("libzip 1."));
  EXPECT_THAT(parts["window"], HasSubstr("(Qt 6."));
  EXPECT_THAT(parts["project"], HasSubstr("p: its database is sound"));
}

TEST_F(Cli, DoctorNamesADamagedDatabase) {
  test::makeTinyProject(folder_ / "p");
  writeFileAtomic(folder_ / "p/runs.sqlite", std::string(5000, 'x'));
  const Outcome o = run("doctor p");
  EXPECT_EQ(o.status, 3);
  EXPECT_THAT(o.out, HasSubstr("✗ project"));
  EXPECT_THAT(o.out, HasSubstr("runs.sqlite"));
}

}  // namespace
}  // namespace netwright
