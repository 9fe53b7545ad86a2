// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/problem_list.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <algorithm>

#include "widgets/bridge/project_model.h"
#include "widgets/forms/problem_view.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr int kTallest = 190;

// While the data cannot be read, what follows from its missing columns is no news.
bool isNews(const Diagnostic& d, bool dataMissing) { return !(dataMissing && d.code.starts_with("NW-D00")); }

QString titleText(int problems, int notes) {
  QStringList parts;
  if (problems == 1) parts << ProblemList::tr("1 problem");
  if (problems > 1) parts << ProblemList::tr("%1 problems").arg(problems);
  if (notes == 1) parts << ProblemList::tr("1 note");
  if (notes > 1) parts << ProblemList::tr("%1 notes").arg(notes);
  return parts.isEmpty() ? ProblemList::tr("No problems") : parts.join(", ");
}

}  // namespace

ProblemList::ProblemList(bridge::ProjectModel* model, QWidget* parent)
    : QFrame(parent),
      model_(model),
      toggle_(new QToolButton),
      icon_(new QLabel),
      title_(new QLabel),
      area_(new QScrollArea) {
  theme::setClass(*this, "panel");
  setAccessibleName(tr("Problems"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(theme::kSpace, theme::kSpaceXs, theme::kSpaceSmall, theme::kSpaceXs);
  bar->setSpacing(theme::kSpaceSmall);
  bar->addWidget(icon_);
  bar->addWidget(title_);
  bar->addStretch(1);
  toggle_->setIconSize({14, 14});
  toggle_->setAccessibleName(tr("Show or hide the problems"));
  bar->addWidget(toggle_);
  column->addLayout(bar);
  area_->setWidgetResizable(true);
  area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  column->addWidget(area_, 1);
  connect(toggle_, &QToolButton::clicked, this, [this] {
    wanted_ = !isOpen();
    setOpen(wanted_);
  });
  connect(model_, &bridge::ProjectModel::projectChanged, this, &ProblemList::refresh);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &ProblemList::refresh);
  connect(model_, &bridge::ProjectModel::documentChanged, this, [this](const graph::Change& c) {
    if (c.meaning) refresh();
  });
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, &ProblemList::refresh);
  refresh();
}

bool ProblemList::isOpen() const { return !area_->isHidden(); }

void ProblemList::setOpen(bool open) {
  area_->setVisible(open && count_ > 0);
  toggle_->setIcon(theme::icon(isOpen() ? "chevron-down" : "chevron-up", theme::IconRole::Muted));
  fitHeight();
}

void ProblemList::addDataError() {
  auto* text = new QLabel(model_->dataError());
  text->setWordWrap(true);
  text->setTextFormat(Qt::PlainText);
  text->setContentsMargins(theme::kSpace, theme::kSpaceXs, theme::kSpace, theme::kSpaceXs);
  theme::setClass(*text, "error");
  rows_->addWidget(text);
  ++count_;
}

void ProblemList::refresh() {
  auto* page = new QWidget;
  rows_ = new QVBoxLayout(page);
  rows_->setContentsMargins(0, 0, 0, theme::kSpaceSmall);
  rows_->setSpacing(0);
  count_ = 0;
  int errors = 0, notes = 0;
  const bool dataMissing = !model_->dataError().isEmpty();
  if (dataMissing) addDataError(), ++errors;
  std::vector<Diagnostic> all = model_->prepared().diagnostics;
  std::stable_sort(all.begin(), all.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.severity < b.severity; });
  for (const Diagnostic& d : all) {
    if (!isNews(d, dataMissing)) continue;
    auto* row = new forms::ProblemView(d, *model_, forms::ProblemLayout::Row);
    connect(row, &forms::ProblemView::clicked, this, [this, node = d.node] { Q_EMIT nodeClicked(node); });
    rows_->addWidget(row);
    ++count_;
    errors += d.severity == Severity::Error;
    notes += d.severity == Severity::Info;
  }
  rows_->addStretch(1);
  if (QWidget* old = area_->takeWidget()) {
    old->hide();
    old->deleteLater();
  }
  area_->setWidget(page);
  page->show();
  title_->setText(!model_->isOpen() ? tr("Problems") : titleText(count_ - notes, notes));
  const bool warned = count_ > notes;
  const auto role = errors ? theme::IconRole::Error : warned ? theme::IconRole::Warning : theme::IconRole::Success;
  const char* icon = errors ? "error" : warned ? "warning" : "check";
  icon_->setPixmap(theme::icon(icon, role).pixmap(QSize(theme::kIconSize, theme::kIconSize), devicePixelRatioF()));
  toggle_->setVisible(count_ > 0);
  setOpen(wanted_);
}

void ProblemList::fitHeight() {
  const int bar = std::max(32, fontMetrics().height() + 16);
  const int wanted = isOpen() ? bar + std::min(area_->widget()->sizeHint().height(), kTallest - bar) : bar;
  setFixedHeight(wanted);
}

}  // namespace netwright::editor
