// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/inline_editor.h"

#include <QCompleter>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {

InlineEditor::InlineEditor(const QString& text, Check check, QWidget* parent)
    : QFrame(parent), before_(text), check_(std::move(check)), line_(new QLineEdit(text)), message_(new QLabel) {
  build(line_);
  line_->selectAll();
  connect(line_, &QLineEdit::textChanged, this, [this](const QString& now) {
    const QString wrong = check_ ? check_(now) : QString();
    message_->setText(wrong);
    message_->setVisible(!wrong.isEmpty());
    theme::setClass(*line_, wrong.isEmpty() ? "" : "error");
    adjustSize();
  });
}

InlineEditor::InlineEditor(const QString& text, QWidget* parent)
    : QFrame(parent), before_(text), lines_(new QPlainTextEdit(text)), message_(new QLabel) {
  build(lines_);
  message_->setText(tr("Markdown. Ctrl+Enter keeps it, Esc drops it."));
  theme::setClass(*message_, "small muted");
  message_->show();
}

void InlineEditor::build(QWidget* field) {
  setObjectName("inline-editor");
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(2, 2, 2, 2);
  column->setSpacing(theme::kSpaceXs);
  column->addWidget(field, 1);
  message_->setWordWrap(true);
  message_->setContentsMargins(theme::kSpaceXs, 0, theme::kSpaceXs, theme::kSpaceXs);
  theme::setClass(*message_, "small error");
  message_->hide();
  column->addWidget(message_);
  field->installEventFilter(this);
  setFocusProxy(field);
}

void InlineEditor::setChoices(const QStringList& choices) {
  auto* completer = new QCompleter(choices, line_);
  completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
  line_->setCompleter(completer);
}

void InlineEditor::open(const QRect& place) {
  setMinimumWidth(std::max(place.width(), 110));
  setMaximumWidth(std::max(place.width(), 300));
  if (lines_) lines_->setMinimumHeight(std::max(place.height(), 110));
  adjustSize();
  const QRect room = parentWidget()->rect();
  move(std::clamp(place.left(), 0, std::max(0, room.right() - width())),
       std::clamp(place.top(), 0, std::max(0, room.bottom() - height())));
  show();
  raise();
  field()->setFocus();
}

QWidget* InlineEditor::field() const { return line_ ? static_cast<QWidget*>(line_) : lines_; }
QString InlineEditor::text() const { return line_ ? line_->text() : lines_->toPlainText(); }
QString InlineEditor::problem() const { return check_ ? check_(text()) : QString(); }

void InlineEditor::finish(bool commit) {
  if (std::exchange(done_, true)) return;
  if (commit && text() != before_ && problem().isEmpty()) Q_EMIT committed(text());
  if (field()->hasFocus()) Q_EMIT finished();  // before it hides, or the keyboard would go to whatever is next
  hide();
  deleteLater();
}

bool InlineEditor::pressed(QKeyEvent& key) {
  const bool enter = key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
  const bool tab = line_ && (key.key() == Qt::Key_Tab || key.key() == Qt::Key_Backtab);
  if (key.key() == Qt::Key_Escape) return finish(false), true;
  if (!(tab || (enter && (line_ || key.modifiers() & Qt::ControlModifier)))) return false;
  if (!problem().isEmpty()) return true;  // the message stays until the text is legal
  const bool forward = key.key() == Qt::Key_Tab;
  finish(true);
  if (tab) Q_EMIT stepAsked(forward);
  return true;
}

bool InlineEditor::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) return event->accept(), true;  // keys belong to the text
  if (event->type() == QEvent::KeyPress && pressed(static_cast<QKeyEvent&>(*event))) return true;
  const bool left =
      event->type() == QEvent::FocusOut && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason;
  if (left) finish(true);
  return QFrame::eventFilter(watched, event);
}

}  // namespace netwright::editor
