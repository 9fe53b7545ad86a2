// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/train_page.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/project/settle.h"
#include "core/run/metric.h"
#include "core/run/metric_choice.h"
#include "core/store/database.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/panels/live_charts.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/metric_card.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/run_header.h"
#include "widgets/panels/run_log.h"
#include "widgets/panels/settings_form.h"
#include "widgets/panels/train_page_views.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kSettingsWidth = 360, kLogHeight = 118;

}  // namespace

TrainPage::TrainPage(bridge::ProjectModel* model, bridge::RunModel* run, bridge::DataFacts* facts, QWidget* parent)
    : QWidget(parent),
      model_(model),
      run_(run),
      facts_(facts),
      actions_(makeTrainActions(*this)),
      header_(new RunHeader(run, actions_)),
      silent_(new MessageBanner),
      problem_(new MessageBanner),
      success_(new MessageBanner),
      refusal_(new MessageBanner),
      views_(new TrainViews(run, actions_)),
      log_(new RunLog(run)) {
  auto* columns = new QHBoxLayout(this);
  columns->setContentsMargins(0, 0, 0, 0);
  columns->setSpacing(0);
  columns->addWidget(makeSettings());
  auto* right = new QVBoxLayout;
  right->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  right->setSpacing(theme::kSpace);
  right->addWidget(header_);
  right->addWidget(silent_);
  right->addWidget(problem_);
  right->addWidget(success_);
  right->addWidget(refusal_);
  right->addWidget(makeCards());
  right->addWidget(views_, 1);
  log_->setFixedHeight(kLogHeight);
  right->addWidget(log_);
  columns->addLayout(right, 1);

  problemDesign_ = problem_->addButton(tr("Go to Design"), "graph");
  connect(problemDesign_, &QPushButton::clicked, this, &TrainPage::designRequested);
  resumeLost_ = problem_->addButton(tr("Resume from its checkpoint"), "play", "primary");
  resumeLost_->setObjectName("resume-lost");
  connect(resumeLost_, &QPushButton::clicked, run_, &bridge::RunModel::resumeLost);
  QPushButton* endEngine = silent_->addButton(tr("End the engine"), "stop");
  endEngine->setObjectName("end-engine");
  connect(endEngine, &QPushButton::clicked, run_, &bridge::RunModel::kill);
  connect(run_, &bridge::RunModel::silenceChanged, this, &TrainPage::showSilence);
  resumeStopped_ = success_->addButton(tr("Resume it"), "play");
  resumeStopped_->setObjectName("resume-stopped");
  connect(resumeStopped_, &QPushButton::clicked, run_, &bridge::RunModel::resumeStopped);
  QPushButton* see = success_->addButton(tr("See in Runs"), "runs");
  QPushButton* take = success_->addButton(tr("Export…"), "export", "primary");
  see->setObjectName("see-in-runs");
  take->setObjectName("export-run");
  connect(see, &QPushButton::clicked, this, &TrainPage::runsRequested);
  connect(take, &QPushButton::clicked, this, &TrainPage::exportRequested);
  connect(header_, &RunHeader::startRequested, this, &TrainPage::startRequested);
  connect(header_, &RunHeader::designRequested, this, &TrainPage::designRequested);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &TrainPage::update);
  connect(model_, &bridge::ProjectModel::documentChanged, this, &TrainPage::update);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &TrainPage::update);
  connect(facts_, &bridge::DataFacts::counted, this, &TrainPage::update);
  connect(run_, &bridge::RunModel::stateChanged, this, &TrainPage::showState);
  connect(run_, &bridge::RunModel::epochFinished, this, &TrainPage::showValues);
  connect(run_, &bridge::RunModel::refused, this, [this](const bridge::Message& why) { showRefusal(why); });
  connect(actions_.resumeStored, &QAction::triggered, this, &TrainPage::resumeStored);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &TrainPage::lookForResumable);
  update();
  showState();
  lookForResumable();
}

LiveCharts& TrainPage::charts() { return views_->charts(); }

// The newest run of the project, if it was stopped or lost: it could go on.
void TrainPage::lookForResumable() {
  resumable_.clear();
  header_->setResumable({}, {});
  if (!model_->isOpen()) return;
  const std::filesystem::path folder = model_->folder();
  bridge::inBackground(
      this,
      [folder]() -> std::optional<store::RunSummary> {
        if (!std::filesystem::exists(project::databaseFile(folder))) return std::nullopt;
        store::Database database(project::databaseFile(folder));
        database.markLostRuns();
        const std::vector<store::RunSummary> runs = database.runs();
        if (runs.empty()) return std::nullopt;
        const store::RunStatus status = runs.back().status;
        if (status != store::RunStatus::Killed && status != store::RunStatus::Lost) return std::nullopt;
        return runs.back();
      },
      [this, folder](const std::optional<store::RunSummary>& run) {
        if (!run || model_->folder() != folder || run_->isActive()) return;
        resumable_ = QString::number(run->id.value);
        header_->setResumable(QString::fromStdString(run->name),
                              tr("It was stopped in epoch %1; it goes on from its last checkpoint.").arg(run->epochs));
      },
      [](const bridge::Message&) {});  // a record that cannot be read is told by the table of runs
}

void TrainPage::resumeStored() {
  if (!resumable_.isEmpty()) run_->resumeStored(model_->folder(), resumable_.toStdString());
}

