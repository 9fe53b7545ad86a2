// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/module_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/convert/cpp/example.h"
#include "core/convert/cpp/model_printer.h"
#include "core/convert/cpp/words.h"
#include "core/convert/libtorch/loader_source.h"
#include "core/convert/libtorch/module_tree.h"
#include "core/convert/libtorch/torch_module.h"
#include "core/convert/torchscript/source.h"
#include "core/program/control.h"

namespace netwright::convert::libtorch {
namespace {

using cpp::comment;
using program::Argument;
using program::Dim;
using program::Op;
using program::ValueId;

const char* const kInclude = "#include ";  // of LibTorch's headers, which this file itself does not need

class ModulePrinter {
 public:
  explicit ModulePrinter(const ExportInput& input)
      : input_(input),
        program_(input.program),
        part_(modelPart(input.program)),
        face_(cpp::faceOf(input)),
        tree_(program_, part_) {
    for (const char* name : {"N", "Ints", "this"}) locals_.take(name);
    for (const auto& child : tree_.root().children) locals_.take(child->name);
    for (const Module::Slot& s : tree_.root().slots) locals_.take(s.name);
  }

  std::string header() const;
  std::string code();
  std::string example() const;

 private:
  std::string parameters() const {
    std::vector<std::string> all;
    for (const cpp::Face::Port& p : face_.inputs) all.push_back("const torch::Tensor& " + parameterName(p));
    return joined(all, ", ");
  }
  std::string parameterName(const cpp::Face::Port& p) const {
    const auto& root = tree_.root();
    const bool taken =
        std::any_of(root.children.begin(), root.children.end(), [&](const auto& c) { return c->name == p.name; }) ||
        std::any_of(root.slots.begin(), root.slots.end(), [&](const auto& s) { return s.name == p.name; });
    return taken ? cpp::identifier(p.name + "_in") : p.name;
  }
  std::string resultType() const { return face_.outputs.size() == 1 ? "torch::Tensor" : "Outputs"; }
  std::string classes(const Module& module) const;
  std::string members(const Module& module, const std::string& indent) const;

  // A variable of forward(); "_out" behind the name of a module.
  std::string declare(ValueId value) {
    const std::string wanted = cpp::identifier(program_.value(value).name);
    std::string name = locals_.take(wanted);
    if (name != wanted) {
      const std::string out = cpp::identifier(wanted + "_out");
      name = locals_.take(out);
    }
    return expressions_[value] = name;
  }
  std::string training(const Op& op) const {
    if (op.mode != Mode::Follow) return op.mode == Mode::Train ? "true" : "false";
    return "is_training()";
  }
  std::string print(const Op& op, size_t index) const;
  std::string call(const Op& op) const;
  std::string statement(const Op& op);
  std::string inTraining(const std::vector<const Op*>& all);

