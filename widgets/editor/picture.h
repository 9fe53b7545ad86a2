// SPDX-License-Identifier: GPL-3.0-or-later
// The network as a picture: PNG or SVG, whole or what is selected. Used by the actions of the Design page.
#pragma once

#include <QImage>
#include <QString>

namespace netwright::editor {

class GraphScene;

struct PictureOptions {
  bool selectionOnly = false;
  double scale = 2;        // of PNG: pixels for each unit; less where the picture would become too large
  bool background = true;  // else transparent
};

// Null where there is nothing to draw.
QImage drawPicture(GraphScene& scene, const PictureOptions& options = {});
// By the extension, .png or .svg; texts of an SVG stay texts. Throws Error{Environment} if it cannot be written, and
// Error{Input} if there is nothing to draw or the extension is another.
void savePicture(GraphScene& scene, const QString& path, const PictureOptions& options = {});

}  // namespace netwright::editor
