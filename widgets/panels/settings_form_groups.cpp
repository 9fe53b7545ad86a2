// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_groups.h"

#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/base/text.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

QString countOf(const bridge::GroupMembers& members) {
  const QString weights = members.names.size() == 1 ? GroupSettings::tr("1 weight")
                                                    : GroupSettings::tr("%1 weights").arg(members.names.size());
  return GroupSettings::tr("%1, %2 parameters").arg(weights, text(grouped(members.numbers)));
}

bool isMain(const ParamSpec& s) { return s.name == "lr" || s.name == "weight_decay"; }
bool isUnusual(const ParamSpec& s) { return !isMain(s); }

// What a group is usually made for: biases and norms are not pulled towards zero.
run::ParameterGroup freshGroup(const run::Objective& objective) {
  const auto& groups = objective.groups;
  const bool biases =
      std::any_of(groups.begin(), groups.end(), [](const run::ParameterGroup& g) { return g.parameters == "*.bias"; });
  run::ParameterGroup group{biases ? "*" : "*.bias", {}, {}};
  if (!biases) group.params["weight_decay"] = 0.0;
  return group;
}

}  // namespace

GroupSettings::GroupSettings(Change change) : change_(std::move(change)), column_(formSection(this, {})) {
  column_->addWidget(rest_ = wrapped({}, "muted small"));
  rest_->setObjectName("group-rest");
  QPushButton* more = button(tr("Add a group"), "plus");
  more->setObjectName("add-group");
  more->setToolTip(tr("Parameters with another learning rate or weight decay than the rest, by a pattern over names"));
  connect(more, &QPushButton::clicked, this, &GroupSettings::add);
  column_->addWidget(more, 0, Qt::AlignLeft);
}

GroupSettings::Entry GroupSettings::makeEntry(size_t index) {
  const QString id = QString("group-%1").arg(index);
  auto* box = new QWidget(this);
  auto* pattern = new QLineEdit;
  pattern->setObjectName(id);
  pattern->setAccessibleName(tr("Weights of group %1").arg(index + 1));
  pattern->setToolTip(
      tr("A pattern over the names of weights: *.bias, head.*. A weight belongs to the first group that "
         "it matches."));
  Entry entry{box,
              new EntryHead(id, pattern),
              pattern,
              wrapped({}, "muted small"),
              new SpecRows(id + '-'),
              new SpecRows(id + '-'),
              new SpecRows(id + '-'),
              new FormFold(id, tr("More of the group"))};
  entry.fold->add(entry.more);
  QVBoxLayout* column = formSection(box, {});
  for (QWidget* part :
       std::initializer_list<QWidget*>{entry.head, entry.holds, entry.factor, entry.main, entry.fold, horizontalLine()})
    column->addWidget(part);
  entry.holds->setObjectName(id + "-holds");
  connect(pattern, &QLineEdit::textEdited, this, &GroupSettings::showMembers);
  connect(pattern, &QLineEdit::editingFinished, this, [this, index, pattern] {
    if (!pattern->isModified()) return;
    pattern->setModified(false);
    changeGroup(index, tr("Change the weights of group %1").arg(index + 1),
                [&](run::ParameterGroup& g) { g.parameters = pattern->text().trimmed().toStdString(); });
  });
  connect(entry.head, &EntryHead::moved, this, [this, index](int by) { move(index, by); });
  connect(entry.head, &EntryHead::removed, this, [this, index] {
    change_(tr("Remove group %1").arg(index + 1), [&](run::Objective& o) {
      if (index < o.groups.size()) o.groups.erase(o.groups.begin() + static_cast<std::ptrdiff_t>(index));
    });
  });
  connect(entry.factor, &SpecRows::edited, this, [this, index](const QString&, const QString&, const Attribute& value) {
    changeGroup(index, tr("Change the rate's factor of group %1").arg(index + 1),
                [&](run::ParameterGroup& g) { setSetting(g.lrFactor, g.formulas, run::lrFactorParam(), value); });
  });
  for (SpecRows* rows : {entry.main, entry.more}) {
    connect(rows, &SpecRows::edited, this,
            [this, index](const QString& name, const QString& title, const Attribute& value) {
              changeGroup(index, tr("Change %1 of group %2").arg(title.toLower()).arg(index + 1),
                          [&](run::ParameterGroup& g) { g.params[name.toStdString()] = value; });
            });
    connect(rows, &SpecRows::cleared, this, [this, index](const QString& name, const QString& title) {
      changeGroup(index, tr("Take %1 of group %2 from the optimiser").arg(title.toLower()).arg(index + 1),
                  [&](run::ParameterGroup& g) { g.params.erase(name.toStdString()); });
    });
  }
  return entry;
}

