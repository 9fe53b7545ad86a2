// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <future>
#include <new>
#include <optional>
#include <span>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/sources/byte_source.h"
#include "core/data/sources/pairs.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

constexpr uint32_t kImages = 0x00000803;  // unsigned bytes, rank 3
constexpr uint32_t kLabels = 0x00000801;  // unsigned bytes, rank 1

std::string fileName(const fs::path& path) { return path.filename().string(); }

std::string typeName(uint32_t magic) {
  switch (magic >> 8 & 0xff) {
    case 0x08:
      return "unsigned bytes";
    case 0x09:
      return "signed bytes";
    case 0x0B:
      return "16-bit integers";
    case 0x0C:
      return "32-bit integers";
    case 0x0D:
      return "32-bit floats";
    case 0x0E:
      return "64-bit floats";
    default:
      return "";
  }
}

[[noreturn]] void failMagic(const fs::path& path, uint32_t magic, uint32_t expected) {
  const char* noun = expected == kImages ? "images" : "labels";
  const std::string type = typeName(magic);
  const uint32_t rank = magic & 0xff;
  std::string why = "This is not an IDX file.";
  if (magic >> 16 == 0 && type == "unsigned bytes")
    why = magic == kLabels   ? "This is a labels file."
          : magic == kImages ? "This is an images file."
                             : fmt::format("It has {} dimensions.", rank);
  else if (magic >> 16 == 0 && !type.empty())
    why = fmt::format("It holds {}, and only unsigned bytes are read.", type);
  failInput(fmt::format("{} starts with 0x{:08x} where IDX {} have 0x{:08x}.", fileName(path), magic, noun, expected),
            why, fmt::format("Choose a file of IDX {}.", noun));
}

uint32_t bigEndian(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | uint32_t{p[3]};
}

// An open IDX file behind its header, which has been checked against the size of the file.
class IdxFile {
 public:
  IdxFile(const fs::path& path, uint32_t expectedMagic) : path_(path), source_(path) {
    const uint32_t magic = readNumber(expectedMagic);
    if (magic != expectedMagic) failMagic(path, magic, expectedMagic);
    for (uint32_t& size : std::span(sizes_).first(magic & 0xff)) size = readNumber(expectedMagic);
    checkSizes(magic == kImages);
  }

  int64_t count() const { return sizes_[0]; }
  int64_t height() const { return sizes_[1]; }
  int64_t width() const { return sizes_[2]; }
  int64_t byteCount() const { return byteCount_; }

  // Not zeroed: pages come into being as the file fills them.
  std::unique_ptr<uint8_t[]> allocate() const {
    std::unique_ptr<uint8_t[]> memory(new (std::nothrow) uint8_t[static_cast<size_t>(byteCount_)]);
    if (memory) return memory;
    failInput(fmt::format("{} holds {}, which do not fit into memory.", fileName(path_), contents()), "",
              "Use a smaller file, or a machine with more memory.");
  }

  void readAll(std::span<uint8_t> out) {
    if (const size_t got = source_.read(out); got < out.size()) failShort(static_cast<int64_t>(got));
    uint8_t extra;
    if (source_.read({&extra, 1}) == 0) return;
    failInput(fmt::format("{} should hold {} but goes on after them.", fileName(path_), contents()), "",
              "Replace the file: it does not match its header.");
  }

 private:
  uint32_t readNumber(uint32_t expectedMagic) {
    std::array<uint8_t, 4> bytes;
    if (source_.read(bytes) == bytes.size()) return bigEndian(bytes.data());
    failInput(fmt::format("{} ends within its header.", fileName(path_)),
              fmt::format("It has {} bytes on disk.", grouped(source_.fileSize())),
              fmt::format("Choose a file of IDX {}.", expectedMagic == kImages ? "images" : "labels"));
  }

  std::string contents() const {
    if (!isImages_) return fmt::format("{} labels = {} bytes", grouped(count()), grouped(byteCount_));
    return fmt::format("{} images of {} x {} = {} bytes", grouped(count()), height(), width(), grouped(byteCount_));
  }

