// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_header.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QVBoxLayout>
#include <cmath>

#include "core/base/text.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

using State = bridge::RunModel::State;
constexpr int kSteps = 1000;

QString number(int64_t n) { return QString::fromStdString(grouped(n)); }

QPushButton* named(QPushButton* button, const char* name, const QString& tip) {
  button->setObjectName(name);
  button->setToolTip(tip);
  return button;
}

}  // namespace

RunHeader::RunHeader(bridge::RunModel* run, const TrainActions& actions)
    : run_(run),
      icon_(new IconLabel("check", theme::IconRole::Success, 22)),
      title_(new ElidedLabel),
      text_(wrapped({}, "muted")),
      actions_(actions),
      bar_(new QProgressBar) {
  theme::setClass(*this, "card");
  theme::setClass(*title_, "heading");
  start_ = named(button(tr("Start training"), "play", "primary"), "start-training", tr("Start training (F5)"));
  pause_ = named(button(tr("Pause"), "pause"), "pause-training", tr("Pause after this batch"));
  resume_ = named(button(tr("Resume"), "play", "primary"), "resume-training", tr("Go on"));
  stop_ =
      named(button(tr("Stop"), "stop"), "stop-training", tr("Stop after this batch and keep the weights (Shift+F5)"));
  resumeStored_ = named(button(tr("Resume"), "play"), "resume-stored", actions_.resumeStored->toolTip());
  resumeStored_->hide();
  design_ = named(button(tr("Go to Design"), "graph"), "go-to-design", tr("Open the network"));
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpace);
  row->addWidget(icon_, 0, Qt::AlignVCenter);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(title_);
  words->addWidget(text_);
  row->addLayout(words, 1);
  for (QPushButton* b : {design_, pause_, resume_, stop_, resumeStored_, start_})
    row->addWidget(b, 0, Qt::AlignVCenter);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpace);
  column->setSpacing(theme::kSpace);
  column->addLayout(row);
  bar_->setRange(0, kSteps);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress of the run"));
  column->addWidget(bar_);
  column->addWidget(makeSteering());
  connect(resumeStored_, &QPushButton::clicked, actions_.resumeStored, &QAction::trigger);
  connect(start_, &QPushButton::clicked, this, &RunHeader::startRequested);
  connect(design_, &QPushButton::clicked, this, &RunHeader::designRequested);
  connect(pause_, &QPushButton::clicked, run_, &bridge::RunModel::pause);
  connect(resume_, &QPushButton::clicked, run_, &bridge::RunModel::resume);
  connect(stop_, &QPushButton::clicked, run_, &bridge::RunModel::stop);
  connect(run_, &bridge::RunModel::stateChanged, this, &RunHeader::showState);
  connect(run_, &bridge::RunModel::runStarted, this, &RunHeader::showState);
  connect(run_, &bridge::RunModel::progressed, this, &RunHeader::showProgress);
  showState();
}

// The second row while a run goes on: what can be done to it without ending it.
QWidget* RunHeader::makeSteering() {
  steering_ = new QWidget;
  auto* row = new QHBoxLayout(steering_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceSmall);
  rate_ = new QLineEdit;
  rate_->setObjectName("learning-rate");
  rate_->setFixedWidth(96);
  rate_->setAccessibleName(tr("Learning rate"));
  rate_->setToolTip(actions_.changeRate->toolTip());
  applyRate_ =
      named(button(tr("Apply")), "apply-learning-rate", tr("From the next step on; a schedule goes on from it"));
  rateProblem_ = label({}, "small error");
  QLabel* name = label(tr("Learning rate"), "muted");
  name->setBuddy(rate_);
  row->addWidget(name);
  row->addWidget(rate_);
  row->addWidget(applyRate_);
  row->addWidget(rateProblem_);
  row->addStretch();
  for (QAction* action : {actions_.stepBatch, actions_.stepEpoch, actions_.checkpoint}) {
    QPushButton* b = named(button(action->text()), action->objectName().toUtf8().constData(), action->toolTip());
    b->setIcon(action->icon());
    b->setObjectName("do-" + action->objectName());
    connect(b, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, b, [b, action] { b->setEnabled(action->isEnabled()); });
    row->addWidget(b);
  }
  connect(applyRate_, &QPushButton::clicked, this, &RunHeader::applyRate);
  connect(rate_, &QLineEdit::returnPressed, this, &RunHeader::applyRate);
  connect(rate_, &QLineEdit::textEdited, this, [this] {
    applyRate_->setEnabled(true);
    rateProblem_->clear();
  });
  connect(actions_.changeRate, &QAction::triggered, rate_, [this] {
    rate_->setFocus();
    rate_->selectAll();
  });
  connect(actions_.stepBatch, &QAction::triggered, run_, [this] { run_->step(false); });
  connect(actions_.stepEpoch, &QAction::triggered, run_, [this] { run_->step(true); });
  connect(actions_.checkpoint, &QAction::triggered, run_, &bridge::RunModel::saveCheckpoint);
  return steering_;
}

