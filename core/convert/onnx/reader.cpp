// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>

#include "core/base/error.h"
#include "core/convert/onnx/model_file.h"

namespace netwright::convert::onnx {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

// protozero asserts that a field has the wire type that is asked for; in a damaged file it may not.
void require(const pbf_reader& in, pbf_wire_type wanted) {
  if (in.wire_type() != wanted)
    throw Malformed{fmt::format("Field {} is of another kind than the format says.", in.tag())};
}
std::string_view bytes(pbf_reader& in) {
  require(in, pbf_wire_type::length_delimited);
  const auto view = in.get_view();
  return {view.data(), view.size()};
}
std::string text(pbf_reader& in) { return std::string(bytes(in)); }
pbf_reader message(pbf_reader& in) {
  require(in, pbf_wire_type::length_delimited);
  return in.get_message();
}
int64_t integer(pbf_reader& in) {
  require(in, pbf_wire_type::varint);
  return in.get_int64();
}
float number(pbf_reader& in) {
  require(in, pbf_wire_type::fixed32);
  return in.get_float();
}
double longNumber(pbf_reader& in) {
  require(in, pbf_wire_type::fixed64);
  return in.get_double();
}

// A repeated number, written packed or one by one.
template <class T, class Range, class Single>
void append(pbf_reader& in, std::vector<T>& list, Range range, Single single) {
  if (in.wire_type() != pbf_wire_type::length_delimited) return list.push_back(single(in));
  for (const auto v : (in.*range)()) list.push_back(v);
}
void appendIntegers(pbf_reader& in, std::vector<int64_t>& list) {
  append(in, list, &pbf_reader::get_packed_int64, integer);
}
void appendNumbers(pbf_reader& in, std::vector<float>& list) {
  append(in, list, &pbf_reader::get_packed_float, number);
}

// The typed lists of a TensorProto, used by writers that do not use raw_data.
struct TypedData {
  std::vector<float> floats;
  std::vector<int64_t> ints;  // int32_data and int64_data
  std::vector<double> doubles;
  std::optional<std::string_view> raw;
};

template <class T, class From>
void copyValues(HostTensor& tensor, const std::vector<From>& from) {
  for (size_t i = 0; i < from.size(); ++i) {
    const T v = static_cast<T>(from[i]);
    std::memcpy(tensor.bytes.data() + i * sizeof(T), &v, sizeof(T));
  }
}

size_t safeBytes(const NamedTensor& t) {
  uint64_t bytes = byteSize(t.tensor.dtype);
  for (const int64_t d : t.tensor.shape)
    if (d < 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(d), &bytes))
      throw Malformed{fmt::format("Tensor '{}' has an impossible shape.", t.name)};
  return bytes;
}

void fillTyped(NamedTensor& t, const TypedData& data) {
  const size_t wanted = safeBytes(t) / byteSize(t.tensor.dtype);
  const size_t given = std::max({data.floats.size(), data.ints.size(), data.doubles.size()});
  if (given != wanted)
    throw Malformed{fmt::format("Tensor '{}' has {} values but its shape needs {}.", t.name, given, wanted)};
  t.tensor.bytes.resize(safeBytes(t));
  const DType type = t.tensor.dtype;
  if (type == DType::Float32 && data.floats.size() == wanted) return copyValues<float>(t.tensor, data.floats);
  if (type == DType::Float64 && data.doubles.size() == wanted) return copyValues<double>(t.tensor, data.doubles);
  if (data.ints.size() != wanted || type == DType::Float32 || type == DType::Float64)
    throw Malformed{fmt::format("Tensor '{}' keeps its values in a field of another type.", t.name)};
  if (type == DType::Int64) return copyValues<int64_t>(t.tensor, data.ints);
  if (type == DType::Int32) return copyValues<int32_t>(t.tensor, data.ints);
  if (byteSize(type) == 2) return copyValues<uint16_t>(t.tensor, data.ints);
  return copyValues<uint8_t>(t.tensor, data.ints);
}

struct Location {
  std::string file;
  size_t offset = 0;
};

// A StringStringEntryProto: field 1 is the key, field 2 the value.
std::pair<std::string, std::string> readEntry(pbf_reader in) {
  std::pair<std::string, std::string> entry;
  while (in.next()) {
    if (in.tag() == 1)
      entry.first = text(in);
    else if (in.tag() == 2)
      entry.second = text(in);
    else
      in.skip();
  }
  return entry;
}

void readLocation(pbf_reader in, Location& location) {
  const auto [key, value] = readEntry(in);
  if (key == "location") location.file = value;
  if (key != "offset") return;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), location.offset);
  if (ec != std::errc() || end != value.data() + value.size())
    throw Malformed{fmt::format("The place '{}' in a file beside it is no number.", value)};
}