  void checkSizes(bool isImages) {
    isImages_ = isImages;
    if (isImages && (height() == 0 || width() == 0))
      failInput(fmt::format("{} holds images of {} x {} pixels.", fileName(path_), height(), width()), "",
                "Replace the file: it does not hold images.");
    if (count() == 0) failInput(fmt::format("{} holds no samples.", fileName(path_)), "", "Choose another file.");
    byteCount_ = count();
    if (isImages && (__builtin_mul_overflow(byteCount_, height(), &byteCount_) ||
                     __builtin_mul_overflow(byteCount_, width(), &byteCount_)))
      failInput(fmt::format("{} claims {} images of {} x {}, more than any memory.", fileName(path_), grouped(count()),
                            height(), width()),
                "", "Replace the file: its header is damaged.");
    if (!source_.isCompressed() && byteCount_ > source_.mostBytesLeft()) failShort(source_.mostBytesLeft());
    if (byteCount_ > source_.mostBytesLeft())
      failInput(fmt::format("{} should hold {} but has only {} compressed bytes.", fileName(path_), contents(),
                            grouped(source_.fileSize())),
                "That is less than any compression needs.", "Get the file again: it looks cut off.");
  }

  [[noreturn]] void failShort(int64_t got) const {
    failInput(fmt::format("{} should hold {} but has only {}.", fileName(path_), contents(), grouped(got)), "",
              "Get the file again: it looks cut off.");
  }

  fs::path path_;
  ByteSource source_;
  bool isImages_ = false;
  std::array<uint32_t, 3> sizes_{1, 1, 1};
  int64_t byteCount_ = 0;
};

std::vector<uint8_t> readLabels(const fs::path& path) {
  IdxFile file(path, kLabels);
  std::vector<uint8_t> labels(static_cast<size_t>(file.byteCount()));
  file.readAll(labels);
  return labels;
}

int64_t classCount(const std::vector<uint8_t>& labels) { return 1 + *std::max_element(labels.begin(), labels.end()); }

std::vector<ColumnSpec> idxColumns(int64_t height, int64_t width, int64_t classes) {
  ColumnSpec image{.name = "image", .dtype = DType::UInt8, .shape = {1, height, width}, .role = Role::Feature};
  ColumnSpec label{.name = "label", .dtype = DType::Int64, .shape = {}, .role = Role::Target};
  for (int64_t i = 0; i < classes; ++i) label.classes.push_back(std::to_string(i));
  return {std::move(image), std::move(label)};
}

void checkLabels(const fs::path& path, const std::vector<uint8_t>& labels, int64_t classes) {
  const auto wrong = std::find_if(labels.begin(), labels.end(), [&](uint8_t label) { return label >= classes; });
  if (wrong == labels.end()) return;
  failInput(fmt::format("{} holds the label {} at sample {}, but there are only {} classes (0 to {}).", fileName(path),
                        *wrong, grouped(wrong - labels.begin()), classes, classes - 1),
            "The classes are those of the training labels.", "Use labels of the same data set.");
}

class IdxDataset final : public Dataset {
 public:
  IdxDataset(IdxFile& images, std::vector<uint8_t> labels, int64_t classes)
      : columns_(idxColumns(images.height(), images.width(), classes)),
        imageSize_(static_cast<size_t>(images.height() * images.width())),
        pixels_(images.allocate()),
        labels_(std::move(labels)) {
    images.readAll({pixels_.get(), static_cast<size_t>(images.byteCount())});
  }

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return static_cast<int64_t>(labels_.size()); }
  bool inMemory() const override { return true; }
  void read(std::span<const int64_t> samples, Batch& out) const override {
    shapeBatch(columns_, samples, out);
    auto* pixels = out.columns[0].tensor.bytes.data();
    const auto labels = out.columns[1].tensor.as<int64_t>();
    for (size_t i = 0; i < samples.size(); ++i) {
      const auto sample = static_cast<size_t>(samples[i]);
      assert(sample < labels_.size());
      std::memcpy(pixels + i * imageSize_, pixels_.get() + sample * imageSize_, imageSize_);
      labels[i] = labels_[sample];
    }
  }

 private:
  std::vector<ColumnSpec> columns_;
  size_t imageSize_;
  std::unique_ptr<uint8_t[]> pixels_;
  std::vector<uint8_t> labels_;
};

// The first file of the folder whose name starts with one of the prefixes; an unpacked one before a packed one.
std::optional<fs::path> findFile(const fs::path& folder, const std::vector<std::string>& prefixes) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    for (const std::string& prefix : prefixes)
      if (fileName(entry.path()).starts_with(prefix) && entry.is_regular_file()) found.push_back(entry.path());
  if (found.empty()) return std::nullopt;
  return *std::min_element(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair(a.extension() == ".gz", a) < std::pair(b.extension() == ".gz", b);
  });
}

