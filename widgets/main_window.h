// SPDX-License-Identifier: GPL-3.0-or-later
// The window: pages beside a rail, menus, and what moves a project between disk, pages and runs. The pages do the rest.
#pragma once

#include <QMainWindow>
#include <QPointer>
#include <QUndoGroup>
#include <functional>

#include "core/project/autosave.h"
#include "widgets/bridge/autosave.h"
#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/notifier.h"
#include "widgets/bridge/project_model.h"
#include "widgets/bridge/run_model.h"
#include "widgets/panels/action_registry.h"
#include "widgets/panels/runs_page.h"
#include "widgets/panels/window_actions.h"

QT_BEGIN_NAMESPACE
class QStackedWidget;
class QTimer;
class QFileInfo;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright {

namespace editor {
class DesignPage;
}

namespace panels {
class DesignPanel;
class HelpWindow;
class HomePage;
class MessageBanner;
class NavButton;
class NavRail;
class StatusLine;
class TrainPage;
class TryPage;
class TutorialPanel;
}  // namespace panels

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  enum Page { Home, Design, Train, Runs, Try };

  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;
  // A folder; a packed project (.nwz), which is unpacked among the user's projects first; or a table (CSV), for which a
  // project is made there. Read in the background: then it asks about unsaved edits, shows the project and calls
  // `then`. Of several, the last is shown; errors are shown in the window.
  void openProject(const QString& folder, const std::function<void()>& then = {});
  void createProject(const QString& templateId);  // in a fresh folder in the user's documents
  void startTraining();                           // saves first and shows the Train page; once the data has been read
  void exportRun(const QString& run = "latest");
  void openWeights(const QString& file);  // shows where they belong and offers them to the next run
  void packProject(const QString& archive, bool withRuns = false);  // saves first; the outcome is shown in the window
  void beginTutorial(const QString& id);
  void showHelp(const QString& key);  // "layer/conv2d"; empty: what there is
  void openPalette();
  void showPage(Page page);
  Page page() const;

  bridge::ProjectModel& project() { return model_; }
  bridge::RunModel& run() { return run_; }
  editor::DesignPage& designPage();
  panels::TrainPage& trainPage();
  panels::RunsPage& runsPage();
  panels::TryPage& tryPage();
  panels::MessageBanner& banner() { return *banner_; }
  panels::StatusLine& statusLine() { return *status_; }
  panels::TutorialPanel& tutorial() { return *tutorial_; }
  panels::HelpWindow* help() const;    // null unless it is open
  panels::ActionRegistry& registry();  // of all pages
  bridge::Autosave& autosave() { return autosave_; }
  bridge::Notifier& notifier() { return notifier_; }

 protected:
  void showEvent(QShowEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void buildHome();
  void buildPage(Page page);  // those that need a project: when they are wanted,
  void buildPagesLater();     // the others one at a time from now on, after what is going on
  void connectActions();
  void connectHome();
  bool showProject(bridge::ProjectOnDisk found);
  void browse();
  void browseArchive();
  void browseTable();
  void browseWeights();
  void createFromExport(const QString& file);
  void createFromTable(const QString& table);
  void unpackProject(const QString& archive);
  void choosePack(bool withRuns);
  void buildFileBanners(QVBoxLayout& above);
  void showAccess();
  void showDisk();
  void fillTemplates();
  void fillRecent();
  void takeRun(const QString& run, panels::RunsPage::Take how);  // its network and settings; can be undone
  bool save();                                                   // false: an error was shown
  bool mayLeave();                                               // asks about unsaved edits
  bool mayEndRun();    // asks about a run that is going on: it is stopped, or goes on without this window
  void lookForRuns();  // that trained on after a window was closed
  void buildRecovery(QVBoxLayout& above);
  void lookForRecovery();  // of edits that a window before this one could not save
  void showRecovery();
  void recover();
  void discardRecovery();
  void connectHelp();
  void fillTutorials();
  void watchTutorial();
  void changeForTutorial(const QString& change);
  void showPageMenu();
  void showProjectState();
  void showRunState();
  void updateTitle();
  void toggleLook();
  void showLook();
  void restoreLayout();
  void saveLayout() const;
  void report(const bridge::Message& problem);

  bridge::ProjectModel model_;
  bridge::RunModel run_;
  bridge::DataFacts facts_;
  bridge::Autosave autosave_;
  bridge::Notifier notifier_;
  QUndoGroup undo_;
  panels::ActionRegistry registry_;
  panels::WindowActions actions_;
  panels::NavRail* rail_;
  panels::NavButton* look_;
  QStackedWidget* stack_;
  panels::MessageBanner *banner_, *access_, *disk_, *going_, *recovery_;
  panels::StatusLine* status_;
  panels::TutorialPanel* tutorial_;
  QString goingFolder_;
  std::vector<project::LeftAutosave> left_;  // what was not saved; the first is offered
  bool exported_ = false;                    // since the tutorial began
  int opening_ = 0;                          // the last project asked for
  bool startsWhenRead_ = false;
  panels::HomePage* home_;
  panels::DesignPanel* design_ = nullptr;
  panels::TrainPage* train_ = nullptr;
  QTimer* pagesTimer_ = nullptr;  // until all pages are made
  panels::RunsPage* runs_ = nullptr;
  panels::TryPage* try_ = nullptr;
  QPointer<panels::HelpWindow> help_;
};

}  // namespace netwright
