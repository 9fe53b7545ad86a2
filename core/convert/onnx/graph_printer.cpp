// SPDX-License-Identifier: Apache-2.0
#include "core/convert/onnx/graph_printer.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/convert/model_part.h"

namespace netwright::convert::onnx {

using program::ValueId;

// The graph under construction: which name each value of the program has in it.
class GraphPrinter {
 public:
  GraphPrinter(const ExportInput& input, const PrintOptions& options)
      : input_(input), options_(options), part_(modelPart(input.program)) {
    for (const program::Port* p : part_.inputs) names_[p->value] = values_.take(p->name);
    for (const program::Port& p : input.program.outputs) outputs_.push_back(values_.take(p.name));
    for (const program::State* s : part_.states) names_[s->value] = values_.take(s->name);
  }

  Graph print(const std::function<void(OpPrinter&)>& row) {
    for (const program::Op* op : part_.ops) {
      OpPrinter printer(*this, *op);
      row(printer);
    }
    addOutputs();
    for (const program::Port* p : part_.inputs) graph_.inputs.push_back(info(p->value, names_.at(p->value)));
    addWeights();
    graph_.name = input_.modelName;
    return std::move(graph_);
  }

 private:
  friend class OpPrinter;

  ValueInfo info(ValueId value, const std::string& name) const {
    const program::TensorType& type = input_.program.tensorType(value);
    ValueInfo info{name, "", type.dtype, {}};
    for (const program::Dim& d : type.shape) {
      if (const auto known = d.constant())
        info.shape.push_back({*known, ""});
      else if (const auto fixed = options_.batch ? d.evaluate({{"N", *options_.batch}}) : std::nullopt)
        info.shape.push_back({*fixed, ""});
      else
        info.shape.push_back({std::nullopt, d.text()});
    }
    return info;
  }

  // The name of an op's result: that of the output it feeds, else the node's.
  std::string bindResult(ValueId value) {
    const auto& ports = input_.program.outputs;
    for (size_t i = 0; i < ports.size(); ++i)
      if (ports[i].value == value) return names_[value] = outputs_[i];
    const std::string name = values_.take(input_.program.value(value).name);
    graph_.values.push_back(info(value, name));
    return names_[value] = name;
  }

  void append(const program::Op& op, const char* opType, std::vector<std::string> inputs,
              std::vector<std::string> outputs, std::vector<Attribute> attributes) {
    for (auto* names : {&inputs, &outputs})  // what is left out at the end is not written
      while (!names->empty() && names->back().empty()) names->pop_back();
    const std::string& label = input_.program.value(op.results[0]).name;
    graph_.nodes.push_back(
        {nodes_.take(label), opType, op.layer, std::move(inputs), std::move(outputs), std::move(attributes)});
  }

  bool isRead(ValueId value) const {
    const auto& ports = input_.program.outputs;
    const auto reads = [&](const program::Op* op) {
      return std::any_of(op->args.begin(), op->args.end(), [&](const program::Argument& a) {
        const auto* list = std::get_if<std::vector<ValueId>>(&a);
        return a == program::Argument(value) || (list && std::find(list->begin(), list->end(), value) != list->end());
      });
    };
    return std::any_of(ports.begin(), ports.end(), [&](const program::Port& p) { return p.value == value; }) ||
           std::any_of(part_.ops.begin(), part_.ops.end(), reads);
  }

  void addOutputs() {
    const auto& ports = input_.program.outputs;
    for (size_t i = 0; i < ports.size(); ++i) {
      const std::string& source = names_.at(ports[i].value);
      if (source != outputs_[i])
        graph_.nodes.push_back({nodes_.take(outputs_[i]), "Identity", "", {source}, {outputs_[i]}, {}});
      graph_.outputs.push_back(info(ports[i].value, outputs_[i]));
    }
  }

  // Only those that a node reads; num_batches_tracked, for one, is used in training only.
  void addWeights() {
    std::set<std::string> read;
    for (const Node& n : graph_.nodes) read.insert(n.inputs.begin(), n.inputs.end());
    std::vector<const program::State*> states;
    for (const program::State* s : part_.states)
      if (read.contains(names_.at(s->value))) states.push_back(s);
    const auto weights = weightsOf(input_, states);
    for (size_t i = 0; i < states.size(); ++i) graph_.weights.push_back({names_.at(states[i]->value), weights[i]});
  }

