// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/sounds.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/sources/byte_source.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

constexpr int64_t kLargestFile = 1 << 30;  // bytes
constexpr size_t kMostClasses = 10'000;

std::vector<std::string> sortedNames(const fs::path& folder,
                                     const std::function<bool(const fs::directory_entry&)>& is) {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec))
    if (is(entry) && !entry.path().filename().string().starts_with('.'))
      names.push_back(entry.path().filename().string());
  if (ec)
    failInput(fmt::format("Could not look into {}.", folder.string()), ec.message() + ".",
              "Choose a folder that you may read.");
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> classesIn(const fs::path& folder) {
  std::vector<std::string> names = sortedNames(folder, [](const auto& entry) { return entry.is_directory(); });
  if (names.size() < 2)
    failInput(fmt::format("{} holds {}, but a class is a folder and there must be two or more.", folder.string(),
                          names.empty() ? "no folder" : "one folder"),
              "", "Put the sounds of each class into a folder that is called like the class.");
  if (names.size() > kMostClasses)
    failInput(fmt::format("{} holds more than {} folders, too many for classes.", folder.string(),
                          grouped(static_cast<int64_t>(kMostClasses))),
              "", "Choose the folder in which there is one folder for each class.");
  return names;
}

bool isWav(const fs::directory_entry& entry) {
  std::string extension = entry.path().extension().string();
  for (char& c : extension) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return entry.is_regular_file() && extension == ".wav";
}

std::vector<ColumnSpec> columnsOf(const SourceRequest& request) {
  return {{.name = "x", .shape = {whole(request.params, "length")}},
          {.name = "label", .dtype = DType::Int64, .role = Role::Target, .classes = classesIn(request.path)}};
}

struct Files {
  std::vector<std::string> names;  // "zero/zero_00.wav"
  std::vector<int64_t> labels;
  int64_t others = 0;  // files that are no sounds
};

Files filesOf(const fs::path& folder, const std::vector<std::string>& classes) {
  Files files;
  for (size_t c = 0; c < classes.size(); ++c) {
    const auto isFile = [](const auto& entry) { return entry.is_regular_file(); };
    const auto all = static_cast<int64_t>(sortedNames(folder / classes[c], isFile).size());
    const std::vector<std::string> sounds = sortedNames(folder / classes[c], isWav);
    if (sounds.empty())
      failInput(fmt::format("The class '{}' has no sound: {} holds no .wav file.", classes[c],
                            (folder / classes[c]).string()),
                "", "Put sounds into it, or remove the folder.");
    for (const std::string& sound : sounds) {
      files.names.push_back(classes[c] + '/' + sound);
      files.labels.push_back(static_cast<int64_t>(c));
    }
    files.others += all - static_cast<int64_t>(sounds.size());
  }
  return files;
}

void requireMemory(int64_t sounds, int64_t length) {
  const double bytes = static_cast<double>(sounds) * static_cast<double>(length) * sizeof(float);
  if (bytes <= static_cast<double>(memoryLimit())) return;
  failInput(
      fmt::format("The sounds need {} in memory ({} of {} samples), more than the {} that one data set may take.",
                  byteText(bytes), grouped(sounds), grouped(length), byteText(static_cast<double>(memoryLimit()))),
      "", "Set length lower.");
}

SourceData open(const SourceRequest& request) {
  std::vector<ColumnSpec> columns = columnsOf(request);
  Files files = filesOf(request.path, columns[1].classes);
  const auto count = static_cast<int64_t>(files.names.size());
  const int64_t length = columns[0].shape.front(), rate = whole(request.params, "sample_rate");
  requireMemory(count, length);
  HostTensor x(DType::Float32, {count, length}), label(DType::Int64, {count});
  int64_t cut = 0;
  for (size_t i = 0; i < files.names.size(); ++i) {
    const Sound sound = parseWav(readBytes(request.path / files.names[i], kLargestFile), files.names[i]);
    cut += static_cast<int64_t>(sound.samples.size()) > length ? 1 : 0;
    putSound(sound, rate, files.names[i],
             x.as<float>().subspan(i * static_cast<size_t>(length), static_cast<size_t>(length)));
    label.as<int64_t>()[i] = files.labels[i];
  }
  SourceData data;
  if (cut > 0)
    data.notes.push_back(fmt::format("{} of {} sounds are longer than {} samples and were cut off.", grouped(cut),
                                     grouped(count), grouped(length)));
  if (files.others > 0)
    data.notes.push_back(fmt::format("{} files that are no .wav were left out.", grouped(files.others)));
  data.train = memoryDataset(std::move(columns), {std::move(x), std::move(label)},
                             [names = std::move(files.names)](int64_t i) { return names[static_cast<size_t>(i)]; });
  return data;
}

}  // namespace

void putSound(const Sound& sound, int64_t rate, const std::string& fileName, std::span<float> out) {
  if (sound.rate != rate)
    failInput(
        fmt::format("{} has {} samples a second, but sample_rate is {}.", fileName, grouped(sound.rate), grouped(rate)),
        "All sounds must have the same rate, or pitches would differ.",
        fmt::format("Convert the file, or set sample_rate to {} if all are like it.", sound.rate));
  const size_t count = std::min(sound.samples.size(), out.size());
  std::copy_n(sound.samples.begin(), count, out.begin());
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(count), out.end(), 0.0F);
}

SourceSpec soundsSource() {
  SourceSpec spec;
  spec.kind = "sounds";
  spec.title = "Sounds in folders (WAV)";
  spec.doc =
      "A folder with one folder for each class, in which the class's sounds lie as WAV files. Channels are mixed, "
      "short "
      "sounds followed by silence.";
  spec.params = {intParam("length", 8000)
                     .min(1)
                     .max(100'000'000)
                     .withUnit("samples")
                     .withDoc("What is kept of a sound: seconds times sample_rate.")
                     .asMain(),
                 intParam("sample_rate", 8000)
                     .min(1)
                     .max(10'000'000)
                     .withUnit("Hz")
                     .withDoc("Samples a second, of all files.")
                     .asMain()};
  spec.open = open;
  spec.describe = columnsOf;
  spec.path = SourcePath::Folder;
  return spec;
}

}  // namespace netwright::data
