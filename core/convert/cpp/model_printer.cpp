// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/model_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "core/base/text.h"
#include "core/convert/cpp/example.h"
#include "core/convert/cpp/kernel_source.h"
#include "core/convert/cpp/memory_plan.h"
#include "core/convert/cpp/rows.h"
#include "core/convert/cpp/words.h"
#include "core/convert/model_part.h"
#include "core/convert/name_table.h"

namespace netwright::convert::cpp {

using program::Dim;
using program::Op;
using program::Shape;
using program::ValueId;

// The source under construction: what stands for each value, and which buffers are in use.
class ModelPrinter {
 public:
  explicit ModelPrinter(const ExportInput& input)
      : program_(input.program), part_(modelPart(input.program)), face_(faceOf(input)) {
    locals_.take("N");
    for (const char* name : {"weights", "scratch", "outputs"}) members_.take(name);
    for (size_t i = 0; i < part_.inputs.size(); ++i)
      places_[part_.inputs[i]->value] = {face_.inputs.size() == 1 ? locals_.take(face_.inputs[0].name) + ".data"
                                                                  : "inputs." + face_.inputs[i].name + ".data",
                                         std::nullopt};
    if (face_.inputs.size() != 1) locals_.take("inputs");
    for (const program::State* s : part_.states) states_[s->value] = s;
  }

  std::string header(const ExportInput& input);
  std::vector<const program::State*> states() const { return read_; }

 private:
  friend class OpPrinter;

  struct Place {
    std::string expression;
    std::optional<size_t> buffer;  // none: an input or a weight
  };

  ValueId root(ValueId value) const {
    const auto it = seenAs_.find(value);
    return it == seenAs_.end() ? value : it->second;
  }

  void findLastUses();
  void printOp(const Op& op);
  void release(int now);

  // How an op's result reads in a comment: "Conv2d 'conv1' -> (N, 32, 26, 26)".
  std::string headline(const Op& op) const {
    const program::ValueType& type = program_.type(op.results.at(0));
    return fmt::format("    // {} -> {}\n", comment(op.layer), comment(program::text(type)));
  }

  std::string expression(ValueId value) {
    const auto place = places_.find(root(value));
    if (place != places_.end()) return place->second.expression;
    return weight(value, "", "{}") + ".data()";
  }

  // The member of Weights that holds a state in one form.
  std::string weight(ValueId value, const std::string& form, const std::string& expression) {
    const auto key = std::pair(value, form);
    if (const auto known = weights_.find(key); known != weights_.end()) return "w." + known->second;
    const program::State* state = states_.at(value);
    const std::string name = weightNames_.take(identifier(state->name + (form.empty() ? "" : "_" + form)));
    const program::TensorType& type = program_.tensorType(value);
    const bool whole = type.dtype == DType::Int64;
    std::vector<std::string> sizes;
    for (const Dim& d : type.shape) sizes.push_back(cpp::text(d));
    const std::string read =
        fmt::format("file.{}({}, {{{}}})", whole ? "integers" : "floats", quoted(state->name), joined(sizes, ", "));
    weightMembers_ += fmt::format("    std::vector<{}> {};\n", elementType(type.dtype), name);
    weightReads_ += fmt::format("      {} = {};\n", name, fmt::format(fmt::runtime(expression), read));
    if (std::find(read_.begin(), read_.end(), state) == read_.end()) read_.push_back(state);
    weights_[key] = name;
    return "w." + name;
  }

  std::string takeBuffer(DType type, const Dim& size, size_t& index) {
    index = plan_.take(type, size);
    if (index == bufferNames_.size()) bufferNames_.push_back(locals_.take(fmt::format("b{}", index)));
    return bufferNames_[index];
  }

  std::string bufferSize(const MemoryPlan::Buffer& buffer) const {
    std::vector<std::string> sizes;
    for (const Dim& d : buffer.counts) sizes.push_back(cpp::text(d));
    return sizes.size() == 1 ? sizes[0] : fmt::format("std::max<std::int64_t>({{{}}})", joined(sizes, ", "));
  }

  std::string callOperator() const;
  std::string members() const;

