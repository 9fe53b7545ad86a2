// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/runs_page.h"

#include <QLineEdit>
#include <QMenu>
#include <QSplitter>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/base/text.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/run_comparison.h"
#include "widgets/panels/run_curves.h"
#include "widgets/panels/run_details.h"
#include "widgets/panels/runs_view.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kRefreshMs = 2000, kSideWidth = 320, kFilterWidth = 360;

QToolButton* buttonFor(QAction* action) {
  auto* made = new QToolButton;
  made->setDefaultAction(action);
  made->setAutoRaise(true);
  made->setAccessibleName(action->text());
  if (action->isCheckable()) made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  // Not before it has a parent: it would be a window of its own.
  QObject::connect(action, &QAction::changed, made, [made, action] { made->setVisible(action->isVisible()); });
  return made;
}

}  // namespace

RunsPage::RunsPage(bridge::ProjectModel* model, bridge::RunModel* run, QWidget* parent)
    : QWidget(parent),
      model_(model),
      run_(run),
      table_(new bridge::RunTable(this)),
      edits_(new bridge::RunEdits(this)),
      actions_(makeRunsActions(*this)),
      view_(new RunsView(table_)),
      curves_(new RunCurves),
      details_(new RunDetails(actions_.again, actions_.exportRun,
                              {actions_.network, actions_.branch, actions_.resume, actions_.folder, actions_.tag,
                               actions_.note, actions_.remove, actions_.restore})),
      comparison_(new RunComparison),
      banner_(new MessageBanner),
      stack_(new QStackedLayout),
      main_(new QStackedLayout),
      side_(new QStackedLayout),
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
  connectModels();
  connectActions();
  openProject();
}

void RunsPage::connectModels() {
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
    showActions();
  });
  connect(run_, &bridge::RunModel::runStarted, this, [this] { selectNewest_ = true; });
  connect(run_, &bridge::RunModel::ended, this, [this] { table_->refresh(); });
  const auto report = [this](const bridge::Message& m) { banner_->showMessage(MessageBanner::Kind::Error, m); };
  connect(table_, &bridge::RunTable::refreshed, this, &RunsPage::showRefreshed);
  connect(table_, &bridge::RunTable::failed, this, report);
  connect(edits_, &bridge::RunEdits::changed, table_, &bridge::RunTable::refresh);
  connect(edits_, &bridge::RunEdits::failed, this, report);
  connect(view_, &RunsView::selectionChangedTo, this, &RunsPage::showSelection);
}

QLayout* RunsPage::makeHead() {
  auto* head = new QHBoxLayout;
  head->setSpacing(theme::kSpaceSmall);
  title_ = label(tr("Runs"), "title");
  count_ = label({}, "muted");
  count_->setObjectName("runs-count");
  filterError_ = label({}, "error");
  filterError_->setObjectName("runs-filter-error");
  filterError_->hide();
  head->addWidget(title_);
  head->addWidget(count_, 0, Qt::AlignBottom);
  head->addStretch();
  head->addWidget(filterError_);
  filter_ = new QLineEdit;
  filter_->setObjectName("runs-filter");
  filter_->setPlaceholderText(tr("Filter: name, status or val/accuracy > 0.9"));
  filter_->setToolTip(
      tr("Words in name, status, tags and notes, or terms such as\nval/accuracy > 0.9 and tag.team = x\n"
         "lr < 0.01 or (status = failed and not note ~ old)"));
  filter_->setClearButtonEnabled(true);
  filter_->setFixedWidth(kFilterWidth);
  filter_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  connect(filter_, &QLineEdit::textChanged, this, &RunsPage::applyFilter);
  head->addWidget(filter_);
  views_ = new QMenu(this);
  QToolButton* views = toolButton("chevron-down", tr("Filters that were kept"));
  views->setObjectName("runs-views");
  views->setPopupMode(QToolButton::InstantPopup);
  views->setMenu(views_);
  connect(views_, &QMenu::aboutToShow, this, &RunsPage::fillViews);
  head->addWidget(views);
  for (QAction* action : {actions_.remove, actions_.restore, actions_.emptyTrash, actions_.trash})
    head->addWidget(buttonFor(action));
  return head;
}

QWidget* RunsPage::makeContent() {
  // From the outside in: what gets its parent when it is full is styled once for each level.
  auto* splitter = new QSplitter(Qt::Vertical, this);
  auto* top = new QWidget(splitter);
  auto* upper = new QVBoxLayout(top);
  upper->setContentsMargins(0, 0, 0, 0);
  upper->setSpacing(theme::kSpace);
  upper->addLayout(makeHead());
  upper->addWidget(view_, 1);
  splitter->setObjectName("runs-splitter");
  splitter->setHandleWidth(theme::kSpace);
  splitter->setStyleSheet("QSplitter::handle { background: transparent; }");
  splitter->setChildrenCollapsible(false);
  makeLower(*splitter);
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({330, 340});
  return splitter;
}

