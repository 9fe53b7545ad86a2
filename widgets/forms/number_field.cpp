// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/number_field.h"

#include <QLineEdit>
#include <QWheelEvent>
#include <algorithm>

namespace netwright::forms {

NumberField::NumberField(QWidget* parent) : QAbstractSpinBox(parent) { setFocusPolicy(Qt::StrongFocus); }

void NumberField::setRange(std::optional<int64_t> minimum, std::optional<int64_t> maximum) {
  minimum_ = minimum;
  maximum_ = maximum;
}

void NumberField::setText(const QString& text) { lineEdit()->setText(text); }

QString NumberField::text() const { return lineEdit()->text(); }

void NumberField::stepBy(int steps) {
  bool isNumber = false;
  qint64 value = text().trimmed().toLongLong(&isNumber);
  if (!isNumber) return;
  value += steps;
  if (minimum_) value = std::max<qint64>(value, *minimum_);
  if (maximum_) value = std::min<qint64>(value, *maximum_);
  setText(QString::number(value));
  selectAll();
  Q_EMIT stepped(value);
}

QSize NumberField::sizeHint() const { return {96, QAbstractSpinBox::sizeHint().height()}; }

QAbstractSpinBox::StepEnabled NumberField::stepEnabled() const {
  bool isNumber = false;
  const qint64 value = text().trimmed().toLongLong(&isNumber);
  if (!isNumber || isReadOnly()) return StepNone;
  StepEnabled enabled = StepNone;
  if (!minimum_ || value > *minimum_) enabled |= StepDownEnabled;
  if (!maximum_ || value < *maximum_) enabled |= StepUpEnabled;
  return enabled;
}

void NumberField::wheelEvent(QWheelEvent* event) { event->ignore(); }

}  // namespace netwright::forms
