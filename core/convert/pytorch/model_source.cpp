// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/model_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "core/base/text.h"
#include "core/convert/model_part.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/class_printer.h"
#include "core/convert/pytorch/scope_writer.h"
#include "core/layers/expressions/expression.h"

namespace netwright::convert::pytorch {
namespace {

using program::ValueId;

// "Digits CNN" -> "DigitsCNN"
std::string classNameOf(const std::string& title) {
  std::string name;
  bool begins = true;
  for (const char c : title) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';
    if (letter || digit) name += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = !letter && !digit;
  }
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || !python::isIdentifier(name)) name = "Network" + name;
  return name;
}

class Writer {
 public:
  Writer(const std::string& modelName, const graph::Document& graph)
      : title_(modelName),
        graph_(graph),
        lowered_(lower(graph, out_)),
        united_(united(lowered_.program)),
        program_(united_.program),
        plans_(planNodes(lowered_.flat(graph), lowered_, united_)),
        tree_(graph, lowered_, program_, plans_),
        all_{program_} {
    out_.className = className(classNameOf(modelName));
    for (const program::Port& p : program_.outputs) out_.outputs.push_back(p.name);
    for (const program::Port& p : program_.inputs) out_.inputs.push_back(p.name);
  }

  ModelSource write() {
    std::string body;
    const auto add = [&](const std::string& name, const std::string& text) {
      body += fmt::format("{}class {}{}", body.empty() ? "" : "\n\n", name, text);
    };
    findPlaces(tree_.root(), "");
    writeNodes(add);
    for (const auto& instances : tree_.instances()) writeBlock(instances, add);
    add(out_.className, printed(ScopeWriter(all_, tree_.root()).write()));
    out_.text = fmt::format("{}\n\n{}from pathlib import Path\n\nimport torch\nfrom torch import nn\n{}{}\n\n{}\n\n{}",
                            headText(), mentions(body, "math.") ? "import math\n" : "",
                            mentions(body, "F.") ? "from torch.nn import functional as F\n" : "",
                            mentions(body, "parametrizations.") ? "from torch.nn.utils import parametrizations\n" : "",
                            body, loadText());
    return std::move(out_);
  }

