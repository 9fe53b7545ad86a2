// SPDX-License-Identifier: Apache-2.0
// PyTorch's own files: state dicts, checkpoints, whole modules and TorchScript, in the zip form and in the one before
// PyTorch 1.6. Layouts: torch/serialization.py. Pickles are read as values; nothing of them is ever called.
#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/convert/importer.h"
#include "core/convert/wire/unpickle.h"

namespace netwright::convert::importers {
namespace {

constexpr int kDeepest = 64;  // modules within modules
constexpr uintmax_t kLargest = uintmax_t{64} << 30;

constexpr std::array<std::pair<const char*, DType>, 10> kStorages{{{"FloatStorage", DType::Float32},
                                                                   {"DoubleStorage", DType::Float64},
                                                                   {"HalfStorage", DType::Float16},
                                                                   {"BFloat16Storage", DType::BFloat16},
                                                                   {"LongStorage", DType::Int64},
                                                                   {"IntStorage", DType::Int32},
                                                                   {"ShortStorage", DType::Int16},
                                                                   {"CharStorage", DType::Int8},
                                                                   {"ByteStorage", DType::UInt8},
                                                                   {"BoolStorage", DType::Bool}}};

struct Storage {
  DType dtype = DType::Float32;
  std::string key;
  int64_t count = 0;  // elements
};

using Bytes = std::vector<std::byte>;
using Fetch = std::function<Bytes(const Storage&)>;  // the bytes of a storage

[[noreturn]] void refuse(const std::string& source, const std::string& why) {
  failInput(fmt::format("{} cannot be read as PyTorch weights.", source), why,
            "Save it again with torch.save(model.state_dict(), path), or as safetensors.");
}

const std::string* calleeOf(const PickledObject& object, std::string& text) {
  const auto* global = object.callee->as<PickledGlobal>();
  if (!global) return nullptr;
  text = global->text();
  return &text;
}

const std::vector<PickledRef>* listOf(PickledRef value) {
  const auto* list = value ? value->as<PickledList>() : nullptr;
  return list ? &list->items : nullptr;
}

std::vector<int64_t> numbersOf(PickledRef value, const std::string& source) {
  std::vector<int64_t> numbers;
  const auto* items = listOf(value);
  if (!items) refuse(source, "A tensor has no sizes.");
  for (const PickledRef item : *items) {
    const auto* n = item->as<int64_t>();
    if (!n || *n < 0) refuse(source, "A tensor has a size or stride that is no number of 0 or more.");
    numbers.push_back(*n);
  }
  return numbers;
}

// ("storage", torch.FloatStorage, key, location, elements)
Storage storageOf(PickledRef value, const std::string& source) {
  const auto* id = value->as<PickledId>();
  const auto* parts = id ? listOf(id->id) : nullptr;
  if (!parts || parts->size() < 5) refuse(source, "A tensor does not say where its numbers are.");
  const auto* type = (*parts)[1]->as<PickledGlobal>();
  const auto* key = (*parts)[2]->as<std::string>();
  const auto* count = (*parts)[4]->as<int64_t>();
  if (!type || !key || !count || *count < 0) refuse(source, "A tensor does not say where its numbers are.");
  for (const auto& [name, dtype] : kStorages)
    if (type->name == name) return {dtype, *key, *count};
  refuse(source, fmt::format("Its numbers are of the type {}, which is not supported.", type->text()));
}

bool isRowMajor(const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides) {
  int64_t step = 1;
  for (size_t d = sizes.size(); d-- > 0; step *= sizes[d])
    if (sizes[d] != 1 && strides[d] != step) return false;
  return true;
}

// One stride for each size; in row-major order. `bytes` are those of the storage, which are taken where they are the
// tensor's already, and else copied. Throws where an element lies outside of the storage.
HostTensor arranged(Bytes& bytes, const Storage& storage, int64_t offset, const std::vector<int64_t>& sizes,
                    const std::vector<int64_t>& strides, const std::string& source) {
  if (strides.size() != sizes.size()) refuse(source, "A tensor has not one stride for each size.");
  __int128 last = offset, count = 1;
  for (size_t d = 0; d < sizes.size(); ++d) {
    count *= sizes[d];
    if (sizes[d] > 0) last += static_cast<__int128>(sizes[d] - 1) * strides[d];
    if (count > storage.count || last > storage.count) break;
  }
  if (count == 0) return HostTensor(storage.dtype, sizes);
  if (offset < 0 || last >= storage.count)
    refuse(source, fmt::format("A tensor reaches behind the {} numbers of its storage.", storage.count));
  if (count > storage.count) refuse(source, "A tensor repeats the numbers of its storage, which is not supported.");
  const size_t width = byteSize(storage.dtype);
  HostTensor tensor;
  if (static_cast<size_t>(count) * width == bytes.size() && isRowMajor(sizes, strides)) {
    tensor.dtype = storage.dtype;
    tensor.shape = sizes;
    tensor.bytes = std::move(bytes);
    bytes.clear();
    return tensor;
  }
  tensor = HostTensor(storage.dtype, sizes);
  std::vector<int64_t> at(sizes.size(), 0);
  int64_t from = offset;
  for (size_t to = 0; to < static_cast<size_t>(count); ++to) {
    std::memcpy(tensor.bytes.data() + to * width, bytes.data() + static_cast<size_t>(from) * width, width);
    for (size_t d = sizes.size(); d-- > 0;) {
      from += strides[d];
      if (++at[d] < sizes[d]) break;
      from -= strides[d] * sizes[d];
      at[d] = 0;
    }
  }
  return tensor;
}

// Walks through what was pickled and collects tensors by the path that leads to them.
class Harvest {
 public:
  Harvest(const Fetch& fetch, const std::string& source, const TensorSink& each)
      : fetch_(fetch), source_(source), each_(each) {}

