// SPDX-License-Identifier: GPL-3.0-or-later
// Frames and notes on the canvas as values: their colours, names for undo, what lies in a frame. Pure; used by the
// scene, its items and gestures.
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>
#include <map>
#include <vector>

#include "core/graph/edit.h"

namespace netwright::editor {

inline constexpr double kFrameTitle = 30;    // height of the strip that moves a frame
inline constexpr double kFramePadding = 30;  // between a new frame and what it is put round
inline constexpr double kAnnotationHandle = 16;
inline constexpr double kLeastFrame = 80, kLeastNote = 60;

struct AnnotationColour {
  QString id, title;
  QColor hue;
};
const std::vector<AnnotationColour>& annotationColours();  // the first is that of new frames
QColor annotationHue(const graph::Annotation& annotation);

QRectF rectOf(const graph::Annotation& annotation);
QString labelOf(const graph::Annotation& annotation);  // "frame Encoder", "a note": the end of an edit's name

// A frame round `around`, or a note with its top left corner there; in `document` under a fresh number.
graph::Annotation frameAround(const graph::Document& document, const QRectF& around);
graph::Annotation noteAt(const graph::Document& document, QPointF corner);
graph::Edit addAnnotation(graph::Annotation annotation);
// `name` with %1 for the annotation's label; without steps if nothing changes.
graph::Edit changeAnnotation(const graph::Document& document, const graph::Annotation& after, const QString& name);

// What moves with a frame: nodes whose middle lies in it, annotations that it contains.
struct Contents {
  std::vector<NodeId> nodes;
  std::vector<int64_t> annotations;
};
Contents contentsOf(const graph::Document& document, const graph::Annotation& frame,
                    const std::map<NodeId, QRectF>& bodies);

}  // namespace netwright::editor
