// SPDX-License-Identifier: Apache-2.0
#include "core/data/registry.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/sources/csv.h"
#include "core/data/sources/idx.h"
#include "core/data/sources/numpy.h"
#include "core/data/sources/sequence_tasks.h"
#include "core/data/sources/series.h"
#include "core/data/sources/shapes.h"
#include "core/data/sources/sounds.h"
#include "core/data/sources/synthetic.h"
#include "core/data/sources/text.h"
#include "core/data/transforms/impute.h"
#include "core/data/transforms/min_max.h"
#include "core/data/transforms/normalize.h"
#include "core/data/transforms/standardize.h"
#include "core/data/transforms/to_float.h"

namespace netwright::data {
namespace {

template <class Spec>
const Spec& find(const std::vector<Spec>& specs, const std::string& kind, const char* noun) {
  std::vector<std::string> kinds;
  for (const Spec& spec : specs) {
    if (spec.kind == kind) return spec;
    kinds.push_back(spec.kind);
  }
  failInput(fmt::format("Unknown {} '{}'.", noun, kind), fmt::format("Known are {}.", joined(kinds, ", ")),
            fmt::format("Did you mean '{}'?", nearest(kind, kinds)));
}

}  // namespace

const std::vector<SourceSpec>& sources() {
  static const std::vector<SourceSpec> list{idxSource(),        csvSource(),     seriesSource(), numpySource(),
                                            textSource(),       soundsSource(),  blobsSource(),  spiralsSource(),
                                            moonsSource(),      circlesSource(), sineSource(),   shapesSource(),
                                            digitOrderSource(), addingSource()};
  return list;
}

const std::vector<TransformSpec>& transforms() {
  static const std::vector<TransformSpec> list{toFloat(), normalize(), standardize(), minMax(), impute()};
  return list;
}

const SourceSpec& sourceSpec(const std::string& kind) { return find(sources(), kind, "data source"); }
const TransformSpec& transformSpec(const std::string& kind) { return find(transforms(), kind, "transform"); }

}  // namespace netwright::data
