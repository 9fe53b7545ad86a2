// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/language/functions.h"
#include "core/layers/expressions/compiler.h"
#include "core/layers/expressions/conveniences.h"
#include "core/layers/expressions/weights.h"
#include "core/layers/registry.h"

namespace netwright::layers::expressions {
namespace {

struct Compiled {
  language::Tree tree;
  Use use;
  std::vector<Value> results;
  std::map<int, std::vector<std::string>> lines;
  std::vector<Compiler::Edit> edits;
  std::vector<language::Mistake> mistakes;
};

Compiled compiled(const std::string& code, Lowering& l) {
  Compiled out;
  language::Parsed parsed = language::parseCode(code);
  out.mistakes = parsed.mistakes;
  if (!parsed.mistakes.empty()) return out;
  out.tree = std::move(parsed.tree);
  out.use = useOf(out.tree, l.node().names);
  Compiler compiler(code, out.tree, out.use, l);
  out.results = compiler.compile();
  out.lines = compiler.lines();
  out.edits = compiler.edits();
  out.mistakes = compiler.mistakes();
  if (out.mistakes.empty() && out.use.outputs.empty())
    out.mistakes.push_back({{0, code.size()}, {1, 1}, "nothing is computed; write a line such as y = relu(x)"});
  return out;
}

}  // namespace

Ports portsOf(const std::string& code, const Attributes& names) {
  const language::Parsed parsed = language::parseCode(code);
  const Use use = parsed.mistakes.empty() ? useOf(parsed.tree, names) : useOfWords(code, names);
  Ports ports;
  for (const std::string& name : use.inputs) ports.inputs.push_back({name, "any", false, ""});
  for (const std::string& name : use.outputs) ports.outputs.push_back({name, "as computed", false, ""});
  return ports;
}

void lower(Lowering& l) {
  const Compiled all = compiled(l.get<std::string>(kCode), l);
  for (const language::Mistake& m : all.mistakes) {
    const bool question = m.message.ends_with("?");
    l.check(false, "NW-F003", kCode,
            {{"line", std::to_string(m.position.line)},
             {"column", std::to_string(m.position.column)},
             {"begin", std::to_string(m.at.begin)},
             {"end", std::to_string(m.at.end)},
             {"problem", m.message + (question ? "" : ".")}});
  }
  if (!all.mistakes.empty()) return;
  for (size_t i = 0; i < all.results.size(); ++i) l.output(all.use.outputs[i].c_str(), all.results[i]);
}

namespace {

// Outside of any graph.
Compiled compiledAlone(const std::string& code, const std::map<std::string, program::ValueType>& inputs,
                       const Attributes& names) {
  program::Builder builder;
  graph::Node node;
  node.id = NodeId{1};
  node.kind = kKind;
  node.name = kKind;
  builder.enter({{node.id}, node.name, label(node), Mode::Follow, program::Part::Model});
  std::map<std::string, program::ValueId> values;
  for (const auto& [port, type] : inputs)
    if (type.isTensor()) values[port] = builder.input(port, type.tensor());
  node.names = names;
  Lowering lowering(builder, *findLayer(kKind), node, values);
  return compiled(code, lowering);
}

std::string pythonText(const Attribute& value) {
  const std::string text = language::shown(language::valueOf(value));
  return text == "inf" || text == "-inf" || text == "nan" ? fmt::format("float(\"{}\")", text) : text;
}

}  // namespace

Described describe(const std::string& code, const std::map<std::string, program::ValueType>& inputs,
                   const Attributes& names) {
  Compiled all = compiledAlone(code, inputs, names);
  Described out{portsOf(code, names), {}, std::move(all.mistakes)};
  for (const auto& [line, shapes] : all.lines) out.lines[line] = joined(shapes, ", ");
  return out;
}

namespace {

bool isKnownCall(const language::Tree& tree, const language::Node& call) {
  std::string spelled;  // "torch.relu"; of a method its name alone
  const language::Node* n = &tree[call.children[0]];
  const std::string name = n->text;
  for (; n->kind == language::NodeKind::Attribute; n = &tree[n->children[0]]) spelled = "." + n->text + spelled;
  if (n->kind == language::NodeKind::Name) {
    const Path path = pathOf(n->text + spelled);
    const bool plain =
        language::findFunction(n->text + spelled) || n->text + spelled == "param" || isStart(n->text + spelled);
    if (plain || findFunction(path.name) || (!path.module.empty() && findConvenience(path.name))) return true;
    if (spelled.empty()) return findConvenience(n->text) != nullptr;
  }
  const Function* function = findFunction(name);
  const Convenience* own = findConvenience(name);
  return (function && function->isMethod) || (own && own->isMethod);
}

// Whether all of the code, in branches that are not taken too, calls and reads only what the language knows: what
// somebody else's project says must not become a program.
bool isHarmless(const language::Tree& tree) {
  static const std::set<std::string> kAttributes{"shape",  "ndim",    "dtype",    "T",   "mT",
                                                 "values", "indices", "training", "nn",  "functional",
                                                 "linalg", "pi",      "inf",      "nan", "e"};
  std::set<language::NodeIndex> called;
  for (const language::Node& n : tree.nodes)
    if (n.kind == language::NodeKind::Call) {
      if (!isKnownCall(tree, n)) return false;
      called.insert(n.children[0]);
    }
  for (language::NodeIndex i = 0; i < tree.nodes.size(); ++i)
    if (const language::Node& n = tree[i]; n.kind == language::NodeKind::Attribute && !called.contains(i))
      if (!kAttributes.contains(n.text) && !dtypeFromName(n.text) && n.text != "long" && n.text != "double" &&
          n.text != "half")
        return false;
  return true;
}

}  // namespace

std::vector<std::string> pythonLines(const std::string& code, const std::map<std::string, program::ValueType>& inputs,
                                     const Attributes& names) {
  Compiled all = compiledAlone(code, inputs, names);
  if (!all.mistakes.empty() || !isHarmless(all.tree)) return {};
  std::vector<std::string> lines;
  for (const std::string& name : all.use.outer)
    lines.push_back(fmt::format("{} = {}", name, pythonText(names.at(name))));
  const bool byReturn = !all.use.results.empty() && all.use.results.front() != language::kNoNode;
  if (const auto& top = all.tree[all.tree.root].children;
      byReturn && all.tree[top.back()].kind == language::NodeKind::Statement) {
    const size_t begin = all.tree[top.back()].at.begin;
    all.edits.push_back({{begin, begin}, "return "});
  }
  std::stable_sort(all.edits.begin(), all.edits.end(), [](const auto& a, const auto& b) {
    return a.at.begin != b.at.begin ? a.at.begin < b.at.begin : a.at.end < b.at.end;
  });
  std::string text;
  size_t at = 0;
  for (const Compiler::Edit& edit : all.edits) {
    if (edit.at.begin < at) continue;  // inside what was replaced
    text += code.substr(at, edit.at.begin - at) + edit.text;
    at = edit.at.end;
  }
  text += code.substr(at);
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    std::string line = text.substr(start, end - start);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) line.pop_back();
    lines.push_back(std::move(line));
    start = end + 1;
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (!byReturn) lines.push_back("return " + joined(all.use.outputs, ", "));
  return lines;
}

}  // namespace netwright::layers::expressions
