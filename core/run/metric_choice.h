// SPDX-License-Identifier: Apache-2.0
// Which metric of which value, as settings write it: "accuracy" of what the first loss compares, "accuracy/head" of
// what the node or output `head` puts out, "accuracy/head.y/digit" against the column `digit`. The text is the name of
// its curve too. Torch-free.
#pragma once

#include <string>

namespace netwright::run {

struct MetricSpec;

struct MetricChoice {
  std::string id;                  // of metrics()
  std::string wire;                // "head", "head.y"; empty: what the first loss compares
  std::string column;              // of the data; empty: what the loss on that value compares with, or the only target
  const MetricSpec* spec() const;  // null if there is none
};
MetricChoice metricChoice(const std::string& text);

}  // namespace netwright::run
