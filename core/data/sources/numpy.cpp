// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/numpy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/sources/byte_source.h"
#include "core/data/sources/npy.h"
#include "core/data/sources/zip_reader.h"

namespace fs = std::filesystem;

namespace netwright::data {
namespace {

constexpr int64_t kMostClasses = 10'000;

// The arrays of a folder or archive by name.
class Arrays {
 public:
  explicit Arrays(const fs::path& path) : path_(path) {
    if (fs::is_directory(path)) {
      readFolder();
      return;
    }
    if (path.extension() == ".npy")
      failInput(fmt::format("{} holds one array, but features and targets are two.", fileName()), "",
                "Choose the folder that holds both files, or an .npz archive.");
    bytes_ = readBytes(path, memoryLimit());
    archive_.emplace(bytes_, fileName());
    for (const std::string& name : archive_->names())
      if (name.ends_with(".npy")) names_.push_back(name.substr(0, name.size() - 4));
  }

  Arrays(const Arrays&) = delete;  // the archive looks into the bytes

  std::string fileName() const { return path_.filename().string(); }
  bool has(const std::string& name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }

  std::string bytesOf(const std::string& name) const {
    if (!has(name))
      failInput(
          fmt::format("{} has no array '{}'.", fileName(), name),
          names_.empty() ? "It has none." : fmt::format("It has {}.", joined(names_, ", ")),
          names_.empty() ? "Choose another file or folder." : fmt::format("Did you mean '{}'?", nearest(name, names_)));
    if (archive_) return archive_->read(name + ".npy", memoryLimit());
    return readBytes(path_ / (name + ".npy"), memoryLimit());
  }

 private:
  void readFolder() {
    for (const auto& entry : fs::directory_iterator(path_))
      if (entry.path().extension() == ".npy") names_.push_back(entry.path().stem().string());
    std::sort(names_.begin(), names_.end());
  }

