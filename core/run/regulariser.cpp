// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/run/initialiser.h"

namespace netwright::run {

const std::vector<RegulariserSpec>& regularisers() {
  static const std::vector<RegulariserSpec> kAll{
      {"l1", "L1", "Draws parameters to 0, many of them all the way: few stay.", "Σ |w|",
       "Tibshirani 1996, Regression shrinkage and selection via the lasso"},
      {"l2", "L2", "Draws parameters towards 0, the large ones most.", "Σ w²",
       "Hoerl and Kennard 1970, Ridge regression"},
      {"orthogonal", "Orthogonality",
       "Keeps the rows of a matrix at right angles and of length 1; of a tall one its columns.", "Σ (W Wᵀ - 1)²",
       "Brock et al. 2016, arXiv:1609.07093"}};
  return kAll;
}

const RegulariserSpec* findRegulariser(const std::string& id) {
  const auto& all = regularisers();
  const auto it = std::find_if(all.begin(), all.end(), [&](const RegulariserSpec& r) { return r.id == id; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace netwright::run