  const ExportInput& input_;
  PrintOptions options_;
  ModelPart part_;
  Graph graph_;
  NameTable values_, nodes_;
  std::map<ValueId, std::string> names_;
  std::vector<std::string> outputs_;  // per output of the program
};

int64_t OpPrinter::opset() const { return graph_.options_.opset; }

bool OpPrinter::has(const char* name) const { return static_cast<bool>(tensorArgument(op_, name)); }

const program::Program& OpPrinter::program() const { return graph_.input_.program; }
std::string OpPrinter::tensor(const char* name) const { return graph_.names_.at(tensorArgument(op_, name)); }

const program::Shape& OpPrinter::shape(const char* name) const {
  return graph_.input_.program.tensorType(tensorArgument(op_, name)).shape;
}

std::vector<int64_t> OpPrinter::sizes(const char* name) const { return program::constants(shape(name)).value(); }

const program::Shape& OpPrinter::resultShape(size_t index) const {
  return graph_.input_.program.tensorType(op_.results[index]).shape;
}

bool OpPrinter::wanted(size_t index) const { return graph_.isRead(op_.results[index]); }

std::vector<std::string> OpPrinter::list(const char* name) const {
  std::vector<std::string> names;
  for (const ValueId v : std::get<std::vector<ValueId>>(argument(op_, name))) names.push_back(graph_.names_.at(v));
  return names;
}

std::vector<int64_t> OpPrinter::sizes(const char* name, size_t index) const {
  const ValueId value = std::get<std::vector<ValueId>>(argument(op_, name))[index];
  return program::constants(graph_.input_.program.tensorType(value).shape).value();
}

DType OpPrinter::dtype(const char* name) const {
  return graph_.input_.program.tensorType(tensorArgument(op_, name)).dtype;
}

DType OpPrinter::resultDtype(size_t index) const { return graph_.input_.program.tensorType(op_.results[index]).dtype; }

std::vector<int64_t> OpPrinter::ints(const char* name) const {
  if (const auto* one = std::get_if<program::Dim>(&argument(op_, name))) return {one->constant().value()};
  return program::constants(std::get<program::Shape>(argument(op_, name))).value();
}

std::vector<int64_t> OpPrinter::pair(const char* name) const {
  const auto list = ints(name);
  return list.size() == 1 ? std::vector<int64_t>{list[0], list[0]} : list;
}

int64_t OpPrinter::integer(const char* name) const {
  return std::get<program::Dim>(argument(op_, name)).constant().value();
}

double OpPrinter::real(const char* name) const { return std::get<double>(argument(op_, name)); }

double OpPrinter::scalar(const char* name) const {
  if (const auto* training = std::get_if<program::TrainingNumber>(&argument(op_, name)))
    return op_.mode == Mode::Train ? training->value : 0;
  return std::holds_alternative<double>(argument(op_, name)) ? real(name) : static_cast<double>(integer(name));
}

bool OpPrinter::flag(const char* name) const { return std::get<bool>(argument(op_, name)); }

bool OpPrinter::none(const char* name) const { return std::holds_alternative<None>(argument(op_, name)); }

bool OpPrinter::whole(const char* name) const { return std::holds_alternative<program::Dim>(argument(op_, name)); }

std::string OpPrinter::text(const char* name) const { return std::get<std::string>(argument(op_, name)); }

const std::string& OpPrinter::label() const { return graph_.input_.program.value(op_.results[0]).name; }

void OpPrinter::result(const char* opType, std::vector<std::string> inputs, std::vector<Attribute> attributes,
                       size_t index) {
  graph_.append(op_, opType, std::move(inputs), {graph_.bindResult(op_.results[index])}, std::move(attributes));
}

std::string OpPrinter::resultName(size_t index) const { return graph_.names_.at(op_.results[index]); }

std::string OpPrinter::node(const char* opType, std::vector<std::string> inputs, const std::string& suffix,
                            std::vector<Attribute> attributes) {
  return nodes(opType, std::move(inputs), {suffix}, std::move(attributes)).front();
}

std::vector<std::string> OpPrinter::nodes(const char* opType, std::vector<std::string> inputs,
                                          const std::vector<std::string>& suffixes, std::vector<Attribute> attributes) {
  std::vector<std::string> names;
  for (const std::string& suffix : suffixes)
    names.push_back(suffix.empty() ? "" : graph_.values_.take(label() + "_" + suffix));
  graph_.append(op_, opType, std::move(inputs), names, std::move(attributes));
  return names;
}

std::string OpPrinter::reduce(const char* opType, const std::string& x, const std::vector<int64_t>& axes, bool keep,
                              const std::string& suffix) {
  std::vector<std::string> inputs{x};
  std::vector<Attribute> attributes{{"keepdims", int64_t{keep}}};
  if (opset() >= 18 || opType == std::string_view("ReduceSum"))
    inputs.push_back(integers(suffix + (suffix.empty() ? "axes" : "_axes"), axes));
  else
    attributes.insert(attributes.begin(), {"axes", axes});
  if (!suffix.empty()) return node(opType, std::move(inputs), suffix, std::move(attributes));
  result(opType, std::move(inputs), std::move(attributes));
  return "";
}

std::string OpPrinter::cast(const std::string& x, DType type, const std::string& suffix) {
  const std::vector<Attribute> to{{"to", int64_t{*dataType(type)}}};
  if (!suffix.empty()) return node("Cast", {x}, suffix, to);
  result("Cast", {x}, to);
  return "";
}

std::string OpPrinter::as(DType type, const char* name) {
  return dtype(name) == type ? tensor(name) : cast(tensor(name), type, std::string(name) + "_cast");
}

void OpPrinter::sameAs(const char* name) { bind(0, tensor(name)); }

void OpPrinter::bind(size_t index, const std::string& name) const { graph_.names_[op_.results[index]] = name; }

std::string OpPrinter::constant(const std::string& suffix, HostTensor tensor) {
  const std::string name = graph_.values_.take(label() + "_" + suffix);
  graph_.graph_.initializers.push_back({name, std::move(tensor)});
  return name;
}

std::string OpPrinter::integers(const std::string& suffix, const std::vector<int64_t>& values) {
  HostTensor tensor(DType::Int64, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), tensor.as<int64_t>().begin());
  return constant(suffix, std::move(tensor));
}

