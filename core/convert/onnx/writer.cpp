// SPDX-License-Identifier: Apache-2.0
// Field numbers: onnx/onnx.proto of ONNX 1.12.
#include <array>
#include <protozero/pbf_writer.hpp>

#include "core/convert/onnx/model.h"

namespace netwright::convert::onnx {
namespace {

using protozero::pbf_writer;

constexpr std::array<std::pair<DType, int32_t>, 10> kTypes{{{DType::Float32, 1},
                                                            {DType::UInt8, 2},
                                                            {DType::Int8, 3},
                                                            {DType::Int16, 5},
                                                            {DType::Int32, 6},
                                                            {DType::Int64, 7},
                                                            {DType::Bool, 9},
                                                            {DType::Float16, 10},
                                                            {DType::Float64, 11},
                                                            {DType::BFloat16, 16}}};

void addText(pbf_writer& out, protozero::pbf_tag_type tag, const std::string& text) {
  if (!text.empty()) out.add_string(tag, text);
}

// All but the data.
std::string tensorHead(const std::string& name, const HostTensor& tensor) {
  std::string bytes;
  pbf_writer out(bytes);
  for (const int64_t d : tensor.shape) out.add_int64(1, d);
  out.add_int32(2, dataType(tensor.dtype).value());
  addText(out, 8, name);
  return bytes;
}

std::string tensorProto(const std::string& name, const HostTensor& tensor) {
  std::string bytes = tensorHead(name, tensor);
  pbf_writer(bytes).add_bytes(9, reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  return bytes;
}

std::string graphProto(const Graph& graph);

// Writes the value of an AttributeProto and its type.
struct AttributeWriter {
  pbf_writer& out;
  void operator()(int64_t v) { out.add_int64(3, v), out.add_int32(20, 2); }
  void operator()(float v) { out.add_float(2, v), out.add_int32(20, 1); }
  void operator()(const std::string& v) { out.add_bytes(4, v), out.add_int32(20, 3); }
  void operator()(const std::vector<int64_t>& v) {
    for (const int64_t i : v) out.add_int64(8, i);
    out.add_int32(20, 7);
  }
  void operator()(const std::vector<float>& v) {
    for (const float f : v) out.add_float(7, f);
    out.add_int32(20, 6);
  }
  void operator()(const HostTensor& v) { out.add_message(5, tensorProto("", v)), out.add_int32(20, 4); }
  void operator()(const std::shared_ptr<Graph>& v) { out.add_message(6, graphProto(*v)), out.add_int32(20, 5); }
};

std::string nodeProto(const Node& node) {
  std::string bytes;
  pbf_writer out(bytes);
  for (const std::string& name : node.inputs) out.add_string(1, name);
  for (const std::string& name : node.outputs) out.add_string(2, name);
  addText(out, 3, node.name);
  out.add_string(4, node.opType);
  for (const Attribute& a : node.attributes) {
    std::string attribute;
    pbf_writer writer(attribute);
    writer.add_string(1, a.name);
    std::visit(AttributeWriter{writer}, a.value);
    out.add_message(5, attribute);
  }
  addText(out, 6, node.docString);
  return bytes;
}

std::string valueInfoProto(const ValueInfo& info) {
  std::string shape, tensorType, type, bytes;
  pbf_writer shapeOut(shape), tensorOut(tensorType), typeOut(type), out(bytes);
  for (const Dimension& d : info.shape) {
    std::string dimension;
    pbf_writer writer(dimension);
    if (d.value)
      writer.add_int64(1, *d.value);
    else
      addText(writer, 2, d.parameter);
    shapeOut.add_message(1, dimension);
  }
  tensorOut.add_int32(1, dataType(info.dtype).value());
  tensorOut.add_message(2, shape);
  typeOut.add_message(1, tensorType);
  out.add_string(1, info.name);
  out.add_message(2, type);
  addText(out, 3, info.docString);
  return bytes;
}

// Where the data of a weight lies in the file beside the model.
std::string location(const std::string& file, size_t offset, size_t length) {
  std::string bytes;
  pbf_writer out(bytes);
  for (const auto& [key, value] : {std::pair<const char*, std::string>{"location", file},
                                   {"offset", std::to_string(offset)},
                                   {"length", std::to_string(length)}}) {
    std::string entry;
    pbf_writer writer(entry);
    writer.add_string(1, key);
    writer.add_string(2, value);
    out.add_message(13, entry);
  }
  out.add_int32(14, 1);  // EXTERNAL
  return bytes;
}

// A field of a message whose content may be in pieces.
void addField(Chunks& out, protozero::pbf_tag_type tag, Chunks content) {
  std::string head;
  protozero::add_varint_to_buffer(&head, tag << 3u | 2u);
  protozero::add_varint_to_buffer(&head, content.size());
  out.add(std::move(head));
  out.append(std::move(content));
}

// Writes the graph; weights are borrowed, into the message or into the data beside it.
class GraphWriter {
 public:
  GraphWriter(const Graph& graph, std::string dataFile) : graph_(graph), dataFile_(std::move(dataFile)) {}

  Serialised write() {
    std::string head, tail;
    pbf_writer headOut(head), out(tail);
    for (const Node& n : graph_.nodes) headOut.add_message(1, nodeProto(n));
    headOut.add_string(2, graph_.name);
    written_.model.add(std::move(head));
    for (const TensorRef& t : graph_.weights) addField(written_.model, 5, weight(t));
    for (const NamedTensor& t : graph_.initializers) out.add_message(5, tensorProto(t.name, t.tensor));
    addText(out, 10, graph_.docString);
    for (const ValueInfo& v : graph_.inputs) out.add_message(11, valueInfoProto(v));
    for (const ValueInfo& v : graph_.outputs) out.add_message(12, valueInfoProto(v));
    for (const ValueInfo& v : graph_.values) out.add_message(13, valueInfoProto(v));
    written_.model.add(std::move(tail));
    return std::move(written_);
  }

 private:
  Chunks weight(const TensorRef& t) {
    Chunks content(tensorHead(t.name, *t.tensor));
    const std::string_view bytes = bytesOf(*t.tensor);
    if (!dataFile_.empty() && bytes.size() >= kExternalSize) {
      Chunks& data = written_.data;
      data.add(std::string((kExternalSize - data.size() % kExternalSize) % kExternalSize, '\0'));
      content.add(location(dataFile_, data.size(), bytes.size()));
      data.borrow(bytes);
      return content;
    }
    Chunks raw;
    raw.borrow(bytes);
    addField(content, 9, std::move(raw));
    return content;
  }

  const Graph& graph_;
  std::string dataFile_;
  Serialised written_;
};

// Of a graph inside another: weights lie in the main one.
std::string graphProto(const Graph& graph) { return GraphWriter(graph, "").write().model.joined(); }

}  // namespace

std::optional<int32_t> dataType(DType dtype) {
  const DType wanted = dtype == DType::DefaultFloat ? DType::Float32 : dtype;
  for (const auto& [type, code] : kTypes)
    if (type == wanted) return code;
  return std::nullopt;
}

std::optional<DType> dtypeOf(int64_t dataType) {
  for (const auto& [type, code] : kTypes)
    if (code == dataType) return type;
  return std::nullopt;
}

Serialised serialise(const Model& model, const std::string& dataFile) {
  std::string head, tail, opset;
  pbf_writer headOut(head), out(tail), opsetOut(opset);
  headOut.add_int64(1, model.irVersion);
  addText(headOut, 2, model.producerName);
  addText(headOut, 3, model.producerVersion);
  addText(headOut, 6, model.docString);
  opsetOut.add_string(1, "");
  opsetOut.add_int64(2, model.opset);
  out.add_message(8, opset);
  for (const auto& [key, value] : model.metadata) {
    std::string entry;
    pbf_writer writer(entry);
    writer.add_string(1, key);
    writer.add_string(2, value);
    out.add_message(14, entry);
  }
  Serialised graph = GraphWriter(model.graph, dataFile).write();
  Serialised all{Chunks(std::move(head)), std::move(graph.data)};
  addField(all.model, 7, std::move(graph.model));
  all.model.add(std::move(tail));
  return all;
}

}  // namespace netwright::convert::onnx
