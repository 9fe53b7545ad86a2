// SPDX-License-Identifier: Apache-2.0
// Pairs of samples for networks that learn what is alike. Used by sources that offer them.
#pragma once

#include <memory>

#include "core/data/dataset.h"

namespace netwright::data {

// Of a data set with one feature and one label: each sample with another one, of its own class or of any other, equally
// often and always the same. Columns: the feature, the feature of the other as "other", and "same" (1 alike, 0 not).
std::shared_ptr<const Dataset> pairsOf(std::shared_ptr<const Dataset> labelled);
std::vector<ColumnSpec> pairColumns(const std::vector<ColumnSpec>& labelled);

}  // namespace netwright::data
