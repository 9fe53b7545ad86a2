// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/pairs.h"

#include <algorithm>
#include <numeric>

#include "core/data/random.h"

namespace netwright::data {
namespace {

class Pairs final : public Dataset {
 public:
  explicit Pairs(std::shared_ptr<const Dataset> labelled)
      : labelled_(std::move(labelled)), columns_(pairColumns(labelled_->columns())) {
    const std::vector<int64_t> labels = allLabels();
    std::vector<std::vector<int64_t>> members;  // by class
    for (size_t i = 0; i < labels.size(); ++i) {
      members.resize(std::max(members.size(), static_cast<size_t>(labels[i]) + 1));
      members[static_cast<size_t>(labels[i])].push_back(static_cast<int64_t>(i));
    }
    for (size_t i = 0; i < labels.size(); ++i) {
      CounterRandom random(0, Purpose::Data, i);
      const std::vector<int64_t>& own = members[static_cast<size_t>(labels[i])];
      const bool alike = random.below(2) == 1 || own.size() == labels.size();
      int64_t other = own[random.below(own.size())];
      while (!alike && labels[static_cast<size_t>(other)] == labels[i])
        other = static_cast<int64_t>(random.below(labels.size()));
      others_.push_back(other);
      same_.push_back(alike);
    }
  }

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return labelled_->size(); }
  bool inMemory() const override { return labelled_->inMemory(); }
  SampleNames sampleNames() const override { return labelled_->sampleNames(); }
  void read(std::span<const int64_t> samples, Batch& out) const override {
    shapeBatch(columns_, samples, out);
    std::vector<int64_t> others;
    for (const int64_t s : samples) others.push_back(others_[static_cast<size_t>(s)]);
    Batch own, other;
    labelled_->read(samples, own);
    labelled_->read(others, other);
    out.columns[0].tensor.bytes.swap(own.columns[0].tensor.bytes);
    out.columns[1].tensor.bytes.swap(other.columns[0].tensor.bytes);
    const auto same = out.columns[2].tensor.as<float>();
    for (size_t i = 0; i < samples.size(); ++i) same[i] = same_[static_cast<size_t>(samples[i])] ? 1.0F : 0.0F;
  }

 private:
  std::vector<int64_t> allLabels() const {
    constexpr int64_t kBlock = 1000;
    std::vector<int64_t> labels, samples;
    Batch batch;
    for (int64_t from = 0; from < labelled_->size(); from += kBlock) {
      samples.resize(static_cast<size_t>(std::min(kBlock, labelled_->size() - from)));
      std::iota(samples.begin(), samples.end(), from);
      labelled_->read(samples, batch);
      const auto block = batch.columns[1].tensor.as<int64_t>();
      labels.insert(labels.end(), block.begin(), block.end());
    }
    return labels;
  }

  std::shared_ptr<const Dataset> labelled_;
  std::vector<ColumnSpec> columns_;
  std::vector<int64_t> others_;
  std::vector<bool> same_;
};

}  // namespace

std::vector<ColumnSpec> pairColumns(const std::vector<ColumnSpec>& labelled) {
  ColumnSpec other = labelled.at(0);
  other.name = "other";
  return {labelled.at(0), std::move(other), {.name = "same", .role = Role::Target}};
}

std::shared_ptr<const Dataset> pairsOf(std::shared_ptr<const Dataset> labelled) {
  return std::make_shared<Pairs>(std::move(labelled));
}

}  // namespace netwright::data