  fs::path path_;
  std::string bytes_;
  std::optional<ZipReader> archive_;
  std::vector<std::string> names_;
};

struct Pair {
  HostTensor x, y;
};

bool holdsClasses(const NpyArray& y, const Attributes& params) {
  const std::string& type = text(params, "target_type");
  return type == "class" || (type == "detect" && !y.isFloating());
}

// Images: a dimension for the channel, or channels moved to the front.
void arrangeImages(HostTensor& x, const std::string& images, const std::string& name) {
  const size_t wanted = images == "add_channel" ? 3 : 4;
  if (images == "as_is") return;
  if (x.shape.size() != wanted)
    failInput(fmt::format("{} has the shape ({}), but images={} takes arrays of {} dimensions.", name,
                          fmt::join(x.shape, ", "), images, wanted),
              "", "Set images to as_is.");
  if (images == "add_channel") {
    x.shape.insert(x.shape.begin() + 1, 1);
    return;
  }
  HostTensor out(x.dtype, {x.shape[0], x.shape[3], x.shape[1], x.shape[2]});
  const size_t size = byteSize(x.dtype), channels = static_cast<size_t>(x.shape[3]);
  const auto pixels = static_cast<size_t>(x.shape[1] * x.shape[2]), samples = static_cast<size_t>(x.shape[0]);
  for (size_t n = 0; n < samples; ++n)
    for (size_t p = 0; p < pixels; ++p)
      for (size_t c = 0; c < channels; ++c)
        std::memcpy(out.bytes.data() + ((n * channels + c) * pixels + p) * size,
                    x.bytes.data() + ((n * pixels + p) * channels + c) * size, size);
  x = std::move(out);
}

HostTensor readFeatures(const Arrays& arrays, const std::string& name, const Attributes& params) {
  const std::string bytes = arrays.bytesOf(name);
  const NpyArray array = parseNpy(bytes, name + ".npy");
  if (array.shape.empty() || array.count() == 0)
    failInput(fmt::format("{} has the shape ({}): it holds no samples.", array.name, fmt::join(array.shape, ", ")), "",
              "Choose an array with the sample as its first dimension.");
  HostTensor x = toTensor(array, array.size == 1 && array.kind != 'i' ? DType::UInt8 : DType::Float32);
  if (x.shape.size() == 1) x.shape.push_back(1);
  arrangeImages(x, text(params, "images"), array.name);
  return x;
}

void requireLabels(const NpyArray& array, const HostTensor& labels) {
  const auto values = labels.as<int64_t>();
  const auto wrong = std::find_if(values.begin(), values.end(), [](int64_t v) { return v < 0 || v >= kMostClasses; });
  if (wrong != values.end())
    failInput(fmt::format("{} holds the label {} at sample {}.", array.name, *wrong, grouped(wrong - values.begin())),
              fmt::format("Labels were expected, which are whole numbers from 0 to {}.", grouped(kMostClasses - 1)),
              "Number the classes from 0, or set target_type to number for a regression.");
  if (!array.isFloating()) return;
  const HostTensor exact = toTensor(array, DType::Float32);
  const auto floats = exact.as<float>();
  const auto part = std::find_if(floats.begin(), floats.end(), [](float v) { return v != std::floor(v); });
  if (part != floats.end())
    failInput(fmt::format("{} holds {} at sample {}, which is not a class.", array.name, *part,
                          grouped(part - floats.begin())),
              "A class was expected, which is a whole number.",
              "For a regression set target_type to number and take the loss mse.");
}

HostTensor readTarget(const Arrays& arrays, const std::string& name, const Attributes& params, int64_t samples) {
  const std::string bytes = arrays.bytesOf(name);
  const NpyArray array = parseNpy(bytes, name + ".npy");
  if (array.shape.empty() || array.shape.front() != samples)
    failInput(fmt::format("{} has the shape ({}), but there are {} samples.", array.name, fmt::join(array.shape, ", "),
                          grouped(samples)),
              "", "Give features and targets equally many rows.");
  const bool classes = holdsClasses(array, params);
  HostTensor y = toTensor(array, classes ? DType::Int64 : DType::Float32);
  if (!classes) {
    if (y.shape.size() == 1) y.shape.push_back(1);
    return y;
  }
  if (array.count() != samples)
    failInput(fmt::format("{} has the shape ({}), but a class is one number for each sample.", array.name,
                          fmt::join(array.shape, ", ")),
              "", "Give the number of the class, or set target_type to number.");
  requireLabels(array, y);
  y.shape = {samples};
  return y;
}

std::vector<int64_t> sampleShape(const HostTensor& tensor) { return {tensor.shape.begin() + 1, tensor.shape.end()}; }

std::vector<ColumnSpec> columnsOf(const Pair& pair) {
  ColumnSpec x{.name = "x", .dtype = pair.x.dtype, .shape = sampleShape(pair.x)};
  ColumnSpec y{.name = "y", .dtype = pair.y.dtype, .shape = sampleShape(pair.y), .role = Role::Target};
  if (y.dtype == DType::Int64) {
    const auto labels = pair.y.as<int64_t>();
    const int64_t classes = 1 + *std::max_element(labels.begin(), labels.end());
    for (int64_t i = 0; i < classes; ++i) y.classes.push_back(std::to_string(i));
  }
  return {std::move(x), std::move(y)};
}

// A further set must look like the training set.
void requireSame(const std::vector<ColumnSpec>& train, const Pair& pair, const std::string& set) {
  const std::vector<ColumnSpec> columns = columnsOf(pair);
  for (size_t i = 0; i < columns.size(); ++i)
    if (columns[i].dtype != train[i].dtype || columns[i].shape != train[i].shape)
      failInput(fmt::format("{} of {} holds {} of ({}) but that of training holds {} of ({}).", columns[i].name, set,
                            name(columns[i].dtype), fmt::join(columns[i].shape, ", "), name(train[i].dtype),
                            fmt::join(train[i].shape, ", ")),
                "", "Give all sets the same kind of samples.");
  const size_t has = columns[1].classes.size(), may = train[1].classes.size();
  if (has > may)
    failInput(
        fmt::format("y of {} holds the label {}, but there are only {} classes (0 to {}).", set, has - 1, may, may - 1),
        "The classes are those of the training labels.", "Use labels of the same data set.");
}

void append(HostTensor& to, const HostTensor& more) {
  to.shape.front() += more.shape.front();
  to.bytes.insert(to.bytes.end(), more.bytes.begin(), more.bytes.end());
}

class NumpyReader {
 public:
  explicit NumpyReader(const SourceRequest& request) : params_(request.params), arrays_(request.path) {
    inSets_ = !arrays_.has(xName("")) && arrays_.has(xName("_train"));
  }

