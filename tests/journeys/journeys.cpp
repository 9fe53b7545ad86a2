// SPDX-License-Identifier: Apache-2.0
// nw_journeys: the journeys by which the window is judged, done as a person does them, each with the number of its
// clicks and keys beside the number that it may take. Prints a row of docs/journeys.md for each; 1 if one took more.
// Usage: nw_journeys [J1 J2 ...], on a virtual screen: tests/journeys/run.
#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QWindow>
#include <csignal>
#include <memory>

#include "core/base/file.h"
#include "core/project/project.h"
#include "core/store/recorder.h"
#include "tests/journeys/hand.h"
#include "widgets/editor/design_page.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/editor/graph_view.h"
#include "widgets/editor/node_item.h"
#include "widgets/main_window.h"
#include "widgets/panels/export_dialog.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/runs_page.h"
#include "widgets/panels/train_page.h"
#include "widgets/theme/theme.h"

namespace netwright {

void Hand::drop(const QString& file) {
  ++actions_;
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(file)});
  QDragEnterEvent enter({500, 400}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window_, &enter);
  QDropEvent drop(QPointF(500, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window_, &drop);
}

namespace {

using State = bridge::RunModel::State;

QTemporaryDir* home = nullptr;
bool tooMany = false;

struct Window {
  Window() {
    window.resize(1280, 800);
    window.move(0, 0);
    window.show();
    Hand::await("the window", [this] { return window.isVisible() && window.windowHandle()->isExposed(); });
    QProcess::execute("xdotool", {"windowfocus", QString::number(window.winId())});
    Hand::await("the keyboard", [this] { return window.isActiveWindow(); });
  }
  ~Window() {
    window.run().kill();
    window.project().undoStack()->setClean();
  }
  void await(State state, const char* what) {
    Hand::await(what, [&] { return window.run().state() == state; });
  }
  MainWindow window;
  Hand hand{window};
};

// allowed: 0 where no number is given.
void row(const char* journey, const char* what, int allowed, int counted, const QString& seen) {
  std::printf("| %s | %s | %s | %d | %s |\n", journey, what, allowed ? qPrintable(QString::number(allowed)) : "-",
              counted, qPrintable(seen));
  std::fflush(stdout);
  if (allowed && counted > allowed) tooMany = true;
}

QString seconds(const QElapsedTimer& since) { return QString("%1 s").arg(since.elapsed() / 1000.0, 0, 'f', 1); }

void fewEpochs(MainWindow& window, int64_t epochs) {  // not a part of any journey: saves the machine's time
  run::RunConfig config = window.project().project().run;
  config.epochs = epochs;
  window.project().setRunConfig(config, "Epochs");
}

// Also J8, which goes on from the trained network.
void j1AndJ8() {
  QElapsedTimer clock;
  clock.start();
  Window w;
  w.hand.click("template-digits-mlp");
  w.hand.click("train");
  double best = 0;
  QString when = "not reached";
  Hand::await("97 % of the digits", [&] {
    const auto& values = w.window.run().lastValues();
    if (const auto it = values.find("val/accuracy"); it != values.end()) best = std::max(best, it->second);
    return best >= 0.97;
  });
  when = seconds(clock);
  row("J1", "first start to a digit recogniser of 97 %", 3, w.hand.actions(),
      QString("%1 % after %2 (at most 60 s)").arg(best * 100, 0, 'f', 1).arg(when));
  w.await(State::Finished, "the end of the run");
  w.hand.forget();
  w.hand.click("export-run");
  auto* dialog = w.window.findChild<panels::ExportDialog*>();
  w.hand.click("start-export");
  Hand::await("the proof", [&] { return dialog->outcome().has_value(); });
  row("J8", "export, checked by node before and compared after", 3, w.hand.actions(),
      QString::fromStdString(dialog->outcome()->comparison.text()));
}

void j2() {
  QString good = "species,island,mass\n", bad = good;
  for (int i = 0; i < 200; ++i)
    good += QString("%1,%2,%3\n").arg(i % 2 ? "Adelie" : "Gentoo", i % 3 ? "Dream" : "Biscoe").arg(i % 2 * 500 + i);
  bad += "Adelie,Dream,1\nGentoo\nAdelie,Dream,2\nGentoo,Dream,3,4\n";
  writeFileAtomic((home->path() + "/birds.csv").toStdString(), good.toStdString());
  writeFileAtomic((home->path() + "/bad.csv").toStdString(), bad.toStdString());
  Window w;
  w.hand.drop(home->path() + "/bad.csv");
  Hand::await("what is wrong with the table", [&] { return w.window.banner().isVisible(); });
  const bridge::Message told = w.window.banner().message();
  w.hand.forget();
  w.hand.drop(home->path() + "/birds.csv");
  w.hand.click("start-training");
  w.await(State::Finished, "the end of the run");
  row("J2", "a CSV file to a trained network", 5, w.hand.actions(),
      QString("trained; of a table with two bad rows: \"%1 %2\"").arg(told.title, told.why).simplified());
}

void j5() {
  Window w;
  w.hand.click("template-digits-mlp");
  editor::DesignPage* page = &w.window.designPage();
  const graph::Document& d = w.window.project().document();
  const NodeId fc2 = d.findByName("fc2")->id;
  const auto valueOf = [&](NodeId node) {
    return page->view()->viewport()->mapToGlobal(
        page->view()->mapFromScene(page->scene()->item(node)->sceneBody().center()));
  };
  Hand::await("the network fitted", [&] {
    return page->view()->viewport()->rect().contains(page->view()->mapFromScene(page->scene()->item(fc2)->pos()));
  });
  w.hand.clickAt(valueOf(fc2));
  QElapsedTimer clock;
  clock.start();
  w.window.project().apply(graph::setParam(d, fc2, "in_features", int64_t{100}));
  QCoreApplication::processEvents();
  const auto& face = page->scene()->item(fc2)->face();
  const auto ms = clock.elapsed();
  Hand::await("the mark on the node", [&] { return face.severity == Severity::Error; });
  const QString chain = QString::fromStdString(w.window.project().prepared().diagnostics.front().text() + " " +
                                               w.window.project().prepared().diagnostics.front().chain);
  w.hand.forget();
  QPushButton* fix = nullptr;
  Hand::await("a repair in sight", [&] {
    for (auto* b : page->findChildren<QPushButton*>())
      if (b->isVisible() && b->text() == "Let fc2 take 128" && !b->visibleRegion().isEmpty()) fix = b;
    return fix != nullptr;
  });
  w.hand.click(*fix);
  Hand::await("a sound network", [&] { return w.window.project().prepared().ok(); });
  row("J5", "a shape mismatch repaired", 1, w.hand.actions(),
      QString("told on the node %1 ms after the edit (at most 100): \"%2\"").arg(ms).arg(chain));
}

void j6() {
  Window w;
  w.hand.click("template-digits-mlp");
  Hand::await("the project", [&] { return w.window.project().isOpen(); });
  fewEpochs(w.window, 1000);
  w.hand.click("train");
  w.await(State::Running, "the run");
  Hand::await("a batch", [&] { return w.window.run().progress().step > 20; });
  w.hand.forget();
  w.hand.click("pause-training");
  w.await(State::Paused, "the pause");
  const int pause = w.hand.actions();
  w.hand.click("learning-rate");
  w.hand.key("ctrl+a");
  w.hand.type("0.0005");
  w.hand.key("Return");
  w.hand.click("resume-training");
  w.await(State::Running, "the run that goes on");
  const int steer = w.hand.actions() - pause;
  Hand::await("an epoch with a checkpoint", [&] { return w.window.run().progress().epoch > 1; });
  ::kill(static_cast<pid_t>(w.window.run().enginePid()), SIGKILL);
  w.hand.seen("resume-lost");
  w.hand.forget();
  w.hand.click("resume-lost");
  w.await(State::Running, "the run after the crash");
  row("J6", "pause", 0, pause, "paused after a batch");
  row("J6", "another learning rate while it is paused, and on", 0, steer, "goes on with 0.0005");
  row("J6", "kill -9 of the engine, resumed", 0, w.hand.actions(),
      "goes on from the checkpoint; to the same bytes: `Resume.*`");
}

void j7() {
  const std::filesystem::path folder = (home->path() + "/many").toStdString();
  project::createProject(folder, "digits-mlp");
  {
    store::Recorder recorder(project::databaseFile(folder));
    for (int i = 1; i <= 10000; ++i) {
      store::RunStart start;
      start.name = "run-" + std::to_string(i);
      start.params = {{"optimiser.lr", std::to_string(0.0001 * (i % 17))}};
      start.graphJson = project::toText(project::load(folder));
      const store::RunId run = recorder.beginRun(start);
      recorder.metric(run, "loss", "val", 1, 0.5, 1.0 / i);
      recorder.setStatus(run, store::RunStatus::Finished);
    }
  }
  Window w;
  bool open = false;
  w.window.openProject(QString::fromStdString(folder.string()), [&] { open = true; });
  Hand::await("the project", [&] { return open; });
  Hand::await("all pages", [&] { return w.window.findChild<QTableView*>("runs-table") != nullptr; });
  w.hand.forget();
  QElapsedTimer clock;
  clock.start();
  w.hand.key("ctrl+4");
  Hand::await("10,000 runs", [&] { return w.window.runsPage().table().rowCount() == 10000; });
  const QString listed = seconds(clock);
  auto* table = qobject_cast<QTableView*>(w.hand.seen("runs-table"));
  const auto place = [&](int r) {
    return table->viewport()->mapToGlobal(table->visualRect(table->model()->index(r, 0)).center());
  };
  w.hand.clickAt(place(0));
  w.hand.clickAt(place(1), "ctrl");
  w.hand.seen("run-comparison");
  row("J7", "two of 10,000 runs compared on one page", 0, w.hand.actions(),
      "listed after " + listed + " (at most 0.5 s)");
}

// A window that is killed with edits in it; this program again.
void leaveEdits() {
  Window w;
  w.hand.click("template-digits-mlp");
  Hand::await("the project", [&] { return w.window.project().isOpen(); });
  for (int i = 0; i < 3; ++i) fewEpochs(w.window, 40 + i);
  w.window.autosave().flush();
  std::raise(SIGKILL);
}

void j9() {
  if (QProcess::execute(QCoreApplication::applicationFilePath(), {"--leave-edits"}) == 0) std::exit(1);
  QElapsedTimer clock;
  clock.start();
  Window w;
  w.hand.click("recover");
  Hand::await("the edits", [&] { return w.window.project().isOpen() && w.window.project().isModified(); });
  row("J9", "a killed window's edits are there again", 0, w.hand.actions(),
      QString("%1 of 3 edits, %2 after the start")
          .arg(w.window.project().project().run.epochs - 39)
          .arg(seconds(clock)));
}

}  // namespace
}  // namespace netwright

int main(int argc, char** argv) {
  using namespace netwright;
  const bool leaves = argc == 2 && QByteArray(argv[1]) == "--leave-edits";
  QTemporaryDir folder;
  home = &folder;
  if (!leaves) {
    qputenv("HOME", folder.path().toLocal8Bit());
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"}) qunsetenv(name);
    qputenv("XDG_RUNTIME_DIR", folder.path().toLocal8Bit());
  }
  qputenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources");
  qputenv("NETWRIGHT_ENGINE", NETWRIGHT_BIN_DIR "/netwright-engine");
  QApplication app(argc, argv);
  theme::Theme::apply(app, theme::Mode::Light);
  if (leaves) leaveEdits();
  const QStringList wanted = app.arguments().mid(1);
  const auto wants = [&](const char* name) { return wanted.isEmpty() || wanted.contains(name); };
  if (wants("J1") || wants("J8")) j1AndJ8();
  if (wants("J2")) j2();
  if (wants("J5")) j5();
  if (wants("J6")) j6();
  if (wants("J7")) j7();
  if (wants("J9")) j9();
  return tooMany ? 1 : 0;
}
