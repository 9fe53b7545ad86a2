// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/module_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/text.h"
#include "core/convert/cpp/example.h"
#include "core/convert/cpp/model_printer.h"
#include "core/convert/cpp/words.h"
#include "core/convert/libtorch/loader_source.h"
#include "core/convert/libtorch/module_tree.h"
#include "core/convert/libtorch/project_text.h"
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
        program_(&input.program),
        part_(modelPart(input.program)),
        face_(cpp::faceOf(input)),
        tree_(input.program, part_) {
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
    const std::string wanted = cpp::identifier(program_->value(value).name);
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
  std::string branch(const Op& op);
  std::string loop(const Op& op);

  // What a program that an op runs does with these expressions as its inputs.
  struct Body {
    std::string text;
    std::vector<std::string> results;
  };
  Body body(const program::Program& region, const std::vector<std::string>& inputs);
  std::vector<std::string> values(const std::vector<ValueId>& list) const {
    std::vector<std::string> all;
    for (const ValueId v : list) all.push_back(expressions_.at(v));
    return all;
  }
  std::vector<std::string> declareResults(const Op& op) {
    std::vector<std::string> names;
    for (const ValueId r : op.results) names.push_back(declare(r));
    return names;
  }
  std::string local(const Op& op, const char* suffix) {
    return locals_.take(cpp::identifier(program_->value(op.results[0]).name + suffix));
  }
  std::string shapeComment(const Op& op) const { return comment(program::text(program_->type(op.results[0]))); }

  const ExportInput& input_;
  const program::Program* program_;  // whose ops are printed
  ModelPart part_;
  cpp::Face face_;
  ModuleTree tree_;
  NameTable locals_;
  std::map<ValueId, std::string> expressions_;
  std::string indent_ = "  ";
};

