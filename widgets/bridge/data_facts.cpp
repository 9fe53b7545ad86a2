// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/data_facts.h"

#include <array>

#include "core/data/registry.h"
#include "core/data/split.h"
#include "widgets/bridge/background.h"

namespace netwright::bridge {

void DataFacts::ask(const data::DataConfig& config, const std::filesystem::path& projectFolder) {
  if (answered_ == config && folder_ == projectFolder) return;
  answered_ = config;
  folder_ = projectFolder;
  const int number = ++question_;
  const auto answer = [this, number](std::optional<SampleCounts> counts) {
    if (number != question_) return;
    counts_ = counts;
    Q_EMIT counted();
  };
  inBackground(
      this,
      [config, projectFolder] {
        const data::DataSplits splits = data::openData(config, projectFolder);
        return SampleCounts{static_cast<int64_t>(splits.trainSamples.size()),
                            static_cast<int64_t>(splits.validationSamples.size()),
                            splits.test ? splits.test->size() : 0};
      },
      [answer](const SampleCounts& counts) { answer(counts); }, [answer](const Message&) { answer(std::nullopt); });
}

QVector<SamplePicture> sampleDigits() {
  const data::DataSplits splits = data::openData({"idx", "builtin:mnist", {}, 0, 0}, {});
  const data::Dataset& digits = splits.test ? *splits.test : *splits.train;
  data::Batch batch;
  std::vector<int64_t> first(100);
  for (size_t i = 0; i < first.size(); ++i) first[i] = static_cast<int64_t>(i);
  digits.read(first, batch);
  const HostTensor *images = nullptr, *labels = nullptr;
  for (size_t i = 0; i < digits.columns().size(); ++i)
    (digits.columns()[i].role == data::Role::Feature ? images : labels) = &batch.columns[i].tensor;
  if (!images || !labels || images->dtype != DType::UInt8 || labels->dtype != DType::Int64) return {};
  const int side = static_cast<int>(images->shape.back());
  std::array<bool, 10> seen{};
  QVector<SamplePicture> pictures;
  for (size_t i = 0; i < first.size(); ++i) {
    const auto label = static_cast<size_t>(labels->as<int64_t>()[i]);
    if (label >= seen.size() || std::exchange(seen[label], true)) continue;
    const uint8_t* pixels = images->as<uint8_t>().data() + i * static_cast<size_t>(side * side);
    pictures.push_back({QImage(pixels, side, side, side, QImage::Format_Alpha8).copy(), static_cast<int>(label)});
  }
  std::sort(pictures.begin(), pictures.end(), [](const auto& a, const auto& b) { return a.label < b.label; });
  return pictures;
}

}  // namespace netwright::bridge
