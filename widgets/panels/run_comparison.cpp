// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_comparison.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/project/prepare.h"
#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

QString bestText(const QString& key, const nlohmann::ordered_json& side) {
  if (!side.is_object() || !side.contains("best") || side["best"].is_null()) return QStringLiteral("–");
  return bridge::metricText(key, side["best"].get<double>());
}

// "Validation accuracy | 97.10 % | 96.23 %"
std::vector<project::Row> metricRows(const std::vector<project::Difference>& metrics) {
  std::vector<project::Row> rows;
  for (const project::Difference& d : metrics) {
    const QStringList parts = QString::fromStdString(d.what).split('/');
    const QString &context = parts.front(), &key = parts.back();
    rows.push_back({bridge::metricTitle(key, context).toStdString(), bestText(key, d.a).toStdString(),
                    bestText(key, d.b).toStdString()});
  }
  return rows;
}

// What a run was trained with, checked as the canvas does it. Null where the record holds no network.
std::shared_ptr<const editor::SeenNetwork> networkOf(store::Database& database, const store::RunSummary& run) {
  try {
    auto seen = std::make_shared<editor::SeenNetwork>();
    seen->project = project::fromText(database.graphJson(run.id), "The record of run '" + run.name + "'");
    seen->prepared = project::prepareWithoutData(seen->project);
    return seen->project.graph.nodes.empty() ? nullptr : seen;
  } catch (const Error&) {
    return nullptr;
  }
}

struct Answer {
  project::RunDifference difference;
  std::shared_ptr<const editor::SeenNetwork> a, b;
};

constexpr int kWhatRole = Qt::UserRole;  // of a row about the network

}  // namespace

RunComparison::RunComparison()
    : title_(label({}, "heading")),
      pictures_(toolButton("graph", tr("Show both networks as pictures"))),
      tree_(new QTreeWidget),
      networks_(new ComparedNetworks) {
  setObjectName("run-comparison");
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpace);
  column->setSpacing(theme::kSpaceSmall);
  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  pictures_->setObjectName("compare-networks");
  pictures_->setText(tr("Networks"));
  pictures_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  pictures_->setCheckable(true);
  head->addWidget(pictures_);
  column->addLayout(head);
  connect(pictures_, &QToolButton::toggled, this, &RunComparison::networksAsked);
  tree_->setColumnCount(3);
  tree_->setRootIsDecorated(false);
  tree_->setIndentation(theme::kSpaceSmall);
  tree_->setItemsExpandable(false);
  tree_->setUniformRowHeights(true);
  tree_->setSelectionMode(QAbstractItemView::SingleSelection);
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->header()->setStretchLastSection(false);
  tree_->header()->setSectionsMovable(false);
  tree_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  for (int i : {1, 2}) tree_->header()->setSectionResizeMode(i, QHeaderView::ResizeToContents);
  tree_->setAccessibleName(tr("Differences of two runs"));
  column->addWidget(tree_, 1);
  connect(tree_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
    const QString what = item ? item->data(0, kWhatRole).toString() : QString();
    if (what.isEmpty()) return;
    pictures_->setChecked(true);
    networks_->choose(what);
  });
}

bool RunComparison::showsNetworks() const { return pictures_->isChecked(); }

void RunComparison::clear() {
  ++question_;
  a_ = b_ = {};
}

void RunComparison::showRuns(const std::filesystem::path& folder, const store::RunSummary& a,
                             const store::RunSummary& b) {
  const bool same = a.id == a_.id && b.id == b_.id && a.steps == a_.steps && b.steps == b_.steps &&
                    a.status == a_.status && b.status == b_.status;
  if (same) return;
  a_ = a;
  b_ = b;
  title_->setText(tr("What differs"));
  tree_->setHeaderLabels({QString(), QString::fromStdString(a.name), QString::fromStdString(b.name)});
  const int number = ++question_;
  bridge::inBackground(
      this,
      [file = project::databaseFile(folder), a, b] {
        store::Database database(file);
        return Answer{project::differenceOf(database, a, b), networkOf(database, a), networkOf(database, b)};
      },
      [this, number, a, b](const Answer& answer) {
        if (number != question_) return;
        fill(answer.difference);
        networks_->display({QString::fromStdString(a.name), answer.a}, {QString::fromStdString(b.name), answer.b},
                           answer.difference.graph);
      },
      [this, number](const bridge::Message& m) {
        if (number == question_) title_->setText(m.title);
      });
}

void RunComparison::fill(const project::RunDifference& difference) {
  tree_->clear();
  addGroup(tr("Best results"), metricRows(difference.metrics));
  addGroup(tr("Settings"), project::rowsOf(difference.settings));
  addGroup(tr("Network"), project::rowsOf(difference.graph));
  QTreeWidgetItem* network = tree_->topLevelItem(tree_->topLevelItemCount() - 1);
  for (int i = 0; i < network->childCount(); ++i) {
    QTreeWidgetItem* row = network->child(i);
    row->setData(0, kWhatRole, row->text(0));
    row->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    row->setToolTip(0, tr("%1: show it in the networks").arg(row->text(0)));
  }
  tree_->expandAll();
}

void RunComparison::addGroup(const QString& title, const std::vector<project::Row>& rows) {
  auto* group = new QTreeWidgetItem(tree_, {title, rows.empty() ? tr("the same") : QString()});
  group->setFont(0, theme::font(theme::TextStyle::Strong));
  group->setForeground(1, theme::palette().muted);
  group->setFlags(Qt::ItemIsEnabled);
  for (const project::Row& row : rows) {
    auto* item = new QTreeWidgetItem(
        group, {QString::fromStdString(row.what), QString::fromStdString(row.a), QString::fromStdString(row.b)});
    for (int i = 0; i < 3; ++i) item->setToolTip(i, item->text(i));
    item->setFlags(Qt::ItemIsEnabled);
    for (int i : {1, 2}) item->setTextAlignment(i, Qt::AlignRight | Qt::AlignVCenter);
  }
}

QStringList RunComparison::lines() const {
  QStringList all;
  for (int g = 0; g < tree_->topLevelItemCount(); ++g) {
    const QTreeWidgetItem* group = tree_->topLevelItem(g);
    if (group->childCount() == 0) all << group->text(0) + ": " + group->text(1);
    for (int i = 0; i < group->childCount(); ++i)
      all << group->text(0) + ": " + group->child(i)->text(0) + ": " + group->child(i)->text(1) + " | " +
                 group->child(i)->text(2);
  }
  return all;
}

}  // namespace netwright::panels
