// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/status_line.h"

#include <unistd.h>

#include <QHBoxLayout>
#include <QLocale>
#include <QTimer>

#include "core/base/text.h"
#include "core/store/process.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

using State = bridge::RunModel::State;
constexpr int kMemoryMs = 2000;

QWidget* pair(IconLabel* icon, QLabel* text) {
  auto* both = new QWidget;
  auto* row = new QHBoxLayout(both);
  row->setContentsMargins(theme::kSpaceSmall, 0, theme::kSpaceSmall, 0);
  row->setSpacing(theme::kSpaceXs + 2);
  row->addWidget(icon);
  row->addWidget(text);
  return both;
}

struct Look {
  const char* icon;
  theme::IconRole role;
};

Look lookOf(State state) {
  switch (state) {
    case State::Starting:
    case State::Running:
      return {"play", theme::IconRole::Accent};
    case State::Paused:
    case State::Stopping:
      return {"pause", theme::IconRole::Warning};
    case State::Finished:
      return {"check", theme::IconRole::Success};
    case State::Failed:
      return {"error", theme::IconRole::Error};
    default:
      return {"stop", theme::IconRole::Muted};
  }
}

QString bytes(int64_t count) { return QString::fromStdString(byteText(static_cast<double>(count))); }

}  // namespace

StatusLine::StatusLine(bridge::ProjectModel* model, bridge::RunModel* run, bridge::Autosave* autosave)
    : model_(model),
      run_(run),
      autosave_(autosave),
      engineIcon_(new IconLabel("stop", theme::IconRole::Muted, 14)),
      editsIcon_(new IconLabel("check", theme::IconRole::Muted, 14)),
      engine_(label({}, "muted small")),
      device_(label({}, "muted small")),
      speed_(label({}, "muted small")),
      memory_(label({}, "muted small")),
      edits_(label({}, "muted small")),
      timer_(new QTimer(this)) {
  setObjectName("status-line");
  setSizeGripEnabled(false);
  addWidget(pair(engineIcon_, engine_));
  for (QLabel* text : {device_, speed_}) {
    text->setContentsMargins(theme::kSpaceSmall, 0, theme::kSpaceSmall, 0);
    addWidget(text);
  }
  memory_->setContentsMargins(theme::kSpaceSmall, 0, theme::kSpaceSmall, 0);
  addPermanentWidget(memory_);
  addPermanentWidget(pair(editsIcon_, edits_));
  engine_->setObjectName("status-engine");
  device_->setObjectName("status-device");
  speed_->setObjectName("status-speed");
  memory_->setObjectName("status-memory");
  edits_->setObjectName("status-edits");
  memory_->setToolTip(tr("Memory of this window and, while it trains, of the engine."));
  timer_->setInterval(kMemoryMs);
  connect(timer_, &QTimer::timeout, this, &StatusLine::showMemory);
  connect(run_, &bridge::RunModel::stateChanged, this, &StatusLine::refresh);
  connect(run_, &bridge::RunModel::progressed, this, &StatusLine::refresh);
  connect(run_, &bridge::RunModel::silenceChanged, this, &StatusLine::refresh);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &StatusLine::refresh);
  connect(model_, &bridge::ProjectModel::modifiedChanged, this, &StatusLine::refresh);
  connect(autosave_, &bridge::Autosave::changed, this, &StatusLine::refresh);
  refresh();
}

QString StatusLine::engineText() const {
  const QString name = run_->started() ? QString::fromStdString(run_->started()->name) : QString();
  if (run_->isActive() && run_->silence() > 0)
    return tr("The engine has not answered for %1 s").arg(qRound(run_->silence()));
  switch (run_->state()) {
    case State::Idle:
      return tr("No run is going on");
    case State::Starting:
      return tr("The engine starts");
    case State::Running:
      return tr("Training %1, epoch %2 of %3")
          .arg(name)
          .arg(std::max<int64_t>(1, run_->progress().epoch))
          .arg(run_->started() ? run_->started()->epochs : 0);
    case State::Paused:
      return tr("%1 is paused").arg(name);
    case State::Stopping:
      return tr("%1 stops after this batch").arg(name);
    case State::Finished:
      return tr("%1 is finished").arg(name);
    case State::Stopped:
      return tr("%1 is stopped").arg(name);
    case State::Failed:
      return run_->problem().title;
  }
  return {};
}

QString StatusLine::deviceText() const {
  if (!run_->isActive() || !run_->started()) return {};
  const QString device = QString::fromStdString(run_->started()->device).toUpper();
  const int64_t threads = run_->started()->threads;
  if (device != "CPU" || threads < 1) return device;
  return threads == 1 ? tr("CPU, 1 thread") : tr("CPU, %1 threads").arg(threads);
}

QString StatusLine::speedText() const {
  if (run_->state() != State::Running || run_->progress().samplesPerSecond <= 0) return {};
  return tr("%1 samples/s").arg(QString::fromStdString(grouped(qRound64(run_->progress().samplesPerSecond))));
}

QString StatusLine::editsText() const {
  if (!model_->isOpen()) return {};
  if (!autosave_->problem().empty()) return autosave_->problem().title;
  if (!model_->isModified()) return tr("All edits are saved");
  if (!autosave_->keptAt().isValid()) return tr("Unsaved edits");
  const QString kept = autosave_->keptAt().time().toString("HH:mm:ss");
  return autosave_->edits() == 1 ? tr("1 unsaved edit, kept at %1").arg(kept)
                                 : tr("%1 unsaved edits, kept at %2").arg(autosave_->edits()).arg(kept);
}

void StatusLine::refresh() {
  const Look look = lookOf(run_->state());
  engineIcon_->setIcon(look.icon, look.role);
  engine_->setText(engineText());
  device_->setText(deviceText());
  speed_->setText(speedText());
  edits_->setText(editsText());
  const bool failed = !autosave_->problem().empty();
  editsIcon_->setIcon(failed                 ? "error"
                      : model_->isModified() ? "dot"
                                             : "check",
                      failed ? theme::IconRole::Error : theme::IconRole::Muted);
  editsIcon_->setVisible(!edits_->text().isEmpty());
  edits_->setToolTip(failed ? autosave_->problem().why + ' ' + autosave_->problem().next
                            : tr("Unsaved edits are kept for the next start should the window be killed."));
  if (run_->isActive() != timer_->isActive()) {
    run_->isActive() ? timer_->start() : timer_->stop();
    showMemory();
  }
  if (memory_->text().isEmpty()) showMemory();
}

void StatusLine::showMemory() {
  const QString window = bytes(store::residentBytes(::getpid()));
  const int64_t engine = run_->isActive() ? store::residentBytes(run_->enginePid()) : 0;
  memory_->setText(engine > 0 ? tr("Window %1 · Engine %2").arg(window, bytes(engine)) : tr("Window %1").arg(window));
}

}  // namespace netwright::panels
