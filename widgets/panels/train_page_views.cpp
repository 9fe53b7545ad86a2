// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/train_page_views.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "widgets/charts/confusion_matrix.h"
#include "widgets/charts/scatter_plot.h"
#include "widgets/panels/live_charts.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/train_page_samples.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

enum View { Curves, Predictions, Matrix };

QFrame* framed(QWidget* picture) {
  QFrame* frame = card();
  auto* inside = new QVBoxLayout(frame);
  inside->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpace);
  inside->addWidget(picture);
  return frame;
}

}  // namespace

TrainViews::TrainViews(bridge::RunModel* run, const TrainActions& actions)
    : run_(run),
      charts_(new LiveCharts(run)),
      samples_(new SampleGrid),
      matrix_(new charts::ConfusionMatrix),
      scatter_(new charts::ScatterPlot),
      stack_(new QStackedWidget),
      of_(label({}, "muted small")) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  auto* tabs = new QHBoxLayout;
  tabs->setSpacing(theme::kSpaceXs);
  for (QAction* action : {actions.showCurves, actions.showPredictions, actions.showMatrix}) {
    auto* tab = new QToolButton;
    action->setCheckable(true);
    tab->setObjectName("tab-" + action->objectName());
    tab->setDefaultAction(action);
    tab->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    tab->setFocusPolicy(Qt::TabFocus);
    const auto index = static_cast<int>(tabs_.size());
    connect(action, &QAction::triggered, this, [this, index] { choose(index); });
    tabs_ << tab;
    tabs->addWidget(tab);
  }
  tabs->addSpacing(theme::kSpaceSmall);
  tabs->addWidget(charts_->chips(), 1);
  rest_ = new QWidget;
  tabs->addWidget(rest_, 1);
  tabs->addWidget(of_);
  column->addLayout(tabs);
  stack_->addWidget(charts_);
  stack_->addWidget(makeSamples());
  stack_->addWidget(makeMatrix());
  column->addWidget(stack_, 1);
  connect(run_, &bridge::RunModel::validationSeen, this, &TrainViews::showValidation);
  connect(run_, &bridge::RunModel::stateChanged, this, &TrainViews::showState);
  choose(Curves);
  showValidation();
}

QWidget* TrainViews::makeSamples() {
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(samples_);
  samplesStack_ = new QStackedWidget;
  samplesStack_->addWidget(new EmptyState("eye", tr("Predictions appear after the first epoch"),
                                          tr("Samples of the validation set with what the network says about them, for "
                                             "losses of classes and of numbers.")));
  samplesStack_->addWidget(scroll);
  return samplesStack_;
}

QWidget* TrainViews::makeMatrix() {
  matrixStack_ = new QStackedWidget;
  matrix_->setObjectName("confusion-matrix");
  scatter_->setObjectName("scatter-plot");
  matrix_->setEmptyText(tr("With more than 100 classes there is no table to read"));
  matrixStack_->addWidget(new EmptyState("data", tr("What is taken for what appears after the first epoch"),
                                         tr("A confusion matrix for classes; predicted against true for numbers.")));
  matrixStack_->addWidget(framed(matrix_));
  matrixStack_->addWidget(framed(scatter_));
  return matrixStack_;
}

int TrainViews::current() const { return stack_->currentIndex(); }

void TrainViews::choose(int index) {
  stack_->setCurrentIndex(index);
  for (int i = 0; i < tabs_.size(); ++i) tabs_[i]->defaultAction()->setChecked(i == index);
  of_->setVisible(index != Curves);
  rest_->setVisible(index != Curves);
  charts_->chips()->setVisible(index == Curves);
}

// The last run's samples stay until another one starts.
void TrainViews::showState() {
  const auto state = run_->state();
  if (state == bridge::RunModel::State::Starting || state == bridge::RunModel::State::Idle) showValidation();
}

void TrainViews::showValidation() {
  const auto& seen = run_->validation();
  samplesStack_->setCurrentIndex(seen ? 1 : 0);
  if (!seen) {
    samples_->clear();
    of_->clear();
    return matrixStack_->setCurrentIndex(0);
  }
  samples_->display(*seen);
  of_->setText(tr("After epoch %1, %2 samples")
                   .arg(QString::fromStdString(grouped(seen->epoch)), QString::fromStdString(grouped(seen->samples))));
  const bool numbers = seen->classes.empty();
  tabs_[Matrix]->defaultAction()->setText(numbers ? tr("Against truth") : tr("Confusion"));
  matrixStack_->setCurrentIndex(numbers ? 2 : 1);
  if (numbers) return scatter_->display(seen->truths, seen->predictions);
  QStringList classes;
  for (const std::string& name : seen->classes) classes << QString::fromStdString(name);
  matrix_->display(classes, seen->confusion);
}

}  // namespace netwright::panels
