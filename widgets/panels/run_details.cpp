// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_details.h"

#include <QFormLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "core/layers/lower_graph.h"
#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/run_table.h"
#include "widgets/panels/parts.h"
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

RunDetails::RunDetails()
    : title_(new ElidedLabel), note_(wrapped({}, "muted")), error_(wrapped({}, "error")), rows_(new QFormLayout) {
  theme::setClass(*this, "card");
  theme::setClass(*title_, "heading");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpace);
  column->setSpacing(theme::kSpaceSmall);
  column->addWidget(title_);
  column->addWidget(note_);
  column->addWidget(error_);
  rows_->setHorizontalSpacing(theme::kSpaceLarge);
  rows_->setVerticalSpacing(3);
  rows_->setContentsMargins(0, 0, theme::kSpaceSmall, 0);
  auto* inside = new QWidget;
  inside->setLayout(rows_);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(inside);
  column->addWidget(scroll, 1);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kSpaceSmall);
  open_ = button(tr("Open folder"), "folder");
  export_ = button(tr("Export…"), "export", "primary");
  export_->setObjectName("export-selected");
  buttons->addWidget(open_, 1);
  buttons->addWidget(export_, 1);
  column->addLayout(buttons);
  connect(export_, &QPushButton::clicked, this, [this] { Q_EMIT exportRequested(QString::number(run_.id.value)); });
  connect(open_, &QPushButton::clicked, this, [this] {
    const auto folder = project::artifactFolder(folder_, run_.name);
    opensFolder(QString::fromStdString((std::filesystem::exists(folder) ? folder : folder_).string()));
  });
  clear();
}

void RunDetails::clear() {
  ++question_;
  run_ = {};
  static_cast<ElidedLabel*>(title_)->setFullText(tr("No run is selected"));
  note_->setText(tr("Choose a run to see its curves and settings. Hold Ctrl to compare several."));
  error_->hide();
  while (rows_->rowCount() > 0) rows_->removeRow(0);
  export_->hide();
  open_->hide();
}

void RunDetails::showSeveral(int count) {
  clear();
  static_cast<ElidedLabel*>(title_)->setFullText(tr("%1 runs are compared").arg(count));
  note_->setText(
      tr("Their curves have the colours of the dots in the table; dashed lines are validation. Choose a single run to "
         "see its settings."));
}

void RunDetails::showRun(const std::filesystem::path& folder, const store::RunSummary& run) {
  const bool same = run.id == run_.id && folder == folder_;
  if (!same) clear();
  folder_ = folder;
  run_ = run;
  static_cast<ElidedLabel*>(title_)->setFullText(QString::fromStdString(run.name));
  note_->setText(tr("%1 · %2 steps").arg(bridge::statusText(run.status), QString::fromStdString(grouped(run.steps))));
  error_->setText(QString::fromStdString(run.errorText));
  error_->setVisible(!run.errorText.empty());
  open_->show();
  const int number = ++question_;
  bridge::inBackground(
      this, [folder, id = run.id] { return read(folder, id); },
      [this, number](const Facts& facts) {
        if (number == question_) fill(facts);
      },
      [](const bridge::Message&) {});
}

RunDetails::Facts RunDetails::read(const std::filesystem::path& folder, store::RunId run) {
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
  return facts;
}

void RunDetails::fill(const Facts& facts) {
  while (rows_->rowCount() > 0) rows_->removeRow(0);
  if (facts.layers > 0) {
    addRow(tr("Layers"), QString::fromStdString(grouped(facts.layers)));
    addRow(tr("Parameters"), QString::fromStdString(grouped(facts.parameters)));
  }
  addRow(tr("Device"), QString::fromStdString(run_.device));
  addRow(tr("Checkpoints"), QString::number(facts.checkpoints));
  for (const auto& [name, value] : facts.params)
    if (name != "device") addRow(readable(name), QString::fromStdString(value));
  addRow(tr("LibTorch"), QString::fromStdString(run_.libtorchVersion));
  export_->setVisible(facts.checkpoints > 0);
}

void RunDetails::addRow(const QString& name, const QString& value) {
  auto* text = new ElidedLabel(value);
  text->setAlignment(Qt::AlignRight);
  text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  rows_->addRow(label(name, "muted"), text);
}

}  // namespace netwright::panels
