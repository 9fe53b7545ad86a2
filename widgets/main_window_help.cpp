// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part in finding one's way: the list of actions, the command palette, tutorials, what is new.
#include <QStackedWidget>
#include <QUndoStack>

#include "core/base/error.h"
#include "core/graph/edit.h"
#include "core/project/project.h"
#include "widgets/bridge/recent_projects.h"
#include "widgets/bridge/tutorial.h"
#include "widgets/editor/design_page.h"
#include "widgets/main_window.h"
#include "widgets/panels/command_palette.h"
#include "widgets/panels/help_window.h"
#include "widgets/panels/home_page.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/runs_page.h"
#include "widgets/panels/shortcut_sheet.h"
#include "widgets/panels/tutorial_panel.h"
#include "widgets/panels/whats_new_dialog.h"
#include "widgets/theme/icon.h"

namespace netwright {

panels::ActionRegistry& MainWindow::registry() {
  for (const Page page : {Design, Train, Runs, Try}) buildPage(page);
  return registry_;
}

void MainWindow::connectHelp() {
  const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
  on(actions_.palette, [this] { openPalette(); });
  on(actions_.layerHelp, [this] {
    const QString topic = design_ && page() == Design ? designPage().helpTopic() : QString();
    showHelp(topic.isEmpty() ? QString() : "layer/" + topic);
  });
  on(actions_.shortcuts, [this] {
    auto* sheet = new panels::ShortcutSheet(registry(), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
  });
  on(actions_.whatsNew, [this] {
    auto* news = new panels::WhatsNewDialog(this);
    news->setAttribute(Qt::WA_DeleteOnClose);
    news->open();
    home_->refresh();
  });
  connect(home_, &panels::HomePage::newsRequested, actions_.whatsNew, &QAction::trigger);
  connect(home_, &panels::HomePage::tutorialRequested, this, &MainWindow::beginTutorial);
  connect(actions_.tutorialMenu, &QMenu::aboutToShow, this, &MainWindow::fillTutorials);
  connect(tutorial_, &panels::TutorialPanel::showRequested, this, [this](const QString& id) {
    for (const panels::ActionRegistry::Entry& e : registry().entries())
      if (e.action->objectName() == id && e.action->isEnabled()) return e.action->trigger();
  });
  connect(tutorial_, &panels::TutorialPanel::changeRequested, this, &MainWindow::changeForTutorial);
  connect(tutorial_, &panels::TutorialPanel::closed, home_, &panels::HomePage::refresh);
  connect(model_.undoStack(), &QUndoStack::indexChanged, this, &MainWindow::watchTutorial);
  connect(&model_, &bridge::ProjectModel::projectChanged, this, &MainWindow::watchTutorial);
  connect(&run_, &bridge::RunModel::stateChanged, this, &MainWindow::watchTutorial);
  connect(&run_, &bridge::RunModel::epochFinished, this, &MainWindow::watchTutorial);
}

panels::HelpWindow* MainWindow::help() const { return help_; }

void MainWindow::showHelp(const QString& key) {
  if (!help_) {
    help_ = new panels::HelpWindow(this);
    help_->setAttribute(Qt::WA_DeleteOnClose);
  }
  if (!key.isEmpty() || help_->isHidden()) help_->showPage(key);
  help_->show();
  help_->raise();
  help_->activateWindow();
}

// The actions of the page that is seen stand in a menu of its name; those of other pages are in no menu, so that their
// keys do nothing.
void MainWindow::showPageMenu() {
  QMenu& menu = *actions_.pageMenu;
  menu.clear();
  for (const panels::ActionRegistry::Entry& e : registry_.entries())
    if (e.page && e.page == stack_->currentWidget()) menu.addAction(e.action);
  menu.setTitle(actions_.pages[page()]->text());
  menu.menuAction()->setVisible(!menu.isEmpty());
  undo_.setActiveStack(runs_ && page() == Runs ? runs_->undoStack() : model_.undoStack());
  watchTutorial();
}

void MainWindow::openPalette() {
  QVector<panels::Command> commands;
  for (const panels::ActionRegistry::Entry& e : registry().entries()) {
    QAction* action = e.action;
    if (action == actions_.palette) continue;
    QWidget* page = e.page;
    commands.append({action->objectName(), panels::plainText(*action), e.context, panels::keysText(*action),
                     panels::helpText(*action), action->icon(), action->isEnabled() && (!page || model_.isOpen()),
                     [this, action, page] {
                       if (page) showPage(static_cast<Page>(stack_->indexOf(page)));
                       if (action->isEnabled()) action->trigger();
                     }});
  }
  for (const bridge::RecentProject& p : bridge::recentProjects())
    if (!p.missing)
      commands.append({"open:" + p.folder,
                       tr("Open %1").arg(p.name),
                       bridge::shownPath(p.folder),
                       {},
                       tr("Open this project."),
                       theme::icon("folder", theme::IconRole::Muted),
                       true,
                       [this, folder = p.folder] { openProject(folder); }});
  try {
    for (const project::Template& t : project::templates())
      commands.append({"new:" + QString::fromStdString(t.id),
                       tr("New from %1").arg(QString::fromStdString(t.title)),
                       tr("Template"),
                       {},
                       QString::fromStdString(t.description),
                       theme::icon("plus", theme::IconRole::Muted),
                       true,
                       [this, id = QString::fromStdString(t.id)] { createProject(id); }});
    for (const bridge::Tutorial& t : bridge::tutorials())
      commands.append({"tutorial:" + t.id,
                       t.title,
                       tr("Tutorial"),
                       {},
                       t.summary,
                       theme::icon("info", theme::IconRole::Muted),
                       true,
                       [this, id = t.id] { beginTutorial(id); }});
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
  (new panels::CommandPalette(std::move(commands), this))->popUp();
}

void MainWindow::fillTutorials() {
  actions_.tutorialMenu->clear();
  try {
    for (const bridge::Tutorial& t : bridge::tutorials())
      connect(actions_.tutorialMenu->addAction(t.title), &QAction::triggered, this,
              [this, id = t.id] { beginTutorial(id); });
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

void MainWindow::beginTutorial(const QString& id) {
  try {
    for (const bridge::Tutorial& t : bridge::tutorials()) {
      if (t.id != id) continue;
      const panels::TutorialPanel::Place place = panels::TutorialPanel::remembered();
      exported_ = false;
      tutorial_->begin(t, place.tutorial == id && place.step < t.steps.size() ? place.step : 0);
      watchTutorial();
    }
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

void MainWindow::watchTutorial() {
  if (tutorial_->isHidden()) return;
  using State = bridge::RunModel::State;
  static constexpr const char* kNames[] = {"home", "design", "train", "runs", "try"};
  bridge::TutorialFacts facts;
  facts.projectOpen = model_.isOpen();
  facts.exported = exported_;
  facts.runStarted = run_.state() != State::Idle && run_.state() != State::Failed;
  facts.runFinished = run_.state() == State::Finished;
  facts.page = kNames[page()];
  for (const auto& [name, value] : run_.lastValues()) facts.values[name] = value;
  for (const Diagnostic& d : model_.prepared().diagnostics) facts.problems << QString::fromStdString(d.code);
  facts.graph = model_.isOpen() ? &model_.root() : nullptr;
  tutorial_->look(facts);
}

// "fc2.in_features = 100"
void MainWindow::changeForTutorial(const QString& change) {
  const QStringList sides = change.split(" = ");
  if (!model_.isOpen() || sides.size() != 2) return;
  project::Project changed = model_.project();
  try {
    project::setByName(changed, sides[0].toStdString(), sides[1].toStdString());
    model_.adopt(changed, tr("Change %1").arg(sides[0]));
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

}  // namespace netwright
