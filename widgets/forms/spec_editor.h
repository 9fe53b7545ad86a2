// SPDX-License-Identifier: GPL-3.0-or-later
// One row of a form for a ParamSpec: name, unit, the right editor for its kind, reset, and what is wrong with the text.
// Used by the form of a layer and by the run settings. Where formulas are legal every field takes one, with "=" before
// it.
#pragma once

#include <QWidget>
#include <optional>

#include "core/base/formulas.h"
#include "core/base/param_spec.h"

QT_BEGIN_NAMESPACE
class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::forms {

class NumberField;

// edited() tells legal values only, when the person is done with one (Enter, leaving the field, a step, a choice). Text
// that is not legal stays in the field with the reason below it, until it is corrected, reset or the value changes from
// outside.
class SpecEditor : public QWidget {
  Q_OBJECT

 public:
  explicit SpecEditor(const ParamSpec& spec, QWidget* parent = nullptr);

  // `inferred` is the number behind `auto`, if it is known.
  void setValue(const Attribute& value, std::optional<int64_t> inferred = {});
  void setMixed();  // several nodes with different values
  // For what takes its values from elsewhere unless it has its own: `inherited` is shown in grey until then.
  void setOwn(const std::optional<Attribute>& own, const Attribute& inherited);
  bool hasOwn() const { return own_; }
  // What a formula comes to, shown below it, or why it comes to nothing; empty: nothing to say.
  void setResult(const QString& text, bool wrong = false);
  void showWorth(const FormulaValue& value);  // that, of a formula; empties it for any other value
  void refuseFormulas();                      // where no variables are known
  void setLabel(const QString& text);         // instead of the parameter's name
  void setLabelWidth(int width);              // to align rows
  int labelWidthHint() const;

  const ParamSpec& spec() const { return spec_; }
  const Attribute& value() const { return value_; }
  QString problem() const;  // the message below the field; empty if the text is legal
  QWidget* field() const { return field_; }

 Q_SIGNALS:
  void edited(const netwright::Attribute& value);
  void cleared();  // after setOwn: the own value is given up, by the button or by emptying the field

 private:
  void addField(QHBoxLayout& row);
  QWidget* makeTextField();
  QWidget* makeNumberField();
  QWidget* withFormula(QWidget* field);  // which a formula typed in its place hides
  void showFormula(bool on);
  void watch(QLineEdit* line);
  void display(const Attribute& value);
  void displayInherited();
  void reset();
  bool inherits() const { return inherited_ && !own_; }  // now
  Attribute parsed(const QLineEdit& line) const;         // throws Error{Input}
  void checkText();
  void finishText();
  void commit(const Attribute& value);
  void togglePin(bool pinned);
  void setProblem(const QString& text);
  QString help() const;

  ParamSpec spec_;
  Attribute value_;
  std::optional<int64_t> inferred_;
  std::optional<Attribute> inherited_;
  bool mixed_ = false, own_ = false, takesFormulas_ = true;
  bool typed_ = false;  // since the value was shown; a spin box forgets its line's isModified() at Enter
  QLabel *label_, *unit_ = nullptr, *message_, *result_;
  QWidget* field_ = nullptr;
  QLineEdit* line_ = nullptr;  // of text-like fields
  NumberField* number_ = nullptr;
  QCheckBox* check_ = nullptr;
  QComboBox* combo_ = nullptr;
  QLineEdit* formula_ = nullptr;                   // of fields that take no text otherwise
  QToolButton *pin_ = nullptr, *reset_ = nullptr;  // a field has one of them
};

// A value as it stands in a field, and as ParamSpec::parse reads it: a list without its brackets, numbers as short as
// they are exact.
QString fieldText(const Attribute& value);

// An empty widget as wide as what stands behind the field of a SpecEditor, so that other rows of a form end at the same
// edge.
QWidget* makeFieldMargin();

}  // namespace netwright::forms
