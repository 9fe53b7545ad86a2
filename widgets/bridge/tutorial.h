// SPDX-License-Identifier: GPL-3.0-or-later
// Guided tours as text files in resources/tutorials: steps, each ticked off by what the program really does.
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>
#include <QVector>

#include "core/graph/document.h"

namespace netwright::bridge {

// "## title", text, and lines "show: ID of an action", "do: NODE.PARAM = VALUE", "done: CONDITION and CONDITION".
struct TutorialStep {
  QString title, text, show, change;
  QStringList done;
};

struct Tutorial {
  QString id, title, summary;  // id: the file's name
  QVector<TutorialStep> steps;
};

// What the conditions look at.
struct TutorialFacts {
  bool projectOpen = false, exported = false, runStarted = false, runFinished = false;
  QString page;                  // "home", "design", "train", "runs"
  QMap<QString, double> values;  // "val/accuracy" of the last epoch
  QStringList problems;          // codes
  const graph::Document* graph = nullptr;
};

// Throws Error{Input} naming the file and the line: a step without a condition, a condition that nobody knows.
Tutorial parseTutorial(const QString& id, const QString& text);
// Those of resources/tutorials, in the order of their names. Throws Error.
QVector<Tutorial> tutorials();

// project | exported | run started | run finished | page NAME | node NAME | param NODE.PARAM = VALUE |
// value METRIC >= NUMBER | problem CODE | no problems
bool isKnownCondition(const QString& condition);
bool holds(const QString& condition, const TutorialFacts& facts);
bool isDone(const TutorialStep& step, const TutorialFacts& facts);

}  // namespace netwright::bridge
