// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/spec_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <cmath>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/graph/formula.h"
#include "widgets/forms/number_field.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

constexpr int kLabelWidth = 104, kUnitWidth = 16;

std::optional<int64_t> whole(const std::optional<double>& limit) {
  return limit ? std::optional<int64_t>(static_cast<int64_t>(std::llround(*limit))) : std::nullopt;
}

// "kernel_size must be at least 1 but is 0." without the name: "Must be at least 1 but is 0."
QString withoutName(const QString& sentence, const std::string& name) {
  const QString prefix = QString::fromStdString(name) + ' ';
  if (!sentence.startsWith(prefix)) return sentence;
  QString rest = sentence.mid(prefix.size());
  rest[0] = rest[0].toUpper();
  return rest;
}

QToolButton* smallButton(const QString& iconName, const QString& tip) {
  auto* button = new QToolButton;
  button->setIcon(theme::icon(iconName, theme::IconRole::Muted));
  button->setIconSize({14, 14});
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  QSizePolicy policy = button->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  button->setSizePolicy(policy);
  return button;
}

}  // namespace

QString fieldText(const Attribute& value) {
  if (std::holds_alternative<None>(value) || std::holds_alternative<Auto>(value)) return {};
  if (const auto* real = std::get_if<double>(&value)) return QString::number(*real, 'g', 12);
  const QString text = QString::fromStdString(toText(value));
  const bool list =
      std::holds_alternative<std::vector<int64_t>>(value) || std::holds_alternative<std::vector<double>>(value);
  return list ? text.mid(1, text.size() - 2) : text;
}

SpecEditor::SpecEditor(const ParamSpec& spec, QWidget* parent) : QWidget(parent), spec_(spec), value_(spec.fallback) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceXs);
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceXs);
  label_ = new QLabel(QString::fromStdString(spec_.name));
  label_->setFixedWidth(kLabelWidth);
  row->addWidget(label_);
  row->addSpacing(theme::kSpaceXs);
  addField(*row);
  if (!pin_) {  // that one takes it back
    reset_ = smallButton("undo", tr("Back to the default, %1").arg(QString::fromStdString(toText(spec_.fallback))));
    connect(reset_, &QToolButton::clicked, this, &SpecEditor::reset);
    row->addWidget(reset_);
  }
  column->addLayout(row);
  message_ = new QLabel;
  message_->setWordWrap(true);
  message_->setContentsMargins(kLabelWidth + 2 * theme::kSpaceXs + theme::kSpaceXs, 0, 0, theme::kSpaceXs);
  theme::setClass(*message_, "small error");
  message_->hide();
  column->addWidget(message_);
  result_ = new QLabel;
  result_->setObjectName("formula-result");
  result_->setWordWrap(true);
  result_->setTextFormat(Qt::PlainText);
  result_->setContentsMargins(kLabelWidth + 3 * theme::kSpaceXs, 0, 0, theme::kSpaceXs);
  result_->hide();
  column->addWidget(result_);
  label_->setBuddy(field_);
  label_->setToolTip(help());
  field_->setToolTip(help());
  field_->setAccessibleName(QString::fromStdString(spec_.name));
  field_->setAccessibleDescription(QString::fromStdString(spec_.doc));
  setFocusProxy(field_);
  display(value_);
}

