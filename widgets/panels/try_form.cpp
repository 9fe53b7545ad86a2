// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/try_form.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kTwoColumns = 8;  // more fields than this stand side by side
constexpr int kLongText = 40;   // letters; more need several lines

double number(const HostTensor& t, int64_t at) {
  const auto i = static_cast<size_t>(at);
  if (t.dtype == DType::UInt8) return t.as<uint8_t>()[i];
  if (t.dtype == DType::Int64) return static_cast<double>(t.as<int64_t>()[i]);
  return static_cast<double>(t.as<float>()[i]);
}

void store(HostTensor& t, int64_t at, double value) {
  const auto i = static_cast<size_t>(at);
  if (t.dtype == DType::UInt8) t.as<uint8_t>()[i] = static_cast<uint8_t>(std::isfinite(value) ? value : 0);
  if (t.dtype == DType::Int64) t.as<int64_t>()[i] = std::isfinite(value) ? std::llround(value) : 0;
  if (t.dtype == DType::Float32) t.as<float>()[i] = static_cast<float>(value);
}

// Empty is missing. False: neither a number nor empty.
bool read(const QString& text, double& value) {
  value = std::numeric_limits<double>::quiet_NaN();
  if (text.trimmed().isEmpty()) return true;
  bool ok = false;
  value = text.trimmed().toDouble(&ok);
  return ok && std::isfinite(value);
}

}  // namespace

TryForm::TryForm() : grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(theme::kSpace);
  grid_->setVerticalSpacing(theme::kSpaceSmall);
}

void TryForm::setNetwork(const std::shared_ptr<const bridge::TryNetwork>& network) {
  network_ = network;
  fields_.clear();
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  if (!network) return;
  const auto& fields = network->fields();
  const int columns = fields.size() > kTwoColumns ? 2 : 1;
  const int rows = (static_cast<int>(fields.size()) + columns - 1) / columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    Editor editor{fields[i]};
    QWidget* widget = nullptr;
    if (fields[i].letters > kLongText) {
      widget = editor.area = new QPlainTextEdit;
      editor.area->setPlaceholderText(tr("Type a text"));
      editor.area->setTabChangesFocus(true);
      connect(editor.area, &QPlainTextEdit::textChanged, this, &TryForm::changed);
    } else if (fields[i].choices.isEmpty()) {
      widget = editor.line = new QLineEdit;
      editor.line->setPlaceholderText(fields[i].letters > 0 ? tr("Type here") : tr("missing"));
      connect(editor.line, &QLineEdit::textEdited, this, &TryForm::changed);
    } else {
      widget = editor.combo = new QComboBox;
      editor.combo->setFocusPolicy(Qt::StrongFocus);
      editor.combo->addItems(fields[i].choices);
      connect(editor.combo, &QComboBox::activated, this, &TryForm::changed);
    }
    widget->setObjectName("field-" + fields[i].name);
    widget->setAccessibleName(fields[i].name);
    auto* name = new ElidedLabel(fields[i].name, Qt::ElideMiddle);
    name->setToolTip(fields[i].name);
    name->setBuddy(widget);
    const int row = static_cast<int>(i) % rows, column = static_cast<int>(i) / rows;
    grid_->addWidget(name, row, 2 * column);
    grid_->addWidget(widget, row, 2 * column + 1);
    grid_->setColumnStretch(2 * column, 2);
    grid_->setColumnStretch(2 * column + 1, 3);
    fields_.append(editor);
  }
}

void TryForm::showValues(const std::vector<HostTensor>& values) {
  for (Editor& editor : fields_) {
    const HostTensor& column = values[editor.field.column];
    if (editor.field.letters > 0) {
      put(editor, network_->textOf(editor.field, column));
      continue;
    }
    if (editor.line) {
      const double value = number(column, editor.field.entry);
      editor.line->setText(std::isfinite(value) ? QString::number(value, 'g', 7) : QString());
      continue;
    }
    const int count = static_cast<int>(editor.field.choices.size());
    int chosen = editor.field.oneHot ? -1 : static_cast<int>(number(column, 0));
    for (int i = 0; editor.field.oneHot && i < count; ++i)
      if (number(column, editor.field.entry + i) > 0.5) chosen = i;
    editor.combo->setCurrentIndex(chosen);
  }
  Q_EMIT changed();
}

