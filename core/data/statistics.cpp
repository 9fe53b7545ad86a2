// SPDX-License-Identifier: Apache-2.0
#include "core/data/statistics.h"

#include <algorithm>
#include <cmath>

#include "core/base/json.h"

namespace netwright::data {
namespace {

template <class T>
void gather(const HostTensor& t, bool labels, ColumnStatistics& s) {
  for (const T v : t.as<T>()) {
    if (labels) ++s.labels[static_cast<int64_t>(v)];
    const auto x = static_cast<double>(v);
    if (!std::isfinite(x)) {
      ++s.notFinite;
      continue;
    }
    s.low = s.count == 0 ? x : std::min(s.low, x);
    s.high = s.count == 0 ? x : std::max(s.high, x);
    s.sum += x;
    ++s.count;
  }
}

void gather(const HostTensor& t, bool labels, ColumnStatistics& s) {
  if (t.dtype == DType::Float32) return gather<float>(t, false, s);
  if (t.dtype == DType::Float64) return gather<double>(t, false, s);
  if (t.dtype == DType::Int64) return gather<int64_t>(t, labels, s);
  if (t.dtype == DType::UInt8) return gather<uint8_t>(t, false, s);
}

}  // namespace

std::vector<ColumnStatistics> statisticsOf(const Dataset& dataset, std::span<const int64_t> samples) {
  constexpr size_t kBatch = 512;
  const auto& columns = dataset.columns();
  std::vector<ColumnStatistics> all(columns.size());
  Batch batch;
  for (size_t at = 0; at < samples.size(); at += kBatch) {
    dataset.read(samples.subspan(at, std::min(kBatch, samples.size() - at)), batch);
    for (size_t c = 0; c < columns.size(); ++c) gather(batch.columns[c].tensor, !columns[c].classes.empty(), all[c]);
  }
  return all;
}

Json toJson(const ColumnSpec& column, const ColumnStatistics& s) {
  Json json{{"name", column.name},
            {"role", column.role == Role::Target ? "target" : "feature"},
            {"type", name(column.dtype)},
            {"shape", column.shape}};
  Json classes = Json::object();
  for (size_t i = 0; i < column.classes.size(); ++i) {
    const auto found = s.labels.find(static_cast<int64_t>(i));
    classes[column.classes[i]] = found == s.labels.end() ? 0 : found->second;
  }
  if (!column.classes.empty()) json["classes"] = classes;
  if (!column.entries.empty()) json["entries"] = column.entries;
  if (s.count > 0) json.update({{"min", s.low}, {"max", s.high}, {"mean", s.sum / static_cast<double>(s.count)}});
  json["not_finite"] = s.notFinite;
  return json;
}

}  // namespace netwright::data
