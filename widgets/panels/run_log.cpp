// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_log.h"

#include <QListView>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTime>
#include <QVBoxLayout>
#include <utility>

#include "core/base/text.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

QString number(int64_t n) { return QString::fromStdString(grouped(n)); }

}  // namespace

RunLog::RunLog(bridge::RunModel* run) : run_(run), lines_(new QStandardItemModel(this)), view_(new QListView) {
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpaceSmall + 2, theme::kSpaceSmall, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceXs);
  column->addWidget(label(tr("Log"), "strong"));
  view_->setModel(lines_);
  view_->setStyleSheet(
      "QListView { background: transparent; border: none; } QListView::item { padding: 1px 0; margin: 0; }");
  view_->setSelectionMode(QAbstractItemView::NoSelection);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view_->setFocusPolicy(Qt::TabFocus);
  view_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  view_->setUniformItemSizes(true);  // or each new line would measure all of them
  view_->setAccessibleName(tr("Log of the run"));
  column->addWidget(view_, 1);
  explainEmpty();
  connect(run_, &bridge::RunModel::stateChanged, this, &RunLog::logState);
  connect(run_, &bridge::RunModel::runStarted, this, [this](const run::RunStarted& r) {
    add("play", static_cast<int>(theme::IconRole::Accent),
        tr("Run %1 started on %2: %3 batches in each of %4 epochs.")
            .arg(QString::fromStdString(r.name), QString::fromStdString(r.device), number(r.batches),
                 number(r.epochs)));
  });
  connect(run_, &bridge::RunModel::epochFinished, this, &RunLog::logEpoch);
  connect(run_, &bridge::RunModel::checkpointWritten, this, [this](const run::CheckpointWritten& c) {
    add("save", static_cast<int>(theme::IconRole::Muted),
        (c.best ? tr("Checkpoint %1, the best so far.") : tr("Checkpoint %1.")).arg(QString::fromStdString(c.path)));
  });
}

int RunLog::lineCount() const { return lines_->rowCount(); }
QString RunLog::line(int index) const { return lines_->index(index, 0).data().toString(); }

void RunLog::add(const QString& iconName, int role, const QString& text) {
  auto* item = new QStandardItem(theme::icon(iconName, static_cast<theme::IconRole>(role)),
                                 QTime::currentTime().toString("HH:mm:ss") + QStringLiteral("   ") + text);
  item->setToolTip(text);
  const QScrollBar* bar = view_->verticalScrollBar();
  const bool follows = bar->value() == bar->maximum();  // who scrolled up reads
  lines_->appendRow(item);
  if (!follows || std::exchange(scrolling_, true)) return;
  QMetaObject::invokeMethod(  // once for all lines that come together
      this,
      [this] {
        scrolling_ = false;
        view_->scrollToBottom();
      },
      Qt::QueuedConnection);
}

void RunLog::explainEmpty() {
  lines_->appendRow(new QStandardItem(theme::icon("info", theme::IconRole::Muted),
                                      tr("Start, epochs, checkpoints and problems of the run are listed here.")));
}

void RunLog::logEpoch(const run::EpochFinished& epoch) {
  QStringList training, validation;
  for (const auto& [name, value] : epoch.values) {
    const QString full = QString::fromStdString(name), key = full.section('/', 1);
    (full.startsWith("val/") ? validation : training)
        << QString(key).replace('_', ' ') + ' ' + bridge::metricText(key, value);
  }
  QString text = tr("Epoch %1: %2").arg(number(epoch.epoch), training.join(", "));
  if (!validation.isEmpty()) text += tr(" · validation %1").arg(validation.join(", "));
  add("check", static_cast<int>(theme::IconRole::Success), text);
}

void RunLog::logState() {
  using State = bridge::RunModel::State;
  const auto role = [](theme::IconRole r) { return static_cast<int>(r); };
  switch (run_->state()) {
    case State::Idle:
      lines_->clear();
      explainEmpty();
      break;
    case State::Starting:
      lines_->clear();
      add("dot", role(theme::IconRole::Muted),
          run_->isAttached() ? tr("This run is going already; here it is from its first point on.")
                             : tr("The engine is starting and reads the data."));
      break;
    case State::Paused:
      add("pause", role(theme::IconRole::Warning), tr("Paused at step %1.").arg(number(run_->progress().step)));
      break;
    case State::Stopping:
      add("stop", role(theme::IconRole::Muted), tr("Stopping after this batch."));
      break;
    case State::Finished:
      add("check", role(theme::IconRole::Success),
          tr("Finished after %1.").arg(bridge::durationText(run_->progress().seconds)));
      break;
    case State::Stopped:
      add("stop", role(theme::IconRole::Warning), tr("Stopped; the weights are in a checkpoint."));
      break;
    case State::Failed:
      add("error", role(theme::IconRole::Error), run_->problem().title);
      break;
    case State::Running:
      break;
  }
}

}  // namespace netwright::panels