QString TryForm::Editor::text() const {
  return area ? area->toPlainText() : line ? line->text() : combo->currentText();
}

void TryForm::put(Editor& editor, const QString& word) {
  const QSignalBlocker quiet(editor.area);
  if (editor.area) editor.area->setPlainText(word);
  if (editor.line) editor.line->setText(word.trimmed());
  if (editor.combo) editor.combo->setCurrentIndex(editor.combo->findText(word.trimmed()));
}

QStringList TryForm::fillIn(const QMap<QString, QString>& words) {
  QStringList unknown = words.keys();
  for (Editor& editor : fields_) {
    if (!words.contains(editor.field.name)) continue;
    put(editor, words[editor.field.name]);
    unknown.removeAll(editor.field.name);
  }
  Q_EMIT changed();
  return unknown;
}

void TryForm::fillIn(const QStringList& words) {
  for (qsizetype i = 0; i < std::min(words.size(), fields_.size()); ++i) put(fields_[i], words[i]);
  Q_EMIT changed();
}

std::vector<HostTensor> TryForm::values() const {
  std::vector<HostTensor> values = network_->blank().values;
  for (const Editor& editor : fields_) {
    HostTensor& column = values[editor.field.column];
    if (editor.field.letters > 0) {
      column = network_->textValue(editor.field, editor.text());
      continue;
    }
    if (editor.line) {
      double value = 0;
      read(editor.line->text(), value);
      store(column, editor.field.entry, value);
      continue;
    }
    if (!editor.field.oneHot) {
      store(column, 0, editor.combo->currentIndex());
      continue;
    }
    for (int i = 0; i < static_cast<int>(editor.field.choices.size()); ++i)
      store(column, editor.field.entry + i, i == editor.combo->currentIndex() ? 1 : 0);
  }
  return values;
}

QString TryForm::textProblem(const Editor& editor) const {
  try {
    network_->textValue(editor.field, editor.text());
    return {};
  } catch (const Error& e) {
    return QString::fromStdString(e.title);
  }
}

bool TryForm::isUntold() const {
  const auto isText = [](const Editor& e) { return e.field.letters > 0; };
  return std::any_of(fields_.begin(), fields_.end(), isText) &&
         std::all_of(fields_.begin(), fields_.end(), [&](const Editor& e) { return !isText(e) || e.text().isEmpty(); });
}

bool TryForm::continues() const {
  return std::any_of(fields_.begin(), fields_.end(), [](const Editor& e) { return e.field.continues; });
}

void TryForm::add(const QString& text) {
  for (Editor& editor : fields_) {
    if (!editor.field.continues) continue;
    if (editor.area) editor.area->moveCursor(QTextCursor::End);
    if (editor.area) return editor.area->insertPlainText(text);  // tells that it has changed
    editor.line->setText(editor.line->text() + text);
    Q_EMIT changed();
  }
}

QString TryForm::problem() const {
  QString first;
  for (const Editor& editor : fields_) {
    if (editor.field.letters > 0) {
      const QString wrong = textProblem(editor);
      if (first.isEmpty()) first = wrong;
      if (editor.line) theme::setClass(*editor.line, wrong.isEmpty() ? "" : "error");
      continue;
    }
    double value = 0;
    const bool good = editor.combo ? editor.combo->currentIndex() >= 0 : read(editor.line->text(), value);
    if (editor.line) theme::setClass(*editor.line, good ? "" : "error");
    if (good || !first.isEmpty()) continue;
    first = editor.combo ? tr("%1: choose one of its words.").arg(editor.field.name)
                         : tr("%1: “%2” is not a number.").arg(editor.field.name, editor.line->text());
  }
  return first;
}

}  // namespace netwright::panels
