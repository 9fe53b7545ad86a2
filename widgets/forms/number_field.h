// SPDX-License-Identifier: GPL-3.0-or-later
// A field for whole numbers of any size with step buttons, which keeps whatever is typed: checking is the caller's.
// Used by SpecEditor.
#pragma once

#include <QAbstractSpinBox>
#include <cstdint>
#include <optional>

namespace netwright::forms {

// stepped() follows the arrows and the up and down keys with the number that results, held to the range; typing is told
// by the line edit's signals. The wheel is left to the panel that scrolls.
class NumberField : public QAbstractSpinBox {
  Q_OBJECT

 public:
  explicit NumberField(QWidget* parent = nullptr);
  void setRange(std::optional<int64_t> minimum, std::optional<int64_t> maximum);
  void setText(const QString& text);
  QString text() const;
  QLineEdit* field() const { return lineEdit(); }
  void stepBy(int steps) override;
  QSize sizeHint() const override;

 Q_SIGNALS:
  void stepped(qint64 value);

 protected:
  StepEnabled stepEnabled() const override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  std::optional<int64_t> minimum_, maximum_;
};

}  // namespace netwright::forms
