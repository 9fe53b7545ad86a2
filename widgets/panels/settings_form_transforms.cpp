// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_transforms.h"

#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/data/registry.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

const data::TransformSpec* specOf(const std::string& kind) {
  const auto& all = data::transforms();
  const auto it = std::find_if(all.begin(), all.end(), [&](const data::TransformSpec& s) { return s.kind == kind; });
  return it == all.end() ? nullptr : &*it;
}

QString titleOf(const data::TransformConfig& step) {
  const data::TransformSpec* spec = specOf(step.kind);
  return spec ? text(spec->title) : text(step.kind);
}

}  // namespace

TransformSettings::TransformSettings(bridge::ProjectModel* model, QWidget* parent)
    : QWidget(parent), model_(model), column_(formSection(this, tr("Preparation"))), none_(wrapped({}, "muted small")) {
  none_->setText(tr("The network sees the data as it is stored."));
  column_->addWidget(none_);
  QPushButton* more = button(tr("Add a step"), "plus");
  more->setObjectName("add-transform");
  more->setToolTip(tr("What is done to the data before the network sees it"));
  auto* menu = new QMenu(more);
  menu->setToolTipsVisible(true);
  for (const data::TransformSpec& spec : data::transforms()) {
    QAction* action = menu->addAction(text(spec.title));
    action->setObjectName("transform-" + text(spec.kind));
    action->setToolTip(text(spec.doc));
    connect(action, &QAction::triggered, this, [this, kind = spec.kind] { add(kind); });
  }
  more->setMenu(menu);
  column_->addWidget(more, 0, Qt::AlignLeft);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &TransformSettings::fill);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &TransformSettings::fill);
  fill();
}

TransformSettings::Entry TransformSettings::makeEntry(size_t index) {
  const QString id = QString("transform-%1").arg(index);
  QLabel* title = label({});
  Entry entry{new QWidget(this), new EntryHead(id, title), title, wrapped({}, "muted small"), new SpecRows(id + '-')};
  entry.box->setObjectName(id);
  QVBoxLayout* column = formSection(entry.box, {});
  for (QWidget* part : std::initializer_list<QWidget*>{entry.head, entry.doc, entry.rows, horizontalLine()})
    column->addWidget(part);
  connect(entry.head, &EntryHead::moved, this, [this, index](int by) { move(index, by); });
  connect(entry.head, &EntryHead::removed, this, [this, index] {
    change(tr("Remove the step %1").arg(entries_[index].title->text()),
           [&](Steps& steps) { steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(index)); });
  });
  connect(entry.rows, &SpecRows::edited, this,
          [this, index](const QString& name, const QString& param, const Attribute& value) {
            change(tr("Change %1 of %2").arg(param.toLower(), entries_[index].title->text()),
                   [&](Steps& steps) { steps[index].params[name.toStdString()] = value; });
          });
  return entry;
}

void TransformSettings::change(const QString& name, const std::function<void(Steps&)>& changeSteps) {
  changeData(*model_, name, [&](data::DataConfig& c) { changeSteps(c.transforms); });
}

void TransformSettings::add(const std::string& kind) {
  change(tr("Add the step %1").arg(titleOf({kind, {}, {}})),
         [&](Steps& steps) { steps.push_back({kind, defaults(data::transformSpec(kind).params), {}}); });
  if (!entries_.empty()) entries_.back().head->focusButton(-1);
}

void TransformSettings::move(size_t index, int by) {
  const size_t other = by < 0 ? index - 1 : index + 1;
  const QString title = entries_[index].title->text();
  change(by < 0 ? tr("Move the step %1 up").arg(title) : tr("Move the step %1 down").arg(title),
         [&](Steps& steps) { std::swap(steps[index], steps[other]); });
  entries_[other].head->focusButton(by);
}

void TransformSettings::fill() {
  const Steps& steps = model_->project().data.transforms;
  while (entries_.size() > steps.size()) {
    QWidget* box = entries_.back().box;
    box->hide();
    box->setObjectName({});
    column_->removeWidget(box);
    box->deleteLater();  // may hold what handles the present event
    entries_.pop_back();
  }
  while (entries_.size() < steps.size()) {
    entries_.push_back(makeEntry(entries_.size()));
    column_->insertWidget(static_cast<int>(entries_.size()), entries_.back().box);  // below the title
  }
  const FormulaValue worth = model_->formulaValue();
  for (size_t i = 0; i < steps.size(); ++i) {
    const data::TransformSpec* spec = specOf(steps[i].kind);
    const Entry& entry = entries_[i];
    entry.head->setPlace(i, steps.size());
    entry.title->setText(titleOf(steps[i]));
    entry.doc->setText(spec ? text(spec->doc)
                            : tr("This version does not know this step. It is kept as it is; remove it to train."));
    const std::vector<ParamSpec> specs = spec ? spec->params : std::vector<ParamSpec>{};
    Attributes values = netwright::defaults(specs);
    for (const auto& [name, value] : steps[i].params) values[name] = value;
    entry.rows->display(text(steps[i].kind), specs, values, worth);
  }
  none_->setVisible(steps.empty());
}

}  // namespace netwright::panels