void SpecEditor::addField(QHBoxLayout& row) {
  switch (spec_.kind) {
    case ParamKind::Bool:
      field_ = check_ = new QCheckBox;
      connect(check_, &QCheckBox::clicked, this, [this](bool on) { commit(on); });
      break;
    case ParamKind::Choice:
      field_ = combo_ = new QComboBox;
      combo_->setSizeAdjustPolicy(
          QComboBox::AdjustToMinimumContentsLengthWithIcon);  // a long entry must not widen the form
      combo_->setMinimumContentsLength(4);
      combo_->setFocusPolicy(Qt::StrongFocus);
      for (const std::string& choice : spec_.choices) combo_->addItem(QString::fromStdString(choice));
      connect(combo_, &QComboBox::activated, this,
              [this](int index) { commit(spec_.choices[static_cast<size_t>(index)]); });
      break;
    case ParamKind::Int:
      field_ = spec_.nullable || !spec_.choices.empty() ? makeTextField() : makeNumberField();
      break;
    default:
      field_ = makeTextField();
  }
  row.addWidget(line_ ? field_ : withFormula(field_), 1);
  unit_ = new QLabel(QString::fromStdString(spec_.unit));
  unit_->setMinimumWidth(kUnitWidth);  // also without a unit: the fields of a form end at the same edge
  theme::setClass(*unit_, "muted small");
  row.addWidget(unit_);
  if (spec_.kind != ParamKind::Inferred) return;
  pin_ = smallButton("lock", tr("Pin this number instead of taking it from the wire"));
  pin_->setCheckable(true);
  connect(pin_, &QToolButton::clicked, this, &SpecEditor::togglePin);
  row.addWidget(pin_);
}

QWidget* SpecEditor::withFormula(QWidget* field) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(field);
  formula_ = new QLineEdit;
  formula_->hide();
  row->addWidget(formula_);
  box->setContextMenuPolicy(Qt::CustomContextMenu);
  field->setContextMenuPolicy(Qt::NoContextMenu);
  connect(box, &QWidget::customContextMenuRequested, this, [this, box](QPoint at) {
    if (!takesFormulas_) return;
    QMenu menu;
    menu.addAction(formula_->isHidden() ? tr("Use a formula") : tr("Use a value"), this, [this] {
      const bool on = formula_->isHidden();
      showFormula(on);
      if (!on) return commit(spec_.fallback);
      formula_->setText("=");
      formula_->setFocus();
    });
    menu.exec(box->mapToGlobal(at));
  });
  const auto read = [this]() -> std::optional<Attribute> {
    try {
      const Attribute typed = parsed(*formula_);
      setProblem({});
      return typed;
    } catch (const Error& e) {
      setProblem(withoutName(QString::fromStdString(e.title), spec_.name));
      return std::nullopt;
    }
  };
  connect(formula_, &QLineEdit::textEdited, this, read);
  connect(formula_, &QLineEdit::editingFinished, this, [this, read] {
    if (formula_->isHidden() || formula_->text().trimmed() == "=") return showFormula(false);
    if (const auto typed = read()) commit(*typed), display(*typed);
  });
  return box;
}

void SpecEditor::showFormula(bool on) {
  formula_->setVisible(on);
  field_->setVisible(!on);
  setFocusProxy(on ? formula_ : field_);
}

void SpecEditor::setResult(const QString& text, bool wrong) {
  result_->setText(text);
  result_->setVisible(!text.isEmpty());
  theme::setClass(*result_, wrong ? "small error" : "small muted");
}

void SpecEditor::showWorth(const FormulaValue& value) {
  const auto* formula = std::get_if<Formula>(&value_);
  if (!formula) return setResult({});
  const FormulaWorth worth = value(formula->text);
  const QString wrong =
      QString::fromStdString(worth.problem.empty() ? spec_.problem(worth.value).value_or("") : worth.problem);
  setResult(wrong.isEmpty() ? "= " + QString::fromStdString(graph::sourceText(worth.value)) : wrong, !wrong.isEmpty());
}

void SpecEditor::refuseFormulas() { takesFormulas_ = false; }

QWidget* SpecEditor::makeTextField() {
  line_ = new QLineEdit;
  if (spec_.nullable) line_->setPlaceholderText(tr("none"));
  watch(line_);
  return line_;
}

