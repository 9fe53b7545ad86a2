// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/train_page_actions.h"

#include <QCoreApplication>
#include <QWidget>

#include "widgets/panels/page_action.h"

namespace netwright::panels {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("panels::TrainActions", text); }

}  // namespace

TrainActions makeTrainActions(QWidget& page) {
  const auto add = [&page](const char* id, const QString& text, const QString& tip, const char* icon,
                           const char* keys = "") { return addPageAction(page, id, text, tip, icon, keys); };
  TrainActions a;
  a.stepBatch = add("train.step-batch", tr("Step a batch"), tr("Train one batch, then pause again"), "step", "F7");
  a.stepEpoch = add("train.step-epoch", tr("Step an epoch"), tr("Train to the end of the epoch, then pause again"),
                    "arrow-right", "F8");
  a.checkpoint = add("train.checkpoint", tr("Checkpoint now"), tr("Save the weights after this batch"), "save", "F9");
  a.changeRate = add("train.change-learning-rate", tr("Change the learning rate"),
                     tr("Type another learning rate for the run that goes on"), "chart", "Ctrl+Shift+L");
  a.resumeStored = add("train.resume-stored", tr("Resume the last run"),
                       tr("Let the last run that was stopped or lost go on from its checkpoint"), "play", "Ctrl+F5");
  a.reset = add("train.reset-settings", tr("Default run settings"),
                tr("Run settings, optimiser and schedule as a new project has them"), "undo");
  a.showCurves = add("train.show-curves", tr("Curves"), tr("Loss, metrics and learning rate"), "chart", "Alt+1");
  a.showPredictions = add("train.show-predictions", tr("Predictions"),
                          tr("What the network says about validation samples"), "eye", "Alt+2");
  a.showMatrix = add("train.show-matrix", tr("Confusion"), tr("Which classes are taken for which"), "data", "Alt+3");
  return a;
}

}  // namespace netwright::panels
