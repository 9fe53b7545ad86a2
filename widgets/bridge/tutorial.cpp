// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/tutorial.h"

#include <QRegularExpression>
#include <algorithm>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/file.h"

namespace netwright::bridge {
namespace {

[[noreturn]] void fail(const QString& id, int line, const QString& what) {
  failInput(QString("%1, line %2: %3").arg(id).arg(line).arg(what).toStdString(), "",
            "Mend the file in resources/tutorials.");
}

const QRegularExpression& valuePattern() {
  static const QRegularExpression kPattern("^value (\\S+) (>=|<=) ([-+.0-9e]+)$");
  return kPattern;
}

const QRegularExpression& paramPattern() {
  static const QRegularExpression kPattern("^param (\\S+)\\.(\\w+) = (\\S+)$");
  return kPattern;
}

bool valueHolds(const QRegularExpressionMatch& m, const TutorialFacts& facts) {
  const auto value = facts.values.constFind(m.captured(1));
  if (value == facts.values.constEnd()) return false;
  const double limit = m.captured(3).toDouble();
  return m.captured(2) == ">=" ? *value >= limit : *value <= limit;
}

bool paramHolds(const QRegularExpressionMatch& m, const TutorialFacts& facts) {
  const graph::Node* node = facts.graph ? facts.graph->findByName(m.captured(1).toStdString()) : nullptr;
  if (!node) return false;
  const auto param = node->params.find(m.captured(2).toStdString());
  return param != node->params.end() && QString::fromStdString(toText(param->second)) == m.captured(3);
}

// A line "key: value" at the end of a step.
bool takeSetting(const QString& line, TutorialStep& step) {
  if (line.startsWith("show: ")) return step.show = line.mid(6).trimmed(), true;
  if (line.startsWith("do: ")) return step.change = line.mid(4).trimmed(), true;
  if (line.startsWith("done: ")) return step.done = line.mid(6).trimmed().split(" and "), true;
  return false;
}

}  // namespace

Tutorial parseTutorial(const QString& id, const QString& text) {
  Tutorial tutorial{id, {}, {}, {}};
  const QStringList lines = text.split('\n');
  for (int i = 0; i < lines.size(); ++i) {
    const QString line = lines[i].trimmed();
    if (line.startsWith("## ")) {
      tutorial.steps.append({line.mid(3), {}, {}, {}, {}});
    } else if (line.startsWith("# ")) {
      tutorial.title = line.mid(2);
    } else if (!line.isEmpty() && tutorial.steps.isEmpty()) {
      tutorial.summary += (tutorial.summary.isEmpty() ? "" : " ") + line;
    } else if (!line.isEmpty() && !takeSetting(line, tutorial.steps.back())) {
      QString& words = tutorial.steps.back().text;
      words += (words.isEmpty() ? "" : " ") + line;
    }
    if (line.startsWith("done: "))
      for (const QString& condition : tutorial.steps.isEmpty() ? QStringList{line} : tutorial.steps.back().done)
        if (!isKnownCondition(condition)) fail(id, i + 1, QString("nobody can tell whether '%1'.").arg(condition));
  }
  if (tutorial.title.isEmpty() || tutorial.steps.isEmpty()) fail(id, 1, "there is no title or no step.");
  for (const TutorialStep& step : tutorial.steps)
    if (step.done.isEmpty()) fail(id, 1, QString("the step '%1' says not when it is done.").arg(step.title));
  return tutorial;
}

QVector<Tutorial> tutorials() {
  std::vector<std::filesystem::path> files;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(resourceFolder() / "tutorials", ec))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  QVector<Tutorial> all;
  for (const auto& file : files)
    all.append(parseTutorial(QString::fromStdString(file.stem().string()), QString::fromStdString(readFile(file))));
  return all;
}

bool isKnownCondition(const QString& c) {
  static const QStringList kPlain{"project", "exported", "run started", "run finished", "no problems"};
  return kPlain.contains(c) || c.startsWith("page ") || c.startsWith("node ") || c.startsWith("problem ") ||
         valuePattern().match(c).hasMatch() || paramPattern().match(c).hasMatch();
}

bool holds(const QString& c, const TutorialFacts& facts) {
  if (c == "project") return facts.projectOpen;
  if (c == "exported") return facts.exported;
  if (c == "run started") return facts.runStarted;
  if (c == "run finished") return facts.runFinished;
  if (c == "no problems") return facts.projectOpen && facts.problems.isEmpty();
  if (c.startsWith("page ")) return facts.page == c.mid(5);
  if (c.startsWith("node ")) return facts.graph && facts.graph->findByName(c.mid(5).toStdString());
  if (c.startsWith("problem ")) return facts.problems.contains(c.mid(8));
  if (const auto m = valuePattern().match(c); m.hasMatch()) return valueHolds(m, facts);
  if (const auto m = paramPattern().match(c); m.hasMatch()) return paramHolds(m, facts);
  return false;
}

bool isDone(const TutorialStep& step, const TutorialFacts& facts) {
  return std::all_of(step.done.begin(), step.done.end(), [&](const QString& c) { return holds(c, facts); });
}

}  // namespace netwright::bridge
