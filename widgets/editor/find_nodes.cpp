// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/find_nodes.h"

#include <QRegularExpression>
#include <algorithm>

#include "core/layers/registry.h"
#include "widgets/editor/node_style.h"

namespace netwright::editor {
namespace {

QString plain(const Attribute& value) { return QString::fromStdString(toText(value)); }
bool has(const QString& text, const QString& part) { return text.contains(part, Qt::CaseInsensitive); }

bool compares(const Attribute& value, const QString& sign, const QString& wanted) {
  bool left = false, right = false;
  const double a = plain(value).toDouble(&left), b = wanted.toDouble(&right);
  if (left && right) {
    if (sign == "=") return a == b;
    if (sign == "<") return a < b;
    if (sign == ">") return a > b;
    return sign == "<=" ? a <= b : a >= b;
  }
  if (sign != "=") return false;
  return plain(value).compare(wanted, Qt::CaseInsensitive) == 0 ||
         valueText(value).compare(wanted, Qt::CaseInsensitive) == 0;
}

// One word of the query.
class Word {
 public:
  explicit Word(const QString& text) : text_(text) {
    static const QRegularExpression comparison("^([^=<>:]+)(<=|>=|=|<|>)(.+)$");
    if (text.startsWith("type:", Qt::CaseInsensitive)) {
      type_ = text.mid(5);
    } else if (const auto match = comparison.match(text); match.hasMatch()) {
      param_ = match.captured(1);
      sign_ = match.captured(2);
      wanted_ = match.captured(3);
    }
  }

  bool matches(const graph::Node& node, QString& why) const {
    if (!type_.isNull()) return ofType(node, type_);
    if (!sign_.isEmpty())
      return anyParam(node, why, [this](const QString& name, const Attribute& value) {
        return has(name, param_) && compares(value, sign_, wanted_);
      });
    if (has(QString::fromStdString(node.name), text_) || ofType(node, text_)) return true;
    return anyParam(node, why, [this](const QString& name, const Attribute& value) {
      return has(name, text_) || compares(value, "=", text_);
    });
  }

 private:
  static bool ofType(const graph::Node& node, const QString& wanted) {
    const layers::LayerSpec* layer = layers::findLayer(node.kind);
    return has(QString::fromStdString(node.kind), wanted) ||
           (layer && (has(QString::fromStdString(layer->title), wanted) ||
                      has(QString::fromStdString(layer->torchName), wanted)));
  }
  template <class F>
  static bool anyParam(const graph::Node& node, QString& why, F fits) {
    for (const auto& [name, value] : node.params) {
      const QString label = QString::fromStdString(name);
      if (!fits(label, value)) continue;
      why = QString("%1 = %2").arg(label, valueText(value));
      return true;
    }
    return false;
  }

  QString text_, type_, param_, sign_, wanted_;
};

}  // namespace

std::vector<Found> findNodes(const graph::Document& document, const QString& query) {
  std::vector<Word> words;
  for (const QString& text : query.split(' ', Qt::SkipEmptyParts)) words.emplace_back(text);
  std::vector<Found> found;
  if (words.empty()) return found;
  for (const graph::Node& node : document.nodes) {
    QString why;
    if (std::all_of(words.begin(), words.end(), [&](const Word& w) { return w.matches(node, why); }))
      found.push_back({node.id, why});
  }
  return found;
}

}  // namespace netwright::editor
