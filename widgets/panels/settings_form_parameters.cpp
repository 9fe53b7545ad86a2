// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_parameters.h"

#include <QLineEdit>
#include <QVBoxLayout>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/run/initialiser.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form_parts.h"

namespace netwright::panels {
namespace {

// A list of what there is, for the help of a field: "l1 Σ |w|, ..."
template <class Spec>
QString idsOf(const std::vector<Spec>& specs) {
  QStringList ids;
  for (const Spec& s : specs) ids << QString::fromStdString(s.id);
  return ids.join(", ");
}

}  // namespace

ParameterSettings::ParameterSettings(Change change) : change_(std::move(change)), column_(formSection(this, {})) {
  frozen_ = addField("frozen", tr("Frozen"),
                     tr("Weights that keep the values they begin with, by patterns over their names: teacher.*, "
                        "encoder.*"),
                     tr("Change what is frozen"),
                     [](run::RunConfig& c, size_t, const std::string& text) { c.frozen = words(text); });
  initialisers_ = addField(
      "initialisers", tr("Begin as"),
      tr("How weights begin in place of what their layers say: orthogonal, kaiming_normal(mode=fan_out):conv*.weight. "
         "Without a pattern *.weight is meant. There are: %1.")
          .arg(idsOf(run::initialisers())),
      tr("Change how weights begin"),
      [](run::RunConfig& c, size_t, const std::string& text) { c.initialisers = run::initialisersFromText(text); });
  regularisers_ = addField(
      "regularisers", tr("Held small"),
      tr("Sums over weights that are lowered with the loss, each with its weight: l2:1e-4, l1:head.*:0.01. There are: "
         "%1.")
          .arg(idsOf(run::regularisers())),
      tr("Change the regularisers"), [](run::RunConfig& c, size_t objective, const std::string& text) {
        c.objectives.at(objective).regularisers = run::regularisersFromText(text);
      });
  column_->addWidget(problem_ = wrapped({}, "small error"));
  problem_->setObjectName("parameters-problem");
  problem_->hide();
}

QLineEdit* ParameterSettings::addField(const char* id, const QString& title, const QString& help, const QString& change,
                                       Take take) {
  auto* field = new QLineEdit;
  field->setObjectName(id);
  field->setAccessibleName(title);
  field->setToolTip(help);
  field->setPlaceholderText(tr("none"));
  column_->addWidget(formRow(title, field));
  connect(field, &QLineEdit::editingFinished, this, [this, field, change, take = std::move(take)] {
    if (!field->isModified()) return;
    const std::string text = field->text().toStdString();
    try {
      run::RunConfig tried;  // a mistake shows before anything is changed
      take(tried, 0, text);
      problem_->hide();
      field->setModified(false);
      change_(change, [&](run::RunConfig& c, size_t objective) { take(c, objective, text); });
    } catch (const Error& e) {
      problem_->setText(QString::fromStdString(e.title + (e.next.empty() ? "" : " " + e.next)));
      problem_->show();
    }
  });
  return field;
}

void ParameterSettings::show(QLineEdit* field, const std::string& text) {
  if (!field->hasFocus() || !field->isModified()) field->setText(QString::fromStdString(text));
}

void ParameterSettings::display(const run::RunConfig& config, size_t objective) {
  show(frozen_, joined(config.frozen, ", "));
  show(initialisers_, run::initialisersText(config.initialisers));
  show(regularisers_, run::regularisersText(config.objectives.at(objective).regularisers));
}

int ParameterSettings::changedCount() const {
  int count = 0;
  for (const QLineEdit* field : {frozen_, initialisers_, regularisers_}) count += !field->text().isEmpty();
  return count;
}

}  // namespace netwright::panels
