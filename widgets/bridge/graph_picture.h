// SPDX-License-Identifier: GPL-3.0-or-later
// What a small picture of a network needs: where its nodes stand and what joins them. Read on a pool thread, painted by
// panels::paintGraph.
#pragma once

#include <QLineF>
#include <QRectF>
#include <QString>
#include <QVector>

#include "core/graph/document.h"
#include "core/layers/layer_spec.h"

namespace netwright::bridge {

struct GraphPicture {
  struct Block {
    QRectF place;
    layers::Category category = layers::Category::InputOutput;
    bool known = true;  // there is such a layer
  };
  QVector<Block> blocks;
  QVector<QLineF> wires;
  bool empty() const { return blocks.isEmpty(); }
};

GraphPicture pictureOf(const graph::Document& document);
GraphPicture pictureOfProject(const QString& folder);  // empty if the project cannot be read

}  // namespace netwright::bridge
