// SPDX-License-Identifier: Apache-2.0
#include "core/data/dataset.h"

#include <fmt/format.h>

#include <algorithm>

namespace netwright::data {

const HostTensor* Batch::find(std::string_view name) const {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const NamedTensor& c) { return c.name == name; });
  return it == columns.end() ? nullptr : &it->tensor;
}

SampleNames Dataset::sampleNames() const {
  return [](int64_t sample) { return fmt::format("sample {}", sample); };
}

void shapeBatch(const std::vector<ColumnSpec>& columns, std::span<const int64_t> samples, Batch& out) {
  out.samples.assign(samples.begin(), samples.end());
  out.columns.resize(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    HostTensor& tensor = out.columns[i].tensor;
    out.columns[i].name = columns[i].name;
    tensor.dtype = columns[i].dtype;
    tensor.shape.assign(1, out.size());
    tensor.shape.insert(tensor.shape.end(), columns[i].shape.begin(), columns[i].shape.end());
    tensor.bytes.resize(static_cast<size_t>(tensor.count()) * byteSize(tensor.dtype));
  }
}

}  // namespace netwright::data