struct FilePair {
  fs::path images, labels;
};

// nullopt if neither file is there.
std::optional<FilePair> findPair(const fs::path& folder, const std::vector<std::string>& names) {
  const auto with = [&](const char* suffix) {
    std::vector<std::string> prefixes = names;
    for (std::string& prefix : prefixes) prefix += suffix;
    return prefixes;
  };
  const auto images = findFile(folder, with("-images")), labels = findFile(folder, with("-labels"));
  if (!images && !labels) return std::nullopt;
  if (images && labels) return FilePair{*images, *labels};
  failInput(fmt::format("{} has {} but no {}.", folder.string(), fileName(images ? *images : *labels),
                        with(images ? "-labels" : "-images").front() + "*"),
            "", "Put the missing file there, plain or with .gz.");
}

FilePair trainPair(const fs::path& folder) {
  if (auto pair = findPair(folder, {"train"})) return *pair;
  failInput(fmt::format("{} has no train-images* and train-labels*.", folder.string()), "",
            "Choose a folder of IDX files as MNIST has them, plain or with .gz.");
}

SourceData openLabelled(const SourceRequest& request) {
  const fs::path& folder = request.path;
  const FilePair train = trainPair(folder);
  const auto test = findPair(folder, {"t10k", "test"});
  const int64_t classes = classCount(readLabels(train.labels));
  // Unpacking is most of the work, so the two sets are unpacked side by side.
  std::future<std::shared_ptr<const Dataset>> testData;
  if (test) testData = std::async(std::launch::async, [&] { return openIdx(test->images, test->labels, classes); });
  SourceData data;
  data.train = openIdx(train.images, train.labels, classes);
  if (!test) return data;
  data.test = testData.get();
  if (data.test->columns() == data.train->columns()) return data;
  const auto& a = data.test->columns()[0].shape;
  const auto& b = data.train->columns()[0].shape;
  failInput(fmt::format("{} holds images of {} x {} but {} holds {} x {}.", fileName(test->images), a[1], a[2],
                        fileName(train.images), b[1], b[2]),
            "", "Use test images of the same size.");
}

bool wantsPairs(const SourceRequest& request) { return std::get<bool>(request.params.at("pairs")); }

SourceData openFolder(const SourceRequest& request) {
  SourceData data = openLabelled(request);
  if (!wantsPairs(request)) return data;
  data.train = pairsOf(std::move(data.train));
  if (data.test) data.test = pairsOf(std::move(data.test));
  return data;
}

std::vector<ColumnSpec> describeFolder(const SourceRequest& request) {
  const FilePair train = trainPair(request.path);
  const IdxFile images(train.images, kImages);
  const auto columns = idxColumns(images.height(), images.width(), classCount(readLabels(train.labels)));
  return wantsPairs(request) ? pairColumns(columns) : columns;
}

}  // namespace

std::shared_ptr<const Dataset> openIdx(const fs::path& images, const fs::path& labels, int64_t classes) {
  IdxFile imageFile(images, kImages);
  std::vector<uint8_t> labelBytes = readLabels(labels);
  if (imageFile.count() != static_cast<int64_t>(labelBytes.size()))
    failInput(fmt::format("{} holds {} images but {} holds {} labels.", fileName(images), grouped(imageFile.count()),
                          fileName(labels), grouped(static_cast<int64_t>(labelBytes.size()))),
              "", "Choose an images file and a labels file that belong together.");
  if (classes == 0) classes = classCount(labelBytes);
  checkLabels(labels, labelBytes, classes);
  return std::make_shared<IdxDataset>(imageFile, std::move(labelBytes), classes);
}

SourceSpec idxSource() {
  SourceSpec spec;
  spec.kind = "idx";
  spec.title = "IDX files (MNIST)";
  spec.doc =
      "A folder of images and labels in the IDX format of MNIST: train-images*, train-labels*, t10k-images*, "
      "t10k-labels*.";
  spec.params = {boolParam("pairs", false)
                     .withDoc("Two images at a time, and whether they show the same: for networks that compare.")};
  spec.open = openFolder;
  spec.describe = describeFolder;
  return spec;
}

}  // namespace netwright::data