  const ExportInput& input_;
  const program::Program& program_;
  ModelPart part_;
  cpp::Face face_;
  ModuleTree tree_;
  NameTable locals_;
  std::map<ValueId, std::string> expressions_;
};

std::string ModulePrinter::members(const Module& module, const std::string& indent) const {
  std::string out;
  for (const Module::Slot& s : module.slots) {
    const program::TensorType& type = program_.tensorType(s.state->value);
    std::vector<std::string> sizes;
    for (const Dim& d : type.shape) sizes.push_back(d.text());
    const bool parameter = s.state->kind == program::StateKind::Parameter;
    out += fmt::format("{}torch::Tensor {} = register_{}({}, torch::zeros({{{}}}{}));\n", indent, s.name,
                       parameter ? "parameter" : "buffer", cpp::quoted(s.key), joined(sizes, ", "),
                       isFloating(type.dtype) ? "" : ", " + torchType(type.dtype));
  }
  for (const auto& child : module.children) {
    const bool own = child->construction.empty();
    out += fmt::format("{}{} {} = register_module({}, {});\n", indent,
                       own ? fmt::format("std::shared_ptr<{}>", child->type) : child->type, child->name,
                       cpp::quoted(child->key.empty() ? "_" : child->key),
                       own ? fmt::format("std::make_shared<{}>()", child->type) : child->construction);
  }
  return out;
}

// Inner classes before those that hold them.
std::string ModulePrinter::classes(const Module& module) const {
  std::string out;
  for (const auto& child : module.children) {
    if (!child->construction.empty()) continue;
    out += classes(*child);
    out += fmt::format("// What lies in {}.\nstruct {} : torch::nn::Module {{\n{}}};\n\n", comment(child->path),
                       child->type, members(*child, "  "));
  }
  return out;
}

std::string ModulePrinter::header() const {
  std::string out = fmt::format(
      "// {}\n// As a module of LibTorch, written by {}. The keys of its state_dict are those of the network in "
      "PyTorch.\n"
      "#pragma once\n\n{}<torch/torch.h>\n\n#include <memory>\n#include <string>\n\nnamespace {} {{\n\n",
      comment(input_.modelName), comment(producer(input_)), kInclude, face_.stem);
  out += classes(tree_.root());
  if (face_.outputs.size() != 1) {
    out += "struct Outputs {\n";
    for (const auto& p : face_.outputs) out += fmt::format("  torch::Tensor {};  // {}\n", p.name, comment(p.shape));
    out += "};\n\n";
  }
  out += "class ModelImpl : public torch::nn::Module {\n public:\n";
  for (const auto& p : face_.inputs)
    out += fmt::format("  // {} {}{}\n", comment(p.original), comment(p.shape),
                       p.element == "float" ? "" : ", " + p.element);
  out += "  //";
  for (const auto& p : face_.outputs) out += fmt::format(" -> {} {}", comment(p.original), comment(p.shape));
  out += fmt::format("\n  {} forward({});\n\n", resultType(), parameters());
  out += "  // From a safetensors file with the very weights of this network. Throws std::runtime_error.\n";
  out += "  void load_weights(const std::string& path);\n\n" + members(tree_.root(), "  ");
  return out + fmt::format("}};\nTORCH_MODULE(Model);\n\n}}  // namespace {}\n", face_.stem);
}

std::string ModulePrinter::print(const Op& op, size_t index) const {
  struct Visitor {
    const ModulePrinter& printer;
    const Op& op;
    const program::SchemaArgument& spec;
    std::string operator()(None) { return spec.isTensor() ? "{}" : "std::nullopt"; }
    std::string operator()(ValueId v) { return printer.expressions_.at(v); }
    std::string operator()(const std::vector<ValueId>& list) {
      std::vector<std::string> items;
      for (const ValueId v : list) items.push_back((*this)(v));
      return fmt::format("{{{}}}", joined(items, ", "));
    }
    std::string operator()(bool v) { return v ? "true" : "false"; }
    std::string operator()(const Dim& d) {
      const int64_t v = d.constant().value();
      return spec.type.rfind("float", 0) == 0 ? cpp::real(static_cast<double>(v)) : std::to_string(v);
    }
    std::string operator()(double v) { return cpp::real(v); }
    std::string operator()(const std::string& s) { return cpp::quoted(s); }
    std::string operator()(const program::Shape& s) {
      std::vector<std::string> items;
      for (const Dim& d : s) items.push_back(cpp::text(d));
      return fmt::format("Ints({{{}}})", joined(items, ", "));
    }
    std::string operator()(DType t) { return torchType(t); }
    std::string operator()(program::TrainingFlag) { return printer.training(op); }
    std::string operator()(program::TrainingNumber n) {
      if (op.mode != Mode::Follow) return cpp::real(op.mode == Mode::Train ? n.value : 0);
      return n.value == 0 ? "0.0" : fmt::format("{} ? {} : 0.0", printer.training(op), cpp::real(n.value));
    }
  };
  return std::visit(Visitor{*this, op, op.info->schema.arguments[index]}, op.args[index]);
}

// torch::relu(x); what is a method only is called as one. Defaults at the end are left out.
std::string ModulePrinter::call(const Op& op) const {
  if (const Module* module = tree_.moduleOf(op)) {
    const std::string input = torchModule(program_, op)->input;
    return fmt::format("{}->forward({})", module->expression, print(op, op.info->schema.index(input)));
  }
  size_t count = op.args.size();
  while (count > 0) {
    const auto& fallback = op.info->schema.arguments[count - 1].fallback;
    if (!fallback || *fallback != op.args[count - 1]) break;
    --count;
  }
  std::vector<std::string> args;
  for (size_t i = 0; i < count; ++i) args.push_back(print(op, i));
  const std::string& name = op.info->schema.name;
  if (name != "new_zeros" && name != "to" && name.back() != '_')
    return fmt::format("torch::{}({})", name, joined(args, ", "));
  const std::string self = args.front();
  args.erase(args.begin());
  return fmt::format("{}.{}({})", self, name, joined(args, ", "));
}

std::string ModulePrinter::statement(const Op& op) {
  const std::string right = call(op);  // before its results get names
  std::vector<std::string> names;
  for (const ValueId r : op.results) names.push_back(declare(r));
  const std::string shape = comment(program::text(program_.type(op.results[0])));
  if (names.size() == 1) return fmt::format("  const torch::Tensor {} = {};  // {}\n", names[0], right, shape);
  std::string unused;
  for (const std::string& n : names) unused += fmt::format("  (void){};\n", n);  // not all results are read
  return fmt::format("  const auto [{}] = {};  // {}\n{}", joined(names, ", "), right, shape, unused);
}

// What is done in training only: those of a node together. Modules of LibTorch do their own.
std::string ModulePrinter::inTraining(const std::vector<const Op*>& all) {
  std::string out;
  for (size_t i = 0, end = 0; i < all.size(); i = end) {
    bool owned = false;
    for (end = i; end < all.size() && all[end]->node == all[i]->node; ++end)
      owned = owned || (!all[end]->info->mutates.empty() && tree_.ownedByModule(std::get<ValueId>(all[end]->args[0])));
    if (owned || all[i]->mode == Mode::Eval) continue;
    out += all[i]->mode == Mode::Train ? "  {\n" : "  if (is_training()) {\n";
    for (size_t k = i; k < end; ++k)
      out += "  " + (all[k]->info->mutates.empty() ? statement(*all[k]) : fmt::format("  {};\n", call(*all[k])));
    out += "  }\n";
  }
  return out;
}

std::string ModulePrinter::code() {
  for (const program::State* s : part_.states) expressions_[s->value] = tree_.weight(s->value);
  for (size_t i = 0; i < part_.inputs.size(); ++i)
    expressions_[part_.inputs[i]->value] = locals_.take(parameterName(face_.inputs[i]));
  std::string body = inTraining(part_.preparations);
  for (const Op* op : part_.ops) body += statement(*op);
  body += inTraining(part_.effects);
  std::vector<std::string> results;
  for (const program::Port& p : program_.outputs) results.push_back(expressions_.at(p.value));
  body += results.size() == 1 ? fmt::format("  return {};\n", results[0])
                              : fmt::format("  return {{{}}};\n", joined(results, ", "));
  const bool sized = body.find("Ints(") != std::string::npos;
  std::string start;
  for (const Op* op : part_.ops)
    for (const Argument& a : op->args)
      if (const auto* s = std::get_if<program::Shape>(&a); s && !program::constants(*s))
        start = fmt::format("  const std::int64_t N = {}.size(0);\n", expressions_.at(part_.inputs.at(0)->value));
  return fmt::format(
      "// {1}\n#include \"{0}.h\"\n\n#include <cctype>\n#include <cstdint>\n#include <fstream>\n#include "
      "<limits>\n#include <map>\n"
      "#include <stdexcept>\n#include <utility>\n#include <vector>\n\nnamespace {0} {{\n{2}\n"
      "void ModelImpl::load_weights(const std::string& path) {{ loadSafetensors(*this, path); }}\n\n"
      "{3} ModelImpl::forward({4}) {{\n{5}{6}{7}}}\n\n}}  // namespace {0}\n",
      face_.stem, comment(input_.modelName), loaderSource(), resultType(), parameters(),
      sized ? "  using Ints = torch::IntArrayRef;\n" : "", start, body);
}

std::string ModulePrinter::example() const {
  std::string inputs, arguments, prints;
  for (size_t i = 0; i < face_.inputs.size(); ++i) {
    const cpp::Face::Port& p = face_.inputs[i];
    std::vector<std::string> sizes;
    for (const Dim& d : program_.tensorType(part_.inputs[i]->value).shape) sizes.push_back(cpp::text(d));
    inputs += p.limit ? fmt::format("  const torch::Tensor input{} = torch::randint({}, {{{}}}, torch::kInt64);\n", i,
                                    p.limit, joined(sizes, ", "))
                      : fmt::format("  const torch::Tensor input{} = torch::rand({{{}}});\n", i, joined(sizes, ", "));
    arguments += fmt::format("{}input{}", i == 0 ? "" : ", ", i);
  }
  for (const auto& p : face_.outputs)
    prints += fmt::format("  std::cout << {} << \"\\n\" << y{} << \"\\n\";\n", cpp::quoted(p.title()),
                          face_.outputs.size() == 1 ? "" : "." + p.name);
  return fmt::format(R"(// Loads the weights and says what the network says of random numbers.
#include <cstdint>
#include <exception>
#include <iostream>

#include "{0}.h"

int main(int argc, char** argv) try {{
  {0}::Model model;
  model->load_weights(argc > 1 ? argv[1] : "weights.safetensors");
  model->eval();  // to train further: model->train(), and torch::optim::Adam(model->parameters())
  const torch::NoGradGuard noGradients;
  const std::int64_t N = 1;
{1}  const auto y = model->forward({2});
{3}  return 0;
}} catch (const std::exception& e) {{
  std::cerr << e.what() << "\n";
  return 1;
}}
)",
                     face_.stem, inputs, arguments, prints);
}

std::string cmakeText(const std::string& name) {
  return fmt::format(
      R"(# cmake -B build -DCMAKE_PREFIX_PATH=/path/to/libtorch && cmake --build build && ./build/example weights.safetensors
cmake_minimum_required(VERSION 3.18)
project({0} CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
find_package(Torch REQUIRED)
add_library({0} STATIC {0}.cpp)
target_link_libraries({0} PUBLIC ${{TORCH_LIBRARIES}})
add_executable(example main.cpp)
target_link_libraries(example PRIVATE {0})
)",
      name == "example" || name == "test" ? name + "_network" : name);
}

std::string readmeText(const cpp::Face& face, const ExportInput& input) {
  return fmt::format(R"text(# {0}

A trained network as a C++ class for LibTorch, written by {1}.

| file | what |
|---|---|
| `{2}.h`, `{2}.cpp` | the class `{2}::Model`, a `torch::nn::Module` |
| `weights.safetensors` | its weights, by the keys of PyTorch's state_dict |
| `main.cpp`, `CMakeLists.txt` | a program that uses it |

```
cmake -B build -DCMAKE_PREFIX_PATH=/path/to/libtorch
cmake --build build
./build/example weights.safetensors
```

```cpp
{2}::Model model;
model->load_weights("weights.safetensors");
model->eval();
```

`/path/to/libtorch` is the unpacked archive of pytorch.org, or what `python -c "import torch; print(torch.utils.cmake_prefix_path)"`
prints.
)text",
                     comment(input.modelName), comment(producer(input)), face.stem);
}

}  // namespace

std::string torchType(DType type) {
  switch (type) {
    case DType::Int64:
      return "torch::kInt64";
    case DType::Float64:
      return "torch::kFloat64";
    case DType::Bool:
      return "torch::kBool";
    default:
      return "torch::kFloat32";
  }
}

std::optional<std::string> refusal(const program::Program& program, const Op& op) {
  if (program::isControl(op)) return "which of its blocks run, and how often, is decided by the batch";
  if (auto reason = torchscript::refusal(program, op)) return reason;
  for (const Argument& a : op.args)
    if (const auto* s = std::get_if<program::Shape>(&a))
      for (const Dim& d : *s)
        if (!cpp::isPlain(d))
          return fmt::format("its size {} depends on the batch in a way that cannot be written yet", d.text());
  return std::nullopt;
}

Source printSource(const ExportInput& input) {
  ModulePrinter printer(input);
  const cpp::Face face = cpp::faceOf(input);
  return {face.stem,         printer.header(),     printer.code(),
          printer.example(), cmakeText(face.stem), readmeText(face, input)};
}

}  // namespace netwright::convert::libtorch
