// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/design_panel.h"

#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

#include "widgets/editor/design_page.h"
#include "widgets/editor/node_overlay.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/readiness.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

}  // namespace

DesignPanel::DesignPanel(bridge::ProjectModel* model, bridge::RunModel* run, bridge::DataFacts* facts, QWidget* parent)
    : QWidget(parent),
      model_(model),
      run_(run),
      facts_(facts),
      icon_(new IconLabel("check", theme::IconRole::Success, 18)),
      title_(new ElidedLabel),
      text_(new ElidedLabel),
      editor_(new editor::DesignPage(model, this)) {
  auto* bar = new QFrame;
  theme::setClass(*bar, "toolbar");
  theme::setClass(*title_, "strong");
  theme::setClass(*text_, "muted");
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(theme::kSpaceLarge, theme::kSpaceSmall, theme::kSpaceLarge, theme::kSpaceSmall);
  row->setSpacing(theme::kSpaceSmall);
  row->addWidget(icon_);
  row->addWidget(title_);
  row->addSpacing(theme::kSpaceXs);
  row->addWidget(text_, 1);
  makeOverlay();
  auto* activity = new QToolButton;
  activity->setDefaultAction(nodeStatistics_);
  activity->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  row->addWidget(activity);
  train_ = button(tr("Train"), "play", "primary");
  train_->setObjectName("train");
  train_->setToolTip(tr("Start training (F5)"));
  train_->setMinimumWidth(110);
  row->addWidget(train_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(bar);
  column->addWidget(editor_, 1);
  connect(train_, &QPushButton::clicked, this, &DesignPanel::trainRequested);
  connect(editor_, &editor::DesignPage::helpAsked, this, &DesignPanel::helpAsked);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &DesignPanel::update);
  connect(model_, &bridge::ProjectModel::documentChanged, this, &DesignPanel::update);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &DesignPanel::update);
  connect(facts_, &bridge::DataFacts::counted, this, &DesignPanel::update);
  connect(run_, &bridge::RunModel::stateChanged, this, &DesignPanel::update);
  update();
}

// While a run goes on the canvas tells what flows through the nodes; an edit afterwards makes that old.
void DesignPanel::makeOverlay() {
  nodeStatistics_ = new QAction(theme::icon("chart", theme::IconRole::Muted), tr("Activity"), this);
  nodeStatistics_->setObjectName("design.node-statistics");
  nodeStatistics_->setCheckable(true);
  nodeStatistics_->setToolTip(
      tr("While a run goes on, below each node: mean ± spread of its output, and the size of its "
         "gradients"));
  nodeStatistics_->setChecked(settings().value("design/node-statistics", true).toBool());
  connect(nodeStatistics_, &QAction::toggled, this, [this](bool on) {
    settings().setValue("design/node-statistics", on);
    watch();
  });
  auto* overlay = new editor::NodeOverlay(editor_->scene());
  overlay->setObjectName("node-overlay");
  connect(run_, &bridge::RunModel::nodeStatisticsChanged, overlay, [this, overlay] {
    run_->nodeStatistics() && run_->folder() == model_->folder() ? overlay->show(*run_->nodeStatistics())
                                                                 : overlay->clear();
  });
  connect(model_, &bridge::ProjectModel::documentChanged, overlay, [this, overlay](const graph::Change& change) {
    if (change.meaning && !run_->isActive()) overlay->clear();
  });
  connect(model_, &bridge::ProjectModel::projectChanged, overlay, &editor::NodeOverlay::clear);
}

void DesignPanel::watch() { run_->watchNodes(nodeStatistics_->isChecked() && isVisible()); }

void DesignPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  watch();
}

void DesignPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  watch();
}

QWidget* DesignPanel::editor() const { return editor_; }

QList<QAction*> DesignPanel::pageActions() const { return editor_->pageActions() << nodeStatistics_; }

void DesignPanel::update() {
  if (!model_->isOpen()) return;
  const Readiness r = readiness(*model_, facts_->counts());
  markReadiness(*icon_, r);
  title_->setFullText(r.title);
  text_->setFullText(r.text);
  train_->setEnabled(r.ready || run_->isActive());
  train_->setText(run_->isActive() ? tr("Watch training") : tr("Train"));
  train_->setIcon(theme::icon(run_->isActive() ? "chart" : "play", theme::IconRole::OnAccent));
}

}  // namespace netwright::panels
