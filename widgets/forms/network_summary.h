// SPDX-License-Identifier: GPL-3.0-or-later
// The network and its layers in a few numbers and words, for the panel beside the canvas.
#pragma once

#include <QString>
#include <vector>

#include "core/base/ids.h"

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

struct Fact {
  QString label, value, explanation;  // the last may be empty
};

// Costs are those of a batch of `batch` samples.
std::vector<Fact> networkFacts(const bridge::ProjectModel& model, int64_t batch);
std::vector<Fact> nodeFacts(const bridge::ProjectModel& model, NodeId node, int64_t batch);
QString nextSteps(const bridge::ProjectModel& model);  // a sentence or two: what to do now

}  // namespace netwright::forms