QWidget* SpecEditor::makeNumberField() {
  number_ = new NumberField;
  number_->setRange(whole(spec_.minimum), whole(spec_.maximum));
  line_ = number_->field();
  watch(line_);
  connect(number_, &NumberField::editingFinished, this, &SpecEditor::finishText);  // at Enter its line is silent
  connect(number_, &NumberField::stepped, this, [this](qint64 v) {
    checkText();
    if (problem().isEmpty()) commit(static_cast<int64_t>(v));
  });
  return number_;
}

void SpecEditor::watch(QLineEdit* line) {
  connect(line, &QLineEdit::textEdited, this, [this] {
    typed_ = true;
    checkText();
  });
  connect(line, &QLineEdit::editingFinished, this, &SpecEditor::finishText);
}

void SpecEditor::setValue(const Attribute& value, std::optional<int64_t> inferred) {
  const bool typing = !problem().isEmpty() || (line_ && typed_ && line_->hasFocus());
  if (typing && value == value_ && !mixed_) return;
  value_ = value;
  inferred_ = inferred;
  mixed_ = false;
  display(value);
}

void SpecEditor::setMixed() {
  mixed_ = true;
  setProblem({});
  if (reset_) reset_->setVisible(true);
  if (check_) {
    check_->setTristate(true);
    check_->setCheckState(Qt::PartiallyChecked);
    check_->setTristate(false);
  }
  if (combo_) combo_->setCurrentIndex(-1);
  if (!line_) return;
  line_->clear();
  line_->setPlaceholderText(tr("several"));
}

void SpecEditor::setOwn(const std::optional<Attribute>& own, const Attribute& inherited) {
  const bool typing = !problem().isEmpty() || (line_ && typed_ && line_->hasFocus());
  if (typing && inherited_ && own_ == own.has_value() && own.value_or(inherited) == value_) return;
  inherited_ = inherited;
  own_ = own.has_value();
  value_ = own.value_or(inherited);
  if (reset_) {
    const QString tip = tr("Take it from there again, %1").arg(QString::fromStdString(toText(inherited)));
    reset_->setToolTip(tip);
    reset_->setAccessibleName(tip);
  }
  display(value_);
}

void SpecEditor::reset() {
  if (inherited_) {
    own_ = false;
    value_ = *inherited_;
    display(value_);
    Q_EMIT cleared();
    return;
  }
  display(spec_.fallback);
  commit(spec_.fallback);
}

void SpecEditor::setLabel(const QString& text) {
  label_->setText(text);
  field_->setAccessibleName(text);
}

void SpecEditor::setLabelWidth(int width) {
  label_->setFixedWidth(width);
  for (QLabel* below : {message_, result_})
    below->setContentsMargins(width + 3 * theme::kSpaceXs, 0, 0, theme::kSpaceXs);
}

int SpecEditor::labelWidthHint() const { return label_->sizeHint().width(); }

QString SpecEditor::problem() const { return message_->text(); }

void SpecEditor::display(const Attribute& value) {
  setProblem({});
  if (reset_) reset_->setVisible(inherited_ ? own_ : value != spec_.fallback);
  if (inherited_) displayInherited();
  if (!std::holds_alternative<Formula>(value)) setResult({});
  if (formula_) {
    showFormula(std::holds_alternative<Formula>(value));
    formula_->setText(fieldText(value));
  }
  if (check_) check_->setChecked(std::holds_alternative<bool>(value) && std::get<bool>(value));
  if (combo_) combo_->setCurrentText(QString::fromStdString(toText(value)));
  if (!line_) return;
  if (number_)  // a formula has no steps and needs their room
    number_->setButtonSymbols(std::holds_alternative<Formula>(value) ? QAbstractSpinBox::NoButtons
                                                                     : QAbstractSpinBox::UpDownArrows);
  line_->setText(inherits() ? QString() : fieldText(value));
  typed_ = false;
  line_->setCursorPosition(0);
  if (!pin_) return;
  const bool pinned = !std::holds_alternative<Auto>(value);
  pin_->setChecked(pinned);
  pin_->setIcon(theme::icon("lock", pinned ? theme::IconRole::Accent : theme::IconRole::Muted));
  pin_->setToolTip(pinned ? tr("Take this number from the wire again")
                          : tr("Pin this number instead of taking it from the wire"));
  line_->setReadOnly(!pinned);
  line_->setPlaceholderText(inferred_ ? tr("%1 · auto").arg(QString::fromStdString(grouped(*inferred_))) : tr("auto"));
}

