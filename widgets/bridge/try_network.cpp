// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/try_network.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/letters.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/registry.h"
#include "core/data/sources/byte_source.h"
#include "core/data/sources/sounds.h"
#include "core/project/run_data.h"
#include "core/project/settle.h"
#include "core/project/stored_run.h"
#include "core/store/database.h"

namespace netwright::bridge {
namespace {

constexpr int64_t kMostFields = 64;
constexpr size_t kLookedAt = 200;  // pictures whose style is measured

QString tr(const char* text) { return QCoreApplication::translate("bridge::TryNetwork", text); }

double number(const HostTensor& t, int64_t at) {
  const auto i = static_cast<size_t>(at);
  if (t.dtype == DType::UInt8) return t.as<uint8_t>()[i];
  if (t.dtype == DType::Int64) return static_cast<double>(t.as<int64_t>()[i]);
  return static_cast<double>(t.as<float>()[i]);
}

std::string text(const QString& s) { return s.toStdString(); }

std::vector<double> softmax(std::vector<double> scores) {
  const double top = *std::max_element(scores.begin(), scores.end());
  for (double& v : scores) v = std::exp(v - top);
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  for (double& v : scores) v /= sum;
  return scores;
}

}  // namespace

int TryAnswer::best() const {
  if (classes.isEmpty() || values.empty()) return -1;
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

std::shared_ptr<const TryNetwork> TryNetwork::load(const std::filesystem::path& folder, const std::string& run) {
  auto made = std::make_shared<TryNetwork>();
  const store::RunSummary summary = project::findRun(folder, run);
  store::Database database(project::databaseFile(folder));
  made->project_ =
      project::settled(project::fromText(database.graphJson(summary.id), "The record of run '" + summary.name + "'"));
  const data::DataConfig& config = made->project_.data;
  made->source_ = data::openSource(config, folder);
  // What was learnt stands with the run's data set; the same samples teach the same, should it be missing.
  for (const store::DatasetUse& use : database.datasets(summary.id))
    if (use.role == "train" && !use.fitted.empty())
      made->fitted_ = data::fittedFromJson(parseJson(use.fitted, "The run's record"), "The run's record");
  if (made->fitted_.steps.size() != config.transforms.size())
    made->fitted_ = data::fit(made->source_.train, made->source_.trainSamples, config.transforms);
  made->columns_ = data::transformedColumns(made->columns(), config.transforms);
  made->prepared_ = project::prepare(made->project_, made->columns_);
  if (!made->prepared_.ok()) project::failWith(made->prepared_.diagnostics);
  for (size_t i = 0; i < made->columns().size(); ++i)
    if (made->columns()[i].role == data::Role::Feature &&
        std::count(made->prepared_.columns.begin(), made->prepared_.columns.end(), static_cast<int>(i)) > 0)
      made->features_.push_back(i);
  made->findPicture();
  made->findFields();
  return made;
}

// (C, H, W) or (H, W) of one or three channels. Its style is that of some training samples.
void TryNetwork::findPicture() {
  if (features_.size() != 1) return;
  std::vector<int64_t> shape = columns()[features_[0]].shape;
  if (shape.size() == 2) shape.insert(shape.begin(), 1);
  if (shape.size() != 3 || (shape[0] != 1 && shape[0] != 3) || shape[1] < 6 || shape[2] < 6) return;
  TryPicture p{features_[0], static_cast<int>(shape[0]), static_cast<int>(shape[2]), static_cast<int>(shape[1])};
  data::Batch batch;
  const size_t count = std::min(kLookedAt, source_.trainSamples.size());
  source_.train->read(std::span(source_.trainSamples).first(count), batch);
  const HostTensor& pixels = batch.columns[p.column].tensor;
  p.low = INFINITY, p.high = -INFINITY;
  for (int64_t i = 0; i < pixels.count(); ++i)
    if (const double v = number(pixels, i); std::isfinite(v)) p.low = std::min(p.low, v), p.high = std::max(p.high, v);
  if (!(p.high > p.low)) p.low = 0, p.high = 1;
  const int64_t area = shape[1] * shape[2], each = shape[0] * area;
  const double middle = (p.low + p.high) / 2;
  double edge = 0;
  std::vector<double> extents;
  for (size_t s = 0; s < count; ++s)
    edge += number(pixels, static_cast<int64_t>(s) * each) / static_cast<double>(count);
  p.lightOnDark = edge < middle;
  for (size_t s = 0; s < count; ++s) {
    int64_t x0 = shape[2], x1 = -1, y0 = shape[1], y1 = -1;
    for (int64_t i = 0; i < area; ++i) {
      if ((number(pixels, static_cast<int64_t>(s) * each + i) > middle) != p.lightOnDark) continue;
      const int64_t x = i % shape[2], y = i / shape[2];
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
    }
    if (x1 < x0) continue;
    extents.push_back(static_cast<double>(std::max(x1 - x0, y1 - y0) + 1) /
                      static_cast<double>(std::max(shape[1], shape[2])));
  }
  if (!extents.empty()) {
    std::nth_element(extents.begin(), extents.begin() + static_cast<std::ptrdiff_t>(extents.size() / 2), extents.end());
    p.extent = std::clamp(extents[extents.size() / 2], 0.3, 1.0);
  }
  picture_ = p;
}

// Each column of few numbers becomes fields; one-hot entries "island=Biscoe", "island=Dream" become one.
void TryNetwork::findFields() {
  int64_t count = 0;
  for (const size_t c : features_) count += data::holdsText(columns()[c]) ? 1 : elementCount(columns()[c].shape);
  if (picture_ || features_.empty() || count > kMostFields) return;
  for (const size_t c : features_) {
    const data::ColumnSpec& column = columns()[c];
    const QString name = QString::fromStdString(column.name);
    if (data::holdsText(column)) {
      TryField field{name, c};
      field.letters = column.shape.front();
      field.continues = std::any_of(columns().begin(), columns().end(),
                                    [&](const data::ColumnSpec& other) { return other.follows == column.name; });
      fields_.push_back(field);
      continue;
    }
    if (!column.classes.empty() && column.shape.empty()) {
      TryField field{name, c, 0, {}, false};
      for (const std::string& word : column.classes) field.choices << QString::fromStdString(word);
      fields_.push_back(field);
      continue;
    }
    const int64_t entries = elementCount(column.shape);
    for (int64_t i = 0; i < entries; ++i) {
      const bool named = static_cast<int64_t>(column.entries.size()) == entries;
      const QString entry = named          ? QString::fromStdString(column.entries[static_cast<size_t>(i)])
                            : entries == 1 ? name
                                           : QString("%1[%2]").arg(name).arg(i);
      const qsizetype equals = named ? entry.indexOf('=') : -1;
      if (equals <= 0) {
        fields_.push_back({entry, c, i, {}, false});
        continue;
      }
      const QString category = entry.left(equals);
      if (fields_.empty() || fields_.back().name != category || !fields_.back().oneHot || fields_.back().column != c)
        fields_.push_back({category, c, i, {}, true});
      fields_.back().choices << entry.mid(equals + 1);
    }
  }
}

QStringList TryNetwork::splits() const {
  QStringList all;
  for (const char* split : {"test", "validation", "train"})
    if (splitSize(split) > 0) all << split;
  return all;
}

int64_t TryNetwork::splitSize(const QString& split) const {
  if (split == "test") return source_.test ? source_.test->size() : 0;
  return static_cast<int64_t>((split == "train" ? source_.trainSamples : source_.validationSamples).size());
}

TryNetwork::Sample TryNetwork::sample(const QString& split, int64_t place) const {
  const project::SplitSamples samples = project::splitOf(source_, text(split));
  if (place < 0 || place >= static_cast<int64_t>(samples.samples.size()))
    failInput("There is no sample " + std::to_string(place) + " in this set.",
              "It has " + std::to_string(samples.samples.size()) + ", counted from 0.", "");
  const int64_t number = samples.samples[static_cast<size_t>(place)];
  data::Batch batch;
  samples.dataset.read(std::span(&number, 1), batch);
  Sample one;
  one.name = QString::fromStdString(samples.dataset.sampleName(number));
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const data::ColumnSpec& column = columns()[i];
    const HostTensor& value = batch.columns[i].tensor;
    one.values.push_back(value);
    if (column.role != data::Role::Target || !one.truth.isEmpty() || value.count() == 0) continue;
    if (data::holdsText(column)) {
      const auto letters = value.as<int64_t>();
      one.truth = column.follows.empty() ? QString::fromStdString(data::textOf(column, letters))
                                         : QString::fromStdString(column.classes[static_cast<size_t>(letters.back())]);
      continue;
    }
    const double truth = bridge::number(value, 0);
    const auto at = static_cast<size_t>(truth);
    one.truth = truth >= 0 && at < column.classes.size() ? QString::fromStdString(column.classes[at])
                                                         : QString::number(truth, 'g', 6);
  }
  return one;
}

TryNetwork::Sample TryNetwork::blank() const {
  Sample one;
  for (const data::ColumnSpec& column : columns()) {
    std::vector<int64_t> shape = column.shape;
    shape.insert(shape.begin(), 1);
    one.values.emplace_back(column.dtype, shape);
    if (column.dtype == DType::Float32 && !picture_)
      for (float& v : one.values.back().as<float>()) v = std::numeric_limits<float>::quiet_NaN();
  }
  return one;
}

std::vector<NamedTensor> TryNetwork::inputs(const std::vector<HostTensor>& values) const {
  const auto one = data::memoryDataset(columns(), values);
  const auto ready = data::transformed(one, project_.data.transforms, fitted_);
  data::Batch batch;
  const int64_t first = 0;
  ready->read(std::span(&first, 1), batch);
  std::vector<NamedTensor> inputs;
  const auto& ports = prepared_.lowered.program.inputs;
  for (size_t i = 0; i < ports.size(); ++i) {
    const auto column = static_cast<size_t>(prepared_.columns[i]);
    if (columns_[column].role != data::Role::Feature) continue;
    const HostTensor& tensor = batch.columns[column].tensor;
    if (tensor.dtype == DType::Float32)
      for (int64_t e = 0; e < tensor.count(); ++e)
        if (!std::isfinite(bridge::number(tensor, e))) {
          const auto& names = columns_[column].entries;
          const std::string name =
              static_cast<size_t>(e) < names.size() ? names[static_cast<size_t>(e)] : columns_[column].name;
          failInput(text(tr("%1 is missing.").arg(QString::fromStdString(name))), "",
                    text(tr("Type a number, or take a sample to start from.")));
        }
    inputs.push_back({ports[i].name, tensor});
  }
  return inputs;
}

HostTensor TryNetwork::textValue(const TryField& field, const QString& text) const {
  const data::ColumnSpec& column = columns()[field.column];
  std::string read = text.toStdString();
  if (const std::vector<std::string_view> all = data::letters(read);
      field.continues && static_cast<int64_t>(all.size()) > field.letters)
    read = read.substr(static_cast<size_t>(all[all.size() - static_cast<size_t>(field.letters)].data() - read.data()));
  HostTensor value(DType::Int64, {1, field.letters});
  const std::vector<int64_t> numbers = data::textNumbers(column, read);
  std::copy(numbers.begin(), numbers.end(), value.as<int64_t>().begin());
  return value;
}

QString TryNetwork::textOf(const TryField& field, const HostTensor& value) const {
  return QString::fromStdString(data::textOf(columns()[field.column], value.as<int64_t>()));
}

QString TryNetwork::letter(size_t number) const {
  const data::ColumnSpec* column = target();
  const auto at = static_cast<int64_t>(number);
  return column ? QString::fromStdString(data::textOf(*column, std::span(&at, 1))) : QString();
}

std::vector<HostTensor> TryNetwork::soundValues(const std::string& file) const {
  constexpr int64_t kLargestSound = 32 << 20;  // bytes
  std::vector<HostTensor> values = blank().values;
  HostTensor& x = values[features_.front()];
  const Attributes params =
      data::completeParams("The source", data::sourceSpec(project_.data.source).params, project_.data.params);
  const std::string name = std::filesystem::path(file).filename().string();
  data::putSound(data::parseWav(data::readBytes(file, kLargestSound), name), data::whole(params, "sample_rate"), name,
                 x.as<float>());
  return values;
}

// The first loss that compares an output with a column; -1 if there is none.
int TryNetwork::told() const {
  const auto& losses = prepared_.lowered.losses;
  for (size_t i = 0; i < losses.size(); ++i)
    if (prepared_.targets[i] >= 0 && !comparedOutput(i).empty()) return static_cast<int>(i);
  return -1;
}

std::string TryNetwork::comparedOutput(size_t loss) const {
  for (const program::Port& p : prepared_.lowered.program.outputs)
    if (p.value == prepared_.lowered.losses[loss].output) return p.name;
  return "";
}

const data::ColumnSpec* TryNetwork::target() const {
  const int at = told() < 0 ? -1 : prepared_.targets[static_cast<size_t>(told())];
  return at < 0 ? nullptr : &columns_[static_cast<size_t>(at)];
}

// Scores (1, C, L) for the letters of a text. False: they are something else.
bool TryNetwork::tellText(const HostTensor& scores, const std::vector<NamedTensor>& asked, TryAnswer& told) const {
  const data::ColumnSpec* column = target();
  if (!column || !data::holdsText(*column) || scores.shape.size() != 3 ||
      scores.shape[1] != static_cast<int64_t>(column->classes.size()))
    return false;
  const int64_t classes = scores.shape[1], places = scores.shape[2];
  const auto probabilities = [&](int64_t place) {
    std::vector<double> all;
    for (int64_t c = 0; c < classes; ++c) all.push_back(bridge::number(scores, c * places + place));
    return softmax(std::move(all));
  };
  told.values.clear();
  if (!column->follows.empty()) {  // of the letter after the last one that was typed
    told.continues = true;
    int64_t last = 0;
    for (const NamedTensor& input : asked)
      if (input.tensor.dtype == DType::Int64 && input.tensor.count() == places)
        last = std::count_if(input.tensor.as<int64_t>().begin(), input.tensor.as<int64_t>().end(),
                             [](int64_t letter) { return letter != 0; });
    told.values = probabilities(std::max<int64_t>(last, 1) - 1);
    for (const std::string& letter : column->classes) told.classes << QString::fromStdString(letter);
    return true;
  }
  std::vector<int64_t> best;
  for (int64_t place = 0; place < places; ++place) {
    const std::vector<double> all = probabilities(place);
    best.push_back(std::max_element(all.begin(), all.end()) - all.begin());
    if (best.back() == 0) continue;  // behind the end
    told.classes << QString::fromStdString(column->classes[static_cast<size_t>(best.back())]);
    told.values.push_back(all[static_cast<size_t>(best.back())]);
  }
  told.text = QString::fromStdString(data::textOf(*column, best));
  return true;
}

TryAnswer TryNetwork::answer(const std::vector<NamedTensor>& asked, const std::vector<NamedTensor>& outputs) const {
  const int compared = this->told();
  TryAnswer told;
  if (outputs.empty()) return told;
  const auto it = std::find_if(outputs.begin(), outputs.end(), [&](const NamedTensor& t) {
    return compared >= 0 && t.name == comparedOutput(static_cast<size_t>(compared));
  });
  const NamedTensor& output = it == outputs.end() ? outputs.front() : *it;
  told.name = QString::fromStdString(output.name);
  for (int64_t i = 0; i < output.tensor.count(); ++i) told.values.push_back(bridge::number(output.tensor, i));
  const std::string loss = compared < 0 ? "" : prepared_.lowered.losses[static_cast<size_t>(compared)].loss;
  const bool scores = loss == "cross_entropy" || loss == "nll", logit = loss == "bce_with_logits";
  if (scores && tellText(output.tensor, asked, told)) return told;
  if (told.values.empty() || (!scores && !logit) || (scores && output.tensor.shape.size() != 2)) return told;
  std::vector<std::string> names;
  if (const data::ColumnSpec* column = target()) names = column->classes;
  if (logit && told.values.size() > 1) {  // several labels, each with a probability of its own
    for (double& v : told.values) v = 1 / (1 + std::exp(-v));
  } else if (logit) {
    const double one = 1 / (1 + std::exp(-told.values.front()));
    told.values = {1 - one, one};
  } else {
    told.values = softmax(std::move(told.values));
  }
  for (size_t i = 0; i < told.values.size(); ++i)
    told.classes << (i < names.size() ? QString::fromStdString(names[i]) : QString::number(i));
  return told;
}

}  // namespace netwright::bridge
