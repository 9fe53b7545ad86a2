// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_data.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "core/data/registry.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/panels/settings_form_transforms.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

QString number(int64_t n) { return QString::fromStdString(grouped(n)); }

const data::SourceSpec* sourceOf(const std::string& kind) {
  for (const data::SourceSpec& s : data::sources())
    if (s.kind == kind) return &s;
  return nullptr;
}

bool isMain(const ParamSpec& s) { return s.main; }
bool isUnusual(const ParamSpec& s) { return !s.main; }

// The kind of source that reads a file of this name; the present one where it does or nobody knows better.
std::string kindFor(const QString& path, const std::string& present) {
  const QString suffix = QFileInfo(path).suffix().toLower();
  if (suffix == "csv" || suffix == "tsv" || suffix == "txt") return present == "series" ? present : "csv";
  if (suffix == "npy" || suffix == "npz") return "numpy";
  return present;
}

}  // namespace

DataSettings::DataSettings(bridge::ProjectModel* model, bridge::DataFacts* facts, QWidget* parent)
    : QWidget(parent), model_(model), facts_(facts) {
  formSection(this, tr("Data"));
  makeSource();
  makeLocation();
  layout()->addWidget(new TransformSettings(model, this));
  makeSplit();
  connect(model_, &bridge::ProjectModel::projectChanged, this, &DataSettings::fill);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &DataSettings::fill);
  connect(facts_, &bridge::DataFacts::counted, this, &DataSettings::showCounts);
  fill();
}

void DataSettings::makeSource() {
  source_ = formComboBox("source");
  for (const data::SourceSpec& s : data::sources()) {
    source_->addItem(QString::fromStdString(s.title), QString::fromStdString(s.kind));
    source_->setItemData(source_->count() - 1, QString::fromStdString(s.doc), Qt::ToolTipRole);
  }
  layout()->addWidget(formRow(tr("Source"), source_));
  sourceDoc_ = wrapped({}, "muted small");
  layout()->addWidget(sourceDoc_);
  connect(source_, &QComboBox::activated, this, [this] {
    const std::string kind = source_->currentData().toString().toStdString();
    changeData(*model_, tr("Change the data source"), [&](data::DataConfig& c) {
      if (c.source == kind) return;
      c.source = kind;
      c.params.clear();  // they belong to the other source
    });
  });
}

void DataSettings::makeLocation() {
  path_ = new QLineEdit;
  path_->setObjectName("data-path");
  choose_ = toolButton("folder", tr("Choose where the data is"));
  choose_->setObjectName("choose-data");
  chooseMenu_ = new QMenu(choose_);
  connect(chooseMenu_->addAction(tr("A file…")), &QAction::triggered, this, &DataSettings::chooseFile);
  connect(chooseMenu_->addAction(tr("A folder…")), &QAction::triggered, this, &DataSettings::chooseFolder);
  connect(choose_, &QToolButton::clicked, this, [this] {
    const data::SourceSpec* source = sourceOf(model_->project().data.source);
    if (!source || source->path == data::SourcePath::Folder) return chooseFolder();
    chooseMenu_->popup(choose_->mapToGlobal(QPoint(0, choose_->height())));
  });
  layout()->addWidget(location_ = formRow(tr("Location"), path_, choose_));
  connect(path_, &QLineEdit::editingFinished, this, [this] {
    if (!path_->isModified()) return;
    path_->setModified(false);
    take(path_->text().trimmed());
  });
  problem_ = wrapped({}, "small error");
  problem_->setObjectName("data-problem");
  layout()->addWidget(problem_);
  mainRows_ = new SpecRows("source-");
  moreRows_ = new SpecRows("source-");
  sourceFold_ = new FormFold("source", tr("How it is read"), this);
  sourceFold_->add(moreRows_);
  for (SpecRows* rows : {mainRows_, moreRows_})
    connect(rows, &SpecRows::edited, this, [this](const QString& name, const QString& title, const Attribute& value) {
      changeData(*model_, tr("Change %1 of the data").arg(title.toLower()),
                 [&](data::DataConfig& c) { c.params[name.toStdString()] = value; });
    });
  layout()->addWidget(mainRows_);
  layout()->addWidget(sourceFold_);
}

