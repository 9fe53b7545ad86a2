// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the open project can be trained as it is, in words. Shown above the Design and the Train page.
#pragma once

#include <QString>
#include <optional>

#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/project_model.h"

namespace netwright::panels {

struct Readiness {
  bool ready = false;
  bool reading = false;  // ready as far as one knows: the data is still being read, and a run would start after that
  bool inGraph = false;  // the problem is to be solved on the Design page
  QString title, text;   // "Ready", "421,642 parameters · 57,000 training samples"; or the first problem
};

class IconLabel;

void markReadiness(IconLabel& icon, const Readiness& readiness);
Readiness readiness(const bridge::ProjectModel& model, const std::optional<bridge::SampleCounts>& counts);

}  // namespace netwright::panels
