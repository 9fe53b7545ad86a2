// SPDX-License-Identifier: GPL-3.0-or-later
// The window's pages that need a project. All of them at once would hold up the window for longer than a hand should
// wait: each is made when it is first wanted, the others one after another while there is nothing else to do.
#include <QStackedWidget>
#include <QTimer>

#include "widgets/editor/design_page.h"
#include "widgets/main_window.h"
#include "widgets/panels/design_panel.h"
#include "widgets/panels/layout_memory.h"
#include "widgets/panels/train_page.h"
#include "widgets/panels/try_page.h"

namespace netwright {
namespace {

constexpr int kBetweenPagesMs = 10;

}  // namespace

void MainWindow::buildPage(Page page) {
  const auto put = [this, page](auto* made) {
    QWidget* stand = stack_->widget(page);
    stack_->insertWidget(page, made);
    stack_->removeWidget(stand);
    delete stand;
    panels::rememberLayout(*made);
    registry_.add(panels::plainText(*actions_.pages[page]), made->pageActions(), made);
  };
  // Made inside the stack: a page that gets its parent when it is full has all its widgets styled a second time.
  if (page == Design && !design_) {
    put(design_ = new panels::DesignPanel(&model_, &run_, &facts_, stack_));
    connect(design_, &panels::DesignPanel::helpAsked, this, [this](const QString& id) { showHelp("layer/" + id); });
    connect(design_, &panels::DesignPanel::trainRequested, this, &MainWindow::startTraining);
  }
  if (page == Train && !train_) {
    put(train_ = new panels::TrainPage(&model_, &run_, &facts_, stack_));
    connect(train_, &panels::TrainPage::startRequested, this, &MainWindow::startTraining);
    connect(train_, &panels::TrainPage::designRequested, this, [this] { showPage(Design); });
    connect(train_, &panels::TrainPage::runsRequested, this, [this] {
      runsPage().selectNewest();
      showPage(Runs);
    });
    connect(train_, &panels::TrainPage::exportRequested, this, [this] { exportRun(); });
    connect(train_, &panels::TrainPage::weightsRequested, this, &MainWindow::browseWeights);
  }
  if (page == Runs && !runs_) {
    put(runs_ = new panels::RunsPage(&model_, &run_, stack_));
    connect(runs_, &panels::RunsPage::trainRequested, this, [this] { showPage(Train); });
    connect(runs_, &panels::RunsPage::exportRequested, this, &MainWindow::exportRun);
    connect(runs_, &panels::RunsPage::takeRequested, this, &MainWindow::takeRun);
    connect(runs_, &panels::RunsPage::resumeRequested, this, [this](const QString& run) {
      showPage(Train);
      run_.resumeStored(model_.folder(), run.toStdString());
    });
    undo_.addStack(runs_->undoStack());
  }
  if (page == Try && !try_) {
    put(try_ = new panels::TryPage(&model_, &run_, stack_));
    connect(try_, &panels::TryPage::trainRequested, this, [this] { showPage(Train); });
  }
}

void MainWindow::buildPagesLater() {
  if (design_ && train_ && train_->isComplete() && runs_ && try_) return;
  if (!pagesTimer_) {
    pagesTimer_ = new QTimer(this);
    pagesTimer_->setSingleShot(true);
    connect(pagesTimer_, &QTimer::timeout, this, [this] {
      if (train_ && !train_->isComplete())
        train_->complete();
      else
        buildPage(!design_ ? Design : !train_ ? Train : !runs_ ? Runs : Try);
      buildPagesLater();
    });
  }
  pagesTimer_->start(kBetweenPagesMs);
}

editor::DesignPage& MainWindow::designPage() {
  buildPage(Design);
  return *qobject_cast<editor::DesignPage*>(design_->editor());
}

panels::TrainPage& MainWindow::trainPage() {
  buildPage(Train);
  return *train_;
}

panels::RunsPage& MainWindow::runsPage() {
  buildPage(Runs);
  return *runs_;
}

panels::TryPage& MainWindow::tryPage() {
  buildPage(Try);
  return *try_;
}

}  // namespace netwright
