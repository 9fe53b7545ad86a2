// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_parts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <iterator>

#include "widgets/forms/spec_editor.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kLabel = 104, kUnit = 20;  // as in SpecEditor

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

}  // namespace

std::vector<ParamSpec> specsWhere(const std::vector<ParamSpec>& specs, bool (*wanted)(const ParamSpec& spec)) {
  std::vector<ParamSpec> some;
  std::copy_if(specs.begin(), specs.end(), std::back_inserter(some), wanted);
  return some;
}

QString readableName(const std::string& name) {
  if (name == "lr") return SpecRows::tr("Learning rate");
  QString text = QString::fromStdString(name).replace('_', ' ');
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

QVBoxLayout* formSection(QWidget* widget, const QString& title) {
  auto* column = new QVBoxLayout(widget);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  if (!title.isEmpty()) column->addWidget(label(title, "strong"));
  return column;
}

QComboBox* formComboBox(const char* objectName) {
  auto* box = new QComboBox;
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);  // a long entry must not widen the form
  box->setMinimumContentsLength(8);
  box->setObjectName(objectName);
  box->setFocusPolicy(Qt::StrongFocus);
  return box;
}

QWidget* formRow(const QString& title, QWidget* field, QToolButton* after) {
  auto* line = new QWidget;
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceXs);
  QLabel* name = label(title);
  name->setFixedWidth(kLabel);
  name->setBuddy(field);
  field->setAccessibleName(title);
  row->addWidget(name);
  row->addSpacing(theme::kSpaceXs);
  row->addWidget(field, 1);
  // A combo box's words need the room; it has no unit and no default to go back to.
  if (qobject_cast<QComboBox*>(field) && !after) return line;
  row->addSpacing(kUnit);
  QToolButton* last = after ? after : toolButton("undo", {});
  last->setIconSize({14, 14});  // as wide as the reset button of the other rows: all fields end on one line
  QSizePolicy policy = last->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  last->setSizePolicy(policy);
  row->addWidget(last);
  if (!after) last->hide();
  return line;
}

SpecRows::SpecRows(const QString& prefix) : prefix_(prefix), column_(new QVBoxLayout(this)) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(theme::kSpaceSmall);
}

void SpecRows::build(const QString& list, const std::vector<ParamSpec>& specs) {
  setVisible(!specs.empty());
  if (list_ == list) return;
  list_ = list;
  for (forms::SpecEditor* row : std::exchange(rows_, {})) {
    column_->removeWidget(row);
    row->hide();
    row->setObjectName({});  // another has it now
    row->deleteLater();
  }
  for (const ParamSpec& spec : specs) {
    const QString name = QString::fromStdString(spec.name), title = readableName(spec.name);
    auto* row = new forms::SpecEditor(spec);
    row->setLabel(title);
    row->setLabelWidth(kLabel);
    row->setObjectName("setting-" + prefix_ + name);
    column_->addWidget(row);
    rows_[name] = row;
    connect(row, &forms::SpecEditor::edited, this,
            [this, name, title](const Attribute& value) { Q_EMIT edited(name, title, value); });
    connect(row, &forms::SpecEditor::cleared, this, [this, name, title] { Q_EMIT cleared(name, title); });
  }
}

void SpecRows::display(const QString& list, const std::vector<ParamSpec>& specs, const Attributes& values,
                       const FormulaValue& worth) {
  build(list, specs);
  for (const auto& [name, value] : values)
    if (forms::SpecEditor* row = rows_.value(QString::fromStdString(name))) {
      row->setValue(value);
      worth ? row->showWorth(worth) : row->refuseFormulas();
    }
}

void SpecRows::displayOwn(const QString& list, const std::vector<ParamSpec>& specs, const Attributes& own,
                          const Attributes& inherited, const FormulaValue& worth) {
  build(list, specs);
  for (const auto& [name, value] : inherited) {
    const auto it = own.find(name);
    if (forms::SpecEditor* row = rows_.value(QString::fromStdString(name))) {
      row->setOwn(it == own.end() ? std::nullopt : std::optional(it->second), value);
      row->showWorth(worth);
    }
  }
}

int SpecRows::changedCount() const {
  return static_cast<int>(std::count_if(
      rows_.begin(), rows_.end(), [](const forms::SpecEditor* row) { return row->value() != row->spec().fallback; }));
}

int SpecRows::ownCount() const {
  return static_cast<int>(
      std::count_if(rows_.begin(), rows_.end(), [](const forms::SpecEditor* row) { return row->hasOwn(); }));
}

EntryHead::EntryHead(const QString& prefix, QWidget* title)
    : up_(toolButton("chevron-up", tr("Move up"))),
      down_(toolButton("chevron-down", tr("Move down"))),
      remove_(toolButton("close", tr("Remove"))) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(title, 1);
  row->addSpacing(theme::kSpaceXs);
  for (const auto& [button, name] : {std::pair(up_, "-up"), std::pair(down_, "-down"), std::pair(remove_, "-remove")}) {
    button->setObjectName(prefix + name);
    button->setIconSize({14, 14});
    button->setFocusPolicy(Qt::TabFocus);
    row->addWidget(button);
  }
  connect(up_, &QToolButton::clicked, this, [this] { Q_EMIT moved(-1); });
  connect(down_, &QToolButton::clicked, this, [this] { Q_EMIT moved(1); });
  connect(remove_, &QToolButton::clicked, this, &EntryHead::removed);
}

void EntryHead::setPlace(size_t index, size_t count) {
  up_->setEnabled(index > 0);
  down_->setEnabled(index + 1 < count);
}

void EntryHead::focusButton(int by) {
  QToolButton* wanted = by < 0 ? up_ : down_;
  (wanted->isEnabled() ? wanted : by < 0 ? down_ : up_)->setFocus(Qt::OtherFocusReason);
}

FormFold::FormFold(const QString& name, const QString& title, QWidget* parent)
    : QWidget(parent), title_(title), toggle_(new QToolButton(this)), inside_(new QWidget(this)) {
  setObjectName("fold-" + name);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  toggle_->setText(title);
  toggle_->setObjectName("toggle-" + name);
  toggle_->setCheckable(true);
  toggle_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  toggle_->setAutoRaise(true);
  toggle_->setStyleSheet("QToolButton { padding-left: 0; }");
  toggle_->setFocusPolicy(Qt::TabFocus);
  column->addWidget(toggle_);
  auto* inner = new QVBoxLayout(inside_);
  inner->setContentsMargins(0, 0, 0, 0);
  inner->setSpacing(theme::kSpaceSmall);
  column->addWidget(inside_);
  const QString key = "train/fold-" + name;
  toggle_->setChecked(settings().value(key, false).toBool());
  setOpen(toggle_->isChecked());
  connect(toggle_, &QToolButton::toggled, this, [this, key](bool on) {
    setOpen(on);
    settings().setValue(key, on);
  });
}

void FormFold::add(QWidget* part) { inside_->layout()->addWidget(part); }

void FormFold::setChanged(int count) {
  toggle_->setText(count == 0 ? title_ : tr("%1 · %2 set").arg(title_).arg(count));
  toggle_->setToolTip(count == 0 ? tr("All as they come")
                                 : tr("%n setting(s) differ from the default", nullptr, count));
}

void FormFold::setOpen(bool open) {
  inside_->setVisible(open);
  toggle_->setIcon(theme::icon(open ? "chevron-down" : "chevron-right", theme::IconRole::Muted));
}

}  // namespace netwright::panels
