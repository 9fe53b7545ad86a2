// SPDX-License-Identifier: Apache-2.0
// Names, ops, results. Operators are in operators.cpp, functions and methods in calls.cpp.
#include "core/layers/expressions/compiler.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/language/functions.h"
#include "core/layers/expressions/weights.h"

namespace netwright::layers::expressions {

using language::NodeIndex;
using language::NodeKind;
using language::Thing;

Compiler::Compiler(std::string_view code, const language::Tree& tree, const Use& use, Lowering& lowering)
    : Interpreter(code, tree), use_(use), lowering_(lowering) {
  for (const std::string& name : use.inputs)
    if (const Value value = lowering.input(name.c_str())) {
      inputs_.emplace(name, thing(value));
    } else {
      faulty_.insert(name);
    }
}

std::vector<Value> Compiler::compile() {
  language::Interpreter::run(tree_.root);
  std::vector<Value> all(use_.outputs.size());
  const bool byReturn = !use_.results.empty() && use_.results.front() != language::kNoNode;
  if (byReturn && !returned_) {
    if (mistakes().empty())
      failAt({0, text_.size()}, "no line that is reached returns a result; let each way through 'if' return one");
    return all;
  }
  std::vector<std::optional<Item>> items(all.size());
  if (!byReturn) {
    for (size_t i = 0; i < all.size(); ++i)
      if (const auto found = names_.find(use_.outputs[i]); found != names_.end()) items[i] = found->second;
  } else if (all.size() == 1) {
    items[0] = returned_;
  } else if (const auto* list = returned_->list(); list && list->size() == all.size()) {
    items.assign(list->begin(), list->end());
  } else if (mistakes().empty()) {
    failAt({0, text_.size()},
           fmt::format("the results are {} in one line and otherwise in another; return the same names everywhere",
                       all.size()));
  }
  for (size_t i = 0; i < all.size(); ++i) {
    if (!items[i]) {
      if (mistakes().empty() && !faulty_.contains(use_.outputs[i]))
        failAt({0, text_.size()},
               fmt::format("'{}' is set in no line that is reached; set it in each branch", use_.outputs[i]));
      continue;
    }
    if (const Value* tensor = tensorOf(*items[i]))
      all[i] = *tensor;
    else if (mistakes().empty())
      failAt({0, text_.size()},
             fmt::format("'{}' is {} and no tensor, so it cannot be a result; use it in a line below or delete it",
                         use_.outputs[i], describe(*items[i])));
  }
  return all;
}

// --- things
Compiler::Item Compiler::thing(Entity entity) {
  entities_.push_back(std::move(entity));
  return Thing{static_cast<uint32_t>(entities_.size() - 1)};
}

const Entity* Compiler::entityOf(const Item& item) const {
  const auto* found = item.as<Thing>();
  return found ? &entities_[found->id] : nullptr;
}

const Value* Compiler::tensorOf(const Item& item) const {
  const Entity* entity = entityOf(item);
  return entity ? std::get_if<Value>(entity) : nullptr;
}

bool Compiler::holdsThing(const std::vector<language::Argument>& arguments) const {
  const auto holds = [&](const Item& item) {
    const auto* list = item.list();
    return item.as<Thing>() || (list && std::any_of(list->begin(), list->end(),
                                                    [](const Item& inner) { return inner.as<Thing>() != nullptr; }));
  };
  return std::any_of(arguments.begin(), arguments.end(), [&](const auto& a) { return holds(a.value); });
}

Compiler::Item Compiler::sizeItem(const Dim& size) {
  if (const auto number = size.constant()) return *number;
  return thing(size);
}

std::string Compiler::written(NodeIndex at) const {
  const language::Span span = node(at).at;
  std::string text(text_.substr(span.begin, span.end - span.begin));
  if (const size_t end = text.find('\n'); end != text.npos) text = text.substr(0, end) + " …";
  if (text.size() > 60) {
    size_t cut = 60;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    text = text.substr(0, cut) + "…";
  }
  return "`" + text + "`";
}

std::string Compiler::describe(const Item& item) const {
  const Entity* entity = entityOf(item);
  if (!entity) return language::typeName(item);
  if (const auto* size = std::get_if<Dim>(entity)) return fmt::format("the size {}", size->text());
  if (std::holds_alternative<Value>(*entity)) return "a tensor";
  if (std::holds_alternative<DType>(*entity)) return "a data type";
  if (std::holds_alternative<Weight>(*entity)) return "a weight";
  return std::holds_alternative<Start>(*entity) ? "a way to begin a weight" : "self.training";
}

void Compiler::edit(NodeIndex at, std::string text) {
  Edit made{node(at).at, std::move(text)};
  if (std::find(edits_.begin(), edits_.end(), made) == edits_.end()) edits_.push_back(std::move(made));
}

// --- names
std::optional<language::Value> Compiler::outer(const std::string& name) {
  if (const auto input = inputs_.find(name); input != inputs_.end()) return input->second;
  if (const auto known = lowering_.node().names.find(name); known != lowering_.node().names.end())
    return language::valueOf(known->second);
  if (isStart(name)) return thing(Start{name, {}});
  return std::nullopt;
}

std::vector<std::string> Compiler::outerNames() const {
  std::vector<std::string> names = use_.inputs;
  for (const auto& [name, value] : lowering_.node().names) names.push_back(name);
  return names;
}

std::optional<language::Value> Compiler::constant(const std::string& path) {
  if (path == "self.training") return thing(program::TrainingFlag{});
  if (path == "torch.inf" || path == "torch.pi" || path == "torch.e" || path == "torch.nan")
    return Interpreter::constant("math." + path.substr(6));
  if (path.starts_with("torch.")) {
    std::string name = path.substr(6);
    if (name == "float") return thing(DType::Float32);
    if (name == "double") name = "float64";
    if (name == "long") name = "int64";
    if (name == "int") name = "int32";
    if (name == "half") name = "float16";
    if (const auto dtype = dtypeFromName(name)) return thing(*dtype);
  }
  return Interpreter::constant(path);
}

std::optional<language::Value> Compiler::assigned(const std::string& name, const language::Value& value,
                                                  NodeIndex target) {
  Item kept = value;
  const size_t weights = slots_.size();
  if (const Entity* entity = entityOf(value); entity && std::holds_alternative<Weight>(*entity)) {
    const auto weight = nameWeight(name, std::get<Weight>(*entity), target);
    if (!weight) return std::nullopt;
    kept = *weight;
  } else if (const auto* list = value.list()) {
    std::vector<Item> items = *list;
    for (size_t i = 0; i < items.size(); ++i) {
      const Entity* inner = entityOf(items[i]);
      if (!inner || !std::holds_alternative<Weight>(*inner)) continue;
      const auto weight = nameWeight(fmt::format("{}.{}", name, i), std::get<Weight>(*inner), target);
      if (!weight) return std::nullopt;
      items[i] = *weight;
    }
    kept = *language::listOf(std::move(items)).value;
  }
  if (slots_.size() > weights) {
    for (const language::Node& n : tree_.nodes)  // the whole right side: `w = self.w`
      if (n.kind == NodeKind::Assign && n.children[0] == target) edit(n.children.back(), "self." + name);
  }
  if (const Value* tensor = tensorOf(kept)) {
    auto& line = lines_[language::positionOf(text_, node(target).at.begin).line];
    std::erase_if(line, [&](const std::string& known) { return known.starts_with(name + " "); });
    line.push_back(name + " " + program::text(tensor->type()));
  }
  return kept;
}

void Compiler::computed(const language::Value& value, NodeIndex statement) {
  const auto& all = node(tree_.root).children;
  if (all.empty() || statement != all.back()) {
    fail(statement, "nothing uses what this line computes; give it a name: y = ...");
    return;
  }
  returned(value, statement);
}

void Compiler::returned(const language::Value& value, NodeIndex at) {
  returned_ = value;
  auto& line = lines_[language::positionOf(text_, node(at).at.begin).line];
  const auto show = [&](const Item& item) {
    if (const Value* tensor = tensorOf(item)) line.push_back(program::text(tensor->type()));
  };
  line.clear();
  if (const auto* list = value.list())
    for (const Item& item : *list) show(item);
  else
    show(value);
}

std::optional<bool> Compiler::decide(const language::Value& value, NodeIndex at) {
  const Entity* entity = entityOf(value);
  if (!entity) return Interpreter::decide(value, at);
  if (std::holds_alternative<Value>(*entity))
    return fail(at,
                "what a tensor holds is only known while it is computed; use where(condition, a, b), or an If node");
  if (const auto* size = std::get_if<Dim>(entity); size && size->atLeast(Dim(1)) == program::Answer::Yes) return true;
  return fail(at, fmt::format("whether {} counts as true is only known for each batch", describe(value)));
}

// --- ops
std::optional<language::Value> Compiler::run(const char* op, std::vector<Argument> args, NodeIndex at) {
  const program::OpInfo& info = program::opInfo(op);
  for (size_t i = args.size(); i < info.schema.arguments.size(); ++i)
    args.push_back(*info.schema.arguments[i].fallback);
  return run(info, std::move(args), at);
}

std::optional<language::Value> Compiler::run(const program::OpInfo& op, std::vector<Argument> args, NodeIndex at) {
  if (++ops_ > kMaxOps) {
    charge(SIZE_MAX, at);  // ends it
    return std::nullopt;
  }
  std::vector<Value> results;
  try {
    results = lowering_.results(op.id().c_str(), args);
  } catch (const std::bad_optional_access&) {  // a rule asked for a number where a size is only known for each batch
    return fail(at, fmt::format("{} needs numbers where it is given sizes that only a batch tells", written(at)));
  }
  if (!lowering_.diagnostics.empty()) {
    Diagnostic d = std::move(lowering_.diagnostics.front());
    lowering_.diagnostics.clear();
    d.args["layer"] = written(at);
    std::string text = d.text();
    if (text.ends_with(".")) text.pop_back();
    return fail(at, std::move(text));
  }
  std::vector<Item> items;
  for (const Value& result : results) {
    Dim count = 1;
    for (const Dim& size : result.type().shape)
      if (size.constant()) count = count * size;  // does not overflow: Dim
    if (count.constant().value_or(0) > kMaxElements)
      return fail(at, fmt::format("{} would have {} elements, more than {}", written(at),
                                  program::text(result.type().shape), grouped(kMaxElements)));
    items.push_back(thing(result));
  }
  if (!results.empty()) guard(op, args, *results.front().builder);
  if (items.size() == 1) return items.front();
  return settle(at, language::listOf(std::move(items)));
}

// Values that the ops of the catalogue do not check themselves on every device.
void Compiler::guard(const program::OpInfo& op, const std::vector<Argument>& args, const program::Builder& builder) {
  const auto tensor = [&](const char* name) -> Value {
    const auto* id = std::get_if<program::ValueId>(&args[op.schema.index(name)]);
    return id ? Value{*id, &builder} : Value{};
  };
  const auto number = [&](const char* name) { return std::get<Dim>(args[op.schema.index(name)]).constant().value(); };
  const std::string& name = op.schema.name;
  if (name == "gather" || name == "index_select" || name == "scatter" || name == "scatter_add")
    lowering_.guardIndex(tensor("index"), tensor("self").dim(static_cast<int>(number("dim"))), 0, "NW-D014");
  else if (name == "embedding")
    lowering_.guardIndex(tensor("indices"), tensor("weight").dim(0), 0, "NW-D011");
  else if (name == "one_hot" && number("num_classes") > 0)
    lowering_.guardIndex(tensor("self"), Dim(number("num_classes")), 0, "NW-D014");
  else if (name == "nll_loss_nd" || (name == "cross_entropy_loss" && !isFloating(tensor("target").type().dtype)))
    lowering_.guardIndex(tensor("target"), tensor("self").dim(tensor("self").rank() > 1 ? 1 : 0),
                         number("ignore_index"));
  else if (name == "multi_margin_loss" || name == "multilabel_margin_loss")
    lowering_.guardIndex(tensor("target"), tensor("self").dim(-1), name == "multi_margin_loss" ? 0 : -1);
}

}  // namespace netwright::layers::expressions
