// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/project/from_export.h"
#include "core/project/from_table.h"
#include "core/project/stored_run.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/recent_projects.h"
#include "widgets/editor/design_page.h"
#include "widgets/forms/wheel_guard.h"
#include "widgets/panels/about_dialog.h"
#include "widgets/panels/export_dialog.h"
#include "widgets/panels/home_page.h"
#include "widgets/panels/layout_memory.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/nav_rail.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/status_line.h"
#include "widgets/panels/train_page.h"
#include "widgets/panels/try_page.h"
#include "widgets/panels/tutorial_panel.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright {
namespace {

constexpr int kAfterFirstPaintMs = 150;
constexpr QSize kFirstSize(1280, 800);

QString folderOf(const QMimeData& data) {
  return data.hasUrls() && data.urls().size() == 1 ? data.urls().front().toLocalFile() : QString();
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      autosave_(&model_),
      notifier_(&run_, this),
      actions_(panels::makeActions(*this, undo_, registry_)),
      rail_(new panels::NavRail),
      stack_(new QStackedWidget),
      banner_(new panels::MessageBanner),
      access_(new panels::MessageBanner),
      disk_(new panels::MessageBanner),
      going_(new panels::MessageBanner),
      recovery_(new panels::MessageBanner),
      status_(new panels::StatusLine(&model_, &run_, &autosave_)),
      tutorial_(new panels::TutorialPanel) {
  setWindowIcon(theme::icon("netwright"));
  qApp->installEventFilter(new forms::WheelGuard(this));
  setMinimumSize(980, 640);
  setAcceptDrops(true);
  undo_.addStack(model_.undoStack());
  undo_.setActiveStack(model_.undoStack());
  buildHome();
  setStatusBar(status_);
  connectActions();
  connectHome();
  connectHelp();
  restoreLayout();
  showProjectState();
  showLook();
}

// The pages refer to the members, and the members tell of their own end.
MainWindow::~MainWindow() {
  for (QObject* told : std::initializer_list<QObject*>{&model_, model_.undoStack(), &run_}) told->disconnect(this);
  delete takeCentralWidget();
  delete status_;
}

void MainWindow::buildHome() {
  rail_->addPage("home", tr("Home"));
  rail_->addPage("graph", tr("Design"));
  rail_->addPage("chart", tr("Train"));
  rail_->addPage("runs", tr("Runs"));
  rail_->addPage("pen", tr("Try it"));
  look_ = rail_->addTool("moon", tr("Look"));
  look_->setToolTip(tr("Switch between light and dark"));
  home_ = new panels::HomePage;
  for (int i = 0; i < panels::kPages; ++i) stack_->addWidget(i == Home ? static_cast<QWidget*>(home_) : new QWidget);
  auto* banner = new QWidget;  // keeps the message away from the edges
  auto* margins = new QVBoxLayout(banner);
  margins->setContentsMargins(0, 0, 0, 0);
  banner_->setContentsMargins(0, 0, 0, 0);
  margins->addWidget(banner_);
  margins->addWidget(going_);
  QPushButton* watch = going_->addButton(tr("Watch it"), "chart", "primary");
  watch->setObjectName("watch-run");
  connect(watch, &QPushButton::clicked, this, [this] { openProject(goingFolder_); });
  auto* right = new QVBoxLayout;
  right->setSpacing(0);
  right->addWidget(banner);
  buildRecovery(*right);
  buildFileBanners(*right);
  right->addWidget(stack_, 1);
  auto* central = new QWidget;
  auto* row = new QHBoxLayout(central);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(rail_);
  row->addLayout(right, 1);
  row->addWidget(tutorial_);
  setCentralWidget(central);
}

void MainWindow::connectActions() {
  const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
  on(actions_.newProject, [this] { showPage(Home); });
  on(actions_.open, [this] { browse(); });
  on(actions_.newFromTable, [this] { browseTable(); });
  on(actions_.openArchive, [this] { browseArchive(); });
  on(actions_.save, [this] { save(); });
  on(actions_.pack, [this] { choosePack(false); });
  on(actions_.packWithRuns, [this] { choosePack(true); });
  on(actions_.exportRun, [this] { exportRun(); });
  on(actions_.weights, [this] { browseWeights(); });
  on(actions_.openFolder, [this] { panels::opensFolder(QString::fromStdString(model_.folder().string())); });
  on(actions_.quit, [this] { close(); });
  for (int i = 0; i < panels::kPages; ++i) on(actions_.pages[i], [this, i] { showPage(static_cast<Page>(i)); });
  const auto look = [this](theme::Mode mode) { return [mode] { theme::Theme::apply(*qApp, mode); }; };
  on(actions_.light, look(theme::Mode::Light));
  on(actions_.dark, look(theme::Mode::Dark));
  on(actions_.system, look(theme::Mode::System));
  on(actions_.fullScreen, [this](bool on) { on ? showFullScreen() : showNormal(); });
  on(actions_.start, [this] { run_.state() == bridge::RunModel::State::Paused ? run_.resume() : startTraining(); });
  on(actions_.pause, [this] { run_.pause(); });
  on(actions_.stop, [this] { run_.stop(); });
  on(actions_.resetLayout, [this] {
    panels::resetLayout(*this);
    showNormal();
    resize(kFirstSize);
  });
  on(actions_.about, [this] { panels::AboutDialog(this).exec(); });
  connect(actions_.newMenu, &QMenu::aboutToShow, this, &MainWindow::fillTemplates);
  connect(actions_.recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
}

void MainWindow::connectHome() {
  connect(rail_, &panels::NavRail::chosen, this, [this](int index) { showPage(static_cast<Page>(index)); });
  connect(look_, &panels::NavButton::clicked, this, &MainWindow::toggleLook);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, &MainWindow::showLook);
  connect(home_, &panels::HomePage::templateChosen, this, &MainWindow::createProject);
  connect(home_, &panels::HomePage::openRequested, this, [this](const QString& f) { openProject(f); });
  connect(home_, &panels::HomePage::browseRequested, this, &MainWindow::browse);
  connect(home_, &panels::HomePage::failed, this, &MainWindow::report);
  connect(&model_, &bridge::ProjectModel::projectChanged, this, &MainWindow::showProjectState);
  connect(&model_, &bridge::ProjectModel::projectChanged, this, [this] { startsWhenRead_ = false; });
  connect(&model_, &bridge::ProjectModel::dataRead, this, [this] {
    if (startsWhenRead_) startTraining();
  });
  connect(&model_, &bridge::ProjectModel::accessChanged, this, &MainWindow::showAccess);
  connect(&model_, &bridge::ProjectModel::diskChanged, this, &MainWindow::showDisk);
  connect(&model_, &bridge::ProjectModel::modifiedChanged, this, &MainWindow::updateTitle);
  connect(&run_, &bridge::RunModel::stateChanged, this, &MainWindow::showRunState);
  connect(&run_, &bridge::RunModel::progressed, this, &MainWindow::showRunState);
  connect(&run_, &bridge::RunModel::ended, this, [this] {  // a run of the project before this one
    if (run_.folder() != model_.folder()) run_.clear();
  });
}

void MainWindow::openProject(const QString& folder, const std::function<void()>& then) {
  // Qt's texts cannot hold such a name: the replacement character stands where a byte was lost.
  if (folder.contains(QChar::ReplacementCharacter) && !QFileInfo::exists(folder))
    return report({tr("The window cannot open '%1'.").arg(QFileInfo(folder).fileName()),
                   tr("Its name or that of a folder above holds bytes that are not UTF-8."),
                   tr("Rename that folder, or use netwright-cli, which takes any name.")});
  if (QFileInfo(folder).isFile() && folder.endsWith(".nwz", Qt::CaseInsensitive)) return unpackProject(folder);
  if (QFileInfo(folder).isFile() && project::isTable(folder.toStdString())) return createFromTable(folder);
  if (QFileInfo(folder).isFile() && project::mayBeExport(folder.toStdString())) return createFromExport(folder);
  const int number = ++opening_;
  bridge::inBackground(
      this, [path = QFileInfo(folder).absoluteFilePath().toStdString()] { return bridge::readProject(path); },
      [this, number, then](bridge::ProjectOnDisk found) {
        if (number == opening_ && showProject(std::move(found)) && then) then();
      },
      [this, number](const bridge::Message& m) {
        if (number == opening_) report(m);
      });
}

// False if what is open is rather kept.
bool MainWindow::showProject(bridge::ProjectOnDisk found) {
  if (!mayEndRun() || !mayLeave()) return false;
  banner_->dismiss();
  try {
    model_.open(std::move(found));
    run_.clear();
    bridge::rememberProject(QString::fromStdString(model_.folder().string()),
                            QString::fromStdString(model_.project().name));
    const int remembered = bridge::rememberedPage(QString::fromStdString(model_.folder().string()));
    const bool watches =
        goingFolder_ == QString::fromStdString(std::filesystem::weakly_canonical(model_.folder()).string());
    showPage(watches ? Train : remembered > Design && remembered <= Try ? static_cast<Page>(remembered) : Design);
    if (watches) going_->dismiss();
    if (pagesTimer_) buildPagesLater();  // not in the same breath
    run_.attachIfGoing(model_.folder());
    return true;
  } catch (const Error& e) {
    report(bridge::messageOf(e));
    return false;
  }
}

void MainWindow::createProject(const QString& templateId) {
  if (!mayEndRun() || !mayLeave()) return;
  ++opening_;  // a project that is still being read comes too late
  banner_->dismiss();
  try {
    const QString folder = bridge::freshProjectFolder(templateId);
    model_.create(folder.toStdString(), templateId.toStdString());
    run_.clear();
    bridge::rememberProject(folder, QString::fromStdString(model_.project().name));
    showPage(Design);
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

void MainWindow::browse() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project folder"));
  if (!folder.isEmpty()) openProject(folder);
}

void MainWindow::startTraining() {
  if (!model_.isOpen()) return;
  showPage(Train);
  startsWhenRead_ = model_.isReadingData();
  if (startsWhenRead_) return;
  if (run_.isActive() || !model_.prepared().ok() || !model_.dataError().isEmpty()) return;
  if ((model_.isModified() || model_.isChangedOnDisk()) && !save()) return;
  run_.start(model_.folder());
}

void MainWindow::exportRun(const QString& run) {
  if (!model_.isOpen()) return;
  auto* dialog = new panels::ExportDialog(model_, run, this);
  connect(dialog, &panels::ExportDialog::exported, this, [this] {
    exported_ = true;
    watchTutorial();
  });
  connect(dialog, &panels::ExportDialog::nodeRequested, this, [this](NodeId node) {
    showPage(Design);
    designPage().showNode(node);
  });
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void MainWindow::takeRun(const QString& run, panels::RunsPage::Take how) {
  using Take = panels::RunsPage::Take;
  struct Stored {
    QString name;
    project::Project project;
  };
  const auto read = [folder = model_.folder(), run] {
    const store::RunSummary summary = project::findRun(folder, run.toStdString());
    const std::string text = store::Database(project::databaseFile(folder)).graphJson(summary.id);
    return Stored{QString::fromStdString(summary.name), project::fromText(text, "The record of " + summary.name)};
  };
  bridge::inBackground(
      this, read,
      [this, how, folder = model_.folder()](Stored stored) {
        if (model_.folder() != folder) return;
        if (how == Take::Branch) run::setRunParam(stored.project.run, "start", "run:" + stored.name.toStdString());
        model_.adopt(std::move(stored.project), tr("Take the network of %1").arg(stored.name));
        if (how == Take::RunAgain) return startTraining();
        showPage(how == Take::Branch ? Train : Design);
        banner_->showMessage(panels::MessageBanner::Kind::Info,
                             {how == Take::Branch ? tr("The next run starts from the weights of %1.").arg(stored.name)
                                                  : tr("This is the network of %1 as it was trained.").arg(stored.name),
                              {},
                              tr("Undo brings yours back.")});
      },
      [this](const bridge::Message& m) { report(m); });
}

bool MainWindow::save() {
  if (!model_.isOpen()) return true;
  try {
    model_.save();
    return true;
  } catch (const Error& e) {
    report(bridge::messageOf(e));
    return false;
  }
}

bool MainWindow::mayLeave() {
  if (!model_.isOpen() || !model_.isModified()) return true;
  QMessageBox box(QMessageBox::NoIcon, tr("Unsaved edits"),
                  tr("Save the edits to %1?").arg(QString::fromStdString(model_.project().name)),
                  QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
  box.setInformativeText(tr("Without saving they are lost."));
  box.setDefaultButton(QMessageBox::Save);
  const int answer = box.exec();
  if (answer == QMessageBox::Discard) autosave_.discard();
  return answer == QMessageBox::Discard || (answer == QMessageBox::Save && save());
}

bool MainWindow::mayEndRun() {
  if (!run_.isActive()) return true;
  QMessageBox box(QMessageBox::NoIcon, tr("A run is going on"), tr("Let it train on without this window?"),
                  QMessageBox::NoButton, this);
  box.setInformativeText(
      tr("It goes on until its end, and the window shows it again when you come back. Stopped, it keeps its curves and "
         "weights and can be resumed."));
  QPushButton* keep = box.addButton(tr("Keep training"), QMessageBox::AcceptRole);
  QPushButton* stop = box.addButton(tr("Stop with a checkpoint"), QMessageBox::DestructiveRole);
  box.addButton(QMessageBox::Cancel);
  box.setDefaultButton(keep);
  box.exec();
  if (box.clickedButton() == keep) run_.leave();
  if (box.clickedButton() == stop) run_.stop();
  return box.clickedButton() == keep || box.clickedButton() == stop;
}

void MainWindow::fillTemplates() {
  if (!actions_.newMenu->isEmpty()) return;
  try {
    for (const project::Topic& topic : project::topics()) {
      QMenu* menu = actions_.newMenu->addMenu(QString::fromStdString(topic.title));
      for (const project::Template& t : topic.templates)
        connect(menu->addAction(QString::fromStdString(t.title)), &QAction::triggered, this,
                [this, id = t.id] { createProject(QString::fromStdString(id)); });
    }
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

void MainWindow::fillRecent() {
  actions_.recentMenu->clear();
  for (const bridge::RecentProject& p : bridge::recentProjects()) {
    QAction* action = actions_.recentMenu->addAction(QString("%1   %2").arg(p.name, bridge::shownPath(p.folder)));
    action->setEnabled(!p.missing);
    connect(action, &QAction::triggered, this, [this, folder = p.folder] { openProject(folder); });
  }
  if (actions_.recentMenu->isEmpty()) actions_.recentMenu->addAction(tr("None yet"))->setEnabled(false);
}

void MainWindow::showPage(Page page) {
  if (!model_.isOpen()) page = Home;
  buildPage(page);
  stack_->setCurrentIndex(page);
  rail_->setCurrent(page);
  if (model_.isOpen() && page != Home)
    bridge::rememberPage(QString::fromStdString(model_.folder().string()), static_cast<int>(page));
  showPageMenu();
}

MainWindow::Page MainWindow::page() const { return static_cast<Page>(stack_->currentIndex()); }

void MainWindow::showProjectState() {
  const bool open = model_.isOpen();
  for (int i = Design; i <= Try; ++i) {
    rail_->page(i)->setEnabled(open);
    rail_->page(i)->setToolTip(open ? tr("Ctrl+%1").arg(i + 1) : tr("Choose a template or open a project first"));
    actions_.pages[i]->setEnabled(open);
  }
  for (QAction* action :
       {actions_.save, actions_.exportRun, actions_.pack, actions_.packWithRuns, actions_.openFolder, actions_.weights})
    action->setEnabled(open);
  showPage(page());
  updateTitle();
  showRunState();
}

void MainWindow::showRunState() {
  using State = bridge::RunModel::State;
  const State state = run_.state();
  actions_.start->setEnabled(model_.isOpen() && (!run_.isActive() || state == State::Paused));
  actions_.start->setText(state == State::Paused ? tr("Re&sume training") : tr("&Start training"));
  actions_.pause->setEnabled(state == State::Running);
  actions_.stop->setEnabled(run_.isActive() && state != State::Stopping);
  rail_->page(Train)->setProgress(run_.isActive() ? run_.fraction() : -1);
}

void MainWindow::updateTitle() {
  const QString name = model_.isOpen() ? QString::fromStdString(model_.project().name) : QString();
  setWindowTitle(name.isEmpty() ? tr("Netwright") : tr("%1[*] — Netwright").arg(name));
  setWindowModified(model_.isOpen() && model_.isModified());
}

void MainWindow::toggleLook() {
  theme::Theme::apply(*qApp, theme::Theme::instance().isDark() ? theme::Mode::Light : theme::Mode::Dark);
}

void MainWindow::showLook() {
  const theme::Theme& theme = theme::Theme::instance();
  look_->setLook(theme.isDark() ? "sun" : "moon", theme.isDark() ? tr("Light") : tr("Dark"));
  QAction* modes[] = {actions_.system, actions_.light, actions_.dark};
  modes[static_cast<int>(theme.mode())]->setChecked(true);
}

void MainWindow::restoreLayout() {
  const QSettings s = panels::userSettings();
  resize(kFirstSize);
  restoreGeometry(s.value("window/geometry").toByteArray());
}

void MainWindow::saveLayout() const {
  QSettings s = panels::userSettings();
  s.setValue("window/geometry", saveGeometry());
}

void MainWindow::report(const bridge::Message& problem) {
  banner_->showMessage(panels::MessageBanner::Kind::Error, problem);
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  QTimer::singleShot(kAfterFirstPaintMs, this, [this] {
    buildPagesLater();
    lookForRuns();
    lookForRecovery();
  });
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!mayEndRun() || !mayLeave()) return event->ignore();
  saveLayout();
  event->accept();
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() == QEvent::WindowStateChange) actions_.fullScreen->setChecked(isFullScreen());
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const QFileInfo dropped(folderOf(*event->mimeData()));
  if (dropped.isDir() || dropped.fileName() == "project.json" || dropped.suffix().toLower() == "nwz" ||
      project::isTable(dropped.filePath().toStdString()) || project::mayBeExport(dropped.filePath().toStdString()))
    event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const QString file = folderOf(*event->mimeData());
  event->acceptProposedAction();
  // Weights for what is open; with nothing open, the network that the file holds.
  const bool weights = model_.isOpen() && QFileInfo(file).isFile() && project::mayBeExport(file.toStdString());
  weights ? openWeights(file) : openProject(file);
}

}  // namespace netwright