  void from(PickledRef root) {
    static const std::array kWrappers{"state_dict", "model_state_dict", "model", "net", "weights", "params"};
    for (const char* key : kWrappers)  // a checkpoint that holds more than the weights
      if (const PickledRef inner = pickledItem(*root, key); inner && !isTensor(*inner)) {
        visit("", inner, 0);
        if (found_ > 0) return;
      }
    visit("", root, 0);
    if (found_ == 0) refuse(source_, "No tensor is in it.");
  }

 private:
  static bool isTensor(const Pickled& value) {
    const auto* object = value.as<PickledObject>();
    std::string callee;
    return object && calleeOf(*object, callee) && callee.starts_with("torch._utils._rebuild_");
  }

  void visit(const std::string& path, PickledRef value, int depth) {
    if (!value || depth > kDeepest) return;
    if (const auto* object = value->as<PickledObject>()) return visitObject(path, *value, *object, depth);
    if (const auto* dict = value->as<PickledDict>(); dict && fresh(value)) visitItems(path, *dict, depth);
  }

  void visitObject(const std::string& path, const Pickled& value, const PickledObject& object, int depth) {
    std::string callee;
    calleeOf(object, callee);
    const auto* arguments = listOf(object.arguments);
    if (callee == "torch._utils._rebuild_tensor_v2" || callee == "torch._utils._rebuild_tensor")
      return tensor(path, arguments);
    if (callee == "torch._utils._rebuild_parameter" && arguments && !arguments->empty())
      return visit(path, arguments->front(), depth + 1);
    if (!fresh(&value)) return;
    visitItems(path, object.items, depth);
    const auto* state = object.state ? object.state->as<PickledDict>() : nullptr;
    if (!state) return;
    for (const auto& [key, item] : state->items) {
      const auto* name = key->as<std::string>();
      if (!name) continue;
      // A module of torch.nn keeps its parts in these; others are attributes of a TorchScript module.
      const bool part = *name == "_parameters" || *name == "_buffers" || *name == "_modules";
      if (part || !name->starts_with('_')) visit(part ? path : joined(path, *name), item, depth + 1);
    }
  }

