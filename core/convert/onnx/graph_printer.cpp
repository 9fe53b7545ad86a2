// SPDX-License-Identifier: Apache-2.0
#include "core/convert/onnx/graph_printer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <set>

#include "core/convert/model_part.h"

namespace netwright::convert::onnx {

using program::ValueId;

// What the graphs of a model share: no two values or nodes are called alike, wherever they are.
struct Printing {
  PrintOptions options;
  const std::function<void(OpPrinter&)>& row;
  NameTable values, nodes;
};

// A graph under construction: which name each value of the program has in it.
class GraphPrinter {
 public:
  GraphPrinter(const program::Program& program, Printing& printing) : program_(program), printing_(printing) {}

  Graph printModel(const ExportInput& input) {
    const ModelPart part = modelPart(program_);
    ops_ = part.ops;
    for (const program::Port* p : part.inputs) names_[p->value] = take(p->name);
    for (const program::Port& p : program_.outputs) outputs_.push_back(take(p.name));
    for (const program::State* s : part.states) names_[s->value] = take(s->name);
    printOps();
    for (const program::Port* p : part.inputs) graph_.inputs.push_back(info(p->value, names_.at(p->value)));
    addWeights(input, part.states);
    graph_.name = input.modelName;
    return std::move(graph_);
  }

  Graph printRegion(const std::string& name, const std::vector<std::string>& inputs) {
    for (const program::Op& op : program_.ops)
      if (op.phase == program::Phase::Forward) ops_.push_back(&op);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const program::Port& port = program_.inputs[i];
      names_[port.value] = inputs[i].empty() ? take(name + "." + port.name) : inputs[i];
      if (inputs[i].empty()) graph_.inputs.push_back(info(port.value, names_[port.value]));
    }
    for (const program::Port& p : program_.outputs) outputs_.push_back(take(name + "." + p.name));
    printOps();
    graph_.name = name;
    return std::move(graph_);
  }

 private:
  friend class OpPrinter;

  std::string take(const std::string& wanted) { return printing_.values.take(wanted); }

  void printOps() {
    for (const program::Op* op : ops_) {
      OpPrinter printer(*this, *op);
      printing_.row(printer);
    }
    addOutputs();
  }

  ValueInfo info(ValueId value, const std::string& name) const {
    const program::TensorType& type = program_.tensorType(value);
    ValueInfo info{name, "", type.dtype, {}};
    for (const program::Dim& d : type.shape) {
      if (const auto known = d.constant())
        info.shape.push_back({*known, ""});
      else if (const auto fixed = batch() ? d.evaluate({{"N", *batch()}}) : std::nullopt)
        info.shape.push_back({*fixed, ""});
      else
        info.shape.push_back({std::nullopt, d.text()});
    }
    return info;
  }

  const std::optional<int64_t>& batch() const { return printing_.options.batch; }

  // The name of an op's result: that of the output it feeds, else the node's.
  std::string bindResult(ValueId value) {
    const auto& ports = program_.outputs;
    for (size_t i = 0; i < ports.size(); ++i)
      if (ports[i].value == value) return names_[value] = outputs_[i];
    const std::string name = take(program_.value(value).name);
    graph_.values.push_back(info(value, name));
    return names_[value] = name;
  }

  Node make(const program::Op& op, const char* opType, std::vector<std::string> inputs,
            std::vector<std::string> outputs, std::vector<Attribute> attributes) {
    for (auto* names : {&inputs, &outputs})  // what is left out at the end is not written
      while (!names->empty() && names->back().empty()) names->pop_back();
    const std::string& label = program_.value(op.results[0]).name;
    return {printing_.nodes.take(label), opType, op.layer, std::move(inputs), std::move(outputs),
            std::move(attributes)};
  }

  bool isRead(ValueId value) const {
    const auto& ports = program_.outputs;
    const auto reads = [&](const program::Op* op) {
      return std::any_of(op->args.begin(), op->args.end(), [&](const program::Argument& a) {
        const auto* list = std::get_if<std::vector<ValueId>>(&a);
        return a == program::Argument(value) || (list && std::find(list->begin(), list->end(), value) != list->end());
      });
    };
    return std::any_of(ports.begin(), ports.end(), [&](const program::Port& p) { return p.value == value; }) ||
           std::any_of(ops_.begin(), ops_.end(), reads);
  }

  void addOutputs() {
    const auto& ports = program_.outputs;
    for (size_t i = 0; i < ports.size(); ++i) {
      const std::string& source = names_.at(ports[i].value);
      if (source != outputs_[i])
        graph_.nodes.push_back({printing_.nodes.take(outputs_[i]), "Identity", "", {source}, {outputs_[i]}, {}});
      graph_.outputs.push_back(info(ports[i].value, outputs_[i]));
    }
  }

  // What nodes read, in graphs inside too.
  static void collectRead(const Graph& graph, std::set<std::string>& read) {
    for (const Node& n : graph.nodes) {
      read.insert(n.inputs.begin(), n.inputs.end());
      for (const Attribute& a : n.attributes)
        if (const auto* inner = std::get_if<std::shared_ptr<Graph>>(&a.value)) collectRead(**inner, read);
    }
  }

