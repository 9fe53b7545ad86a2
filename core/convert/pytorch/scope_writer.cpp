// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/scope_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/control_source.h"

namespace netwright::convert::pytorch {
namespace {

using program::ValueId;

bool isFixed(const NodePlan& p) { return p.changesInTraining && p.node->mode != Mode::Follow; }

// The path from `self` on, read from elsewhere.
std::string within(const std::string& owner, std::string expression) {
  return expression.replace(expression.find("self"), 4, owner);
}

}  // namespace

std::unique_ptr<Places> placesOf(const BlockScope& scope) {
  std::vector<Places::Name> names;
  for (const BlockScope::Element& e : scope.elements)
    if (e.isModule()) names.push_back({e.name, e.scope != nullptr});
  return std::make_unique<Places>(names);
}

ScopeWriter::ScopeWriter(const Surroundings& all, const BlockScope& scope)
    : all_(all), scope_(scope), places_(placesOf(scope)) {
  for (const Element& e : scope.elements) {
    if (e.isModule()) modules_.push_back(&e);
    if (!isStatement(e)) continue;
    for (const ValueId v : takes(e)) ++reads_[v];
  }
  for (const BlockScope::Port& p : scope.gives) ++reads_[p.value];
  findLists();
}

// Bodies of control flow are called by the node that runs them.
bool ScopeWriter::isStatement(const Element& e) const {
  if (e.scope) return !e.scope->control && !e.scope->gives.empty();
  return !isInline(e) || !e.plan->ops.empty();
}

// What its statements read, each value once.
ScopeWriter::Values ScopeWriter::takes(const Element& e) const {
  Values all;
  if (e.scope) {
    for (const BlockScope::Port& p : e.scope->takes) all.push_back(p.value);
    return all;
  }
  if (const auto own = all_.classes.find(e.plan->node->id); own != all_.classes.end()) return own->second.takes;
  if (e.plan->isModule() || !e.plan->code.empty()) return e.plan->tensors();
  const auto add = [&](const Values& reads) {
    for (const ValueId v : reads)
      if (std::find(all.begin(), all.end(), v) == all.end()) all.push_back(v);
  };
  if (e.plan->control) add(e.plan->control->inputs());
  if (isInline(e))
    for (const Values& reads : readsOf(e.plan->ops)) add(reads);
  return all;
}

ScopeWriter::Values ScopeWriter::gives(const Element& e) const {
  Values all;
  if (!e.scope) {
    const auto own = all_.classes.find(e.plan->node->id);
    return own == all_.classes.end() ? e.plan->results() : own->second.gives;
  }
  for (const BlockScope::Port& p : e.scope->gives) all.push_back(p.value);
  return all;
}

// Lists of modules that are made one right after the other, and among them those that only feed one another.
void ScopeWriter::findLists() {
  for (size_t i = 0; i < modules_.size(); ++i) {
    const Places::List list = places_->listOf(modules_[i]->name);
    if (list.expression.empty() || list.place > 0 || i + list.size > modules_.size()) continue;
    const std::vector<const Element*> run(modules_.begin() + static_cast<std::ptrdiff_t>(i),
                                          modules_.begin() + static_cast<std::ptrdiff_t>(i + list.size));
    if (!std::all_of(run.begin(), run.end(),
                     [&](const Element* e) { return places_->listOf(e->name).expression == list.expression; }))
      continue;
    lists_[run.front()] = run;
    if (isChain(run))
      for (const Element* e : run) chained_[e] = run.front();
  }
}

bool ScopeWriter::isChain(const std::vector<const Element*>& elements) const {
  for (size_t i = 0; i < elements.size(); ++i) {
    const Element& e = *elements[i];
    const Values in = takes(e), out = gives(e);
    if (in.size() != 1 || out.size() != 1 || in == out || (e.scope && e.scope->control) ||
        frameOf(e) != frameOf(*elements.front()) ||
        (e.plan && e.plan->row && e.plan->form == NodePlan::Form::Module && e.plan->row->call))
      return false;
    if (i + 1 < elements.size() && (takes(*elements[i + 1]) != out || reads_.at(out.front()) != 1)) return false;
  }
  return true;
}

// Nothing but a chain of modules called 0, 1, 2 and so on.
bool ScopeWriter::isSequential() const {
  const auto statements =
      std::count_if(scope_.elements.begin(), scope_.elements.end(), [&](const Element& e) { return isStatement(e); });
  return scope_.parent && places_->isNumbered() && static_cast<size_t>(statements) == modules_.size() &&
         scope_.takes.size() == 1 && scope_.gives.size() == 1 && isChain(modules_) &&
         takes(*modules_.front()).front() == scope_.takes.front().value &&
         gives(*modules_.back()).front() == scope_.gives.front().value &&
         std::none_of(modules_.begin(), modules_.end(), [](const Element* e) { return e->plan && isFixed(*e->plan); });
}

// The innermost frame around an element, by its title.
std::string ScopeWriter::frameOf(const Element& e) const {
  std::string title;
  for (const graph::Annotation& a : scope_.body->annotations) {
    const double x = e.position.x - a.position.x, y = e.position.y - a.position.y;
    if (a.kind == graph::Annotation::Kind::Frame && x >= 0 && y >= 0 && x < a.size.x && y < a.size.y) title = a.text;
  }
  return title;
}

std::string ScopeWriter::shapeOf(const Element& e) const {
  const Values results = e.scope ? gives(e) : e.plan->results();
  return results.empty() ? "" : program::text(all_.program.type(results.front()));
}

// How forward() reads the module of an element.
std::string ScopeWriter::module(const Element& e) const {
  const Element* owner = &e;  // of its weights
  if (e.scope && e.scope->twin)
    owner = &*std::find_if(scope_.elements.begin(), scope_.elements.end(),
                           [&](const Element& other) { return other.scope == e.scope->twin; });
  return places_->expression(owner->name);
}

// The text that makes it.
Line ScopeWriter::construction(const Element& e) const {
  if (e.scope) return all_.constructors.at(e.scope);
  const NodePlan& p = *e.plan;
  if (p.form == NodePlan::Form::Class) return Line(all_.nodeConstructors.at(p.node->id));
  const Construction made = constructionOf(*p.layer, *p.row, p.params);
  Line line(made.before);
  for (const Setting& s : made.settings) {
    Constant c{s.value, s.param, e.name};
    if (s.named) c.label = s.param + "=";
    c.argument = true;
    c.spare = s.isDefault;
    if (const auto drawn = e.drawn ? e.drawn->params.find(s.param) : p.params.end();
        e.drawn && drawn != e.drawn->params.end()) {
      if (const auto* formula = std::get_if<Formula>(&drawn->second))
        c.formula = formula->text;
      else
        c.inferred = drawn->second != p.params.at(s.param);
    }
    line.add(std::move(c));
  }
  return line.add(made.after);
}

void ScopeWriter::writeInit(ClassText& out) {
  const auto item = [&](const Element& e, bool shape) {
    Line line = construction(e).add(",");
    line.indent = 1;
    if (shape) line.comment = shapeOf(e);
    return line;
  };
  if (out.base == "nn.Sequential") {
    for (const Element* e : modules_) out.init.push_back(item(*e, true));
    return;
  }
  std::set<const Element*> made;
  for (const Element* e : modules_) {
    if (made.contains(e)) continue;
    const auto list = lists_.find(e);
    for (const Places::Line& l : list == lists_.end() ? places_->creation(e->name) : places_->listCreation(e->name)) {
      Line line(l.before);
      if (!l.module) {
        out.init.push_back(line);
      } else if (list == lists_.end()) {
        out.init.push_back(line.add(construction(*e)).add(l.after));
      } else {
        const bool chain = chained_.contains(e);
        out.init.push_back(line.add(chain ? "nn.Sequential(" : "nn.ModuleList(["));
        for (const Element* one : list->second) {
          out.init.push_back(item(*one, chain));
          made.insert(one);
        }
        out.init.push_back(Line(chain ? ")" : "])").add(l.after));
      }
    }
  }
  for (const Element* e : modules_)
    if (e->plan && isFixed(*e->plan)) {
      Line line(fmt::format("{}.{}()", module(*e), e->plan->node->mode == Mode::Train ? "train" : "eval"));
      line.comment = "always";
      out.modes.push_back(line);
    }
  if (!out.modes.empty()) out.init.emplace_back("self.train()");
}

// The weights of all that is in a scope, for those who use another's.
void ScopeWriter::takeStates(const BlockScope& scope, const std::string& owner, Scope& locals) const {
  const Places& places = *all_.places.at(&scope);
  for (const Element& e : scope.elements) {
    if (!e.isModule()) continue;
    const std::string expression = within(owner, places.expression(e.name));
    if (e.scope) {
      takeStates(*e.scope, expression, locals);
      continue;
    }
    for (const program::State* s : e.plan->states) locals.take(s->value, attribute(expression, s->id.slot));
  }
}

void ScopeWriter::writeForward(ClassText& out) const {
  std::vector<Values> reads;
  std::vector<const Element*> steps;
  for (const size_t i : scope_.order) {
    const Element& e = scope_.elements[i];
    const auto chain = chained_.find(&e);
    if (!isStatement(e) || (chain != chained_.end() && chain->second != &e)) continue;
    steps.push_back(&e);
    if (!isInline(e)) {
      reads.push_back(takes(e));
      continue;
    }
    const auto own = readsOf(e.plan->ops);
    reads.insert(reads.end(), own.begin(), own.end());
  }
  Values results;
  for (const BlockScope::Port& p : scope_.gives) results.push_back(p.value);
  Scope locals(reads, results);
  out.head = "def forward(self";
  for (const BlockScope::Port& p : scope_.takes) out.head += ", " + locals.parameter(p.value, p.name);
  out.head += "):";
  takeStates(scope_, "self", locals);
  std::string frame;
  size_t statement = 0;
  for (const Element* e : steps) {
    if (const std::string now = frameOf(*e); now != frame) {
      if (!now.empty()) out.forward.emplace_back("# " + python::inComment(now));
      frame = now;
    }
    for (Line& line : statementsOf(*e, locals, statement)) out.forward.push_back(std::move(line));
    statement += isInline(*e) ? e->plan->ops.size() : 1;
  }
  std::vector<std::string> texts;
  for (const ValueId v : results) texts.push_back(locals.at(v));
  out.forward.emplace_back("return " + joined(texts, ", "));
}

// The call of one of PyTorch's modules.
class ScopeWriter::ModuleCall final : public Call {
 public:
  ModuleCall(const NodePlan& plan, std::string name, std::string module, Scope& locals, size_t statement)
      : plan_(plan), name_(std::move(name)), module_(std::move(module)), locals_(locals), statement_(statement) {}
  const std::string& module() const override { return module_; }
  bool has(const char* port) const override { return plan_.in.contains(port); }
  std::string in(const char* port) const override { return locals_.at(plan_.in.at(port)); }
  std::string out(const char* port) override {
    const bool only = plan_.layer->outputs.size() == 1;
    return locals_.result(plan_.out.at(port), only ? name_ : port, statement_, only);
  }
  const Attribute& param(const char* name) const override { return plan_.params.at(name); }
  void line(const std::string& text) override { lines.push_back(text); }
  std::vector<std::string> lines;