void SpecEditor::displayInherited() {
  theme::setClass(*label_, own_ ? "" : "muted");
  if (check_ || combo_) theme::setClass(*field_, own_ ? "" : "muted");
  if (line_) line_->setPlaceholderText(fieldText(*inherited_));
}

Attribute SpecEditor::parsed(const QLineEdit& line) const {
  Attribute value = spec_.parse(line.text().toStdString());
  if (!takesFormulas_ && std::holds_alternative<Formula>(value))
    failInput(tr("No formula can stand here.").toStdString(), "", "");
  return value;
}

void SpecEditor::checkText() {
  if ((mixed_ || inherited_) && line_->text().isEmpty()) return setProblem({});
  try {
    parsed(*line_);
    setProblem({});
  } catch (const Error& e) {
    setProblem(withoutName(QString::fromStdString(e.title), spec_.name));
  }
}

void SpecEditor::finishText() {
  if (!typed_ || line_->isReadOnly()) return;
  checkText();
  if (!problem().isEmpty() || (mixed_ && line_->text().isEmpty())) return;
  typed_ = false;
  if (inherited_ && line_->text().isEmpty()) return own_ ? reset() : void();
  const Attribute typed = parsed(*line_);
  if (!inherited_) display(typed);
  commit(typed);
}

void SpecEditor::commit(const Attribute& value) {
  if (value == value_ && !mixed_ && !inherits()) return;
  mixed_ = false;
  value_ = value;
  own_ = inherited_.has_value();
  if (own_)
    display(value);
  else if (reset_)
    reset_->setVisible(value != spec_.fallback);
  Q_EMIT edited(value);
}

void SpecEditor::togglePin(bool pinned) {
  const Attribute value = pinned ? Attribute(inferred_.value_or(1)) : Attribute(Auto{});
  display(value);
  commit(value);
  if (!pinned) return;
  line_->setFocus();
  line_->selectAll();
}

void SpecEditor::setProblem(const QString& text) {
  message_->setText(text);
  message_->setVisible(!text.isEmpty());
  if (QWidget* box = number_ ? static_cast<QWidget*>(number_) : line_)
    theme::setClass(*box, text.isEmpty() ? "" : "error");
}

QString SpecEditor::help() const {
  QStringList parts;
  if (!spec_.doc.empty()) parts << QString::fromStdString(spec_.doc);
  const auto number = [](double v) { return QString::number(v, 'g', 6); };
  if (spec_.minimum && spec_.maximum)
    parts << tr("From %1 to %2.").arg(number(*spec_.minimum), number(*spec_.maximum));
  else if (spec_.minimum)
    parts << (spec_.minimumExclusive ? tr("Above %1.") : tr("At least %1.")).arg(number(*spec_.minimum));
  else if (spec_.maximum)
    parts << tr("At most %1.").arg(number(*spec_.maximum));
  parts << tr("Default: %1.").arg(QString::fromStdString(toText(spec_.fallback)));
  return "<p>" + parts.join(' ').toHtmlEscaped() + "</p>";
}

QWidget* makeFieldMargin() {
  auto* margin = new QWidget;
  auto* row = new QHBoxLayout(margin);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceXs);
  row->addSpacing(kUnitWidth + theme::kSpaceXs);
  QToolButton* button = smallButton("undo", {});
  row->addWidget(button);
  button->hide();
  return margin;
}

}  // namespace netwright::forms