// A tensor, or where it lies if it stays in its file.
using Initializer = std::variant<NamedTensor, StoredTensor>;

// `file`: null where a tensor's data can only lie in the tensor itself.
Initializer readTensor(pbf_reader in, const ModelFile* file) {
  NamedTensor t;
  TypedData data;
  Location location;
  bool external = false;
  int64_t type = 0;
  while (in.next()) {
    switch (in.tag()) {
      case 1:
        appendIntegers(in, t.tensor.shape);
        break;
      case 2:
        type = integer(in);
        break;
      case 4:
        appendNumbers(in, data.floats);
        break;
      case 5:
      case 7:
        appendIntegers(in, data.ints);
        break;
      case 8:
        t.name = text(in);
        break;
      case 9:
        data.raw = bytes(in);
        break;
      case 10:
        append(in, data.doubles, &pbf_reader::get_packed_double, longNumber);
        break;
      case 13:
        readLocation(message(in), location);
        break;
      case 14:
        external = integer(in) != 0;
        break;
      default:
        in.skip();
    }
  }
  const auto dtype = dtypeOf(type);
  if (!dtype) throw Malformed{fmt::format("Tensor '{}' has the unknown data type {}.", t.name, type)};
  t.tensor.dtype = *dtype;
  if (!external && !data.raw) {
    fillTyped(t, data);
    return t;
  }
  const size_t size = safeBytes(t);
  StoredTensor place{t.name, t.tensor.dtype, t.tensor.shape, {}, 0};
  if (external) {
    if (!file) throw Malformed{fmt::format("Tensor '{}' keeps its data in another file.", t.name)};
    file->place(location.file, location.offset, size, place);
    if (file->keeps(size)) return place;
    t.tensor = place.load();
    return t;
  }
  if (data.raw->size() != size)
    throw Malformed{
        fmt::format("Tensor '{}' has {} bytes but its shape and type need {}.", t.name, data.raw->size(), size)};
  if (file && file->keeps(size)) {
    file->place(*data.raw, place);
    return place;
  }
  const auto* begin = reinterpret_cast<const std::byte*>(data.raw->data());
  t.tensor.bytes.assign(begin, begin + size);
  return t;
}

std::shared_ptr<Graph> readGraph(pbf_reader in, const ModelFile* file, int depth);

// `depth`: of the graph that it is in.
Attribute readAttribute(pbf_reader in, const ModelFile* file, int depth) {
  Attribute a;
  int64_t type = 0;
  int64_t i = 0;
  float f = 0;
  std::string string;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  HostTensor tensor;
  std::shared_ptr<Graph> graph;
  while (in.next()) {
    switch (in.tag()) {
      case 1:
        a.name = text(in);
        break;
      case 2:
        f = number(in);
        break;
      case 3:
        i = integer(in);
        break;
      case 4:
        string = text(in);
        break;
      case 5:
        tensor = std::get<NamedTensor>(readTensor(message(in), nullptr)).tensor;
        break;
      case 6:
        graph = readGraph(message(in), file, depth + 1);
        break;
      case 7:
        appendNumbers(in, floats);
        break;
      case 8:
        appendIntegers(in, ints);
        break;
      case 20:
        type = integer(in);
        break;
      default:
        in.skip();
    }
  }
  switch (type) {
    case 1:
      a.value = f;
      break;
    case 2:
      a.value = i;
      break;
    case 3:
      a.value = std::move(string);
      break;
    case 4:
      a.value = std::move(tensor);
      break;
    case 5:
      if (!graph) throw Malformed{fmt::format("Attribute '{}' is a graph, but none follows.", a.name)};
      a.value = std::move(graph);
      break;
    case 6:
      a.value = std::move(floats);
      break;
    case 7:
      a.value = std::move(ints);
      break;
    default:
      throw Malformed{fmt::format("Attribute '{}' is of the kind {}, which is not supported.", a.name, type)};
  }
  return a;
}

Node readNode(pbf_reader in, const ModelFile* file, int depth) {
  Node node;
  while (in.next()) {
    switch (in.tag()) {
      case 1:
        node.inputs.push_back(text(in));
        break;
      case 2:
        node.outputs.push_back(text(in));
        break;
      case 3:
        node.name = text(in);
        break;
      case 4:
        node.opType = text(in);
        break;
      case 5:
        node.attributes.push_back(readAttribute(message(in), file, depth));
        break;
      case 6:
        node.docString = text(in);
        break;
      case 7:
        if (const std::string domain = text(in); !domain.empty() && domain != "ai.onnx")
          throw Malformed{fmt::format("Node '{}' is of the domain '{}', which is not supported.", node.name, domain)};
        break;
      default:
        in.skip();
    }
  }
  return node;
}