void TrainPage::showRefusal(const bridge::Message& why) { refusal_->showMessage(MessageBanner::Kind::Warning, why); }

QWidget* TrainPage::makeSettings() {
  auto* panel = new QFrame(this);  // from the outside in: what gets its parent when it is full is styled twice
  settings_ = new QScrollArea(panel);
  locked_ = wrapped(tr("Settings are locked while the run is going on."), "muted small");
  locked_->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, 0);
  settings_->setWidgetResizable(true);
  settings_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  theme::setClass(*panel, "panel");
  panel->setFixedWidth(kSettingsWidth);
  auto* column = new QVBoxLayout(panel);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(locked_);
  column->addWidget(settings_, 1);
  return panel;
}

void TrainPage::complete() {
  if (form_) return;
  form_ = new SettingsForm(model_, facts_, settings_->viewport());
  settings_->setWidget(form_);
  form_->setEnabled(!run_->isActive());
  connect(form_, &SettingsForm::weightsRequested, this, &TrainPage::weightsRequested);
  connect(actions_.reset, &QAction::triggered, form_, &SettingsForm::reset);
}

void TrainPage::showEvent(QShowEvent* event) {
  complete();
  QWidget::showEvent(event);
}

QWidget* TrainPage::makeCards() {
  auto* row = new QWidget;
  cardRow_ = new QHBoxLayout(row);
  cardRow_->setContentsMargins(0, 0, 0, 0);
  cardRow_->setSpacing(theme::kSpace);
  addCards("loss", false);
  metric_ = QString::fromStdString(run::metrics().front().id);
  addCards(metric_, true);
  return row;
}

void TrainPage::addCards(const QString& metric, bool higherIsBetter) {
  for (const char* context : {"train", "val"}) {
    cards_.append(new MetricCard(metric, context, higherIsBetter));
    cardRow_->addWidget(cards_.last(), 1);
  }
}

// The first metric decides which checkpoint is best; the log and the Runs page have the others.
void TrainPage::followMetrics() {
  if (run_->isActive()) return;
  const auto& wanted = model_->project().run.metrics;
  QStringList keys;
  for (const std::string& id : wanted)
    if (run::metricChoice(id).spec()) keys << QString::fromStdString(id);
  charts().setMetrics(keys);
  const run::MetricSpec* metric = wanted.empty() ? nullptr : run::metricChoice(wanted.front()).spec();
  if (!metric || QString::fromStdString(wanted.front()) == metric_) return;
  metric_ = QString::fromStdString(wanted.front());
  while (cards_.size() > 2) delete cards_.takeLast();
  addCards(metric_, metric->higherIsBetter);
}

void TrainPage::update() {
  if (!model_->isOpen()) return;
  followMetrics();
  facts_->ask(project::settledData(model_->project()), model_->folder());
  header_->setReadiness(readiness(*model_, facts_->counts()));
}

void TrainPage::showState() {
  if (form_) form_->setEnabled(!run_->isActive());
  locked_->setVisible(run_->isActive());
  actions_.reset->setEnabled(!run_->isActive());
  if (run_->isActive()) {
    resumable_.clear();
    header_->setResumable({}, {});
  } else {
    refusal_->dismiss();
  }
  showValues();
  showOutcome();
}

void TrainPage::showValues() {
  const auto value = [](const std::map<QString, double>& values, const QString& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<double>(found->second);
  };
  for (MetricCard* card : cards_)
    card->setValue(value(run_->lastValues(), card->name()), value(run_->previousValues(), card->name()));
}

void TrainPage::showSilence() {
  if (run_->silence() <= 0) return silent_->dismiss();
  silent_->showMessage(MessageBanner::Kind::Warning,
                       {tr("The engine has not answered for %1 seconds.").arg(run_->silence()),
                        tr("It hangs, or this machine is overloaded."),
                        tr("Wait, or end it: the run can go on from its last checkpoint.")});
}

void TrainPage::showOutcome() {
  using State = bridge::RunModel::State;
  problem_->dismiss();
  success_->dismiss();
  const bool troubled = run_->state() == State::Paused && !run_->problem().title.isEmpty();
  if (run_->state() == State::Failed || troubled) {
    problemDesign_->setVisible(!run_->problemNode().empty());
    resumeLost_->setVisible(run_->canResumeLost());
    problem_->showMessage(MessageBanner::Kind::Error, run_->problem());
  }
  if (run_->state() != State::Finished && run_->state() != State::Stopped) return;
  const auto accuracy = run_->lastValues().find("val/accuracy"), other = run_->lastValues().find("val/" + metric_);
  const QString result =
      accuracy == run_->lastValues().end()
          ? other == run_->lastValues().end()
                ? tr("The weights are in a checkpoint.")
                : tr("%1: %2.").arg(bridge::metricTitle(metric_, "val"), bridge::metricText(metric_, other->second))
          : tr("%1 of the validation samples are right.").arg(bridge::metricText("accuracy", accuracy->second));
  resumeStopped_->setVisible(run_->canResumeStopped());
  success_->showMessage(MessageBanner::Kind::Success,
                        {run_->state() == State::Finished ? tr("Your network is trained.")
                                                          : tr("Your network is trained as far as you let it."),
                         result, tr("Take it anywhere, or compare it with other runs.")});
}

}  // namespace netwright::panels