  // Only those that a node reads; num_batches_tracked, for one, is used in training only.
  void addWeights(const ExportInput& input, const std::vector<const program::State*>& all) {
    std::set<std::string> read;
    collectRead(graph_, read);
    std::vector<const program::State*> states;
    for (const program::State* s : all)
      if (read.contains(names_.at(s->value))) states.push_back(s);
    const auto weights = weightsOf(input, states);
    for (size_t i = 0; i < states.size(); ++i) graph_.weights.push_back({names_.at(states[i]->value), weights[i]});
  }

  const program::Program& program_;
  Printing& printing_;
  std::vector<const program::Op*> ops_;
  Graph graph_;
  std::map<ValueId, std::string> names_;
  std::vector<std::string> outputs_;  // per output of the program
};

int64_t OpPrinter::opset() const { return graph_.printing_.options.opset; }

bool OpPrinter::has(const char* name) const { return static_cast<bool>(tensorArgument(op_, name)); }

const program::Program& OpPrinter::program() const { return graph_.program_; }
std::string OpPrinter::tensor(const char* name) const { return graph_.names_.at(tensorArgument(op_, name)); }

const program::Shape& OpPrinter::shape(const char* name) const {
  return graph_.program_.tensorType(tensorArgument(op_, name)).shape;
}

std::vector<int64_t> OpPrinter::sizes(const char* name) const { return program::constants(shape(name)).value(); }

const program::Shape& OpPrinter::resultShape(size_t index) const {
  return graph_.program_.tensorType(op_.results[index]).shape;
}

bool OpPrinter::wanted(size_t index) const { return graph_.isRead(op_.results[index]); }

std::vector<std::string> OpPrinter::list(const char* name) const {
  std::vector<std::string> names;
  for (const ValueId v : std::get<std::vector<ValueId>>(argument(op_, name))) names.push_back(graph_.names_.at(v));
  return names;
}

std::vector<int64_t> OpPrinter::sizes(const char* name, size_t index) const {
  const ValueId value = std::get<std::vector<ValueId>>(argument(op_, name))[index];
  return program::constants(graph_.program_.tensorType(value).shape).value();
}

DType OpPrinter::dtype(const char* name) const { return graph_.program_.tensorType(tensorArgument(op_, name)).dtype; }

DType OpPrinter::resultDtype(size_t index) const { return graph_.program_.tensorType(op_.results[index]).dtype; }

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

const std::string& OpPrinter::label() const { return graph_.program_.value(op_.results[0]).name; }

void OpPrinter::result(const char* opType, std::vector<std::string> inputs, std::vector<Attribute> attributes,
                       size_t index) {
  append(make(opType, std::move(inputs), {declare(index)}, std::move(attributes)));
}

std::string OpPrinter::resultName(size_t index) const { return graph_.names_.at(op_.results[index]); }

std::string OpPrinter::node(const char* opType, std::vector<std::string> inputs, const std::string& suffix,
                            std::vector<Attribute> attributes) {
  return nodes(opType, std::move(inputs), {suffix}, std::move(attributes)).front();
}

std::vector<std::string> OpPrinter::nodes(const char* opType, std::vector<std::string> inputs,
                                          const std::vector<std::string>& suffixes, std::vector<Attribute> attributes) {
  std::vector<std::string> names;
  for (const std::string& suffix : suffixes) names.push_back(suffix.empty() ? "" : fresh(suffix));
  append(make(opType, std::move(inputs), names, std::move(attributes)));
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
  const std::string name = fresh(suffix);
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

Graph OpPrinter::region(size_t index, const std::vector<std::string>& inputs) {
  return GraphPrinter(*op_.regions[index], graph_.printing_).printRegion(label(), inputs);
}

std::string OpPrinter::fresh(const std::string& suffix) { return graph_.take(label() + "_" + suffix); }

std::string OpPrinter::declare(size_t index) { return graph_.bindResult(op_.results[index]); }

ValueInfo OpPrinter::resultInfo(size_t index, std::string name) {
  return graph_.info(op_.results[index], std::move(name));
}

Node OpPrinter::make(const char* opType, std::vector<std::string> inputs, std::vector<std::string> outputs,
                     std::vector<Attribute> attributes) {
  return graph_.make(op_, opType, std::move(inputs), std::move(outputs), std::move(attributes));
}

void OpPrinter::append(Node node) { graph_.graph_.nodes.push_back(std::move(node)); }

void OpPrinter::append(Graph graph) {
  const auto move = [](auto& from, auto& to) { std::move(from.begin(), from.end(), std::back_inserter(to)); };
  move(graph.nodes, graph_.graph_.nodes);
  move(graph.initializers, graph_.graph_.initializers);
  move(graph.values, graph_.graph_.values);
}

Model printModel(const ExportInput& input, const PrintOptions& options, const std::function<void(OpPrinter&)>& print) {
  constexpr std::array<int64_t, kLastOpset - kFirstOpset + 1> kFileVersions{8, 8, 9, 9, 10, 10};  // docs/Versioning.md
  Model model;
  model.opset = options.opset;
  model.irVersion = kFileVersions.at(static_cast<size_t>(options.opset - kFirstOpset));
  model.producerName = "Netwright";
  model.producerVersion = input.producerVersion;
  model.metadata = originOf(input);
  Printing printing{options, print, {}, {}};
  model.graph = GraphPrinter(input.program, printing).printModel(input);
  return model;
}

}  // namespace netwright::convert::onnx
