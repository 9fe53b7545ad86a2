// SPDX-License-Identifier: Apache-2.0
#include "core/run/metric_choice.h"

#include "core/run/metric.h"

namespace netwright::run {

MetricChoice metricChoice(const std::string& text) {
  const size_t first = text.find('/'), second = first == std::string::npos ? first : text.find('/', first + 1);
  MetricChoice choice{text.substr(0, first), "", ""};
  if (first != std::string::npos) choice.wire = text.substr(first + 1, second - first - 1);
  if (second != std::string::npos) choice.column = text.substr(second + 1);
  return choice;
}

const MetricSpec* MetricChoice::spec() const { return findMetric(id); }

}  // namespace netwright::run