void DataSettings::makeSplit() {
  splitRows_ = new SpecRows("split-");
  splitFold_ = new FormFold("split", tr("Split"), this);
  splitFold_->add(splitRows_);
  connect(splitRows_, &SpecRows::edited, this,
          [this](const QString& name, const QString& title, const Attribute& value) {
            changeData(*model_, tr("Change %1 of the split").arg(title.toLower()),
                       [&](data::DataConfig& c) { data::setSplitParam(c, name.toStdString(), value); });
          });
  layout()->addWidget(splitFold_);
  counts_ = wrapped({}, "muted small");
  counts_->setObjectName("data-counts");
  layout()->addWidget(counts_);
}

void DataSettings::chooseFolder() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder with the data"),
                                                           QString::fromStdString(model_->folder().string()));
  if (!folder.isEmpty()) take(folder);
}

void DataSettings::chooseFile() {
  const QString file =
      QFileDialog::getOpenFileName(this, tr("File with the data"), QString::fromStdString(model_->folder().string()),
                                   tr("Tables and arrays (*.csv *.tsv *.txt *.npy *.npz);;All files (*)"));
  if (!file.isEmpty()) take(file);
}

// A path within the project is kept relative: the project can be moved then. A file of another kind brings its source.
void DataSettings::take(const QString& path) {
  const QString root = QString::fromStdString(std::filesystem::absolute(model_->folder()).string()) + '/';
  const std::string kept = (path.startsWith(root) ? path.mid(root.size()) : path).toStdString();
  changeData(*model_, tr("Change the data's location"), [&](data::DataConfig& c) {
    c.path = kept;
    const std::string kind = kindFor(path, c.source);
    if (kind == c.source) return;
    c.source = kind;
    c.params.clear();
  });
}

void DataSettings::fill() {
  const data::DataConfig& config = model_->project().data;
  source_->setCurrentIndex(source_->findData(QString::fromStdString(config.source)));
  const data::SourceSpec* source = sourceOf(config.source);
  sourceDoc_->setText(source ? QString::fromStdString(source->doc) : QString());
  const std::vector<ParamSpec> none;
  const std::vector<ParamSpec>& specs = source ? source->params : none;
  Attributes params = defaults(specs);
  for (const auto& [name, value] : config.params) params[name] = value;
  const QString list = QString::fromStdString(config.source);
  const FormulaValue worth = model_->formulaValue();
  mainRows_->display(list, specsWhere(specs, isMain), params, worth);
  moreRows_->display(list, specsWhere(specs, isUnusual), params, worth);
  sourceFold_->setVisible(!specsWhere(specs, isUnusual).empty());
  sourceFold_->setChanged(moreRows_->changedCount());
  fillLocation();
  Attributes split;
  for (const ParamSpec& s : data::splitParams()) split[s.name] = data::splitParam(config, s.name);
  splitRows_->display("split", data::splitParams(), split, worth);
  splitFold_->setChanged(splitRows_->changedCount());
  showCounts();
}

void DataSettings::fillLocation() {
  const data::DataConfig& config = model_->project().data;
  const data::SourceSpec* source = sourceOf(config.source);
  location_->setVisible(!source || source->path != data::SourcePath::None);
  if (!path_->hasFocus() || !path_->isModified()) path_->setText(QString::fromStdString(config.path));
  path_->setToolTip(QString::fromStdString(config.path));
  problem_->setText(model_->dataError());
  problem_->setVisible(!model_->dataError().isEmpty());
}

void DataSettings::showCounts() {
  const auto& counts = facts_->counts();
  counts_->setVisible(counts.has_value() && model_->dataError().isEmpty());
  if (counts)
    counts_->setText(tr("%1 to train on, %2 to validate with, %3 to test with.")
                         .arg(number(counts->train), number(counts->validation), number(counts->test)));
}

}  // namespace netwright::panels
