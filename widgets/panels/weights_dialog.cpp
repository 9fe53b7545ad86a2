// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/weights_dialog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <QCheckBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QProgressBar>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "widgets/bridge/background.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

enum Column { Weight, Shape, Tensor, Why };
constexpr int kSureRole = Qt::UserRole;

using convert::Match;

bool isSure(const Match& m) { return m.how == Match::How::Name || m.how == Match::How::Prefix; }

QString whyText(const Match& m) {
  if (!m.note.empty()) return QString::fromStdString(m.note);
  return m.how == Match::How::Name ? WeightsDialog::tr("Same name, same shape.") : QString();
}

}  // namespace

WeightsDialog::WeightsDialog(bridge::ProjectModel& model, const QString& file, QWidget* parent)
    : QDialog(parent),
      model_(model),
      file_(file),
      summary_(wrapped(tr("Reading the file…"), "strong")),
      hint_(wrapped({}, "muted")),
      table_(new QTreeWidget),
      problemsOnly_(new QCheckBox(tr("Only those that are not certain"))),
      banner_(new MessageBanner),
      bar_(new QProgressBar) {
  setObjectName("weights-dialog");
  setWindowTitle(tr("Weights from a file"));
  resize(860, 620);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceLarge);
  column->setSpacing(theme::kSpace);
  column->addWidget(label(tr("Start from other weights"), "title"));
  column->addWidget(
      label(tr("%1: tensors are matched by name, then by shape and order.").arg(QFileInfo(file).fileName()), "muted"));
  column->addWidget(banner_);
  summary_->setObjectName("weights-summary");
  column->addWidget(summary_);
  column->addWidget(hint_);
  column->addWidget(problemsOnly_);
  table_->setObjectName("weights-table");
  table_->setHeaderLabels({tr("Weight"), tr("Shape"), tr("Tensor in the file"), tr("Why")});
  table_->setRootIsDecorated(false);
  table_->setUniformRowHeights(true);
  table_->setAlternatingRowColors(true);
  table_->setAccessibleName(tr("Weights of the network and where they come from"));
  column->addWidget(table_, 1);
  bar_->setRange(0, 0);
  bar_->setTextVisible(false);
  column->addWidget(bar_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kSpaceSmall);
  buttons->addStretch();
  close_ = button(tr("Cancel"));
  apply_ = button(tr("Start the next run from these"), "check", "primary");
  apply_->setObjectName("apply-weights");
  apply_->setDefault(true);
  buttons->addWidget(close_);
  buttons->addWidget(apply_);
  column->addLayout(buttons);
  connect(close_, &QPushButton::clicked, this, &QDialog::close);
  connect(apply_, &QPushButton::clicked, this, &WeightsDialog::takeOver);
  connect(problemsOnly_, &QCheckBox::toggled, this, &WeightsDialog::filter);
  read();
}

void WeightsDialog::read() {
  showBusy(true);
  bridge::inBackground(
      this,
      [project = model_.project(), file = file_.toStdString()] {
        return std::make_shared<const project::WeightsOffer>(project::offerWeights(project, file));
      },
      [this](std::shared_ptr<const project::WeightsOffer> offer) {
        offer_ = std::move(offer);
        showBusy(false);
        show(*offer_);
      },
      [this](const bridge::Message& problem) {
        showBusy(false);
        summary_->setText(tr("Nothing was taken over."));
        banner_->showMessage(MessageBanner::Kind::Error, problem);
      });
}

void WeightsDialog::show(const project::WeightsOffer& offer) {
  const convert::MatchTable& matches = offer.table;
  const auto all = static_cast<int>(matches.weights.size());
  const auto found = static_cast<int>(matches.matched());
  summary_->setText(found == all
                        ? tr("All %1 weights are in the file.").arg(all)
                        : tr("%1 of %2 weights are in the file; the others start as usual.").arg(found).arg(all));
  const auto guessed = std::count_if(matches.weights.begin(), matches.weights.end(),
                                     [](const Match& m) { return m.how == Match::How::Order; });
  QStringList hints;
  if (guessed > 0)
    hints << tr("%n weight(s) were matched by shape and order alone: look at them.", nullptr, int(guessed));
  if (!matches.unused.empty())
    hints << tr("%n tensor(s) of the file belong to nothing here.", nullptr, int(matches.unused.size()));
  hint_->setText(hints.join(' '));
  hint_->setVisible(!hints.isEmpty());
  for (const Match& m : matches.weights) {
    auto* row = new QTreeWidgetItem(table_);
    row->setText(Weight, QString::fromStdString(m.weight));
    row->setText(Shape, QString::fromStdString(fmt::format("({})", fmt::join(m.shape, ", "))));
    row->setText(Tensor, m.how == Match::How::None ? QString() : QString::fromStdString(m.tensor));
    row->setText(Why, whyText(m));
    row->setToolTip(Why, whyText(m));
    row->setData(Weight, kSureRole, isSure(m));
    row->setIcon(Weight, isSure(m) ? theme::icon("check", theme::IconRole::Success)
                                   : theme::icon("warning", theme::IconRole::Warning));
  }
  for (const std::string& name : matches.unused) {
    auto* row = new QTreeWidgetItem(table_);
    row->setText(Tensor, QString::fromStdString(name));
    row->setText(Why, tr("Belongs to no weight of this network."));
    row->setData(Weight, kSureRole, false);
    row->setIcon(Weight, theme::icon("dot", theme::IconRole::Muted));
  }
  for (const int c : {Weight, Shape, Tensor}) {
    table_->resizeColumnToContents(c);
    table_->setColumnWidth(c, std::min(table_->columnWidth(c), 240));
  }
  problemsOnly_->setVisible(found > 0 && found < all + static_cast<int>(matches.unused.size()));
}

void WeightsDialog::filter() {
  for (int i = 0; i < table_->topLevelItemCount(); ++i) {
    QTreeWidgetItem* row = table_->topLevelItem(i);
    row->setHidden(problemsOnly_->isChecked() && row->data(Weight, kSureRole).toBool());
  }
}

void WeightsDialog::takeOver() {
  showBusy(true);
  bridge::inBackground(
      this, [offer = offer_, folder = model_.folder()] { return project::keepWeights(*offer, folder); },
      [this](const std::string& start) {
        run::RunConfig config = model_.project().run;
        run::setRunParam(config, "start", start);
        model_.setRunConfig(config, tr("Start from %1").arg(QFileInfo(file_).fileName()));
        Q_EMIT applied(tr("%1 of %2 weights of %3")
                           .arg(offer_->table.matched())
                           .arg(offer_->table.weights.size())
                           .arg(QFileInfo(file_).fileName()));
        accept();
      },
      [this](const bridge::Message& problem) {
        showBusy(false);
        banner_->showMessage(MessageBanner::Kind::Error, problem);
      });
}

void WeightsDialog::showBusy(bool busy) {
  bar_->setVisible(busy);
  problemsOnly_->setVisible(!busy && problemsOnly_->isVisible());
  apply_->setEnabled(!busy && offer_ && offer_->table.matched() > 0);
}

}  // namespace netwright::panels
