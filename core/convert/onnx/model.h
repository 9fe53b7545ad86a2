// SPDX-License-Identifier: Apache-2.0
// An ONNX model as values: the part of the format that Netwright writes and reads. Field names follow onnx.proto.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/chunks.h"
#include "core/base/host_tensor.h"
#include "core/base/safetensors.h"

namespace netwright::convert::onnx {

struct Graph;

// INT, FLOAT, STRING, INTS, FLOATS, TENSOR, GRAPH (never null); other kinds are refused when read.
using AttributeValue = std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<float>, HostTensor,
                                    std::shared_ptr<Graph>>;

struct Attribute {
  std::string name;
  AttributeValue value;
};

struct Node {
  std::string name, opType, docString;
  std::vector<std::string> inputs, outputs;  // "" is an input that was left out
  std::vector<Attribute> attributes;
};

// A size: a number, or a name for what is only known at run time ("N"); both empty: nothing is known.
struct Dimension {
  std::optional<int64_t> value;
  std::string parameter;
};

struct ValueInfo {
  std::string name, docString;
  DType dtype = DType::Float32;
  std::vector<Dimension> shape;
};

// An initializer whose data stays in its file until somebody asks for it.
struct StoredTensor {
  std::string name;
  DType dtype = DType::Float32;
  std::vector<int64_t> shape;
  std::filesystem::path file;
  uint64_t offset = 0;      // of its first byte there
  HostTensor load() const;  // throws Error{Environment}
};

// The main one, or what a node of control flow runs: that reads names of the graphs around it too.
struct Graph {
  std::string name, docString;
  std::vector<Node> nodes;         // in topological order
  std::vector<TensorRef> weights;  // initializers that lie elsewhere, written first; in the main graph only, and
                                   // parse() makes none
  std::vector<NamedTensor> initializers;
  std::vector<StoredTensor> stored;  // further ones; only open() makes them
  std::vector<ValueInfo> inputs, outputs, values;
};

struct Model {
  int64_t irVersion = 8;
  int64_t opset = 17;  // of the default domain
  std::string producerName, producerVersion, docString;
  Graph graph;
  TextMap metadata;
};

// TensorProto.DataType of the formats that both sides know; nullopt for others.
std::optional<int32_t> dataType(DType dtype);
std::optional<DType> dtypeOf(int64_t dataType);

// The protobuf bytes, and the data of large weights that lie in a file beside it. Both borrow the weights' data; equal
// models give equal bytes.
struct Serialised {
  Chunks model, data;
};
// `dataFile`: the name of the file beside, for weights of at least kExternalSize bytes; empty: all lie in the model.
constexpr size_t kExternalSize = 65536;  // also what their places are multiples of, so that they can be mapped
Serialised serialise(const Model& model, const std::string& dataFile = "");
// Throws Error{Input} that names the source and what is wrong: no protobuf, cut off, a tensor whose data does not fit
// its shape, an attribute or type of a kind that Netwright does not know, data in another file, graphs in each other
// more than kDeepest times.
constexpr int kDeepest = 100;
Model parse(std::string_view bytes, const std::string& sourceName);
// The same for a file, with data that lies in files beside it (never elsewhere).
Model read(const std::filesystem::path& path);
// The same, but weights of at least kExternalSize bytes stay on the disk. For a file that has just been written: it is
// mapped while it is parsed, and must not be shortened meanwhile.
Model open(const std::filesystem::path& path);

}  // namespace netwright::convert::onnx
