// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/model_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "core/base/text.h"
#include "core/convert/model_part.h"
#include "core/convert/name_table.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/class_source.h"
#include "core/convert/pytorch/node_plan.h"
#include "core/convert/pytorch/places.h"

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
        program_(lowered_.program),
        plans_(planNodes(graph, lowered_)),
        places_(moduleNames()) {
    for (const char* taken : {"torch", "nn", "F", "math", "Path", "load", "parametrizations"}) names_.take(taken);
    out_.className = names_.take(classNameOf(modelName));
    for (const program::Port& p : program_.outputs) {
      results_.push_back(p.value);
      out_.outputs.push_back(p.name);
    }
    for (const program::Port& p : program_.inputs) out_.inputs.push_back(p.name);
    for (const NodeId id : graph::topologicalOrder(graph)) {
      const auto plan = std::find_if(plans_.begin(), plans_.end(), [&](const NodePlan& p) { return p.node->id == id; });
      if (plan != plans_.end()) order_.push_back(&*plan);
    }
    for (const NodePlan& p : plans_)
      if (p.form == NodePlan::Form::Class) classes_.emplace(p.node->id, classSource(program_, p, readElsewhere(p)));
  }

  ModelSource write() {
    const std::string init = initText(), forward = forwardText();
    const std::string body =
        classesText() + fmt::format("class {}(nn.Module):\n{}\n{}{}", out_.className, init, modeText(), forward);
    out_.text = fmt::format("{}\n\n{}from pathlib import Path\n\nimport torch\nfrom torch import nn\n{}{}\n\n{}\n\n{}",
                            headText(), mentions(body, "math.") ? "import math\n" : "",
                            mentions(body, "F.") ? "from torch.nn import functional as F\n" : "",
                            mentions(body, "parametrizations.") ? "from torch.nn.utils import parametrizations\n" : "",
                            body, loadText());
    noteStates();
    return std::move(out_);
  }

 private:
  std::vector<std::string> moduleNames() const {
    std::vector<std::string> names;
    for (const NodePlan& p : plans_)
      if (p.form != NodePlan::Form::Inline) names.push_back(p.node->name);
    return names;
  }

  // What is read of a node's values outside of it.
  std::vector<ValueId> readElsewhere(const NodePlan& plan) const {
    std::vector<ValueId> read = results_;
    for (const NodePlan& other : plans_)
      if (&other != &plan) {
        const std::vector<ValueId> in = other.tensors();
        read.insert(read.end(), in.begin(), in.end());
      }
    return read;
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

  std::string classesText() {
    std::string text;
    std::set<std::string> written;
    for (const NodePlan& p : plans_) {
      const auto it = classes_.find(p.node->id);
      if (it != classes_.end() && written.insert(it->second.body).second)
        text += fmt::format("class {}{}\n\n", classNames_.at(it->second.body), it->second.body);
    }
    return text;
  }

  std::string moduleText(const NodePlan& p) {
    if (p.form == NodePlan::Form::Module) return construction(*p.layer, *p.row, p.params);
    const std::string& body = classes_.at(p.node->id).body;
    const auto known = classNames_.find(body);
    if (known != classNames_.end()) return known->second + "()";
    return (classNames_[body] = names_.take(classNameOf(p.layer->title))) + "()";
  }

  std::string initText() {
    std::string text = "    def __init__(self):\n        super().__init__()\n";
    bool fixed = false;
    for (const NodePlan& p : plans_) {
      if (p.form == NodePlan::Form::Inline) continue;
      for (const std::string& line : places_.creation(p.node->name, moduleText(p))) text += "        " + line + "\n";
      fixed = fixed || isFixed(p);
    }
    return text + (fixed ? "        self.train()\n" : "");
  }

  static bool isFixed(const NodePlan& p) { return p.changesInTraining && p.node->mode != Mode::Follow; }

  // Nodes that always train or never do.
  std::string modeText() const {
    std::string lines;
    for (const NodePlan& p : plans_)
      if (isFixed(p))
        lines += fmt::format("        {}.{}()  # always\n", places_.expression(p.node->name),
                             p.node->mode == Mode::Train ? "train" : "eval");
    if (lines.empty()) return "";
    return "    def train(self, mode=True):\n        super().train(mode)\n" + lines + "        return self\n\n";
  }

  // The innermost frame around a node, by its title.
  std::string frameOf(const graph::Node& node) const {
    std::string title;
    for (const graph::Annotation& a : graph_.annotations) {
      const double x = node.position.x - a.position.x, y = node.position.y - a.position.y;
      if (a.kind == graph::Annotation::Kind::Frame && x >= 0 && y >= 0 && x < a.size.x && y < a.size.y) title = a.text;
    }
    return title;
  }

  std::string shapeComment(const NodePlan& p) const {
    const std::vector<ValueId> results = p.results();
    return results.empty() ? "" : "  # " + program::text(program_.type(results.front()));
  }

  class Module;

  // The line that gives the node's result: the last statement, or the call of its module.
  std::string& resultLine(const NodePlan& p, std::vector<std::string>& lines) const {
    if (p.form == NodePlan::Form::Inline) return lines.back();
    const std::string call = places_.expression(p.node->name) + "(";
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const auto& l) { return l.find(call) != std::string::npos; });
    return found == lines.end() ? lines.front() : *found;
  }

  std::string forwardText() {
    std::vector<std::vector<ValueId>> reads;
    for (const NodePlan* p : order_) {
      if (p->form != NodePlan::Form::Inline) {
        reads.push_back(p->tensors());
        continue;
      }
      const auto own = readsOf(p->ops);
      reads.insert(reads.end(), own.begin(), own.end());
    }
    Scope scope(reads, results_);
    std::string text = "    def forward(self";
    for (const program::Port& p : program_.inputs) text += ", " + scope.parameter(p.value, p.name);
    text += "):\n";
    for (const NodePlan& p : plans_)
      for (const program::State* s : p.states)
        scope.take(s->value,
                   p.form == NodePlan::Form::Inline ? "" : attribute(places_.expression(p.node->name), s->id.slot));
    std::string frame;
    size_t statement = 0;
    for (const NodePlan* p : order_) {
      if (const std::string now = frameOf(*p->node); now != frame) {
        if (!now.empty()) text += fmt::format("        # {}\n", python::inComment(now));
        frame = now;
      }
      std::vector<std::string> lines = linesOf(*p, scope, statement);
      statement += p->form == NodePlan::Form::Inline ? p->ops.size() : 1;
      if (!lines.empty()) resultLine(*p, lines) += shapeComment(*p);
      for (const std::string& line : lines) text += "        " + line + "\n";
    }
    std::vector<std::string> results;
    for (const ValueId v : results_) results.push_back(scope.at(v));
    return text + fmt::format("        return {}\n", joined(results, ", "));
  }

  std::vector<std::string> linesOf(const NodePlan& p, Scope& scope, size_t statement) const;

  // What concerns weights, for those who load them or begin anew.
  void noteStates() {
    for (const NodePlan& p : plans_) {
      for (const program::State* s : p.states) {
        const std::string path = places_.path(p.node->name) + "." + s->id.slot;
        if (path != s->name) out_.renamed[s->name] = path;
        if (s->id.owner.back() != p.node->id)
          out_.otherStart = fmt::format("the weight {} is shared before its owner begins it", s->name);
      }
      noteRandom(p);
      const auto own = classes_.find(p.node->id);
      if (own == classes_.end()) continue;
      for (const std::string& slot : own->second.constants)
        out_.constants.push_back(places_.path(p.node->name) + "." + slot);
      if (!own->second.otherStart.empty()) out_.otherStart = own->second.otherStart;
    }
  }

  void noteRandom(const NodePlan& p) {
    for (const program::Op* op : p.ops) {
      if (!op->info->random) continue;
      if (!out_.random.emplace(places_.path(p.node->name), op->id).second)
        out_.otherStart = fmt::format("{} draws twice", op->layer);
    }
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
  const program::Program& program_;
  const std::vector<NodePlan> plans_;
  std::vector<const NodePlan*> order_;  // of execution
  std::vector<ValueId> results_;
  Places places_;
  NameTable names_;
  std::map<NodeId, ClassSource> classes_;
  std::map<std::string, std::string> classNames_;  // by body
};

