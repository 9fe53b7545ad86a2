// SPDX-License-Identifier: GPL-3.0-or-later
// What the cards of the Home page show of the templates' networks: read and lowered away from the GUI thread.
#pragma once

#include <QString>
#include <QVector>

#include "core/layers/layer_spec.h"

namespace netwright::bridge {

// A layer, in order of the work.
struct LayerFact {
  layers::Category category = layers::Category::Linear;
  double numbers = 1;  // that it puts out for a sample
};

struct TemplateFacts {
  QString id;
  QString source;  // of the data: "idx", "csv", ...; "text" of a table that holds texts, too
  int64_t parameters = 0;
  int outputs = 1;  // numbers that come out for a sample
  QVector<LayerFact> layers;
};

// Of all templates. Throws Error. Some milliseconds for each large network: call it from a pool thread.
QVector<TemplateFacts> templateFacts();

}  // namespace netwright::bridge
