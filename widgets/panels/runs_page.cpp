// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_page.h"

#include <QLineEdit>
#include <QSplitter>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/run_curves.h"
#include "widgets/panels/run_details.h"
#include "widgets/panels/runs_view.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kRefreshMs = 2000, kDetailsWidth = 300;

}  // namespace

RunsPage::RunsPage(bridge::ProjectModel* model, bridge::RunModel* run)
    : model_(model),
      run_(run),
      table_(new bridge::RunTable(this)),
      view_(new RunsView(table_)),
      curves_(new RunCurves),
      details_(new RunDetails),
      banner_(new MessageBanner),
      stack_(new QStackedLayout),
      timer_(new QTimer(this)) {
  empty_ = new EmptyState(
      "runs", tr("No runs yet"),
      tr("Each training is kept here with its settings, curves and weights, so that you can compare and export it."));
  QPushButton* train = empty_->addButton(tr("Go to Train"), "play", "primary");
  connect(train, &QPushButton::clicked, this, &RunsPage::trainRequested);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  outer->setSpacing(theme::kSpace);
  outer->addWidget(banner_);
  outer->addLayout(stack_, 1);
  stack_->addWidget(makeContent());
  stack_->addWidget(empty_);

  timer_->setInterval(kRefreshMs);
  connect(timer_, &QTimer::timeout, this, [this] {
    if (isVisible()) table_->refresh();
  });
  connect(model_, &bridge::ProjectModel::projectChanged, this, &RunsPage::openProject);
  connect(run_, &bridge::RunModel::stateChanged, this, [this] {
    if (run_->isActive()) {
      timer_->start();
    } else {
      timer_->stop();
    }
    if (isVisible()) table_->refresh();
  });
  connect(run_, &bridge::RunModel::runStarted, this, [this] { selectNewest_ = true; });
  connect(run_, &bridge::RunModel::ended, this, [this] { table_->refresh(); });
  connect(table_, &bridge::RunTable::refreshed, this, &RunsPage::showRefreshed);
  connect(table_, &bridge::RunTable::failed, this,
          [this](const bridge::Message& m) { banner_->showMessage(MessageBanner::Kind::Error, m); });
  connect(view_, &RunsView::selectionChangedTo, this, &RunsPage::showSelection);
  connect(details_, &RunDetails::exportRequested, this, &RunsPage::exportRequested);
  openProject();
}

QWidget* RunsPage::makeContent() {
  auto* top = new QWidget;
  auto* upper = new QVBoxLayout(top);
  upper->setContentsMargins(0, 0, 0, 0);
  upper->setSpacing(theme::kSpace);
  auto* head = new QHBoxLayout;
  head->setSpacing(theme::kSpaceSmall);
  head->addWidget(label(tr("Runs"), "title"));
  count_ = label({}, "muted");
  head->addWidget(count_, 0, Qt::AlignBottom);
  head->addStretch();
  filter_ = new QLineEdit;
  filter_->setObjectName("runs-filter");
  filter_->setPlaceholderText(tr("Filter by name or status"));
  filter_->setClearButtonEnabled(true);
  filter_->setFixedWidth(240);
  filter_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& words) { view_->filter().setWords(words); });
  head->addWidget(filter_);
  upper->addLayout(head);
  upper->addWidget(view_, 1);

  auto* below = new QWidget;
  auto* lower = new QHBoxLayout(below);
  lower->setContentsMargins(0, 0, 0, 0);
  lower->setSpacing(theme::kSpace);
  lower->addWidget(curves_, 1);
  details_->setFixedWidth(kDetailsWidth);
  lower->addWidget(details_);

  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setHandleWidth(theme::kSpace);
  splitter->setStyleSheet("QSplitter::handle { background: transparent; }");
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(top);
  splitter->addWidget(below);
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({330, 340});
  return splitter;
}

void RunsPage::openProject() {
  banner_->dismiss();
  filter_->clear();
  table_->setProject(model_->folder());
  curves_->setProject(model_->folder());
  details_->clear();
  selectNewest_ = true;
  stack_->setCurrentIndex(1);
  if (model_->isOpen()) table_->refresh();
}

void RunsPage::selectNewest() {
  selectNewest_ = true;
  table_->refresh();
}

void RunsPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  table_->refresh();
}

void RunsPage::showRefreshed() {
  const int count = table_->rowCount();
  stack_->setCurrentIndex(count > 0 ? 0 : 1);
  count_->setText(count == 1 ? tr("1 in this project") : tr("%1 in this project").arg(count));
  if (count > 0 && std::exchange(selectNewest_, false)) view_->selectNewest();
  showSelection();
}

void RunsPage::showSelection() {
  QVector<store::RunSummary> runs;
  for (const store::RunId id : view_->selectedRuns())
    if (const store::RunSummary* run = table_->find(id)) runs.append(*run);
  curves_->showRuns(runs);
  if (runs.isEmpty()) {
    details_->clear();
  } else if (runs.size() > 1) {
    details_->showSeveral(static_cast<int>(runs.size()));
  } else {
    details_->showRun(model_->folder(), runs.front());
  }
}

}  // namespace netwright::panels