  Pair pair(const std::string& suffix) const {
    Pair pair;
    pair.x = readFeatures(arrays_, xName(suffix), params_);
    pair.y = readTarget(arrays_, text(params_, "y") + suffix, params_, pair.x.shape.front());
    return pair;
  }
  Pair train() const { return pair(inSets_ ? "_train" : ""); }

  SourceData open() const {
    Pair train = this->train();
    const std::vector<ColumnSpec> columns = columnsOf(train);
    SourceData data;
    if (const std::string suffix = arrays_.has(xName("_val")) ? "_val" : "_validation"; hasSet(suffix)) {
      const Pair validation = pair(suffix);
      requireSame(columns, validation, suffix.substr(1));
      const int64_t first = train.x.shape.front();
      append(train.x, validation.x);
      append(train.y, validation.y);
      data.given = Split{};
      data.given->train.resize(static_cast<size_t>(first));
      data.given->validation.resize(static_cast<size_t>(train.x.shape.front() - first));
      std::iota(data.given->train.begin(), data.given->train.end(), int64_t{0});
      std::iota(data.given->validation.begin(), data.given->validation.end(), first);
    }
    data.train = dataset(columns, std::move(train));
    if (!hasSet("_test")) return data;
    Pair test = pair("_test");
    requireSame(columns, test, "test");
    data.test = dataset(columns, std::move(test));
    return data;
  }

 private:
  std::string xName(const std::string& suffix) const { return text(params_, "x") + suffix; }
  bool hasSet(const std::string& suffix) const { return inSets_ && arrays_.has(xName(suffix)); }
  std::shared_ptr<const Dataset> dataset(std::vector<ColumnSpec> columns, Pair pair) const {
    std::vector<HostTensor> tensors;
    tensors.push_back(std::move(pair.x));
    tensors.push_back(std::move(pair.y));
    return memoryDataset(std::move(columns), std::move(tensors), [file = arrays_.fileName()](int64_t sample) {
      return fmt::format("sample {} of {}", sample, file);
    });
  }

  const Attributes& params_;
  Arrays arrays_;
  bool inSets_ = false;
};

}  // namespace

SourceSpec numpySource() {
  SourceSpec spec;
  spec.kind = "numpy";
  spec.title = "NumPy arrays (NPZ, NPY)";
  spec.doc =
      "An .npz archive or a folder of .npy files with the arrays x and y, or x_train, y_train, x_val, y_val, x_test "
      "and "
      "y_test; the sample is the first dimension.";
  spec.params = {
      textParam("x", "x").withDoc("Name of the array of features."),
      textParam("y", "y").withDoc("Name of the array of targets."),
      choiceParam("target_type", {"detect", "class", "number"})
          .withDoc("Whole numbers are classes and floats numbers, unless you say otherwise."),
      choiceParam("images", {"as_is", "add_channel", "channels_last"})
          .withDoc("(N, H, W) becomes (N, 1, H, W) with add_channel; (N, H, W, C) becomes (N, C, H, W) with "
                   "channels_last."),
  };
  spec.open = [](const SourceRequest& request) { return NumpyReader(request).open(); };
  spec.describe = [](const SourceRequest& request) { return columnsOf(NumpyReader(request).train()); };
  spec.path = SourcePath::FileOrFolder;
  return spec;
}

}  // namespace netwright::data