std::string OpPrinter::number(const std::string& suffix, float value) {
  HostTensor tensor(DType::Float32, {});
  tensor.as<float>()[0] = value;
  return constant(suffix, std::move(tensor));
}

std::string OpPrinter::number(const std::string& suffix, double value, DType type) {
  HostTensor tensor(type == DType::DefaultFloat ? DType::Float32 : type, {});
  switch (tensor.dtype) {
    case DType::Float32:
      tensor.as<float>()[0] = static_cast<float>(value);
      break;
    case DType::Float64:
      tensor.as<double>()[0] = value;
      break;
    case DType::Int64:
      tensor.as<int64_t>()[0] = static_cast<int64_t>(value);
      break;
    case DType::Int32:
      tensor.as<int32_t>()[0] = static_cast<int32_t>(value);
      break;
    default:  // bool and other small types, which rows let through for 0 and 1
      tensor.bytes[0] = static_cast<std::byte>(value != 0);
  }
  return constant(suffix, std::move(tensor));
}

std::string OpPrinter::filled(const std::string& suffix, int64_t count, float value) {
  HostTensor tensor(DType::Float32, {count});
  std::fill(tensor.as<float>().begin(), tensor.as<float>().end(), value);
  return constant(suffix, std::move(tensor));
}

Model printModel(const ExportInput& input, const PrintOptions& options, const std::function<void(OpPrinter&)>& print) {
  constexpr std::array<int64_t, kLastOpset - kFirstOpset + 1> kFileVersions{8, 8, 9, 9, 10, 10};  // docs/Versioning.md
  Model model;
  model.opset = options.opset;
  model.irVersion = kFileVersions.at(static_cast<size_t>(options.opset - kFirstOpset));
  model.producerName = "Netwright";
  model.producerVersion = input.producerVersion;
  model.metadata = originOf(input);
  model.graph = GraphPrinter(input, options).print(print);
  return model;
}

}  // namespace netwright::convert::onnx
