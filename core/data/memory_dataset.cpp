// SPDX-License-Identifier: Apache-2.0
#include "core/data/memory_dataset.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr int64_t kChunk = 1024;

size_t rowBytes(const ColumnSpec& column) {
  return static_cast<size_t>(elementCount(column.shape)) * byteSize(column.dtype);
}

// Calls act(first sample, batch) for all samples in order.
template <class Act>
void forChunks(const Dataset& dataset, const Act& act) {
  Batch batch;
  std::vector<int64_t> samples;
  for (int64_t from = 0; from < dataset.size(); from += kChunk) {
    samples.resize(static_cast<size_t>(std::min(kChunk, dataset.size() - from)));
    std::iota(samples.begin(), samples.end(), from);
    dataset.read(samples, batch);
    act(from, batch);
  }
}

class MemoryDataset final : public Dataset {
 public:
  MemoryDataset(std::vector<ColumnSpec> columns, std::vector<HostTensor> tensors, SampleNames names)
      : columns_(std::move(columns)), tensors_(std::move(tensors)), names_(std::move(names)) {
    assert(columns_.size() == tensors_.size() && !tensors_.empty());
    for (size_t i = 0; i < columns_.size(); ++i)
      assert(tensors_[i].bytes.size() == static_cast<size_t>(size()) * rowBytes(columns_[i]));
  }

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return tensors_.front().shape.front(); }
  bool inMemory() const override { return true; }
  SampleNames sampleNames() const override { return names_ ? names_ : Dataset::sampleNames(); }

  void read(std::span<const int64_t> samples, Batch& out) const override {
    shapeBatch(columns_, samples, out);
    for (size_t c = 0; c < columns_.size(); ++c) {
      const size_t row = rowBytes(columns_[c]);
      std::byte* to = out.columns[c].tensor.bytes.data();
      const std::byte* from = tensors_[c].bytes.data();
      for (const int64_t sample : samples) {
        assert(sample >= 0 && sample < size());
        std::memcpy(to, from + static_cast<size_t>(sample) * row, row);
        to += row;
      }
    }
  }

 private:
  std::vector<ColumnSpec> columns_;
  std::vector<HostTensor> tensors_;
  SampleNames names_;
};

class Subset final : public Dataset {
 public:
  Subset(std::shared_ptr<const Dataset> source, std::vector<int64_t> samples)
      : source_(std::move(source)), samples_(std::move(samples)) {}

  const std::vector<ColumnSpec>& columns() const override { return source_->columns(); }
  int64_t size() const override { return static_cast<int64_t>(samples_.size()); }
  bool inMemory() const override { return source_->inMemory(); }
  SampleNames sampleNames() const override {
    return [names = source_->sampleNames(), samples = samples_](int64_t sample) {
      return names(samples[static_cast<size_t>(sample)]);
    };
  }
  void read(std::span<const int64_t> samples, Batch& out) const override {
    std::vector<int64_t> numbers;
    numbers.reserve(samples.size());
    for (const int64_t sample : samples) numbers.push_back(at(sample));
    source_->read(numbers, out);
  }

 private:
  int64_t at(int64_t sample) const { return samples_[static_cast<size_t>(sample)]; }

  std::shared_ptr<const Dataset> source_;
  std::vector<int64_t> samples_;
};

std::string entryName(const ColumnSpec& column, size_t entry) {
  if (entry < column.entries.size()) return fmt::format("'{}'", column.entries[entry]);
  if (column.shape.empty() || elementCount(column.shape) == 1) return fmt::format("'{}'", column.name);
  return fmt::format("'{}', entry {}", column.name, entry);
}

void requireNumbers(const Dataset& dataset, const ColumnSpec& column, const HostTensor& tensor, int64_t firstSample) {
  const auto values = tensor.as<float>();
  const auto wrong = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (wrong == values.end()) return;
  const auto at = static_cast<size_t>(wrong - values.begin());
  const auto row = static_cast<size_t>(std::max<int64_t>(elementCount(column.shape), 1));
  const std::string where = dataset.sampleName(firstSample + static_cast<int64_t>(at / row));
  const std::string entry = entryName(column, at % row);
  if (std::isnan(*wrong))
    failInput(fmt::format("The data has no number at {}, column {}.", where, entry),
              "Missing values remain after the transforms, and a network cannot learn from them.",
              "Add the step 'impute', leave such rows out, or fill the value in.");
  failInput(fmt::format("The data has an infinite number at {}, column {}.", where, entry), "",
            "Correct the value, or leave the row out.");
}

}  // namespace

std::shared_ptr<const Dataset> memoryDataset(std::vector<ColumnSpec> columns, std::vector<HostTensor> tensors,
                                             SampleNames names) {
  return std::make_shared<MemoryDataset>(std::move(columns), std::move(tensors), std::move(names));
}

std::shared_ptr<const Dataset> loaded(std::shared_ptr<const Dataset> source) {
  const std::vector<ColumnSpec>& columns = source->columns();
  std::vector<HostTensor> tensors;
  for (const ColumnSpec& column : columns) {
    std::vector<int64_t> shape = column.shape;
    shape.insert(shape.begin(), source->size());
    tensors.emplace_back(column.dtype, std::move(shape));
  }
  forChunks(*source, [&](int64_t from, const Batch& batch) {
    for (size_t c = 0; c < columns.size(); ++c)
      std::memcpy(tensors[c].bytes.data() + static_cast<size_t>(from) * rowBytes(columns[c]),
                  batch.columns[c].tensor.bytes.data(), batch.columns[c].tensor.bytes.size());
  });
  return memoryDataset(columns, std::move(tensors), source->sampleNames());
}

int64_t memoryOf(const Dataset& dataset) {
  int64_t bytes = 0;
  for (const ColumnSpec& column : dataset.columns()) bytes += dataset.size() * static_cast<int64_t>(rowBytes(column));
  return bytes;
}

int64_t memoryLimit() { return ::sysconf(_SC_PHYS_PAGES) / 4 * ::sysconf(_SC_PAGE_SIZE); }

std::shared_ptr<const Dataset> subset(std::shared_ptr<const Dataset> source, std::vector<int64_t> samples) {
  return std::make_shared<Subset>(std::move(source), std::move(samples));
}

void requireNumbers(const Dataset& dataset) {
  forChunks(dataset, [&](int64_t from, const Batch& batch) {
    for (size_t c = 0; c < batch.columns.size(); ++c)
      if (dataset.columns()[c].dtype == DType::Float32)
        requireNumbers(dataset, dataset.columns()[c], batch.columns[c].tensor, from);
  });
}

}  // namespace netwright::data
