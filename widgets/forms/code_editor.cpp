// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/code_editor.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTextBlock>
#include <QToolTip>
#include <algorithm>

#include "core/layers/expressions/assist.h"
#include "widgets/forms/code_highlighter.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::forms {

namespace assist = layers::expressions;

namespace {
constexpr int kIndent = 4, kShapesWidth = 190;
}

class CodeEditor::Margin : public QWidget {
 public:
  explicit Margin(CodeEditor* editor) : QWidget(editor), editor_(editor) {}

 protected:
  void paintEvent(QPaintEvent* event) override { editor_->paintMargin(event); }

 private:
  CodeEditor* editor_;
};

CodeEditor::CodeEditor(QWidget* parent)
    : QPlainTextEdit(parent),
      completer_(new QCompleter(this)),
      proposals_(new QStandardItemModel(this)),
      hint_(new QLabel(this)),
      margin_(new Margin(this)) {
  setFont(theme::font(theme::TextStyle::Code));
  setLineWrapMode(NoWrap);
  setTabChangesFocus(false);
  setAccessibleName(tr("Code"));
  new CodeHighlighter(document());
  completer_->setWidget(this);
  completer_->setModel(proposals_);
  completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
  completer_->popup()->setFont(font());
  connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &CodeEditor::insertProposal);
  hint_->setFont(font());
  hint_->setMargin(theme::kSpaceXs);
  hint_->setWindowFlag(Qt::ToolTip);
  hint_->setTextFormat(Qt::RichText);
  theme::setClass(*hint_, "raised");
  hint_->hide();
  margin_->hide();
  connect(this, &QPlainTextEdit::textChanged, this, [this] {
    if (!setting_) describe();
  });
  connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEditor::showHint);
  connect(this, &QPlainTextEdit::updateRequest, margin_, [this] { margin_->update(); });
}

void CodeEditor::setSurroundings(std::map<std::string, program::ValueType> inputs, Attributes names) {
  inputs_ = std::move(inputs);
  names_ = std::move(names);
  describe();
}

void CodeEditor::setCode(const std::string& code) {
  const QString text = QString::fromStdString(code);
  if (text == toPlainText()) return;
  setting_ = true;
  setPlainText(text);
  setting_ = false;
  describe();
}

void CodeEditor::setShapesShown(bool shown) {
  shapesShown_ = shown;
  placeMargin();
}

QString CodeEditor::shapeOf(int line) const {
  const auto it = described_.lines.find(line);
  return it == described_.lines.end() ? QString() : QString::fromStdString(it->second);
}

QString CodeEditor::hint() const { return hint_->isHidden() ? QString() : hint_->property("plain").toString(); }

size_t CodeEditor::bytesBefore(int position) const {
  return static_cast<size_t>(toPlainText().left(position).toUtf8().size());
}

int CodeEditor::positionOf(size_t byte) const {
  const QByteArray bytes = toPlainText().toUtf8();
  return static_cast<int>(QString::fromUtf8(bytes.left(static_cast<qsizetype>(byte))).size());
}

void CodeEditor::describe() {
  described_ = assist::describe(code(), inputs_, names_);
  underline();
  margin_->update();
  Q_EMIT redescribed();
}

void CodeEditor::underline() {
  QList<QTextEdit::ExtraSelection> marks;
  for (const language::Mistake& m : described_.mistakes) {
    QTextEdit::ExtraSelection mark;
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(theme::palette().error);
    mark.format.setToolTip(QString::fromStdString(m.message));
    mark.cursor = QTextCursor(document());
    mark.cursor.setPosition(positionOf(m.at.begin));
    mark.cursor.setPosition(positionOf(m.at.end), QTextCursor::KeepAnchor);
    marks.append(mark);
  }
  setExtraSelections(marks);
}

// --- shapes beside the lines
void CodeEditor::placeMargin() {
  const int width = shapesShown_ ? std::min(kShapesWidth, this->width() / 2) : 0;
  setViewportMargins(0, 0, width, 0);
  const QRect inner = contentsRect();
  const int bar = verticalScrollBar()->isVisible() ? verticalScrollBar()->width() : 0;
  margin_->setGeometry(inner.right() - width - bar + 1, inner.top(), width, inner.height());
  margin_->setVisible(shapesShown_);
}

void CodeEditor::paintMargin(QPaintEvent*) {
  QPainter painter(margin_);
  painter.fillRect(margin_->rect(), theme::palette().panel);
  painter.setFont(theme::font(theme::TextStyle::Small));
  for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
    const QRectF place = blockBoundingGeometry(block).translated(contentOffset());
    if (place.top() > margin_->height()) break;
    const int line = block.blockNumber() + 1;
    const bool wrong = std::any_of(described_.mistakes.begin(), described_.mistakes.end(),
                                   [&](const auto& m) { return m.position.line == line; });
    painter.setPen(wrong ? theme::palette().error : theme::palette().muted);
    const QRect row(theme::kSpaceSmall, static_cast<int>(place.top()), margin_->width() - 2 * theme::kSpaceSmall,
                    static_cast<int>(place.height()));
    const QString text = wrong ? tr("mistake") : shapeOf(line);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, row.width()));
  }
}