void RunHeader::applyRate() {
  bool read = false;
  const double rate = rate_->text().trimmed().toDouble(&read);
  if (!read || !(rate >= 0) || !std::isfinite(rate)) {
    rateProblem_->setText(tr("A number of at least 0, such as 0.001."));
    return;
  }
  rate_->setModified(false);
  applyRate_->setEnabled(false);
  run_->setLearningRate(rate);
}

// What is typed stays until it is applied.
void RunHeader::showRate() {
  const double rate = run_->learningRate();
  if (rate_->isModified() || std::isnan(rate)) return;
  const QString text = QString::number(rate, 'g', 4);
  if (rate_->text() != text) rate_->setText(text);
  applyRate_->setEnabled(false);
}

void RunHeader::showSteering() {
  const State state = run_->state();
  const bool steers = state == State::Running || state == State::Paused;
  if (!run_->isActive()) {
    rate_->clear();
    rate_->setModified(false);
    rateProblem_->clear();
  }
  steering_->setVisible(steers);
  for (QAction* action : {actions_.stepBatch, actions_.stepEpoch}) action->setEnabled(state == State::Paused);
  for (QAction* action : {actions_.checkpoint, actions_.changeRate}) action->setEnabled(steers);
  actions_.resumeStored->setEnabled(!run_->isActive() && !resumable_.isEmpty());
  resumeStored_->setVisible(actions_.resumeStored->isEnabled());
  showRate();
}

void RunHeader::setResumable(const QString& run, const QString& why) {
  resumable_ = run;
  resumeStored_->setText(tr("Resume %1").arg(run));
  resumeStored_->setToolTip(why);
  showSteering();
}

void RunHeader::setReadiness(const Readiness& readiness) {
  readiness_ = readiness;
  showState();
}

void RunHeader::showReadiness() {
  markReadiness(*icon_, readiness_);
  title_->setFullText(readiness_.title);
  text_->setText(readiness_.text);
}

void RunHeader::showState() {
  const State state = run_->state();
  const bool active = run_->isActive();
  showSteering();
  start_->setVisible(!active);
  start_->setEnabled(readiness_.ready);
  start_->setText(state == State::Idle ? tr("Start training") : tr("Train again"));
  design_->setVisible(!active && !readiness_.ready && readiness_.inGraph);
  pause_->setVisible(state == State::Running);
  resume_->setVisible(state == State::Paused);
  stop_->setVisible(active);
  stop_->setEnabled(state != State::Stopping);
  bar_->setVisible(active || state == State::Finished || state == State::Stopped);
  bar_->setRange(0, state == State::Starting ? 0 : kSteps);
  bar_->setValue(qRound(run_->fraction() * kSteps));
  if (!active && (state == State::Idle || state == State::Failed || !readiness_.ready)) {
    bar_->hide();
    return showReadiness();
  }
  const QString name = run_->started() ? QString::fromStdString(run_->started()->name) : QString();
  switch (state) {
    case State::Starting:
      icon_->setIcon("refresh", theme::IconRole::Accent);
      title_->setFullText(tr("Getting ready"));
      text_->setText(tr("The engine starts and reads the data."));
      break;
    case State::Running:
      icon_->setIcon("play", theme::IconRole::Accent);
      title_->setFullText(tr("Training %1").arg(name));
      break;
    case State::Paused:
      icon_->setIcon("pause", theme::IconRole::Warning);
      title_->setFullText(tr("%1 is paused").arg(name));
      break;
    case State::Stopping:
      icon_->setIcon("stop", theme::IconRole::Warning);
      title_->setFullText(tr("Stopping %1").arg(name));
      break;
    default:
      icon_->setIcon(state == State::Finished ? "check" : "stop",
                     state == State::Finished ? theme::IconRole::Success : theme::IconRole::Warning);
      title_->setFullText(state == State::Finished ? tr("%1 has finished").arg(name) : tr("%1 was stopped").arg(name));
  }
  showProgress();
}

void RunHeader::showProgress() {
  if (!run_->started() || run_->state() == State::Idle || run_->state() == State::Failed) return;
  if (!run_->isActive() && !readiness_.ready) return;
  showRate();
  const run::Progress& p = run_->progress();
  if (p.epoch == 0) return;
  const QString dot = QStringLiteral(" · ");
  QStringList facts;
  if (run_->isActive()) {
    facts << tr("Epoch %1 of %2").arg(number(p.epoch), number(run_->started()->epochs))
          << tr("batch %1 of %2").arg(number(p.batch), number(run_->started()->batches));
    if (p.samplesPerSecond > 0) facts << tr("%1 samples/s").arg(number(qRound64(p.samplesPerSecond)));
    if (const auto left = run_->secondsLeft(); left && run_->state() == State::Running)
      facts << tr("%1 left").arg(bridge::durationText(*left));
  } else {
    facts << tr("%1 of %2 epochs in %3")
                 .arg(number(p.epoch), number(run_->started()->epochs), bridge::durationText(p.seconds))
          << tr("%1 samples/s").arg(number(qRound64(p.samplesPerSecond)));
  }
  text_->setText(facts.join(dot));
  bar_->setValue(qRound(run_->fraction() * kSteps));
}

}  // namespace netwright::panels