  void visitItems(const std::string& path, const PickledDict& dict, int depth) {
    for (const auto& [key, item] : dict.items)
      if (const auto* name = key->as<std::string>()) visit(joined(path, *name), item, depth + 1);
  }

  static std::string joined(const std::string& path, const std::string& name) {
    return path.empty() ? name : path + "." + name;
  }
  bool fresh(PickledRef value) { return seen_.insert(value).second; }

  void tensor(const std::string& path, const std::vector<PickledRef>* arguments) {
    if (!arguments || arguments->size() < 4) refuse(source_, "A tensor is incomplete.");
    const Storage storage = storageOf((*arguments)[0], source_);
    const auto* offset = (*arguments)[1]->as<int64_t>();
    if (!offset) refuse(source_, "A tensor is incomplete.");
    if (storage.key != lastKey_ || lastBytes_.empty()) {
      lastBytes_ = fetch_(storage);
      lastKey_ = storage.key;
    }
    if (static_cast<__int128>(storage.count) * static_cast<__int128>(byteSize(storage.dtype)) >
        static_cast<__int128>(lastBytes_.size()))
      refuse(source_, fmt::format("The storage {} should have {} numbers but has {} bytes.", storage.key, storage.count,
                                  lastBytes_.size()));
    ++found_;
    each_({path, arranged(lastBytes_, storage, *offset, numbersOf((*arguments)[2], source_),
                          numbersOf((*arguments)[3], source_), source_)});
  }

  const Fetch& fetch_;
  const std::string& source_;
  const TensorSink& each_;
  size_t found_ = 0;
  std::set<PickledRef> seen_;  // each container once: modules may be shared, and files may lie in circles
  std::string lastKey_;
  Bytes lastBytes_;
};

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

class ZipFile {
 public:
  explicit ZipFile(const std::filesystem::path& path) : source_(path.string()) {
    int code = 0;
    archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (!archive_) refuse(source_, "It is a damaged zip archive.");
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive_.get(), 0); ++i) {
      const std::string_view name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
      if (name.ends_with("data.pkl") && (name.size() == 8 || name[name.size() - 9] == '/'))
        prefix_ = name.substr(0, name.size() - 8);
    }
  }

  std::string text(const std::string& name, uint64_t limit) const { return entry<std::string>(name, limit); }
  Bytes bytes(const std::string& name) const { return entry<Bytes>(name, kLargest); }

  bool has(const std::string& name) const {
    return zip_name_locate(archive_.get(), (prefix_ + name).c_str(), ZIP_FL_ENC_RAW) >= 0;
  }

 private:
  template <class Content>
  Content entry(const std::string& name, uint64_t limit) const {
    zip_stat_t info;
    const std::string full = prefix_ + name;
    if (zip_stat(archive_.get(), full.c_str(), ZIP_FL_ENC_RAW, &info) != 0 || !(info.valid & ZIP_STAT_SIZE))
      refuse(source_, fmt::format("The archive has no entry '{}'.", full));
    if (info.size > limit) refuse(source_, fmt::format("The entry '{}' claims {} bytes.", full, info.size));
    if (info.comp_method != ZIP_CM_STORE && info.size > 1000 * std::max<uint64_t>(info.comp_size, 1))
      refuse(source_, fmt::format("The entry '{}' is packed beyond belief.", full));
    Content bytes(info.size, {});
    zip_file_t* file = zip_fopen(archive_.get(), full.c_str(), ZIP_FL_ENC_RAW);
    const zip_int64_t read = file ? zip_fread(file, bytes.data(), bytes.size()) : -1;
    if (file) zip_fclose(file);
    if (read != static_cast<zip_int64_t>(bytes.size()))
      refuse(source_, fmt::format("The entry '{}' is damaged.", full));
    return bytes;
  }

