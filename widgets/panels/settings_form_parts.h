// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of the settings form: rows made from specs, a part that folds, names as people read them.
#pragma once

#include <QMap>
#include <QWidget>

#include "core/base/attribute.h"
#include "core/base/formulas.h"
#include "core/base/param_spec.h"

QT_BEGIN_NAMESPACE
class QComboBox;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::forms {
class SpecEditor;
}

namespace netwright::panels {

std::vector<ParamSpec> specsWhere(const std::vector<ParamSpec>& specs, bool (*wanted)(const ParamSpec& spec));
QString readableName(const std::string& name);  // "batch_size" -> "Batch size"
QVBoxLayout* formSection(QWidget* widget, const QString& title);
QComboBox* formComboBox(const char* objectName);
// A line of the form: its name, the field, and, unless it is a combo box, a button at the end.
QWidget* formRow(const QString& title, QWidget* field, QToolButton* after = nullptr);

// Rows for specs. Those of the same list are kept when the values change, so that nothing loses its cursor.
class SpecRows : public QWidget {
  Q_OBJECT

 public:
  explicit SpecRows(const QString& prefix);  // of the rows' object names: "setting-" + prefix + name
  // `worth`: what formulas among the values come to; null: none can stand here.
  void display(const QString& list, const std::vector<ParamSpec>& specs, const Attributes& values,
               const FormulaValue& worth = {});
  // Values that are taken from elsewhere, in grey, where `own` has none.
  void displayOwn(const QString& list, const std::vector<ParamSpec>& specs, const Attributes& own,
                  const Attributes& inherited, const FormulaValue& worth);
  int changedCount() const;  // that differ from their defaults
  int ownCount() const;      // after displayOwn

 Q_SIGNALS:
  void edited(const QString& name, const QString& title, const netwright::Attribute& value);
  void cleared(const QString& name, const QString& title);  // after displayOwn: an own value is given up

 private:
  void build(const QString& list, const std::vector<ParamSpec>& specs);
  QString prefix_, list_;
  QVBoxLayout* column_;
  QMap<QString, forms::SpecEditor*> rows_;
};

// The head of one of several things in a row: what it is, and buttons that move it and take it away.
class EntryHead : public QWidget {
  Q_OBJECT

 public:
  EntryHead(const QString& prefix, QWidget* title);  // of the buttons' object names: "transform-0" + "-up"
  void setPlace(size_t index, size_t count);
  void focusButton(int by);  // that moved it, so that it can be pressed again; the other one at the end

 Q_SIGNALS:
  void moved(int by);  // -1: up
  void removed();

 private:
  QToolButton *up_, *down_, *remove_;
};

// A part of the form that is folded away until it is wanted; remembers that from one start to the next.
class FormFold : public QWidget {
  Q_OBJECT

 public:
  FormFold(const QString& name, const QString& title, QWidget* parent = nullptr);
  void add(QWidget* part);
  void setChanged(int count);  // settings within that differ from their defaults
  QToolButton* toggle() const { return toggle_; }

 private:
  void setOpen(bool open);
  QString title_;
  QToolButton* toggle_;
  QWidget* inside_;
};

}  // namespace netwright::panels