std::vector<Dimension> readShape(pbf_reader in) {
  std::vector<Dimension> shape;
  while (in.next(1)) {
    pbf_reader dimension = message(in);
    Dimension d;
    while (dimension.next()) {
      if (dimension.tag() == 1)
        d.value = integer(dimension);
      else if (dimension.tag() == 2)
        d.parameter = text(dimension);
      else
        dimension.skip();
    }
    shape.push_back(std::move(d));
  }
  return shape;
}

void readTensorType(pbf_reader in, ValueInfo& info) {
  while (in.next()) {
    if (in.tag() == 2)
      info.shape = readShape(message(in));
    else if (in.tag() != 1)
      in.skip();
    else {
      const int64_t code = integer(in);
      const auto dtype = dtypeOf(code);
      if (!dtype) throw Malformed{fmt::format("Value '{}' has the unknown data type {}.", info.name, code)};
      info.dtype = *dtype;
    }
  }
}

ValueInfo readValueInfo(pbf_reader in) {
  ValueInfo info;
  while (in.next()) {
    switch (in.tag()) {
      case 1:
        info.name = text(in);
        break;
      case 2: {
        pbf_reader type = message(in);
        while (type.next()) {
          if (type.tag() != 1)
            throw Malformed{fmt::format("Value '{}' is no tensor, which is not supported.", info.name)};
          readTensorType(message(type), info);
        }
        break;
      }
      case 3:
        info.docString = text(in);
        break;
      default:
        in.skip();
    }
  }
  return info;
}

void add(Initializer read, Graph& graph) {
  if (auto* stored = std::get_if<StoredTensor>(&read))
    graph.stored.push_back(std::move(*stored));
  else
    graph.initializers.push_back(std::get<NamedTensor>(std::move(read)));
}

std::shared_ptr<Graph> readGraph(pbf_reader in, const ModelFile* file, int depth) {
  if (depth > kDeepest) throw Malformed{fmt::format("Its graphs lie in each other more than {} times.", kDeepest)};
  auto made = std::make_shared<Graph>();
  Graph& graph = *made;
  while (in.next()) {
    switch (in.tag()) {
      case 1:
        graph.nodes.push_back(readNode(message(in), file, depth));
        break;
      case 2:
        graph.name = text(in);
        break;
      case 5:
        add(readTensor(message(in), file), graph);
        break;
      case 10:
        graph.docString = text(in);
        break;
      case 11:
        graph.inputs.push_back(readValueInfo(message(in)));
        break;
      case 12:
        graph.outputs.push_back(readValueInfo(message(in)));
        break;
      case 13:
        graph.values.push_back(readValueInfo(message(in)));
        break;
      default:
        in.skip();
    }
  }
  return made;
}

void readOpset(pbf_reader in, Model& model) {
  std::string domain;
  int64_t version = 0;
  while (in.next()) {
    if (in.tag() == 1)
      domain = text(in);
    else if (in.tag() == 2)
      version = integer(in);
    else
      in.skip();
  }
  if (domain.empty() || domain == "ai.onnx") model.opset = version;
}

void readMetadata(pbf_reader in, Model& model) {
  const auto [key, value] = readEntry(in);
  model.metadata[key] = value;
}

Model readModel(pbf_reader in, const ModelFile* file) {
  Model model;
  model.irVersion = model.opset = 0;
  bool hasGraph = false;
  while (in.next()) {
    switch (in.tag()) {
      case 1:
        model.irVersion = integer(in);
        break;
      case 2:
        model.producerName = text(in);
        break;
      case 3:
        model.producerVersion = text(in);
        break;
      case 6:
        model.docString = text(in);
        break;
      case 7:
        model.graph = std::move(*readGraph(message(in), file, 0)), hasGraph = true;
        break;
      case 8:
        readOpset(message(in), model);
        break;
      case 14:
        readMetadata(message(in), model);
        break;
      default:
        in.skip();
    }
  }
  if (!hasGraph) throw Malformed{"It holds no graph."};
  if (model.opset < 1) throw Malformed{"It names no version of the ONNX operators."};
  return model;
}

[[noreturn]] void failRead(const std::string& source, const std::string& why) {
  failInput(fmt::format("{} cannot be read as ONNX.", source), why, "Write or download it again.");
}

}  // namespace

Model parseModel(std::string_view bytes, const std::string& sourceName, const ModelFile* file) {
  try {
    return readModel(pbf_reader(bytes.data(), bytes.size()), file);
  } catch (const Malformed& e) {
    failRead(sourceName, e.why);
  } catch (const protozero::exception& e) {
    failRead(sourceName, fmt::format("Its {} bytes are cut off or damaged ({}).", bytes.size(), e.what()));
  }
}

}  // namespace netwright::convert::onnx