 private:
  const NodePlan& plan_;
  const std::string name_, module_;
  Scope& locals_;
  size_t statement_;
};

// An expression under the names of this function.
std::vector<Line> ScopeWriter::codeOf(const Element& e, Scope& locals, size_t statement) const {
  const NodePlan& p = *e.plan;
  std::map<std::string, std::string> names;  // of its variables
  std::set<std::string> taken;
  for (const auto& [port, value] : p.in) names[port] = locals.at(value);
  const bool only = p.layer->outputs.size() == 1;
  std::vector<Line> lines;
  for (const Assignment& a : p.code) {
    const std::string right = renamed(a.right, names);
    std::vector<std::string> left;
    for (const std::string& target : a.targets) {
      const auto result = p.out.find(target);
      if (&a == &p.code.back() && result != p.out.end()) {
        left.push_back(locals.result(result->second, only ? e.name : target, statement, only));
        continue;
      }
      if (!taken.contains(names[target])) taken.insert(names[target] = locals.unused(target, statement, taken));
      left.push_back(names[target]);
      if (result != p.out.end()) locals.bind(result->second, names[target]);
    }
    lines.push_back(numbersMarked(fmt::format("{} = {}", joined(left, ", "), right), e.name));
    if (const auto result = p.out.find(a.targets.front()); result != p.out.end())
      lines.back().comment = program::text(all_.program.type(result->second));
  }
  return lines;
}

std::vector<Line> ScopeWriter::controlOf(const Element& e, Scope& locals, size_t statement) const {
  std::vector<BodyCall> bodies(e.plan->control->regions.size());
  std::set<std::string> lists;
  for (const Element& body : scope_.elements) {
    if (!body.scope || body.scope->control != e.plan || !body.isModule()) continue;
    bodies[body.scope->place] = {body.scope, places_->expression(body.name)};
    const Places::List list = places_->listOf(body.name);
    lists.insert(list.size == bodies.size() && list.place == body.scope->place ? list.expression : "");
  }
  const std::string list = lists.size() == 1 ? *lists.begin() : "";
  std::vector<Line> lines;
  for (const Line& line : controlLines(all_.program, *e.plan, e.name, bodies, list, locals, statement)) {
    lines.push_back(numbersMarked(std::get<std::string>(line.parts.front()), e.name));
    lines.back().comment = line.comment;
    lines.back().indent = line.indent;
  }
  return lines;
}

std::vector<Line> ScopeWriter::statementsOf(const Element& e, Scope& locals, size_t statement) const {
  std::vector<std::string> texts;
  size_t result = 0;  // the line that gives it
  if (e.plan && e.plan->control) return controlOf(e, locals, statement);
  if (e.plan && !e.plan->code.empty()) return codeOf(e, locals, statement);
  if (isInline(e)) {
    texts = statements(all_.program, e.plan->ops, locals, e.name, statement);
    result = texts.size() - 1;
  } else if (e.plan && e.plan->form == NodePlan::Form::Module && e.plan->row->call) {
    ModuleCall call(*e.plan, e.name, module(e), locals, statement);
    e.plan->row->call(call);
    texts = call.lines;
    while (result + 1 < texts.size() && texts[result].find(module(e) + "(") == std::string::npos) ++result;
  } else {
    const auto chain = chained_.find(&e);
    const Element& last = chain == chained_.end() ? e : *lists_.at(&e).back();
    std::vector<std::string> arguments, names;
    for (const ValueId v : takes(e)) arguments.push_back(locals.at(v));
    const Values values = gives(last);
    const bool only = values.size() == 1;
    for (size_t i = 0; i < values.size(); ++i)
      names.push_back(locals.result(values[i], e.scope && !only ? e.scope->gives[i].name : last.name, statement, only));
    const std::string called = chain == chained_.end() ? module(e) : places_->listOf(e.name).expression;
    Line line(fmt::format("{} = {}({})", joined(names, ", "), called, joined(arguments, ", ")));
    line.comment = shapeOf(last);
    return {line};
  }
  std::vector<Line> lines;
  for (const std::string& t : texts) lines.push_back(numbersMarked(t, e.name));
  lines[result].comment = shapeOf(e);
  return lines;
}

// Of a nn.Sequential whose modules are not all its own.
void ScopeWriter::writeLoop(ClassText& out) const {
  const std::string x = python::identifier(scope_.takes.front().name);
  out.head = fmt::format("def forward(self, {}):", x);
  out.forward.emplace_back(fmt::format("for i in range({}):", modules_.size()));
  out.forward.emplace_back(fmt::format("{0} = self[i]({0})", x), 1);
  out.forward.emplace_back("return " + x);
}

ClassText ScopeWriter::write() {
  ClassText out;
  if (isSequential()) out.base = "nn.Sequential";
  if (out.base == "nn.Module")
    writeForward(out);
  else if (all_.hosts.contains(scope_.block))
    writeLoop(out);
  writeInit(out);
  for (const std::string& name : places_->attributes()) out.taken.insert(name);
  out.taken.insert(places_->locals().begin(), places_->locals().end());
  return out;
}

}  // namespace netwright::convert::pytorch
