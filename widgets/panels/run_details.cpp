// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_details.h"

#include <QAction>
#include <QFormLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "core/layers/lower_graph.h"
#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/run_table.h"
#include "widgets/panels/action_registry.h"
#include "widgets/panels/graph_thumbnail.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/run_labels.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

QString readable(const std::string& name) {
  QString text = QString::fromStdString(name).replace("optimiser.", "").replace('_', ' ');
  if (text == "lr") return RunDetails::tr("Learning rate");
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace

RunDetails::RunDetails(QAction* again, QAction* exportRun, const QList<QAction*>& more)
    : title_(new ElidedLabel),
      note_(wrapped({}, "muted")),
      error_(wrapped({}, "error")),
      labels_(new RunLabels),
      network_(new GraphThumbnail),
      rows_(new QFormLayout),
      body_(new QWidget),
      scroll_(new QScrollArea),
      buttons_(new QWidget) {
  theme::setClass(*this, "card");
  theme::setClass(*title_, "heading");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpace);
  column->setSpacing(theme::kSpaceSmall);
  column->addWidget(title_);
  column->addWidget(note_);
  column->addWidget(error_);
  auto* inside = new QVBoxLayout(body_);
  inside->setContentsMargins(0, 0, theme::kSpaceSmall, 0);
  inside->setSpacing(theme::kSpaceSmall);
  inside->addWidget(labels_);
  network_->setFixedHeight(84);
  inside->addWidget(network_);
  rows_->setHorizontalSpacing(theme::kSpaceLarge);
  rows_->setVerticalSpacing(3);
  inside->addLayout(rows_);
  inside->addStretch();
  scroll_->setWidgetResizable(true);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(body_);
  column->addWidget(scroll_, 1);
  auto* row = new QHBoxLayout(buttons_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceSmall);
  const auto add = [&](QAction* action, const char* icon, const QString& classes) {
    QPushButton* made = button(plainText(*action), icon, classes);
    const auto follow = [made, action] {
      made->setEnabled(action->isEnabled());
      made->setToolTip(action->toolTip());
    };
    connect(action, &QAction::changed, made, follow);
    connect(made, &QPushButton::clicked, action, &QAction::trigger);
    follow();
    row->addWidget(made, 1);
    return made;
  };
  add(again, "refresh", {})->setObjectName("run-again");
  add(exportRun, "export", "primary")->setObjectName("export-selected");
  QToolButton* menu = toolButton("more", tr("More to do with this run"));
  menu->setObjectName("run-more");
  menu->setPopupMode(QToolButton::InstantPopup);
  menu->addActions(more);
  row->addWidget(menu);
  column->addWidget(buttons_);
  clear();
}

void RunDetails::clear() {
  labels_->commitNotes();
  ++question_;
  run_ = {};
  checkpoints_ = 0;
  static_cast<ElidedLabel*>(title_)->setFullText(tr("No run is selected"));
  note_->setText(tr("Choose a run to see its curves and settings. Hold Ctrl to compare two or more."));
  error_->hide();
  while (rows_->rowCount() > 0) rows_->removeRow(0);
  showBody(false);
  buttons_->hide();
}

// An area whose content is hidden would keep its bar.
void RunDetails::showBody(bool visible) {
  body_->setVisible(visible);
  scroll_->setVerticalScrollBarPolicy(visible ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

void RunDetails::showSeveral(int count) {
  clear();
  static_cast<ElidedLabel*>(title_)->setFullText(tr("%1 runs are selected").arg(count));
  note_->setText(
      tr("Their curves have the colours of the dots in the table; dashed lines are validation. Choose two to see in "
         "what they differ."));
}

void RunDetails::showRun(const std::filesystem::path& folder, const store::RunFacts& run) {
  const store::RunSummary& s = run.summary;
  const bool same = s.id == run_.summary.id && folder == folder_;
  const bool asBefore = same && s.steps == run_.summary.steps && s.status == run_.summary.status;
  if (!same) clear();
  folder_ = folder;
  run_ = run;
  static_cast<ElidedLabel*>(title_)->setFullText(QString::fromStdString(s.name));
  note_->setText(tr("%1 · %2 steps · %3")
                     .arg(bridge::statusText(s.status), QString::fromStdString(grouped(s.steps)),
                          QString::fromStdString(byteText(static_cast<double>(run.bytes)))));
  error_->setText(QString::fromStdString(s.errorText));
  error_->setVisible(!s.errorText.empty());
  labels_->showRun(run);
  showBody(true);
  buttons_->show();
  if (asBefore) return;
  const int number = ++question_;
  bridge::inBackground(
      this, [folder, id = s.id] { return factsOf(folder, id); },
      [this, number](const Facts& facts) {
        if (number == question_) fill(facts);
      },
      [](const bridge::Message&) {});
}

RunDetails::Facts RunDetails::factsOf(const std::filesystem::path& folder, store::RunId run) {
  store::Database database(project::databaseFile(folder));
  Facts facts;
  facts.params = database.params(run);
  facts.checkpoints = static_cast<int>(database.checkpoints(run).size());
  const std::string text = database.graphJson(run);
  if (text.empty()) return facts;
  const project::Project project = project::fromText(text, "run");
  const layers::Lowered lowered = layers::lowerGraph(project.graph);
  facts.layers = static_cast<int64_t>(project.graph.nodes.size());
  facts.parameters = lowered.program.parameterCount();
  facts.picture = bridge::pictureOf(project.graph);
  return facts;
}

void RunDetails::fill(const Facts& facts) {
  while (rows_->rowCount() > 0) rows_->removeRow(0);
  network_->setPicture(facts.picture);
  network_->setVisible(!facts.picture.empty());
  network_->setToolTip(tr("The network as it was trained"));
  if (facts.layers > 0) {
    addRow(tr("Layers"), QString::fromStdString(grouped(facts.layers)));
    addRow(tr("Parameters"), QString::fromStdString(grouped(facts.parameters)));
  }
  addRow(tr("Device"), QString::fromStdString(run_.summary.device));
  addRow(tr("Checkpoints"), QString::number(facts.checkpoints));
  for (const auto& [name, value] : facts.params)
    if (name != "device") addRow(readable(name), QString::fromStdString(value));
  addRow(tr("LibTorch"), QString::fromStdString(run_.summary.libtorchVersion));
  checkpoints_ = facts.checkpoints;
  Q_EMIT read();
}

void RunDetails::addRow(const QString& name, const QString& value) {
  auto* text = new ElidedLabel(value);
  text->setAlignment(Qt::AlignRight);
  text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  rows_->addRow(label(name, "muted"), text);
}

}  // namespace netwright::panels