void RunsPage::makeLower(QSplitter& below) {
  auto* splitter = new QSplitter(Qt::Horizontal, &below);
  auto* main = new QWidget(splitter);
  auto* beside = new QWidget(splitter);
  beside->setLayout(side_);
  side_->addWidget(details_);
  side_->addWidget(comparison_);
  main->setLayout(main_);
  main_->addWidget(curves_);
  main_->addWidget(comparison_->networks());
  connect(comparison_, &RunComparison::networksAsked, this, &RunsPage::showSelection);
  splitter->setObjectName("runs-side-splitter");
  splitter->setHandleWidth(theme::kSpace);
  splitter->setStyleSheet("QSplitter::handle { background: transparent; }");
  splitter->setChildrenCollapsible(false);
  splitter->setStretchFactor(0, 3);  // on a wide screen the names of what differs have room, too
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({1000 - kSideWidth, kSideWidth});
}

void RunsPage::openProject() {
  // Edits of the whole project (a run's network taken over, a reload) leave the runs as they are.
  if (model_->isOpen() && std::exchange(folder_, model_->folder()) == model_->folder()) return table_->refresh();
  folder_ = model_->folder();
  banner_->dismiss();
  filter_->clear();
  actions_.trash->setChecked(false);
  table_->setProject(model_->folder());
  edits_->setProject(model_->folder());
  curves_->setProject(model_->folder());
  details_->clear();
  comparison_->clear();
  saved_.clear();
  selectNewest_ = true;
  stack_->setCurrentIndex(1);
  if (!model_->isOpen()) return;
  table_->refresh();
  loadViews();
}

void RunsPage::selectNewest() {
  selectNewest_ = true;
  table_->refresh();
}

void RunsPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  view_->setFocus();
  table_->refresh();
}

void RunsPage::showRefreshed() {
  const int count = table_->rowCount();
  stack_->setCurrentIndex(count > 0 || table_->showsTrash() ? 0 : 1);
  if (count > 0 && std::exchange(selectNewest_, false)) view_->selectNewest();
  if (!trashed_.empty() && view_->selectedRuns().isEmpty() && table_->find(trashed_.front()))
    view_->selectRun(std::exchange(trashed_, {}).front());
  showCount();
  showSelection();
}

void RunsPage::showCount() {
  const int all = table_->rowCount(), shown = view_->filter().rowCount();
  int64_t bytes = 0;
  for (int row = 0; row < all; ++row) bytes += table_->facts(row)->bytes;
  const QString size = QString::fromStdString(byteText(static_cast<double>(bytes)));
  title_->setText(table_->showsTrash() ? tr("Trash") : tr("Runs"));
  const QString total = all == 1 ? tr("1 run, %1").arg(size) : tr("%1 runs, %2").arg(QLocale().toString(all), size);
  count_->setText(shown == all ? total : tr("%1 of %2").arg(QLocale().toString(shown), total));
}

// A text that is no filter yet changes nothing: it is being typed.
void RunsPage::applyFilter() {
  try {
    view_->filter().setFilter(store::RunFilter::parse(filter_->text().toStdString()));
    filterError_->hide();
  } catch (const Error& e) {
    filterError_->setText(QString::fromStdString(e.title));
    filterError_->setToolTip(QString::fromStdString(e.next));
    filterError_->show();
  }
  showCount();
}

void RunsPage::setFilter(const QString& text) { filter_->setText(text); }

void RunsPage::showSelection() {
  const QVector<store::RunId> ids = view_->selectedRuns();
  QVector<store::RunSummary> runs;
  for (const store::RunId id : ids.mid(0, RunCurves::kMostRuns))
    if (const store::RunSummary* run = table_->find(id)) runs.append(*run);
  // Those beyond the limit are only counted.
  QVector<store::RunSummary> counted = runs;
  counted.resize(std::max<qsizetype>(runs.size(), ids.size()));
  curves_->showRuns(counted);
  const bool compared = ids.size() == 2;
  side_->setCurrentWidget(compared ? static_cast<QWidget*>(comparison_) : details_);
  main_->setCurrentWidget(compared && comparison_->showsNetworks() ? static_cast<QWidget*>(comparison_->networks())
                                                                   : curves_);
  if (ids.isEmpty()) {
    details_->clear();
  } else if (ids.size() == 2 && runs.size() == 2) {
    comparison_->showRuns(model_->folder(), runs[0], runs[1]);
  } else if (const store::RunFacts* run = single()) {
    details_->showRun(model_->folder(), *run);
  } else {
    details_->showSeveral(static_cast<int>(ids.size()));
  }
  showActions();
}

}  // namespace netwright::panels
