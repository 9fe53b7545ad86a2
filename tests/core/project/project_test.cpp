// SPDX-License-Identifier: Apache-2.0
#include "core/project/project.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/project/fix_edit.h"
#include "core/project/prepare.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

using netwright::test::messageOf;
using netwright::test::TempFolder;

class Projects : public ::testing::Test {
 protected:
  void SetUp() override { ::setenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources", 1); }
};

TEST_F(Projects, EachTemplateIsSoundAndRoundTripsToTheByte) {
  for (const Template& t : templates()) {
    SCOPED_TRACE(t.id);
    const Project p = t.project();
    const std::string text = toText(p);
    EXPECT_EQ(readFile(projectFile(resourceFolder() / "templates" / t.id)), text) << "not as the program writes it";
    EXPECT_EQ(fromText(text, t.id), p);
    EXPECT_EQ(t.title, p.name);
    EXPECT_EQ(t.description, p.description);
    EXPECT_FALSE(t.description.empty());
    const TempFolder folder;
    const Prepared prepared = prepare(p, folder.path());
    EXPECT_TRUE(prepared.diagnostics.empty()) << (prepared.diagnostics.empty() ? "" : prepared.diagnostics[0].text());
  }
}

TEST_F(Projects, EachTemplateHasOneTopic) {
  std::vector<std::string> listed, folders;
  for (const Topic& topic : topics()) {
    EXPECT_FALSE(topic.title.empty());
    for (const Template& t : topic.templates) listed.push_back(t.id);
  }
  for (const auto& entry : std::filesystem::directory_iterator(resourceFolder() / "templates"))
    if (entry.is_directory()) folders.push_back(entry.path().filename().string());
  std::sort(listed.begin(), listed.end());
  std::sort(folders.begin(), folders.end());
  EXPECT_EQ(listed, folders);
}

// The fix of the only diagnostic, applied.
Project fixed(const Project& p, const Diagnostic& d) {
  Project out = p;
  EXPECT_EQ(d.fixes.size(), 1u) << d.text();
  if (!d.fixes.empty()) graph::apply(out.graph, fixEdit(out.graph, d.fixes[0]));
  return out;
}

TEST_F(Projects, SaysBeforeARunWhenTheDataHasMoreClassesThanTheNetworkHasScores) {
  const TempFolder folder;
  Project p = findTemplate("digits-mlp").project();
  setByName(p, "fc3.out_features", "7");
  const Prepared prepared = prepare(p, folder.path());
  ASSERT_EQ(prepared.diagnostics.size(), 1u);
  EXPECT_EQ(prepared.diagnostics[0].text(),
            "The column 'label' has 10 classes (0, 1, 2, 3, ...), but Cross entropy on 'digit' gets scores for 7. Give "
            "the last layer 10 outputs.");
  EXPECT_EQ(prepared.diagnostics[0].fixes.at(0).label, "Set out_features of fc3 to 10");
  EXPECT_TRUE(prepare(fixed(p, prepared.diagnostics[0]), folder.path()).ok());
}

TEST_F(Projects, SaysBeforeARunWhenATableHasTooFewEntriesForACategory) {
  const TempFolder folder;
  Project p;
  p.graph = test::chain(
      {}, {{"embedding", "table", {{"num_embeddings", int64_t{2}}}}, {"linear", "fc", {{"out_features", int64_t{2}}}}});
  p.graph.nodes.front().params["dtype"] = std::string("int64");
  p.graph.nodes.front().name = "letter";
  const std::vector<data::ColumnSpec> columns{
      {.name = "letter", .dtype = DType::Int64, .classes = {"a", "b", "c"}},
      {.name = "kind", .dtype = DType::Int64, .role = data::Role::Target, .classes = {"x", "y"}}};
  p.run.objectives[0].terms[0].target = "kind";
  const Prepared prepared = prepare(p, columns);
  ASSERT_EQ(prepared.diagnostics.size(), 1u) << prepared.diagnostics[0].text();
  EXPECT_EQ(prepared.diagnostics[0].text(),
            "The column 'letter' has 3 different values (a, b, c), but Embedding 'table' has 2 entries. Set "
            "num_embeddings to 3.");
  EXPECT_TRUE(prepare(fixed(p, prepared.diagnostics[0]), columns).ok());
}

TEST_F(Projects, AnInputThatIsTheTargetTooMustStillFitTheData) {
  const TempFolder folder;
  Project p = findTemplate("autoencoder").project();
  EXPECT_TRUE(prepare(p, folder.path()).ok());
  setByName(p, "image.shape", "1, 30, 28");
  const Prepared prepared = prepare(p, folder.path());
  const auto fits = std::find_if(prepared.diagnostics.begin(), prepared.diagnostics.end(),
                                 [](const Diagnostic& d) { return d.code == "NW-D002"; });
  ASSERT_NE(fits, prepared.diagnostics.end());
  EXPECT_EQ(fits->fixes.at(0).label, "Set the shape of image to (1, 28, 28)");
}

TEST_F(Projects, TheMainTemplateHasItsKnownSize) {
  const TempFolder folder;
  EXPECT_EQ(prepare(findTemplate("digits-cnn").project(), folder.path()).lowered.program.parameterCount(), 421642);
}

TEST_F(Projects, EachNodeAndWireHasALineOfItsOwn) {
  const std::string text = toText(findTemplate("digits-linear").project());
  EXPECT_NE(text.find("\n      {\"id\":2,\"kind\":\"flatten\""), std::string::npos) << text;
  EXPECT_NE(text.find("\n      [\"1.y\",\"2.x\"],\n"), std::string::npos) << text;
}

TEST_F(Projects, KeepsMembersOfOtherVersions) {
  const Project p = fromText(R"({"netwright": 1, "name": "a", "future": {"x": [1, {"y": null}]}})", "p");
  EXPECT_NE(toText(p).find("\"future\""), std::string::npos);
  EXPECT_EQ(fromText(toText(p), "p"), p);
}

TEST_F(Projects, RefusesNewerForeignAndCutFiles) {
  EXPECT_EQ(messageOf([] { fromText(R"({"netwright": 99})", "p.json"); }),
            "p.json has the format 99, but this program knows formats up to 1. It was written by a newer version. "
            "Update Netwright to open it; the file was not changed.");
  EXPECT_EQ(messageOf([] { fromText(R"({"a": 1})", "p.json"); }),
            "p.json is not a Netwright project. It has no member \"netwright\" with the format number. Choose a folder "
            "made by 'netwright-cli new' or by the window.");
  EXPECT_EQ(messageOf([] { fromText("{\"netwright\": 1,\n\"name\": \"x\n", "p.json"); }),
            "p.json is not valid JSON: error at line 2, column 11. Restore it from a backup or version control, or "
            "mend that line.");
  EXPECT_EQ(messageOf([] { fromText("{\"netwright\": 1,", "p.json"); }),
            "p.json is not valid JSON: error at line 1, column 17. The file ends too early; it looks cut off. Restore "
            "it from a backup or version control, or mend that line.");
}

TEST_F(Projects, RefusesAFolderThatIsTakenOrEmptyOrUnknown) {
  const TempFolder folder;
  std::vector<std::string> ids;
  for (const Template& t : templates()) ids.push_back(t.id);
  createProject(folder / "a", "digits-mlp");
  EXPECT_EQ(load(folder / "a").name, "a");
  EXPECT_EQ(messageOf([&] { createProject(folder / "a", "digits-mlp"); }),
            (folder / "a").string() + " exists already and is not empty. Choose another folder; nothing was changed.");
  EXPECT_EQ(messageOf([&] { createProject(folder / "b", "digits-ccn"); }),
            fmt::format("There is no template 'digits-ccn'. Did you mean 'digits-cnn'? Known: {}.", joined(ids, ", ")));
  EXPECT_EQ(messageOf([&] { load(folder.path()); }),
            "There is no project in " + folder.path().string() +
                ". The file project.json is missing. Make one with: netwright-cli new --template digits-cnn " +
                folder.path().string());
}

TEST_F(Projects, SaysWhichFolderCannotBeWritten) {
  const TempFolder folder;
  writeFileAtomic(folder / "file", "");  // root may write anywhere, but not below a file
  const std::string message = messageOf([&] { save(Project{}, folder / "file" / "p"); });
  EXPECT_EQ(message, "Could not make the folder " + (folder / "file" / "p").string() +
                         ". Not a directory. Choose a folder that you may write to.");
}

TEST_F(Projects, SetsByNameAsTyped) {
  const TempFolder folder;
  Project p = netwright::test::makeTinyProject(folder.path());
  setByName(p, "conv.kernel_size", "5");
  setByName(p, "conv.padding", "2, 1");
  setByName(p, "epochs", "9");
  setByName(p, "lr", "0.5");
  setByName(p, "data.validation", "0.25");
  setByName(p, "frozen", "conv.*, fc.bias");
  setByName(p, "regularisers", "l2:0.001");
  setByName(p, "initialisers", "orthogonal");
  setByName(p, "metrics", "accuracy/fc");
  EXPECT_EQ(p.run.frozen, (std::vector<std::string>{"conv.*", "fc.bias"}));
  EXPECT_EQ(p.run.objectives[0].regularisers.at(0), (run::Regulariser{"*.weight", "l2", 0.001, ""}));
  EXPECT_EQ(p.run.initialisers.at(0).kind, "orthogonal");
  EXPECT_EQ(p.run.metrics, (std::vector<std::string>{"accuracy/fc"}));
  EXPECT_EQ(p.graph.findByName("conv")->params.at("kernel_size"), Attribute(int64_t{5}));
  EXPECT_EQ(p.graph.findByName("conv")->params.at("padding"), Attribute(std::vector<int64_t>{2, 1}));
  EXPECT_EQ(p.run.epochs, 9);
  EXPECT_EQ(p.data.validation, 0.25);
  EXPECT_EQ(p.run.objectives[0].optimiser.params.at("lr"), Attribute(0.5));
  EXPECT_EQ(messageOf([&] { setByName(p, "conv.kernel", "5"); }),
            "Conv2d 'conv' has no parameter 'kernel'. It has: in_channels, out_channels, kernel_size, stride, padding, "
            "dilation, groups, bias, padding_mode, parametrization.");
  EXPECT_EQ(messageOf([&] { setByName(p, "cnv.kernel_size", "5"); }),
            "The graph has no node 'cnv'. Did you mean 'conv'?");
  EXPECT_EQ(messageOf([&] { setByName(p, "epoch", "5"); }),
            "There is no setting 'epoch'. Did you mean 'epochs'? Settings of nodes are written node.param, for example "
            "conv1.kernel_size=5.");
  EXPECT_EQ(
      messageOf([&] { setByName(p, "epochs", "16,32"); }),
      "'epochs' takes one value, but '16,32' has 2. A run is trained with one value of each setting. Train once for "
      "each, then compare the runs: netwright-cli train --set epochs=16, and so on; netwright-cli runs compare.");
}

TEST_F(Projects, FindsInputsThatDoNotFitTheData) {
  const TempFolder folder;
  Project p = netwright::test::makeTinyProject(folder.path());
  setByName(p, "x.shape", "1, 9, 9");
  const Prepared prepared = prepare(p, folder.path());
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.diagnostics[0].text(), "Input 'x' expects samples of (1, 9, 9) but column 'image' has (1, 8, 8).");
  EXPECT_EQ(prepared.diagnostics[0].fixes[0].label, "Set the shape of x to (1, 8, 8)");
}

}  // namespace
}  // namespace netwright::project
