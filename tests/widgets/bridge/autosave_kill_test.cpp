// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of a process that edits a project: whatever the edits were and whenever it came, the last one is lost at
// most. 20 sequences; with NW_KILLS (./test --long) 200.
#include <gtest/gtest.h>
#include <signal.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/project/autosave.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/bridge/autosave.h"
#include "widgets/bridge/project_model.h"

namespace netwright::bridge {
namespace {

constexpr int kMostEdits = 400;

int sequences() { return std::getenv("NW_KILLS") ? 200 : 20; }

std::string hashOf(project::Project project) {
  project.name.clear();  // a new project is called after its folder
  return sha256Hex(project::toText(project));
}

// The same seed gives the same edits in any process.
class Editor {
 public:
  explicit Editor(const std::string& folder, uint32_t seed) : random_(seed), autosave_(&model_) { model_.open(folder); }

  void editOnce() {
    const graph::Document& d = model_.document();
    const graph::Node& node = d.nodes[random_() % d.nodes.size()];
    const auto kind = random_() % 9;
    last_ = std::to_string(kind);
    switch (kind) {
      case 0:
        model_.apply({"Move", {graph::Move{node.id, {double(random_() % 900), double(random_() % 900)}}}}, "move");
        break;
      case 1:
        if (d.nodes.size() > 3) model_.apply(graph::removeNodes(d, {node.id}, random_() % 2));
        break;
      case 2: {
        graph::Node made;
        made.id = d.freshId();
        made.kind = "relu";
        made.name = d.freshName("relu");
        model_.apply(graph::addNode(d, made, "ReLU"));
        break;
      }
      case 3:
        model_.apply(graph::rename(d, node.id, d.freshName("n")));
        break;
      case 4:
        model_.undoStack()->undo();
        break;
      case 5:
        model_.undoStack()->redo();
        break;
      case 6:
        if (random_() % 4 == 0) model_.save();
        break;
      default: {
        run::RunConfig config = model_.project().run;
        config.epochs = 1 + random_() % 1000;
        model_.setRunConfig(config, "Change epochs");
      }
    }
  }
  std::string hash() const { return hashOf(model_.project()); }
  // What a kill would leave once the write that is going on has ended.
  std::string keptHash() {
    autosave_.flush();
    if (!std::filesystem::exists(autosave_.file())) return hashOf(project::load(model_.folder()));
    const Json json = parseJson(readFile(autosave_.file()), "autosave");
    return hashOf(project::fromText(json["project"].get<std::string>(), "autosave"));
  }
  const std::string& last() const { return last_; }

 private:
  std::mt19937 random_;
  std::string last_;
  ProjectModel model_;
  Autosave autosave_;
};

// What the process that is killed does: edits, and one letter on its output after each.
TEST(AutosaveChild, DISABLED_EditsUntilItIsKilled) {
  useBuiltPrograms();
  Editor editor(qEnvironmentVariable("NW_TEST_FOLDER").toStdString(), qEnvironmentVariableIntValue("NW_TEST_SEED"));
  std::fputs("begin:", stdout);
  for (int i = 0; i < kMostEdits; ++i) {
    editor.editOnce();
    std::fputc('.', stdout);
    std::fflush(stdout);
  }
}

class AutosaveKill : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    qputenv("XDG_STATE_HOME", (temporary.path() + "/state").toLocal8Bit());
  }
  void TearDown() override { qunsetenv("XDG_STATE_HOME"); }

  // The number of edits that were reported when it was killed.
  int killedAfter(const QString& folder, int seed, int edits) {
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("NW_TEST_FOLDER", folder);
    environment.insert("NW_TEST_SEED", QString::number(seed));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(),
                {"--gtest_also_run_disabled_tests", "--gtest_filter=AutosaveChild.*"});
    QByteArray output;
    const auto reported = [&] {
      const qsizetype begin = output.indexOf("begin:");
      return begin < 0 ? 0 : static_cast<int>(output.mid(begin + 6).count('.'));
    };
    while (reported() < edits && child.waitForReadyRead(60000)) output += child.readAllStandardOutput();
    ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
    child.waitForFinished();
    output += child.readAllStandardOutput();
    return std::min(reported(), kMostEdits);
  }
  QTemporaryDir temporary;
};