std::string ModulePrinter::members(const Module& module, const std::string& indent) const {
  std::string out;
  for (const Module::Slot& s : module.slots) {
    const program::TensorType& type = program_->tensorType(s.state->value);
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
    const std::string input = torchModule(*program_, op)->input;
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
  if (program::isControl(op)) return op.info == &program::branchOp() ? branch(op) : loop(op);
  const std::string right = call(op);  // before its results get names
  const std::vector<std::string> names = declareResults(op);
  if (names.size() == 1)
    return fmt::format("{}const torch::Tensor {} = {};  // {}\n", indent_, names[0], right, shapeComment(op));
  std::string unused;
  for (const std::string& n : names) unused += fmt::format("{}(void){};\n", indent_, n);  // not all results are read
  return fmt::format("{}const auto [{}] = {};  // {}\n{}", indent_, joined(names, ", "), right, shapeComment(op),
                     unused);
}

// What is done in training only: those of a node together. Modules of LibTorch do their own.
std::string ModulePrinter::inTraining(const std::vector<const Op*>& all) {
  std::string out;
  for (size_t i = 0, end = 0; i < all.size(); i = end) {
    bool owned = false;
    for (end = i; end < all.size() && all[end]->node == all[i]->node; ++end)
      owned = owned || (!all[end]->info->mutates.empty() && tree_.ownedByModule(std::get<ValueId>(all[end]->args[0])));
    if (owned || all[i]->mode == Mode::Eval) continue;
    out += indent_ + (all[i]->mode == Mode::Train ? "{\n" : "if (is_training()) {\n");
    indent_ += "  ";
    for (size_t k = i; k < end; ++k)
      out += all[k]->info->mutates.empty() ? statement(*all[k]) : fmt::format("{}{};\n", indent_, call(*all[k]));
    indent_.resize(indent_.size() - 2);
    out += indent_ + "}\n";
  }
  return out;
}

ModulePrinter::Body ModulePrinter::body(const program::Program& region, const std::vector<std::string>& inputs) {
  const program::Program* around = std::exchange(program_, &region);
  std::map<ValueId, std::string> outer = std::exchange(expressions_, {});
  indent_ += "  ";
  for (size_t i = 0; i < inputs.size(); ++i) expressions_[region.inputs[i].value] = inputs[i];
  std::vector<const Op*> before;
  for (const Op& op : region.ops)
    if (op.phase == program::Phase::BeforeForward) before.push_back(&op);
  Body made{inTraining(before), {}};
  for (const Op& op : region.ops)
    if (op.phase == program::Phase::Forward) made.text += statement(op);
  for (const program::Port& p : region.outputs) made.results.push_back(expressions_.at(p.value));
  indent_.resize(indent_.size() - 2);
  program_ = around;
  expressions_ = std::move(outer);
  return made;
}

std::string ModulePrinter::branch(const Op& op) {
  const program::Branch branch = program::branchOf(op);
  const std::vector<std::string> operands = values(branch.operands);
  const std::string choice = expressions_.at(branch.choice);
  const size_t count = op.regions.size();
  std::string out, index;
  if (program_->tensorType(branch.choice).dtype != DType::Bool) {
    index = local(op, "_index");
    out = fmt::format("{}const auto {} = {}.item<std::int64_t>();\n", indent_, index, choice);
    out += fmt::format("{0}if ({1} < 0 || {1} >= {2}) throw std::out_of_range({3});\n", indent_, index, count,
                       cpp::quoted(fmt::format("{} has {} bodies, numbered from 0.", op.layer, count)));
  }
  const std::vector<std::string> names = declareResults(op);
  out += fmt::format("{}torch::Tensor {};  // {}\n", indent_, joined(names, ", "), shapeComment(op));
  for (size_t i = 0; i < count; ++i) {
    const std::string test = index.empty() ? fmt::format("{}.item<bool>()", choice) : fmt::format("{} == {}", index, i);
    out += i == 0 ? indent_ : " else ";
    out += i + 1 < count || count == 1 ? fmt::format("if ({}) {{\n", test) : "{\n";
    const Body chosen = body(*op.regions[i], operands);
    out += chosen.text;
    for (size_t k = 0; k < names.size(); ++k)
      out += fmt::format("{}  {} = {};\n", indent_, names[k], chosen.results[k]);
    out += indent_ + "}";
  }
  return out + "\n";
}

std::string ModulePrinter::loop(const Op& op) {
  const program::Loop loop = program::loopOf(op);
  const std::string step = local(op, "_step"), goesOn = local(op, "_goes_on"), inner = indent_ + "  ";
  std::vector<std::string> given, lists;
  const std::vector<std::string> before = values(loop.carried), scanned = values(loop.scanned),
                                 captured = values(loop.captured);
  std::string condition, count, out;
  if (!scanned.empty())
    count = fmt::format("{}.size({})", scanned.front(), loop.dim);
  else if (loop.liveCount)
    count = expressions_.at(loop.liveCount) + ".item<std::int64_t>()";
  else if (loop.count)
    count = std::to_string(*loop.count->constant());
  if (loop.again || loop.start) {
    const std::string start = loop.start ? expressions_.at(loop.start) + ".item<bool>()" : "true";
    out += fmt::format("{}bool {} = {};\n", indent_, goesOn, start);
    condition = goesOn + (count.empty() ? "" : " && ");
  }
  if (!count.empty()) condition += fmt::format("{} < {}", step, count);
  const std::vector<ValueId> read = program::valuesOf(op);
  const std::string device = read.empty() ? "" : fmt::format(".device({}.device())", expressions_.at(read.front()));

  const std::vector<std::string> names = declareResults(op);
  const std::vector<std::string> carried(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(before.size()));
  for (size_t i = 0; i < carried.size(); ++i)
    out += fmt::format("{}torch::Tensor {} = {};\n", indent_, carried[i], before[i]);
  for (size_t i = 0; i < loop.stacked; ++i) {
    lists.push_back(local(op, "_parts"));
    out += fmt::format("{}std::vector<torch::Tensor> {};\n", indent_, lists.back());
  }
  out += fmt::format("{0}for (std::int64_t {1} = 0; {2}; ++{1}) {{\n", indent_, step, condition);
  if (loop.limit > 0)
    out += fmt::format("{}if ({} >= {}) throw std::runtime_error({});\n", inner, step, loop.limit,
                       cpp::quoted(fmt::format("{} did not stop after {} steps.", op.layer, grouped(loop.limit))));
  if (loop.index) {
    given.push_back(local(op, "_number"));
    out += fmt::format("{}const torch::Tensor {} = torch::scalar_tensor({}, at::dtype(torch::kInt64){});\n", inner,
                       given.back(), step, device);
  }
  given.insert(given.end(), carried.begin(), carried.end());
  for (const std::string& whole : scanned) {
    given.push_back(local(op, "_part"));
    out += fmt::format("{}const torch::Tensor {} = {}.select({}, {});\n", inner, given.back(), whole, loop.dim, step);
  }
  given.insert(given.end(), captured.begin(), captured.end());
  Body next = body(*op.regions.front(), given);
  out += next.text;
  if (loop.again) {
    out += fmt::format("{}{} = {}.item<bool>();\n", inner, goesOn, next.results.front());
    next.results.erase(next.results.begin());
  }
  for (size_t i = 0; i < lists.size(); ++i)
    out += fmt::format("{}{}.push_back({});\n", inner, lists[i], next.results[carried.size() + i]);
  next.results.resize(carried.size());
  if (carried.size() == 1) out += fmt::format("{}{} = {};\n", inner, carried[0], next.results[0]);
  if (carried.size() > 1)
    out += fmt::format("{}std::tie({}) = std::make_tuple({});\n", inner, joined(carried, ", "),
                       joined(next.results, ", "));
  out += indent_ + "}\n";
  for (size_t i = 0; i < lists.size(); ++i)
    out += fmt::format("{}const torch::Tensor {} = torch::stack({}, {});\n", indent_, names[carried.size() + i],
                       lists[i], loop.dim);
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
  for (const program::Port& p : program_->outputs) results.push_back(expressions_.at(p.value));
  body += results.size() == 1 ? fmt::format("  return {};\n", results[0])
                              : fmt::format("  return {{{}}};\n", joined(results, ", "));
  const bool sized = body.find("Ints(") != std::string::npos;
  std::string start;
  visitOps(*program_, [&](const auto&, const Op& op) {
    for (const Argument& a : op.args)
      if (const auto* s = std::get_if<program::Shape>(&a); s && !program::constants(*s))
        start = fmt::format("  const std::int64_t N = {}.size(0);\n", expressions_.at(part_.inputs.at(0)->value));
  });
  return fmt::format(
      "// {1}\n#include \"{0}.h\"\n\n#include <cctype>\n#include <cstdint>\n#include <fstream>\n#include "
      "<limits>\n#include <map>\n"
      "#include <stdexcept>\n#include <tuple>\n#include <utility>\n#include <vector>\n\nnamespace {0} {{\n{2}\n"
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
    for (const Dim& d : program_->tensorType(part_.inputs[i]->value).shape) sizes.push_back(cpp::text(d));
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
  if (program::isControl(op)) return std::nullopt;
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