void CodeEditor::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  placeMargin();
}

void CodeEditor::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::StyleChange && margin_) underline();
}

bool CodeEditor::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QPlainTextEdit::event(event);
  auto* help = static_cast<QHelpEvent*>(event);
  const size_t at = bytesBefore(cursorForPosition(viewport()->mapFromParent(help->pos())).position());
  for (const language::Mistake& m : described_.mistakes)
    if (at >= m.at.begin && at <= m.at.end) {
      QToolTip::showText(help->globalPos(), QString::fromStdString(m.message), this);
      return true;
    }
  QToolTip::hideText();
  return true;
}

// --- keys
void CodeEditor::keyPressEvent(QKeyEvent* event) {
  QAbstractItemView* popup = completer_->popup();
  if (popup->isVisible()) {
    switch (event->key()) {
      case Qt::Key_Enter:
      case Qt::Key_Return:
      case Qt::Key_Tab:
      case Qt::Key_Escape:
        event->ignore();  // the list takes them
        return;
      default:
        break;
    }
  }
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) return propose(true);
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && event->modifiers() == Qt::ControlModifier) {
    Q_EMIT committed();
    return;
  }
  if (event->key() == Qt::Key_Escape && !hint_->isHidden()) return hint_->hide();
  if (event->key() == Qt::Key_Return && event->modifiers() == Qt::NoModifier) return indentLine();
  if (event->key() == Qt::Key_Tab && event->modifiers() == Qt::NoModifier &&
      textCursor().block().text().left(textCursor().positionInBlock()).trimmed().isEmpty() && !textCursor().atStart())
    return insertPlainText(QString(kIndent, ' '));
  if (event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab) {  // elsewhere it leads on, as in any field
    focusNextPrevChild(event->key() == Qt::Key_Tab);
    return;
  }
  QPlainTextEdit::keyPressEvent(event);
  if (!event->text().isEmpty() && (event->text()[0].isLetterOrNumber() || event->text()[0] == '.' ||
                                   event->text()[0] == '_' || event->key() == Qt::Key_Backspace))
    propose(false);
  else if (!event->text().isEmpty())
    popup->hide();
}

// A new line begins where this one does; after ":" further in.
void CodeEditor::indentLine() {
  const QString before = textCursor().block().text().left(textCursor().positionInBlock());
  int blanks = 0;
  while (blanks < before.size() && before[blanks] == ' ') ++blanks;
  insertPlainText('\n' + QString(blanks + (before.trimmed().endsWith(':') ? kIndent : 0), ' '));
}

void CodeEditor::focusOutEvent(QFocusEvent* event) {
  QPlainTextEdit::focusOutEvent(event);
  hint_->hide();
  if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason) Q_EMIT committed();
}

// --- proposals and parameters
void CodeEditor::propose(bool asked) {
  const assist::Proposals found = assist::proposals(code(), bytesBefore(textCursor().position()), names_);
  const bool tooShort =
      !asked && found.word.end - found.word.begin < 2 && toPlainText().mid(textCursor().position() - 1, 1) != ".";
  if (found.all.empty() || tooShort) return completer_->popup()->hide();
  proposals_->clear();
  for (const assist::Proposal& p : found.all) {
    auto* item = new QStandardItem(QString::fromStdString(p.text));
    item->setToolTip(QString::fromStdString(p.doc.empty() ? p.signature : p.signature + "\n" + p.doc));
    proposals_->appendRow(item);
  }
  QRect place = cursorRect();
  place.setWidth(std::max(180, completer_->popup()->sizeHintForColumn(0) + 40));
  completer_->complete(place);
  completer_->popup()->setCurrentIndex(completer_->completionModel()->index(0, 0));
}

void CodeEditor::insertProposal(const QString& text) {
  QTextCursor cursor = textCursor();
  const assist::Proposals found = assist::proposals(code(), bytesBefore(cursor.position()), names_);
  cursor.setPosition(positionOf(found.word.begin), QTextCursor::KeepAnchor);
  cursor.insertText(text);
  setTextCursor(cursor);
}

void CodeEditor::showHint() {
  const auto hint = hasFocus() ? assist::hintAt(code(), bytesBefore(textCursor().position())) : std::nullopt;
  if (!hint) return hint_->hide();
  const QString all = QString::fromStdString(hint->signature);
  const auto begin = static_cast<int>(hint->argument.begin), end = static_cast<int>(hint->argument.end);  // ASCII
  hint_->setProperty("plain", all);
  hint_->setText(all.left(begin).toHtmlEscaped() + "<b>" + all.mid(begin, end - begin).toHtmlEscaped() + "</b>" +
                 all.mid(end).toHtmlEscaped());
  hint_->adjustSize();
  hint_->move(viewport()->mapToGlobal(cursorRect().topLeft()) - QPoint(0, hint_->height() + theme::kSpaceXs));
  hint_->show();
}

}  // namespace netwright::forms
