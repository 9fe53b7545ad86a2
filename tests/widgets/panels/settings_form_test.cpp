// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "core/base/file.h"
#include "core/data/registry.h"
#include "core/run/metric.h"
#include "core/run/schedule_spec.h"
#include "tests/widgets/bridge/sample_project.h"
#include "tests/widgets/bridge/waiting.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/panels/readiness.h"
#include "widgets/panels/settings_form_rate.h"

namespace netwright::panels {
namespace {

class SettingsFormTest : public ::testing::Test {
 protected:
  SettingsFormTest() : sample("spirals-mlp"), form(&sample.model, &facts) {
    form.resize(360, 2400);
    form.show();
  }
  const run::RunConfig& config() const { return sample.model.project().run; }
  const run::Objective& objective() const { return config().objectives.front(); }
  const data::DataConfig& data() const { return sample.model.project().data; }
  template <class T>
  T* find(const QString& name) const {
    T* found = form.findChild<T*>(name);
    EXPECT_TRUE(found) << name.toStdString();
    return found;
  }
  forms::SpecEditor* row(const QString& name) const { return find<forms::SpecEditor>("setting-" + name); }
  void type(const QString& name, const QString& text) {
    auto* line = row(name)->field()->findChild<QLineEdit*>();
    if (!line) line = qobject_cast<QLineEdit*>(row(name)->field());
    ASSERT_TRUE(line) << name.toStdString();
    QWidget* keyboard = line->focusProxy() ? line->focusProxy() : line;  // a spin box takes its line's keys
    keyboard->setFocus();
    line->selectAll();
    QTest::keyClick(keyboard, Qt::Key_Delete);
    QTest::keyClicks(keyboard, text);
    QTest::keyClick(keyboard, Qt::Key_Return);
  }
  void choose(const QString& combo, const QString& id) {
    auto* box = find<QComboBox>(combo);
    const int index = box->findData(id);
    ASSERT_GE(index, 0) << id.toStdString();
    box->setFocus();
    while (box->currentIndex() < index) QTest::keyClick(box, Qt::Key_Down);
    while (box->currentIndex() > index) QTest::keyClick(box, Qt::Key_Up);
  }
  void openFold(const QString& name) {
    auto* toggle = find<QToolButton>("toggle-" + name);
    if (!toggle->isChecked()) QTest::mouseClick(toggle, Qt::LeftButton);
  }
  void click(const QString& name) { QTest::mouseClick(find<QWidget>(name), Qt::LeftButton); }
  std::string said(const QString& name) const { return find<QLabel>(name)->text().toStdString(); }
  QLineEdit* line(const QString& name) const { return qobject_cast<QLineEdit*>(row(name)->field()); }
  void trigger(const QString& name) { find<QAction>(name)->trigger(); }