 private:
  // Not taken yet: "BasicBlock", "BasicBlock2".
  std::string className(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !globals_.insert(name).second; ++i) name = wanted + std::to_string(i);
    return name;
  }

  // Where the modules of a scope are, and what is to be known of them by those who load weights or begin anew.
  void findPlaces(const BlockScope& scope, const std::string& prefix) {
    const Places& places = *(all_.places[&scope] = placesOf(scope));
    for (const BlockScope::Element& e : scope.elements) {
      if (e.plan && e.plan->form == NodePlan::Form::Class)
        all_.classes.emplace(e.plan->node->id, classSource(program_, *e.plan, readElsewhere(*e.plan)));
      if (e.isModule() && e.scope) {
        findPlaces(*e.scope, prefix + places.path(e.name) + ".");
        if (places.holdsOthers(e.name)) all_.hosts.insert(e.scope->block);
      }
      if (e.isModule() && e.plan) note(*e.plan, prefix + places.path(e.name), isRepeated(scope));
      if (e.scope && e.scope->twin) noteTwins(*e.scope);
    }
  }

  // What is read of a node's values outside of it.
  std::vector<ValueId> readElsewhere(const NodePlan& plan) const {
    std::vector<ValueId> read;
    for (const program::Port& p : program_.outputs) read.push_back(p.value);
    for (const NodePlan& other : plans_)
      if (&other != &plan) {
        const std::vector<ValueId> in = other.tensors();
        read.insert(read.end(), in.begin(), in.end());
      }
    return read;
  }

  // A loop runs it.
  static bool isRepeated(const BlockScope& scope) {
    const BlockScope* s = &scope;
    while (s && !(s->control && s->control->control->loops)) s = s->parent;
    return s != nullptr;
  }

  void note(const NodePlan& p, const std::string& place, bool repeated) {
    for (const program::State* s : p.states) {
      const std::string path = place + "." + s->id.slot;
      if (path != s->name) out_.renamed[s->name] = path;
      if (s->id.owner.back() != p.node->id)
        out_.otherStart = fmt::format("the weight {} is shared before its owner begins it", s->name);
    }
    for (const program::Op* op : p.ops) {
      if (!op->info->random) continue;
      if (repeated) out_.otherStart = fmt::format("{} draws anew in every step of a loop", op->layer);
      if (!out_.random.emplace(place, op->id).second) out_.otherStart = fmt::format("{} draws twice", op->layer);
    }
    const auto own = all_.classes.find(p.node->id);
    if (own == all_.classes.end()) return;
    for (const std::string& slot : own->second.constants) out_.constants.push_back(place + "." + slot);
    if (!own->second.otherStart.empty()) out_.otherStart = own->second.otherStart;
  }

  // Modules that are called in two places draw from one seed.
  void noteTwins(const BlockScope& scope) {
    for (const BlockScope::Element& e : scope.elements) {
      if (e.scope) noteTwins(*e.scope);
      if (e.plan)
        for (const program::Op* op : e.plan->ops)
          if (op->info->random) out_.otherStart = fmt::format("{} draws twice", op->layer);
    }
  }

  // The classes of nodes that PyTorch has no module for; nodes with the same body share one.
  template <class Add>
  void writeNodes(const Add& add) {
    std::map<std::string, std::string> names;  // by body
    for (const NodePlan& p : plans_) {
      const auto own = all_.classes.find(p.node->id);
      if (own == all_.classes.end()) continue;
      std::string& name = names[own->second.body];
      const std::string stem =
          p.node->name.substr(p.node->name.rfind('.') + 1);  // an expression is called so by people
      const bool named = p.layer->id == layers::expressions::kKind;
      if (name.empty()) add(name = className(classNameOf(named ? stem : p.layer->title)), own->second.body);
      all_.nodeConstructors[p.node->id] = name + "()";
    }
  }

  template <class Add>
  void writeBlock(const std::vector<const BlockScope*>& instances, const Add& add) {
    const graph::Block& block = *instances.front()->block;
    std::vector<Member> members;
    for (const BlockScope* scope : instances) members.push_back({ScopeWriter(all_, *scope).write(), scope->exposed});
    for (const MergedClass& c : merged(members, firstSentence(block.doc), globals_)) {
      const std::string name = className(classNameOf(block.name));
      add(name, c.body);
      for (const size_t m : c.members)
        all_.constructors[instances[m]] = Line(name + "(").add(argumentsOf(c, m, *instances[m])).add(")");
    }
  }

  static Line argumentsOf(const MergedClass& of, size_t member, const BlockScope& scope) {
    std::map<std::string, std::string> formulas;
    for (const BlockScope::Element& e : scope.parent->elements) {
      if (e.scope != &scope) continue;
      if (e.drawn && !scope.control)
        for (const auto& [name, value] : e.drawn->params)
          if (const auto* formula = std::get_if<Formula>(&value)) formulas[name] = formula->text;
      return arguments(of, member, e.name, formulas);
    }
    return {};
  }

  // Outside of comments.
  static bool mentions(const std::string& code, const std::string& word) {
    for (size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1)) {
      const size_t line = code.rfind('\n', at) + 1, hash = code.find("# ", line);
      const char before = at == 0 ? ' ' : code[at - 1];
      if (hash > at && !std::isalnum(static_cast<unsigned char>(before)) && before != '_' && before != '.') return true;
    }
    return false;
  }

  std::string loadText() const {
    return fmt::format(
        "def load(path=Path(__file__).with_name(\"weights.pth\")):\n"
        "    \"\"\"The network with its trained weights, ready to use.\"\"\"\n"
        "    model = {}()\n    model.load_state_dict(torch.load(path, weights_only=True))\n    return model.eval()\n",
        out_.className);
  }

  // Line by line, broken at blanks.
  static std::string noteText(const std::string& note) {
    constexpr size_t kWidth = 110;
    std::istringstream lines(note);
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream blanks(python::inDocstring(line));
      size_t width = 0;
      for (std::string word; blanks >> word; width += word.size() + 1) {
        if (width > 0) text += width + word.size() > kWidth ? (width = 0, "\n") : " ";
        text += word;
      }
      text += "\n";
    }
    return text;
  }

  std::string headText() const {
    std::string text = fmt::format("\"\"\"The network \"{}\", drawn in Netwright.\n\n", python::inDocstring(title_));
    std::vector<std::string> arguments;
    for (const auto* ports : {&program_.inputs, &program_.outputs}) {
      text += ports == &program_.inputs ? "Takes " : "Gives ";
      std::vector<std::string> words;
      for (const program::Port& p : *ports)
        words.push_back(fmt::format("{} {}", python::inDocstring(p.name), program::text(program_.type(p.value))));
      text += joined(words, ", ") + (ports == &program_.inputs ? ".\n" : "; N is the size of the batch.\n");
    }
    for (const program::Port& p : program_.inputs) arguments.push_back(python::identifier(p.name));
    for (const graph::Annotation& a : graph_.annotations)
      if (a.kind == graph::Annotation::Kind::Note && !a.text.empty()) text += "\nNote: " + noteText(a.text);
    return text + fmt::format("\n    model = load()\n    output = model({})\n\"\"\"", joined(arguments, ", "));
  }

  // The model alone; what losses have of their own is told by `out`.
  static layers::Lowered lower(const graph::Document& graph, ModelSource& out) {
    layers::Lowered lowered = layers::lowerGraph(graph);
    for (const program::State& s : lowered.program.states)
      if (s.part == program::Part::Loss && s.kind == program::StateKind::Parameter)
        out.otherStart = fmt::format("{} is drawn too, which only losses need", s.name);
    lowered.program = modelOnly(std::move(lowered.program));
    return lowered;
  }

  const std::string& title_;
  const graph::Document& graph_;
  ModelSource out_;
  const layers::Lowered lowered_;
  const United united_;
  const program::Program& program_;
  const std::vector<NodePlan> plans_;
  const BlockTree tree_;
  Surroundings all_;
  std::set<std::string> globals_{"torch", "nn", "F", "math", "Path", "load", "parametrizations"};
};

}  // namespace

ModelSource modelSource(const std::string& modelName, const graph::Document& graph) {
  return Writer(modelName, graph).write();
}

}  // namespace netwright::convert::pytorch