void GroupSettings::changeGroup(size_t index, const QString& name,
                                const std::function<void(run::ParameterGroup&)>& change) {
  change_(name, [&](run::Objective& o) {
    if (index < o.groups.size()) change(o.groups[index]);
  });
}

void GroupSettings::add() {
  change_(tr("Add a parameter group"), [](run::Objective& o) { o.groups.push_back(freshGroup(o)); });
  if (entries_.empty()) return;
  entries_.back().pattern->setFocus(Qt::OtherFocusReason);
  entries_.back().pattern->selectAll();
}

void GroupSettings::move(size_t index, int by) {
  const size_t other = by < 0 ? index - 1 : index + 1;
  change_(by < 0 ? tr("Move group %1 up").arg(index + 1) : tr("Move group %1 down").arg(index + 1),
          [&](run::Objective& o) {
            if (std::max(index, other) < o.groups.size()) std::swap(o.groups[index], o.groups[other]);
          });
  if (other < entries_.size()) entries_[other].head->focusButton(by);
}

void GroupSettings::display(const run::Objective& objective, const std::vector<bridge::WeightSize>& weights,
                            const FormulaValue& worth) {
  objective_ = objective;
  weights_ = weights;
  const run::OptimiserSpec* spec = run::findOptimiser(objective.optimiser.kind);
  while (entries_.size() > objective.groups.size()) {
    entries_.back().box->hide();
    entries_.back().box->deleteLater();  // may be what handles the present event
    column_->removeWidget(entries_.back().box);
    entries_.pop_back();
  }
  while (entries_.size() < objective.groups.size()) {
    entries_.push_back(makeEntry(entries_.size()));
    column_->insertWidget(static_cast<int>(entries_.size()) - 1, entries_.back().box);
  }
  const std::vector<ParamSpec> specs = spec ? spec->params : std::vector<ParamSpec>{};
  const Attributes inherited = run::completeParams(objective.optimiser);
  for (size_t i = 0; i < entries_.size(); ++i) {
    const run::ParameterGroup& group = objective.groups[i];
    const Entry& entry = entries_[i];
    entry.head->setPlace(i, entries_.size());
    if (!entry.pattern->hasFocus() || !entry.pattern->isModified()) entry.pattern->setText(text(group.parameters));
    entry.factor->display(
        "factor", {run::lrFactorParam()},
        {{run::lrFactorParam().name, settingOf(group.lrFactor, group.formulas, run::lrFactorParam())}}, worth);
    entry.main->displayOwn(text(objective.optimiser.kind), specsWhere(specs, isMain), group.params, inherited, worth);
    entry.more->displayOwn(text(objective.optimiser.kind), specsWhere(specs, isUnusual), group.params, inherited,
                           worth);
    entry.fold->setChanged(entry.more->ownCount());
  }
  showMembers();
}

void GroupSettings::showMembers() {
  run::Objective typed = objective_;
  for (size_t i = 0; i < entries_.size(); ++i)
    typed.groups[i].parameters = entries_[i].pattern->text().trimmed().toStdString();
  const std::vector<bridge::GroupMembers> members = bridge::groupMembers(typed, weights_);
  for (size_t i = 0; i < entries_.size(); ++i) {
    const bridge::GroupMembers& m = members[i];
    QString said = countOf(m);
    if (typed.groups[i].parameters.empty())
      said = tr("Say which weights it holds, such as *.bias.");
    else if (m.names.isEmpty())
      said = m.taken > 0 ? tr("All it matches belongs to a group above.") : tr("Matches no weight of this network.");
    else if (m.taken > 0)
      said +=
          m.taken == 1 ? tr("; 1 more belongs to a group above") : tr("; %1 more belong to groups above").arg(m.taken);
    entries_[i].holds->setText(said);
    entries_[i].holds->setToolTip(m.names.join('\n'));
    theme::setClass(*entries_[i].holds, m.names.isEmpty() ? "small error" : "muted small");
  }
  rest_->setText(entries_.empty()
                     ? tr("All weights are trained with the optimiser's settings.")
                     : tr("The optimiser's own settings train the rest: %1.").arg(countOf(members.back())));
  rest_->setToolTip(members.back().names.join('\n'));
}

}  // namespace netwright::panels