  bridge::SampleProject sample;
  bridge::DataFacts facts;
  SettingsForm form;
};

TEST_F(SettingsFormTest, OffersTheInputAsTargetWhereTheOutputIsAsLarge) {
  EXPECT_EQ(find<QComboBox>("loss-target")->findData("x"), -1) << "three scores for two numbers";
  bridge::SampleProject again("autoencoder");
  SettingsForm other(&again.model, &facts);
  auto* targets = other.findChild<QComboBox*>("loss-target");
  ASSERT_TRUE(targets);
  EXPECT_GE(targets->findData("label"), 0);
  EXPECT_EQ(targets->currentIndex(), targets->findData("image"));
}

TEST_F(SettingsFormTest, MeasuresOtherWires) {
  openFold("wire-metrics");
  choose("wire-metric", "accuracy");
  auto* wire = find<QComboBox>("wire-metric-wire");
  ASSERT_GE(wire->findText("fc3"), 0);
  EXPECT_EQ(wire->itemText(0), "arm") << "outputs come first";
  wire->setCurrentIndex(wire->findText("fc3"));
  click("add-wire-metric");
  EXPECT_EQ(config().metrics, (std::vector<std::string>{"accuracy", "accuracy/fc3"}));
  EXPECT_TRUE(sample.model.prepared().ok());
  auto* box = find<QCheckBox>("metric-accuracy/fc3");
  EXPECT_EQ(box->text(), "Accuracy of fc3");
  find<QComboBox>("wire-metric-column")->setEditText("arms");
  click("add-wire-metric");
  EXPECT_FALSE(sample.model.prepared().ok()) << "the data has no such column, which is said";
  sample.model.undoStack()->undo();
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Space);
  EXPECT_EQ(config().metrics, std::vector<std::string>{"accuracy"});
  QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  EXPECT_EQ(form.findChild<QCheckBox*>("metric-accuracy/fc3"), nullptr);
}

TEST_F(SettingsFormTest, Formulas_ShowWhatTheyComeToAndFollowTheVariables) {
  const auto result = [&](const QString& name) {
    auto* label = row(name)->findChild<QLabel*>("formula-result");
    return label && label->isVisibleTo(row(name)) ? label->text() : QString();
  };
  graph::Edit edit{"Set n", {}};
  edit.steps.emplace_back(graph::SetVariables{{{"n", int64_t{3}, ""}}}, BlockId{});
  ASSERT_EQ(sample.model.applyAnywhere(edit), "");
  type("epochs", "=n * 2");
  type("lr", "=n / 100");
  type("source-samples", "=n * 100");
  EXPECT_EQ(result("epochs"), "= 6");
  EXPECT_EQ(result("lr"), "= 0.03");
  EXPECT_EQ(sample.model.settledRun().epochs, 6);
  ASSERT_TRUE(eventually([&] { return !sample.model.isReadingData(); }));
  edit.steps = {};
  edit.steps.emplace_back(graph::SetVariables{{{"n", int64_t{5}, ""}}}, BlockId{});
  ASSERT_EQ(sample.model.applyAnywhere(edit), "");
  EXPECT_EQ(result("epochs"), "= 10");
  EXPECT_EQ(result("source-samples"), "= 500");
  ASSERT_EQ(sample.model.renameVariable("n", "count"), "");
  EXPECT_EQ(run::runParam(config(), "epochs"), Attribute(Formula{"count * 2"}));
  EXPECT_EQ(result("epochs"), "= 10");
  sample.model.undoStack()->undo();  // both in one step
  EXPECT_EQ(run::runParam(config(), "epochs"), Attribute(Formula{"n * 2"}));
  EXPECT_EQ(sample.model.root().variables.front().name, "n");
  EXPECT_EQ(result("epochs"), "= 10");
  type("epochs", "=m");
  EXPECT_TRUE(result("epochs").contains("unknown name 'm'")) << result("epochs").toStdString();
  EXPECT_FALSE(sample.model.prepared().ok());
  type("epochs", "=0");
  EXPECT_EQ(result("epochs"), "must be at least 1 but is 0");
  type("epochs", "4");
  EXPECT_EQ(result("epochs"), "");
  EXPECT_EQ(config().epochs, 4);
  EXPECT_TRUE(config().formulas.empty());
}

TEST_F(SettingsFormTest, HasARowForEverySettingThereIs) {
  for (const ParamSpec& spec : run::runParams())
    EXPECT_TRUE(find<QWidget>("setting-" + QString::fromStdString(spec.name)));
  for (const ParamSpec& spec : data::splitParams()) EXPECT_TRUE(row("split-" + QString::fromStdString(spec.name)));
  for (const char* name : {"clip_norm", "clip_value", "accumulate", "every", "lr"}) EXPECT_TRUE(row(name)) << name;
  for (const run::MetricSpec& m : run::metrics()) EXPECT_TRUE(find<QWidget>("metric-" + QString::fromStdString(m.id)));
  for (const data::SourceSpec& source : data::sources()) {
    data::DataConfig other = data();
    other.source = source.kind;
    other.params.clear();
    sample.model.setDataConfig(other, "Another source");
    for (const ParamSpec& spec : source.params)
      EXPECT_TRUE(row("source-" + QString::fromStdString(spec.name))) << source.kind;
  }
}

TEST_F(SettingsFormTest, EverySchedule_IsChosenWithItsParameters) {
  for (const run::ScheduleSpec& schedule : run::schedules()) {
    choose("schedule", QString::fromStdString(schedule.id));
    EXPECT_EQ(objective().schedule.kind, schedule.id);
    for (const ParamSpec& spec : schedule.params)
      EXPECT_TRUE(row("schedule-" + QString::fromStdString(spec.name))) << schedule.id;
  }
  choose("schedule", "cosine");
  type("schedule-warmup_steps", "40");
  EXPECT_EQ(std::get<int64_t>(objective().schedule.params.at("warmup_steps")), 40);
  const auto* preview = form.findChild<RatePreview*>();
  ASSERT_TRUE(preview->isVisible());
  EXPECT_LT(preview->rates().front(), preview->rates()[20]) << "it warms up";
  EXPECT_LT(preview->rates().back(), preview->rates()[20] / 100) << "and falls to the end";
  EXPECT_EQ(sample.model.undoStack()->undoText(), "Change warmup steps of the schedule");
  sample.model.undoStack()->undo();
  EXPECT_FALSE(objective().schedule.params.contains("warmup_steps"));
  sample.model.undoStack()->undo();
  EXPECT_NE(objective().schedule.kind, "cosine");
}

TEST_F(SettingsFormTest, PartsOfASchedule_AreALineOfText) {
  choose("schedule", "sequential");
  auto* parts = find<QLineEdit>("schedule-parts");
  ASSERT_TRUE(parts->isVisible());
  EXPECT_EQ(parts->text(), "linear, cosine") << "something to begin with";
  EXPECT_TRUE(form.findChild<RatePreview*>()->isVisible());
  const auto enter = [&](const QString& text) {
    parts->setFocus();
    parts->selectAll();
    QTest::keyClicks(parts, text);
    QTest::keyClick(parts, Qt::Key_Return);
  };
  enter("linear(total_iters=3), cosine(T_max=9)");
  ASSERT_EQ(objective().schedule.parts.size(), 2u);
  EXPECT_EQ(std::get<int64_t>(objective().schedule.parts[1].params.at("T_max")), 9);
  EXPECT_EQ(sample.model.undoStack()->undoText(), "Change the parts of the schedule");
  auto* problem = find<QLabel>("schedule-parts-problem");
  EXPECT_FALSE(problem->isVisible());
  enter("linear(total=3)");
  EXPECT_TRUE(problem->isVisible());
  EXPECT_EQ(problem->text(),
            "The schedule 'linear(total=3)' cannot be read: linear has no 'total'; it has start_factor, end_factor, "
            "total_iters, interval.");
  EXPECT_EQ(objective().schedule.parts.size(), 2u) << "nothing has changed";
  choose("schedule", "step");
  EXPECT_FALSE(parts->isVisible());
  EXPECT_TRUE(objective().schedule.parts.empty());
}

TEST_F(SettingsFormTest, EveryOptimiser_IsChosenWithItsParameters) {
  for (const run::OptimiserSpec& optimiser : run::optimisers()) {
    choose("optimiser", QString::fromStdString(optimiser.id));
    EXPECT_EQ(objective().optimiser.kind, optimiser.id);
    for (const ParamSpec& spec : optimiser.params)
      EXPECT_TRUE(row(QString::fromStdString(spec.name))) << optimiser.id << " " << spec.name;
  }
}

TEST_F(SettingsFormTest, WrongNumbers_AreExplainedWhereTheyStandAndChangeNothing) {
  openFold("gradients");
  type("clip_norm", "-1");
  EXPECT_EQ(row("clip_norm")->problem(), "Must be at least 0 but is -1.");
  EXPECT_EQ(objective().clipNorm, 0);
  type("clip_norm", "2.5");
  EXPECT_EQ(row("clip_norm")->problem(), "");
  EXPECT_EQ(objective().clipNorm, 2.5);
  type("accumulate", "4");
  EXPECT_EQ(objective().accumulate, 4);
  EXPECT_EQ(find<QToolButton>("toggle-gradients")->text(), "Gradients · 2 set");
}

TEST_F(SettingsFormTest, TheLossHasItsParameters) {
  openFold("loss");
  type("loss-label_smoothing", "0.1");
  EXPECT_EQ(std::get<double>(objective().terms.front().params.at("label_smoothing")), 0.1);
  choose("loss", "mse");
  EXPECT_EQ(objective().terms.front().loss, "mse");
  EXPECT_TRUE(objective().terms.front().params.empty());
  bridge::SampleProject::readData(sample.model);
  EXPECT_TRUE(find<QLabel>("objective-problem")->isVisible()) << "classes are no numbers: the form says so";
}

TEST_F(SettingsFormTest, LossesAndObjectives_ComeAndGo) {
  trigger("train.add-loss");
  ASSERT_EQ(objective().terms.size(), 2u);
  type("term-weight", "0.25");
  EXPECT_EQ(objective().terms[0].weight, 1);
  EXPECT_EQ(objective().terms[1].weight, 0.25) << "of the one that was added";
  form.findChild<QMenu*>()->popup({});  // filled when it opens
  form.findChild<QMenu*>()->close();
  trigger("train.remove-loss");
  ASSERT_EQ(objective().terms.size(), 1u);
  trigger("train.add-objective");
  ASSERT_EQ(config().objectives.size(), 2u);
  choose("optimiser", "sgd");
  EXPECT_EQ(config().objectives[1].optimiser.kind, "sgd");
  EXPECT_NE(config().objectives[0].optimiser.kind, "sgd");
  while (sample.model.undoStack()->canUndo()) sample.model.undoStack()->undo();
  EXPECT_EQ(config().objectives.size(), 1u);
  EXPECT_EQ(objective().terms[0].weight, 1);
}

TEST_F(SettingsFormTest, LossesOfTheGraph_StandInPlaceOfThoseOfTheSettings) {
  EXPECT_TRUE(find<QLabel>("own-losses")->isHidden());
  bridge::SampleProject own("two-heads");
  SettingsForm other(&own.model, &facts);
  const auto* told = other.findChild<QLabel*>("own-losses");
  ASSERT_TRUE(told);
  EXPECT_FALSE(told->isHidden());
  EXPECT_EQ(told->text(), "The graph has its own losses: which, how_heavy.");
  EXPECT_TRUE(other.findChild<QComboBox*>("loss")->parentWidget()->parentWidget()->isHidden());
}

TEST_F(SettingsFormTest, WhatIsFrozenBegunAndHeldSmall_IsALineOfTextEach) {
  openFold("parameters");
  const auto write = [&](const char* name, const char* text) {
    auto* field = find<QLineEdit>(name);
    field->setFocus();
    field->selectAll();
    QTest::keyClick(field, Qt::Key_Delete);
    QTest::keyClicks(field, text);
    QTest::keyClick(field, Qt::Key_Return);
  };
  write("frozen", "fc1.*, fc2.bias");
  EXPECT_EQ(config().frozen, (std::vector<std::string>{"fc1.*", "fc2.bias"}));
  write("initialisers", "kaiming_normal(mode=fan_out):fc3.*");
  ASSERT_EQ(config().initialisers.size(), 1u);
  EXPECT_EQ(config().initialisers[0].params.at("mode"), Attribute(std::string("fan_out")));
  write("regularisers", "l2:0.001");
  ASSERT_EQ(objective().regularisers.size(), 1u);
  EXPECT_EQ(objective().regularisers[0].weight, 0.001);
  EXPECT_TRUE(find<QLabel>("parameters-problem")->isHidden());
  write("initialisers", "kaming_normal");
  EXPECT_EQ(said("parameters-problem").substr(0, 75),
            "The initialiser 'kaming_normal' does not exist. Did you mean 'kaiming_norma");
  EXPECT_FALSE(find<QLabel>("parameters-problem")->isHidden());
  EXPECT_EQ(config().initialisers[0].kind, "kaiming_normal") << "a mistake changes nothing";
}

TEST_F(SettingsFormTest, ParameterGroups_HoldWhatTheirPatternMatchesAndTakeTheRestFromTheOptimiser) {
  openFold("groups");
  click("add-group");
  ASSERT_EQ(objective().groups.size(), 1u);
  EXPECT_EQ(objective().groups[0].parameters, "*.bias");
  EXPECT_EQ(said("group-0-holds"), "3 weights, 131 parameters");
  EXPECT_EQ(said("group-rest"), "The optimiser's own settings train the rest: 3 weights, 4,416 parameters.");
  auto* rate = line("group-0-lr");
  EXPECT_EQ(rate->text(), "") << "it has none of its own";
  EXPECT_EQ(rate->placeholderText(),
            QString::number(std::get<double>(run::completeParams(objective().optimiser)["lr"])));
  type("group-0-lr", "0.5");
  EXPECT_EQ(std::get<double>(objective().groups[0].params.at("lr")), 0.5);
  type("lr", "0.25");
  EXPECT_EQ(std::get<double>(objective().groups[0].params.at("lr")), 0.5) << "its own stays";
  EXPECT_EQ(line("group-0-beta1")->placeholderText(), "0.9");
  type("beta1", "0.8");
  EXPECT_EQ(line("group-0-beta1")->placeholderText(), "0.8") << "what it takes follows";
  type("group-0-lr", "");
  EXPECT_FALSE(objective().groups[0].params.contains("lr")) << "an emptied field takes it from the optimiser again";
  EXPECT_EQ(line("group-0-lr")->placeholderText(), "0.25");
  EXPECT_EQ(sample.model.undoStack()->undoText(), "Take learning rate of group 1 from the optimiser");
  openFold("group-0");
  auto* amsgrad = qobject_cast<QAbstractButton*>(row("group-0-amsgrad")->field());
  ASSERT_TRUE(amsgrad);
  QTest::mouseClick(amsgrad, Qt::LeftButton, {}, {8, amsgrad->height() / 2});
  EXPECT_TRUE(std::get<bool>(objective().groups[0].params.at("amsgrad")));
  sample.model.undoStack()->undo();
  EXPECT_FALSE(objective().groups[0].params.contains("amsgrad"));
  EXPECT_FALSE(amsgrad->isChecked());
}

TEST_F(SettingsFormTest, ParameterGroups_TellWhatTheyHoldWhileThePatternIsTyped) {
  openFold("groups");
  click("add-group");
  auto* pattern = find<QLineEdit>("group-0");
  pattern->setFocus();
  pattern->selectAll();
  QTest::keyClicks(pattern, "fc9.*");
  EXPECT_EQ(said("group-0-holds"), "Matches no weight of this network.");
  EXPECT_EQ(objective().groups[0].parameters, "*.bias") << "not yet taken over";
  pattern->selectAll();
  QTest::keyClicks(pattern, "fc1.*");
  QTest::keyClick(pattern, Qt::Key_Return);
  EXPECT_EQ(said("group-0-holds"), "2 weights, 192 parameters");
  EXPECT_EQ(objective().groups[0].parameters, "fc1.*");
  click("add-group");
  EXPECT_EQ(said("group-1-holds"), "2 weights, 67 parameters; 1 more belongs to a group above");
  click("group-1-up");
  EXPECT_EQ(objective().groups[0].parameters, "*.bias");
  EXPECT_EQ(find<QLineEdit>("group-1")->text(), "fc1.*");
  EXPECT_EQ(said("group-1-holds"), "1 weight, 128 parameters; 1 more belongs to a group above");
  EXPECT_EQ(form.focusWidget(), find<QWidget>("group-0-down")) << "it cannot go further up";
  click("group-0-remove");
  ASSERT_EQ(objective().groups.size(), 1u);
  EXPECT_EQ(said("group-0-holds"), "2 weights, 192 parameters");
  choose("optimiser", "sgd");
  type("group-0-momentum", "0.9");
  choose("optimiser", "adam");
  EXPECT_FALSE(objective().groups[0].params.contains("momentum")) << "Adam has none";
  while (sample.model.undoStack()->canUndo()) sample.model.undoStack()->undo();
  EXPECT_TRUE(objective().groups.empty());
  EXPECT_EQ(said("group-rest"), "All weights are trained with the optimiser's settings.");
}

TEST_F(SettingsFormTest, Transforms_ComeMoveAndGo) {
  sample.model.setDataConfig(
      [&] {
        data::DataConfig config = data();
        config.transforms.clear();
        return config;
      }(),
      "None");
  sample.model.undoStack()->clear();
  auto* menu = find<QPushButton>("add-transform")->menu();
  for (const char* kind : {"impute", "standardize"}) {
    menu->popup({});
    menu->setActiveAction(find<QAction>(QString("transform-") + kind));
    QTest::keyClick(menu, Qt::Key_Return);
  }
  ASSERT_EQ(data().transforms.size(), 2u);
  EXPECT_EQ(data().transforms[0].kind, "impute");
  for (const ParamSpec& param : data::transformSpec("impute").params)
    EXPECT_TRUE(row("transform-0-" + QString::fromStdString(param.name)));
  type("transform-0-value", "7");
  EXPECT_EQ(std::get<double>(data().transforms[0].params.at("value")), 7);
  EXPECT_EQ(sample.model.undoStack()->undoText(), "Change value of Fill missing values");
  click("transform-1-up");
  EXPECT_EQ(data().transforms[0].kind, "standardize");
  EXPECT_EQ(std::get<double>(data().transforms[1].params.at("value")), 7) << "its fields come along";
  EXPECT_EQ(line("transform-1-value")->text(), "7");
  EXPECT_FALSE(find<QWidget>("transform-0-up")->isEnabled());
  click("transform-0-remove");
  ASSERT_EQ(data().transforms.size(), 1u);
  EXPECT_EQ(data().transforms[0].kind, "impute");
  EXPECT_EQ(line("transform-0-value")->text(), "7");
  EXPECT_FALSE(find<QWidget>("transform-0-down")->isEnabled());
  while (sample.model.undoStack()->canUndo()) sample.model.undoStack()->undo();
  EXPECT_TRUE(data().transforms.empty());
}

TEST_F(SettingsFormTest, AnUnknownTransformIsShownAndKeptUntilItIsRemoved) {
  data::DataConfig config = data();
  config.transforms = {{"of_tomorrow", {{"strength", int64_t{3}}}, {}}};
  sample.model.setDataConfig(config, "A step of a later version");
  EXPECT_TRUE(find<QWidget>("transform-0")->isVisible());
  EXPECT_EQ(data().transforms, config.transforms);
  click("transform-0-remove");
  EXPECT_TRUE(data().transforms.empty());
}

TEST_F(SettingsFormTest, WhereTheWeightsStart_IsShownAndCleared) {
  auto* start = find<QComboBox>("setting-start");
  EXPECT_EQ(start->currentText(), "Fresh weights");
  EXPECT_FALSE(find<QWidget>("clear-start")->isVisible());
  run::RunConfig other = config();
  other.start = "file:weights/head.safetensors";
  sample.model.setRunConfig(other, "Start from head.pth");
  EXPECT_EQ(start->currentText(), "head.safetensors");
  EXPECT_EQ(said("start-doc"), "The weights in weights/head.safetensors; what it lacks starts fresh.");
  click("clear-start");
  EXPECT_EQ(config().start, "init");
  EXPECT_EQ(start->currentText(), "Fresh weights");
  EXPECT_FALSE(find<QWidget>("start-doc")->isVisible());
  sample.model.undoStack()->undo();
  EXPECT_EQ(start->currentText(), "head.safetensors");
  int asked = 0;
  QObject::connect(&form, &SettingsForm::weightsRequested, [&] { ++asked; });
  start->setFocus();
  QTest::keyClick(start, Qt::Key_Down);  // to the last entry: a file
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(start->currentText(), "head.safetensors") << "until a file is chosen";
  EXPECT_EQ(config().start, "file:weights/head.safetensors");
}

TEST_F(SettingsFormTest, AFile_BringsTheSourceThatReadsIt) {
  choose("source", "idx");
  auto* path = find<QLineEdit>("data-path");
  path->setFocus();
  path->selectAll();
  QTest::keyClicks(path, "table.csv");
  QTest::keyClick(path, Qt::Key_Return);
  EXPECT_EQ(data().source, "csv");
  EXPECT_EQ(data().path, "table.csv");
  bridge::SampleProject::readData(sample.model);
  EXPECT_TRUE(find<QLabel>("data-problem")->text().contains("does not exist"));
  sample.model.undoStack()->undo();
  EXPECT_EQ(data().source, "idx");
}

TEST_F(SettingsFormTest, TheDefaults_AreOneStepAwayAndBack) {
  type("epochs", "77");
  choose("schedule", "one_cycle");
  const std::string loss = objective().terms.front().loss;
  QTest::mouseClick(find<QPushButton>("reset-settings"), Qt::LeftButton);
  EXPECT_EQ(config().epochs, run::RunConfig{}.epochs);
  EXPECT_EQ(objective().schedule.kind, "constant");
  EXPECT_EQ(objective().terms.front().loss, loss);
  sample.model.undoStack()->undo();
  EXPECT_EQ(config().epochs, 77);
  EXPECT_EQ(objective().schedule.kind, "one_cycle");
}

TEST(Readiness, KnowsALastBatchThatBatchNormCannotTake) {
  useBuiltPrograms();
  const QTemporaryDir folder;
  const std::filesystem::path project = folder.filePath("p").toStdString();
  project::createProject(project, "spirals-mlp");
  std::string text = readFile(project / "project.json");
  const std::string relu = "\"kind\":\"relu\"";
  const size_t at = text.find(relu);
  text.replace(at, relu.size(), "\"kind\":\"batch_norm1d\"");
  const std::string none = "\"params\":{}";
  text.replace(text.find(none, at), none.size(),
               "\"params\":{\"num_features\":\"auto\",\"eps\":1e-05,\"momentum\":0.1,\"affine\":true,"
               "\"track_running_stats\":true}");
  writeFileAtomic(project / "project.json", text);
  bridge::ProjectModel model;
  model.open(project);
  bridge::SampleProject::readData(model);
  ASSERT_TRUE(model.prepared().ok()) << model.prepared().diagnostics.front().text();
  const int64_t batch = model.project().run.batchSize;
  EXPECT_TRUE(readiness(model, bridge::SampleCounts{10 * batch, 0, 0}).ready);
  const Readiness r = readiness(model, bridge::SampleCounts{10 * batch + 1, 0, 0});
  EXPECT_FALSE(r.ready);
  EXPECT_TRUE(r.text.contains(QString::number(batch))) << r.text.toStdString();
}

}  // namespace
}  // namespace netwright::panels
