// SPDX-License-Identifier: GPL-3.0-or-later
// How many samples a project's data has, and some pictures of it: read away from the GUI thread.
#pragma once

#include <QImage>
#include <QObject>
#include <QVector>
#include <filesystem>
#include <optional>

#include "core/data/data_config.h"
#include "widgets/bridge/message.h"

namespace netwright::bridge {

struct SampleCounts {
  int64_t train = 0, validation = 0, test = 0;
  bool operator==(const SampleCounts&) const = default;
};

// Answers with counted(); a question that was overtaken by a newer one is not answered.
class DataFacts : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  void ask(const data::DataConfig& config, const std::filesystem::path& projectFolder);
  const std::optional<SampleCounts>& counts() const { return counts_; }  // of the last answer

 Q_SIGNALS:
  void counted();

 private:
  int question_ = 0;
  std::optional<data::DataConfig> answered_;
  std::filesystem::path folder_;
  std::optional<SampleCounts> counts_;
};

struct SamplePicture {
  QImage image;  // grey, as alpha: the ink is put in when it is painted
  int label = 0;
};

// Pictures of the bundled digits, one for each label. Slow (unpacks the data): call it from a pool thread.
QVector<SamplePicture> sampleDigits();

}  // namespace netwright::bridge
