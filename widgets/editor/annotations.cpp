// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/annotations.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "widgets/editor/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

using graph::Annotation;

QString tr(const char* text) { return QCoreApplication::translate("Annotations", text); }
double snapped(double v) { return std::round(v / kGrid) * kGrid; }

}  // namespace

const std::vector<AnnotationColour>& annotationColours() {
  static const std::vector<AnnotationColour> colours{
      {"blue", tr("Blue"), QColor("#4c8dff")},     {"green", tr("Green"), QColor("#2fae6b")},
      {"amber", tr("Amber"), QColor("#e0a100")},   {"red", tr("Red"), QColor("#e5534b")},
      {"violet", tr("Violet"), QColor("#9b6dff")}, {"grey", tr("Grey"), QColor("#8a93a3")}};
  return colours;
}

QColor annotationHue(const Annotation& annotation) {
  const auto& all = annotationColours();
  const QString wanted = QString::fromStdString(annotation.colour);
  const auto it = std::find_if(all.begin(), all.end(), [&](const AnnotationColour& c) { return c.id == wanted; });
  if (it != all.end()) return it->hue;
  return all[annotation.kind == Annotation::Kind::Frame ? 0 : 2].hue;
}

QRectF rectOf(const Annotation& a) {
  const double least = a.kind == Annotation::Kind::Frame ? kLeastFrame : kLeastNote;
  return {a.position.x, a.position.y, std::max(a.size.x, least), std::max(a.size.y, least)};
}

QString labelOf(const Annotation& a) {
  if (a.kind == Annotation::Kind::Note) return tr("note");
  return a.text.empty() ? tr("frame") : tr("frame %1").arg(QString::fromStdString(a.text));
}

Annotation frameAround(const graph::Document& document, const QRectF& around) {
  Annotation frame;
  frame.id = document.freshAnnotationId();
  frame.kind = Annotation::Kind::Frame;
  frame.text = tr("Frame").toStdString();
  frame.colour = annotationColours().front().id.toStdString();
  const QRectF box = around.adjusted(-kFramePadding, -kFramePadding - kFrameTitle, kFramePadding, kFramePadding);
  frame.position = {snapped(box.left()), snapped(box.top())};
  frame.size = {std::ceil(box.width() / kGrid) * kGrid, std::ceil(box.height() / kGrid) * kGrid};
  return frame;
}

Annotation noteAt(const graph::Document& document, QPointF corner) {
  Annotation note;
  note.id = document.freshAnnotationId();
  note.kind = Annotation::Kind::Note;
  note.colour = annotationColours()[2].id.toStdString();
  note.position = {snapped(corner.x()), snapped(corner.y())};
  note.size = {220, 80};
  return note;
}

graph::Edit addAnnotation(Annotation annotation) {
  const QString name = annotation.kind == Annotation::Kind::Frame ? tr("Add frame") : tr("Add note");
  return {name.toStdString(), {graph::AddAnnotation{std::move(annotation)}}};
}

graph::Edit changeAnnotation(const graph::Document& document, const Annotation& after, const QString& name) {
  const Annotation* before = document.findAnnotation(after.id);
  graph::Edit edit{name.arg(before ? labelOf(*before) : QString()).toStdString(), {}};
  if (before && *before != after) edit.steps.push_back(graph::SetAnnotation{after});
  return edit;
}

Contents contentsOf(const graph::Document& document, const Annotation& frame, const std::map<NodeId, QRectF>& bodies) {
  Contents contents;
  if (frame.kind != Annotation::Kind::Frame) return contents;
  const QRectF box = rectOf(frame);
  for (const graph::Node& n : document.nodes)
    if (const auto body = bodies.find(n.id); body != bodies.end() && box.contains(body->second.center()))
      contents.nodes.push_back(n.id);
  for (const Annotation& a : document.annotations)
    if (a.id != frame.id && box.contains(rectOf(a)) && rectOf(a) != box) contents.annotations.push_back(a.id);
  return contents;
}

}  // namespace netwright::editor