  const program::Program& program_;
  ModelPart part_;
  Face face_;
  NameTable locals_, members_, weightNames_;
  std::map<ValueId, const program::State*> states_;
  std::vector<const program::State*> read_;
  std::map<ValueId, ValueId> seenAs_;  // a value that is another one in another shape
  std::map<ValueId, int> lastUse_;     // number of the op that reads it last
  std::map<ValueId, Place> places_;
  std::map<std::pair<ValueId, std::string>, std::string> weights_;
  MemoryPlan plan_;
  std::vector<std::string> bufferNames_;
  std::vector<size_t> temporaries_;  // of the op that is being printed
  std::set<std::string> kernels_{"view", "weights_file"};
  std::string weightMembers_, weightReads_, constants_, body_;
  int now_ = 0;
  bool usesScratch_ = false;
};

void ModelPrinter::findLastUses() {
  for (size_t i = 0; i < part_.ops.size(); ++i) {
    const Op& op = *part_.ops[i];
    const auto reads = [&](ValueId v) { lastUse_[root(v)] = static_cast<int>(i); };
    for (const program::Argument& a : op.args) {
      if (const auto* v = std::get_if<ValueId>(&a)) reads(*v);
      if (const auto* list = std::get_if<std::vector<ValueId>>(&a))
        for (const ValueId v : *list) reads(v);
    }
    if (!allRows().at(op.info->id()).print) seenAs_[op.results[0]] = root(std::get<ValueId>(op.args[0]));
  }
  for (const program::Port& p : program_.outputs) lastUse_[root(p.value)] = INT_MAX;
}

void ModelPrinter::release(int now) {
  for (const size_t buffer : temporaries_) plan_.release(buffer);
  temporaries_.clear();
  for (auto& [value, place] : places_) {
    const auto last = lastUse_.find(value);
    if (!place.buffer || (last != lastUse_.end() && last->second > now)) continue;
    plan_.release(*place.buffer);
    place.buffer.reset();
  }
}

void ModelPrinter::printOp(const Op& op) {
  body_ += headline(op);
  OpPrinter printer(*this, op);
  if (const auto print = allRows().at(op.info->id()).print) print(printer);
  release(now_++);
}

std::string ModelPrinter::callOperator() const {
  std::string out = fmt::format("  {} operator()({}, std::int64_t N = 1) {{\n", face_.resultType(), face_.parameter());
  for (const Face::Port& p : face_.inputs)
    out += fmt::format("    kernels::requireCount({}, {}.size, {}, N);\n", quoted(p.original),
                       face_.inputs.size() == 1 ? p.name : "inputs." + p.name, p.count);
  if (!weightMembers_.empty()) out += "    const Weights& w = *weights_;\n";
  for (size_t i = 0; i < bufferNames_.size(); ++i)
    out += fmt::format("    {0}* const {1} = kernels::grown({2}_, {3});\n", elementType(plan_.buffers()[i].type),
                       bufferNames_[i], bufferNames_[i], bufferSize(plan_.buffers()[i]));
  return out + "\n" + body_;
}

std::string ModelPrinter::members() const {
  std::string out;
  if (!weightMembers_.empty())
    out += fmt::format(
        "  struct Weights {{\n    explicit Weights(const std::string& path) {{\n      const kernels::WeightsFile "
        "file(path);\n{}    }}\n{}  }};\n\n  std::shared_ptr<const Weights> weights_;\n",
        weightReads_, weightMembers_);
  out += constants_;
  for (size_t i = 0; i < bufferNames_.size(); ++i)
    out += fmt::format("  std::vector<{}> {}_;\n", elementType(plan_.buffers()[i].type), bufferNames_[i]);
  if (usesScratch_) out += "  kernels::Scratch scratch_;\n";
  return out + fmt::format("  {} outputs_;\n", face_.outputs.size() == 1 ? face_.outputs[0].vectorType() : "Outputs");
}

std::string ModelPrinter::header(const ExportInput& input) {
  findLastUses();
  for (const Op* op : part_.ops) printOp(*op);
  for (size_t i = 0; i < program_.outputs.size(); ++i) {
    const Face::Port& port = face_.outputs[i];
    const std::string from = expression(program_.outputs[i].value);
    body_ += fmt::format("    outputs_{}.assign({}, {} + {});\n", face_.outputs.size() == 1 ? "" : "." + port.name,
                         from, from, port.count);
  }
  body_ += "    return outputs_;\n  }\n";

  const KernelSource kernels = kernelSource(kernels_);
  std::set<std::string> includes = kernels.includes;
  includes.insert({"<algorithm>", "<cstdint>", "<memory>", "<string>", "<vector>"});
  std::string out = face_.title(input) + "#pragma once\n\n";
  for (const std::string& include : includes) out += "#include " + include + "\n";
  out += fmt::format("\nnamespace {} {{\nnamespace kernels {{\n\n{}\n}}  // namespace kernels\n\n", face_.stem,
                     kernels.text);
  out += face_.structs();
  out += face_.classComment();
  out += "class Model {\n public:\n";
  out += "  // Throws std::runtime_error if the file cannot be read, is damaged or belongs to another network.\n";
  out += weightMembers_.empty()
             ? "  explicit Model(const std::string& path) { kernels::WeightsFile{path}; }\n\n"
             : "  explicit Model(const std::string& path) : weights_(std::make_shared<const Weights>(path)) {}\n\n";
  out += face_.callComment() + callOperator() + "\n private:\n" + members();
  return out + fmt::format("}};\n\n}}  // namespace {}\n", face_.stem);
}

const program::Program& OpPrinter::program() const { return model_.program_; }

bool OpPrinter::has(const char* name) const { return static_cast<bool>(tensorArgument(op_, name)); }

std::string OpPrinter::tensor(const char* name) const {
  const ValueId value = tensorArgument(op_, name);
  return value ? model_.expression(value) : "nullptr";
}

std::string OpPrinter::tensor(ValueId value) const { return model_.expression(value); }

std::vector<ValueId> OpPrinter::list(const char* name) const {
  return std::get<std::vector<ValueId>>(argument(op_, name));
}

const Shape& OpPrinter::shape(const char* name) const {
  return model_.program_.tensorType(tensorArgument(op_, name)).shape;
}
const Shape& OpPrinter::shape(const char* name, size_t index) const {
  return model_.program_.tensorType(list(name)[index]).shape;
}
DType OpPrinter::dtype(const char* name) const { return model_.program_.tensorType(tensorArgument(op_, name)).dtype; }
DType OpPrinter::resultDtype() const { return model_.program_.tensorType(op_.results[0]).dtype; }
const Shape& OpPrinter::resultShape(size_t index) const { return model_.program_.tensorType(op_.results[index]).shape; }

std::vector<int64_t> OpPrinter::ints(const char* name) const {
  if (const auto* one = std::get_if<Dim>(&argument(op_, name))) return {one->constant().value()};
  return program::constants(std::get<Shape>(argument(op_, name))).value();
}
std::vector<int64_t> OpPrinter::pair(const char* name) const {
  const auto list = ints(name);
  return list.size() == 1 ? std::vector<int64_t>{list[0], list[0]} : list;
}
int64_t OpPrinter::integer(const char* name) const { return std::get<Dim>(argument(op_, name)).constant().value(); }
double OpPrinter::real(const char* name) const { return std::get<double>(argument(op_, name)); }
double OpPrinter::scalar(const char* name) const {
  return std::holds_alternative<double>(argument(op_, name)) ? real(name) : static_cast<double>(integer(name));
}
bool OpPrinter::flag(const char* name) const { return std::get<bool>(argument(op_, name)); }

std::string OpPrinter::result(size_t index) {
  const ValueId value = op_.results[index];
  const program::TensorType& type = model_.program_.tensorType(value);
  size_t buffer = 0;
  const std::string name = model_.takeBuffer(type.dtype == DType::Int64 ? DType::Int64 : DType::Float32,
                                             program::product(type.shape), buffer);
  model_.places_[value] = {name, buffer};
  return name;
}

// Allowed if nothing reads the argument later, and this op reads no part of it in another order.
std::string OpPrinter::resultOver(const char* name) {
  const ValueId value = tensorArgument(op_, name), root = model_.root(value);
  const auto place = model_.places_.find(root);
  const auto sameCount = program::product(resultShape()) == program::product(shape(name));
  bool free = place != model_.places_.end() && place->second.buffer && model_.lastUse_.at(root) == model_.now_ &&
              sameCount && elementType(resultDtype()) == elementType(dtype(name));
  for (const program::Argument& a : op_.args)
    if (const auto* other = std::get_if<ValueId>(&a); other && *other && *other != value)
      free = free && model_.root(*other) != root;
  if (!free) return result();
  const ModelPrinter::Place taken = place->second;
  place->second.buffer.reset();
  model_.places_[op_.results[0]] = taken;
  return taken.expression;
}

void OpPrinter::call(const char* kernel, const std::string& function, const std::vector<std::string>& arguments) {
  model_.kernels_.insert(kernel);
  const bool own = function.find('.') != std::string::npos || function.rfind("std::", 0) == 0;
  model_.body_ += fmt::format("    {}({});\n", own ? function : "kernels::" + function, joined(arguments, ", "));
}

std::optional<std::string> OpPrinter::loaded(ValueId value, const std::string& form, const std::string& expression) {
  if (!model_.states_.contains(value)) return std::nullopt;
  return model_.weight(value, form, expression) + ".data()";
}

std::string OpPrinter::panels(ValueId weight) {
  const Shape& sizes = model_.program_.tensorType(weight).shape;
  const std::string out = text(sizes[0]), in = text(sizes[1]);
  model_.kernels_.insert("product");
  if (const auto known = loaded(weight, "panels", fmt::format("kernels::packed({{}}, {}, {})", out, in))) return *known;
  const int64_t columns = (sizes[0].constant().value() + 31) / 32 * 32;
  size_t buffer = 0;
  const std::string memory = model_.takeBuffer(DType::Float32, sizes[1] * Dim(columns), buffer);
  model_.temporaries_.push_back(buffer);
  call("product", "pack", {model_.expression(weight), in, out, "1", in, memory});
  return memory;
}

std::string OpPrinter::constant(const char* kernel, const std::string& type, const std::string& arguments) {
  model_.kernels_.insert(kernel);
  const std::string label = identifier(model_.program_.value(op_.results[0]).name);
  const std::string name = identifier(model_.members_.take(label) + "_");
  model_.constants_ += fmt::format("  kernels::{} {}{{{}}};\n", type, name, arguments);
  return name;
}

std::string OpPrinter::scratch(const char* kernel) {
  model_.kernels_.insert(kernel);
  model_.usesScratch_ = true;
  return "scratch_";
}

bool isPlain(const Dim& dim) { return dim.text().find_first_not_of("0123456789N*+- ") == std::string::npos; }

std::string text(const Dim& dim) {
  std::string out;
  for (const char c : dim.text()) out += c == '*' ? " * " : std::string(1, c);
  return out;
}

std::string count(const Shape& shape, size_t from, size_t to) { return text(program::product(shape, from, to)); }

std::string elementType(DType type) { return type == DType::Int64 ? "std::int64_t" : "float"; }

std::optional<std::string> refuseTypes(const program::Program& program, const Op& op) {
  std::vector<ValueId> values = op.results;
  for (const program::Argument& a : op.args) {
    if (const auto* v = std::get_if<ValueId>(&a)) values.push_back(*v);
    if (const auto* list = std::get_if<std::vector<ValueId>>(&a))
      values.insert(values.end(), list->begin(), list->end());
  }
  for (const ValueId v : values) {
    if (!v || !program.type(v).isTensor()) continue;
    const program::TensorType& type = program.tensorType(v);
    if (type.dtype != DType::DefaultFloat && type.dtype != DType::Float32 && type.dtype != DType::Int64)
      return fmt::format("it computes with {}, and the code with float32 and int64 only", name(type.dtype));
    for (const Dim& d : type.shape)
      if (!isPlain(d))
        return fmt::format("its size {} depends on the batch in a way that cannot be written yet", d.text());
  }
  return std::nullopt;
}

const Rows& allRows() {
  static const Rows kRows = [] {
    Rows all;
    for (Rows& family : rows::builtinRows()) all.merge(family);
    return all;
  }();
  return kRows;
}

Source printSource(const ExportInput& input) {
  ModelPrinter printer(input);
  const Face face = faceOf(input);
  Source source{face.stem, printer.header(input), exampleOf(face), readmeOf(face, input), {}};
  source.states = printer.states();
  return source;
}

}  // namespace netwright::convert::cpp
