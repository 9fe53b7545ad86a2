// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/node_style.h"

#include <QStringList>
#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

struct Look {
  const char *dark, *light, *mark;
};

// By Category. Hues lie far apart; neighbours in a network (convolution, activation, pooling) differ most.
constexpr std::array<Look, static_cast<size_t>(layers::Category::Block) + 1> kLooks{
    {{"#5ccf86", "#1e8449", "IO"}, {"#6aa9ff", "#2b6fd0", "L"}, {"#9d8cff", "#6a4fd0", "C"},
     {"#3fd0c0", "#0d857a", "P"},  {"#8fb7b2", "#4d7f79", "M"}, {"#ffb454", "#b06a00", "A"},
     {"#f28bc0", "#b8397f", "N"},  {"#d59bff", "#8b46c9", "R"}, {"#5fc9f0", "#12789f", "Q"},
     {"#a9b2c3", "#5f697b", "S"},  {"#ff8a6b", "#cc4a26", "+"}, {"#f0a08c", "#a8533c", "×"},
     {"#e0c26a", "#86690c", "ƒ"},  {"#c3d05a", "#66720b", "?"}, {"#8fcf9a", "#3c7f49", "Σ"},
     {"#b9a58f", "#75614b", "I"},  {"#9fb0e0", "#4b5f9c", "="}, {"#ff7d8a", "#c23247", "E"},
     {"#f5d142", "#8a6d00", "↻"},  {"#7fd6ff", "#0b6fa4", "B"}}};
static_assert(kLooks.size() == static_cast<size_t>(layers::Category::Block) + 1);

QString joinedBy(const std::vector<int64_t>& numbers, const QString& separator) {
  QStringList parts;
  for (const int64_t v : numbers) parts << QString::number(v);
  return parts.join(separator);
}

}  // namespace

QColor categoryColour(layers::Category category) {
  const Look& look = kLooks[static_cast<size_t>(category)];
  return QColor(theme::palette().dark ? look.dark : look.light);
}

QString categoryMark(layers::Category category) { return kLooks[static_cast<size_t>(category)].mark; }

QString shapeText(const program::ValueType& type) {
  if (type.kind == program::ValueType::Kind::Unknown) return {};
  if (!type.isTensor()) return QString("%1 tensors").arg(type.tensors.size());
  QStringList dims;
  for (const program::Dim& d : type.tensor().shape) {
    const QString text = QString::fromStdString(d.text());
    dims << (text.contains(' ') ? '(' + text + ')' : text);
  }
  const QString shape = dims.isEmpty() ? QString("scalar") : dims.join(QStringLiteral("×"));
  if (type.tensor().dtype == DType::DefaultFloat) return shape;
  const QString all = QString::fromStdString(program::text(type));
  return all.left(all.indexOf('(')) + shape;
}

QString valueText(const Attribute& value) {
  if (const auto* list = std::get_if<std::vector<int64_t>>(&value)) return joinedBy(*list, QStringLiteral("×"));
  if (const auto* whole = std::get_if<int64_t>(&value)) return QString::fromStdString(grouped(*whole));
  return QString::fromStdString(toText(value));
}

QString mainText(const ParamSpec& spec, const Attribute& value) {
  const QString all = valueText(value);
  const qsizetype end = all.indexOf('\n');  // of code, its first line
  const QString text = end < 0 ? all : all.left(end) + QStringLiteral(" …");
  const bool square = spec.kind == ParamKind::IntList && spec.length == 2 && std::holds_alternative<int64_t>(value);
  return square ? text + QStringLiteral("×") + text : text;
}

QString mainLine(const graph::Node& node, const layers::LayerSpec& layer) {
  QStringList parts;
  for (const ParamSpec& spec : layer.params) {
    if (!spec.main) continue;
    const auto it = node.params.find(spec.name);
    if (it != node.params.end()) parts << mainText(spec, it->second);
  }
  if (!parts.isEmpty()) return parts.join(QStringLiteral(" · "));
  return layer.category == layers::Category::InputOutput ? QString() : QString::fromStdString(layer.formula);
}

QString countText(int64_t count) {
  return QString::fromStdString(count < 1'000'000 ? grouped(count) : shortCount(static_cast<double>(count)));
}

}  // namespace netwright::editor