  const std::string source_;
  std::string prefix_;
  std::unique_ptr<zip_t, CloseArchive> archive_;
};

void readZip(const std::filesystem::path& path, const TensorSink& each) {
  const std::string source = path.string();
  const ZipFile zip(path);
  if (zip.has("byteorder") && zip.text("byteorder", 16).starts_with("big"))
    refuse(source, "It was written by a machine of the other byte order.");
  const Pickle pickle = unpickle(zip.text("data.pkl", uint64_t{256} << 20), source);
  const Fetch fetch = [&](const Storage& s) { return zip.bytes("data/" + s.key); };
  Harvest(fetch, source, each).from(pickle.root);
}

// Magic number, version, system, what was saved, keys of the storages: five pickles. Then each storage, headed by its
// count of elements.
void readLegacy(const std::filesystem::path& path, const TensorSink& each) {
  const std::string source = path.string();
  const std::string bytes = readRegularFile(path, kLargest);
  std::string_view rest = bytes;
  std::deque<Pickle> pickles;
  for (int i = 0; i < 5; ++i) {
    pickles.push_back(unpickle(rest, source));
    rest.remove_prefix(pickles.back().end);
  }
  const auto* keys = listOf(pickles[4].root);
  if (!keys) refuse(source, "It does not list its storages.");
  std::map<std::string, DType> types;  // told where they are used
  for (const Pickled& value : pickles[3].values)
    if (const auto* id = value.as<PickledId>(); id && listOf(id->id)) {
      const Storage s = storageOf(&value, source);
      types[s.key] = s.dtype;
    }
  std::map<std::string, std::string_view> storages;
  for (const PickledRef key : *keys) {
    const auto* name = key->as<std::string>();
    uint64_t count = 0;
    if (!name || !types.contains(*name) || rest.size() < sizeof count) refuse(source, "A storage is missing.");
    std::memcpy(&count, rest.data(), sizeof count);
    rest.remove_prefix(sizeof count);
    const size_t width = byteSize(types[*name]);
    if (count > rest.size() / width) refuse(source, "It is cut off within a storage.");
    storages[*name] = rest.substr(0, count * width);
    rest.remove_prefix(count * width);
  }
  const Fetch fetch = [&](const Storage& s) {
    const auto it = storages.find(s.key);
    if (it == storages.end()) refuse(source, fmt::format("The storage {} is missing.", s.key));
    const auto* begin = reinterpret_cast<const std::byte*>(it->second.data());
    return Bytes(begin, begin + it->second.size());
  };
  Harvest(fetch, source, each).from(pickles[3].root);
}

class PthImporter final : public Importer {
 public:
  WeightsFormat info() const override {
    return {"pth",
            "PyTorch",
            {"pth", "pt", "ckpt", "bin", "tar"},
            "State dicts, checkpoints, whole modules and TorchScript files of PyTorch."};
  }
  bool recognises(std::string_view head) const override {
    return head.starts_with("PK\x03\x04") || head.starts_with("\x80\x02\x8a\x0a");
  }
  void read(const std::filesystem::path& path, const TensorSink& each) const override {
    isZip(path) ? readZip(path, each) : readLegacy(path, each);
  }
  std::optional<std::string> graph(const std::filesystem::path& path) const override {
    if (!isZip(path)) return std::nullopt;
    const ZipFile zip(path);
    constexpr const char* kEntry = "extra/netwright.json";
    if (!zip.has(kEntry)) return std::nullopt;
    const Json origin = parseJson(zip.text(kEntry, uint64_t{64} << 20), path.string());
    const auto found = origin.find("netwright.graph");
    return found != origin.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
  }

 private:
  static bool isZip(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return file.get() == 'P';
  }
};

}  // namespace

std::unique_ptr<Importer> pth() { return std::make_unique<PthImporter>(); }

}  // namespace netwright::convert::importers