// The call of one module.
class Writer::Module final : public Call {
 public:
  Module(const NodePlan& plan, std::string module, Scope& scope, size_t statement)
      : plan_(plan), module_(std::move(module)), scope_(scope), statement_(statement) {}
  const std::string& module() const override { return module_; }
  bool has(const char* port) const override { return plan_.in.contains(port); }
  std::string in(const char* port) const override { return scope_.at(plan_.in.at(port)); }
  std::string out(const char* port) override {
    return scope_.result(plan_.out.at(port), plan_.layer->outputs.size() == 1 ? plan_.node->name : port, statement_);
  }
  const Attribute& param(const char* name) const override { return plan_.params.at(name); }
  void line(const std::string& text) override { lines.push_back(text); }
  std::vector<std::string> lines;

 private:
  const NodePlan& plan_;
  const std::string module_;
  Scope& scope_;
  size_t statement_;
};

std::vector<std::string> Writer::linesOf(const NodePlan& p, Scope& scope, size_t statement) const {
  if (p.form == NodePlan::Form::Inline) return statements(program_, p.ops, scope, p.node->name, statement);
  const std::string module = places_.expression(p.node->name);
  if (p.form == NodePlan::Form::Module && p.row->call) {
    Module call(p, module, scope, statement);
    p.row->call(call);
    return call.lines;
  }
  std::vector<ValueId> takes, gives = p.results();
  for (const layers::PortSpec& port : p.layer->inputs)
    if (const auto it = p.in.find(port.name); it != p.in.end()) takes.push_back(it->second);
  if (const auto own = classes_.find(p.node->id); own != classes_.end()) {
    takes = own->second.takes;
    gives = own->second.gives;
  }
  std::vector<std::string> arguments, names;
  for (const ValueId v : takes) arguments.push_back(scope.at(v));
  for (const ValueId v : gives) names.push_back(scope.result(v, p.node->name, statement));
  return {fmt::format("{} = {}({})", joined(names, ", "), module, joined(arguments, ", "))};
}

}  // namespace

ModelSource modelSource(const std::string& modelName, const graph::Document& graph) {
  return Writer(modelName, graph).write();
}

}  // namespace netwright::convert::pytorch
