// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/transform_text.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/registry.h"

namespace netwright::bridge {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("bridge::TransformText", text); }

[[noreturn]] void refuse(const QString& what, const QString& next = {}) {
  failInput(what.toStdString(), {}, next.toStdString());
}

// At commas, but not inside brackets.
QStringList steps(const QString& text) {
  QStringList parts{QString()};
  int depth = 0;
  for (const QChar c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.append(QString());
    } else {
      parts.last() += c;
    }
  }
  if (depth != 0) refuse(tr("A bracket is missing."), tr("Write steps as name(param=value)."));
  return parts;
}

void readParam(const data::TransformSpec& spec, const QString& text, Attributes& params) {
  const QString name = text.section('=', 0, 0).trimmed(), value = text.section('=', 1).trimmed();
  const auto param = std::find_if(spec.params.begin(), spec.params.end(),
                                  [&](const ParamSpec& p) { return p.name == name.toStdString(); });
  if (param == spec.params.end()) {
    std::vector<std::string> names;
    for (const ParamSpec& p : spec.params) names.push_back(p.name);
    refuse(tr("%1 has no parameter '%2'.").arg(QString::fromStdString(spec.kind), name),
           names.empty() ? tr("It has none.") : tr("It has: %1.").arg(QString::fromStdString(joined(names, ", "))));
  }
  if (value.isEmpty())
    refuse(tr("%1 needs a value, as in %1=%2.").arg(name).arg(QString::fromStdString(toText(param->fallback))));
  params[param->name] = param->parse(value.toStdString());
}

data::TransformConfig step(const QString& text) {
  const qsizetype open = text.indexOf('(');
  const data::TransformSpec& spec = data::transformSpec(text.left(open).trimmed().toStdString());
  data::TransformConfig config{spec.kind, {}};
  if (open < 0) return config;
  if (!text.trimmed().endsWith(')'))
    refuse(tr("There is something after the bracket of %1.").arg(QString::fromStdString(spec.kind)));
  const QString inside = text.mid(open + 1, text.lastIndexOf(')') - open - 1);
  for (const QString& param : inside.split(',', Qt::SkipEmptyParts)) readParam(spec, param.trimmed(), config.params);
  return config;
}

}  // namespace

QString transformText(const std::vector<data::TransformConfig>& steps) {
  QStringList texts;
  for (const data::TransformConfig& s : steps) {
    QStringList params;
    for (const auto& [name, value] : s.params)
      params.append(QString::fromStdString(name) + '=' + QString::fromStdString(toText(value)));
    const QString kind = QString::fromStdString(s.kind);
    texts.append(params.isEmpty() ? kind : QString("%1(%2)").arg(kind, params.join(", ")));
  }
  return texts.join(", ");
}

std::vector<data::TransformConfig> transformsFromText(const QString& text) {
  std::vector<data::TransformConfig> found;
  for (const QString& part : steps(text))
    if (!part.trimmed().isEmpty()) found.push_back(step(part.trimmed()));
  return found;
}

}  // namespace netwright::bridge
