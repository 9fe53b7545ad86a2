// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/run_labels.h"

#include <QEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/charts/flow_layout.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {

RunLabels::RunLabels() : tags_(new QWidget), add_(new QLineEdit), notes_(new QPlainTextEdit) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceXs);
  new charts::FlowLayout(tags_, theme::kSpaceXs);
  column->addWidget(tags_);
  add_->setObjectName("add-tag");
  add_->setPlaceholderText(tr("Add a tag: name or name=value"));
  add_->setAccessibleName(tr("Add a tag"));
  column->addWidget(add_);
  notes_->setObjectName("run-notes");
  notes_->setPlaceholderText(tr("Notes on this run"));
  notes_->setAccessibleName(tr("Notes"));
  notes_->setTabChangesFocus(true);
  notes_->setFixedHeight(58);
  notes_->installEventFilter(this);
  column->addWidget(notes_);
  connect(add_, &QLineEdit::returnPressed, this, &RunLabels::addTag);
}

void RunLabels::showRun(const store::RunFacts& run) {
  const bool other = run.summary.id != run_.summary.id;
  if (other) commitNotes();
  const bool tagsDiffer = other || run.tags != run_.tags, notesDiffer = other || run.notes != run_.notes;
  run_ = run;
  if (tagsDiffer) showTags();
  if (notesDiffer && (other || !notes_->hasFocus())) notes_->setPlainText(QString::fromStdString(run.notes));
}

void RunLabels::showTags() {
  QLayout* row = tags_->layout();
  while (QLayoutItem* item = row->takeAt(0)) {
    item->widget()->hide();  // else the layout shows it later
    item->widget()->deleteLater();
    delete item;
  }
  for (const auto& [key, value] : run_.tags) {
    const QString name = QString::fromStdString(key);
    auto* chip = toolButton("close", tr("Remove the tag %1").arg(name));
    chip->setObjectName("tag-" + name);
    chip->setText(value.empty() ? name : name + '=' + QString::fromStdString(value));
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(chip, &QToolButton::clicked, this, [this, name] { Q_EMIT tagRemoved(run_.summary.id, name); });
    row->addWidget(chip);
  }
  tags_->setVisible(!run_.tags.empty());
}

void RunLabels::addTag() {
  const QString text = add_->text().trimmed();
  const qsizetype at = text.indexOf('=');
  const QString key = (at < 0 ? text : text.left(at)).trimmed();
  if (key.isEmpty()) return;
  add_->clear();
  Q_EMIT tagSet(run_.summary.id, key, at < 0 ? QString() : text.mid(at + 1).trimmed());
}

void RunLabels::commitNotes() {
  const QString text = notes_->toPlainText().trimmed(), before = QString::fromStdString(run_.notes);
  if (!run_.summary.id || text == before.trimmed()) return;
  run_.notes = text.toStdString();
  Q_EMIT notesChanged(run_.summary.id, text, before);
}

void RunLabels::focusTag() { add_->setFocus(); }

void RunLabels::focusNotes() { notes_->setFocus(); }

bool RunLabels::eventFilter(QObject* watched, QEvent* event) {
  if (watched == notes_ && event->type() == QEvent::FocusOut) commitNotes();
  return QWidget::eventFilter(watched, event);
}

}  // namespace netwright::panels