TEST_F(AutosaveKill, LosesTheLastEditAtMost) {
  std::mt19937 random(7);
  int recovered = 0;
  for (int seed = 1; seed <= sequences(); ++seed) {
    const QString folder = temporary.filePath(QString("p%1").arg(seed)), twin = folder + "-twin";
    project::createProject(folder.toStdString(), "spirals-mlp");
    project::createProject(twin.toStdString(), "spirals-mlp");
    const int done = killedAfter(folder, seed, 1 + static_cast<int>(random() % 60));
    ASSERT_GT(done, 0);
    // The same edits again, here: what the project was after each.
    std::vector<std::string> after;
    {
      Editor editor(twin.toStdString(), static_cast<uint32_t>(seed));
      after.push_back(editor.hash());
      for (int i = 0; i < done + 1; ++i) {
        editor.editOnce();
        after.push_back(editor.hash());
      }
    }
    const auto left = project::leftAutosaves();
    ASSERT_LE(left.size(), 1u);
    recovered += static_cast<int>(left.size());
    const std::string found = hashOf(left.empty() ? project::load(folder.toStdString()) : left[0].autosave.project);
    const std::string next = after.back();  // it may have been done without being reported
    after.pop_back();
    after.erase(std::unique(after.begin(), after.end()), after.end());  // saving is no edit, nor is undo at the end
    const std::string before = after.size() > 1 ? after[after.size() - 2] : after.back();
    EXPECT_TRUE(found == before || found == after.back() || found == next)
        << "seed " << seed << ", killed after " << done << " edits, has those up to "
        << after.rend() - std::find(after.rbegin(), after.rend(), found) - 1 << " of " << after.size() - 1;
    if (!left.empty()) project::discardAutosave(left[0].file);
  }
  EXPECT_GT(recovered, sequences() / 2) << "most sequences end with unsaved edits";
}

TEST_F(AutosaveKill, EveryEditIsKeptOrSaved) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    const QString folder = temporary.filePath(QString("e%1").arg(seed));
    project::createProject(folder.toStdString(), "spirals-mlp");
    Editor editor(folder.toStdString(), seed);
    std::string kinds;
    for (int i = 0; i < 40; ++i) {
      editor.editOnce();
      kinds += editor.last();
      ASSERT_EQ(editor.keptHash(), editor.hash()) << "seed " << seed << ", after edits of the kinds " << kinds;
    }
  }
}

// R9: 1,000 nodes. The time is told, not judged.
TEST_F(AutosaveKill, RecoversAThousandNodes) {
  const QString folder = temporary.filePath("large");
  project::Project project = project::createProject(folder.toStdString(), "spirals-mlp");
  project::Project edited = project;
  for (int i = 0; i < 1000; ++i) {
    graph::Node node;
    node.id = edited.graph.freshId();
    node.kind = "relu";
    node.name = "r" + std::to_string(i);
    edited.graph.nodes.push_back(node);
  }
  ProjectModel model;
  model.open(folder.toStdString());
  Autosave autosave(&model);
  model.adopt(edited, "Many");
  autosave.flush();
  QElapsedTimer timer;
  timer.start();
  run::RunConfig config = model.project().run;
  config.epochs = 77;
  model.setRunConfig(config, "Epochs");
  RecordProperty("edit_ms", static_cast<int>(timer.restart()));
  autosave.flush();
  RecordProperty("written_after_ms", static_cast<int>(timer.restart()));
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(project::autosaveFolder()))
    files.push_back(entry.path());
  ASSERT_EQ(files.size(), 1u);
  std::string text = readFile(files[0]);
  text.replace(text.find("\"pid\":"), 6, "\"pid\":9");  // a process that does not exist
  writeFileAtomic(files[0], text);
  timer.restart();
  const auto left = project::leftAutosaves();
  ASSERT_EQ(left.size(), 1u);
  ProjectModel other;
  other.open(folder.toStdString());
  other.adopt(left[0].autosave.project, "Recover");
  std::printf("Recovery of 1,000 nodes: %d ms\n", static_cast<int>(timer.elapsed()));
  EXPECT_EQ(other.document().nodes.size(), edited.graph.nodes.size());
  EXPECT_EQ(other.project().run.epochs, 77);
}

}  // namespace
}  // namespace netwright::bridge
