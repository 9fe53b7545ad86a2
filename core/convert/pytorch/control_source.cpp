// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/control_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace netwright::convert::pytorch {
namespace {

using program::ValueId;
using Names = std::vector<std::string>;

bool contains(const std::vector<ValueId>& list, ValueId v) {
  return std::find(list.begin(), list.end(), v) != list.end();
}

class Writer {
 public:
  Writer(const program::Program& program, const NodePlan& plan, const std::string& name,
         const std::vector<BodyCall>& bodies, const std::string& list, Scope& locals, size_t statement)
      : program_(program),
        plan_(plan),
        flow_(*plan.control),
        name_(name),
        bodies_(bodies),
        list_(list),
        locals_(locals),
        statement_(statement) {}

  std::vector<Line> write() {
    flow_.loops ? loop() : branch();
    return std::move(lines_);
  }

 private:
  Line& add(const std::string& text, int indent = 0) { return lines_.emplace_back(text, indent); }
  // With the shape of what it gives first.
  void addResult(const std::string& text, ValueId result, int indent = 0) {
    add(text, indent).comment = program::text(program_.type(result));
  }

  std::string arguments(const BodyCall& body) const {
    Names all;
    for (const BlockScope::Port& p : body.scope->takes) all.push_back(locals_.at(p.value));
    return joined(all, ", ");
  }

  // The port behind a result.
  std::string portOf(ValueId result) const {
    for (const auto& [port, value] : plan_.out)
      if (value == result) return port;
    return name_;
  }

  std::string unused(const std::string& wanted) {
    const std::string name = locals_.unused(wanted, statement_, taken_);
    taken_.insert(name);
    return name;
  }

  // --- branches

  // One way: the call of its body, and what it hands on as it came.
  struct Way {
    Names targets;  // of the call
    std::string call;
    Names lines;
  };

  void branch() {
    const std::string choice = locals_.at(flow_.choice);
    std::vector<Names> outside;  // results that a body hands on, as they are called now; else empty
    Names calls;
    bool mixed = false;
    for (size_t k = 0; k < bodies_.size(); ++k) {
      calls.push_back(bodies_[k].scope ? fmt::format("({})", arguments(bodies_[k])) : "");
      outside.emplace_back();
      for (const ValueId v : flow_.regions[k].outputs) {
        outside.back().push_back(given(k, v) ? "" : locals_.at(v));
        mixed = mixed || !outside.back().back().empty();
      }
    }
    const bool only = flow_.results.size() == 1;
    Names results;
    for (const ValueId r : flow_.results) {
      const std::string wanted = only ? name_ : portOf(r);
      if (only || !mixed || !locals_.isRead(r)) {
        results.push_back(locals_.result(r, wanted, statement_, only));
      } else {
        results.push_back(unused(wanted));
        locals_.bind(r, results.back());
      }
    }
    std::vector<Way> ways;
    for (size_t k = 0; k < bodies_.size(); ++k) ways.push_back(way(k, calls[k], outside[k], results));
    plan_.node->kind == graph::kIf ? decide(choice, ways) : choose(choice, ways);
  }

  bool given(size_t body, ValueId v) const {
    if (!bodies_[body].scope) return false;
    const auto& gives = bodies_[body].scope->gives;
    return std::any_of(gives.begin(), gives.end(), [&](const BlockScope::Port& p) { return p.value == v; });
  }

  Way way(size_t k, const std::string& call, const Names& outside, const Names& results) const {
    Way made;
    std::map<ValueId, std::string> names;
    if (bodies_[k].scope) {
      for (const BlockScope::Port& p : bodies_[k].scope->gives) {
        std::string target = "_";
        for (size_t i = 0; i < results.size() && target == "_"; ++i)
          if (flow_.regions[k].outputs[i] == p.value) target = results[i];
        made.targets.push_back(names[p.value] = target);
      }
      made.call = call;
      if (std::any_of(made.targets.begin(), made.targets.end(), [](const auto& t) { return t != "_"; }))
        made.lines.push_back(fmt::format("{} = {}{}", joined(made.targets, ", "), bodies_[k].module, call));
    }
    for (size_t i = 0; i < results.size(); ++i) {
      const std::string from = outside[i].empty() ? names[flow_.regions[k].outputs[i]] : outside[i];
      if (results[i] != "_" && results[i] != from) made.lines.push_back(fmt::format("{} = {}", results[i], from));
    }
    return made;
  }

  void block(const std::string& head, const Names& lines) {
    add(head + ":");
    for (const std::string& line : lines) addResult(line, flow_.results.front(), 1);
    if (lines.empty()) add("pass", 1);
  }

  void decide(const std::string& condition, const std::vector<Way>& ways) {
    const Names &yes = ways[0].lines, &no = ways[1].lines;
    if (!yes.empty()) block("if " + condition, yes);
    if (yes.empty() && !no.empty())
      block("if not " + condition, no);
    else if (!no.empty())
      block("else", no);
  }

  void choose(const std::string& index, const std::vector<Way>& ways) {
    const auto plain = [&](const Way& w) {
      return w.lines.size() == 1 && w.targets == ways.front().targets && w.call == ways.front().call && !w.call.empty();
    };
    if (!list_.empty() && std::all_of(ways.begin(), ways.end(), plain)) {
      addResult(fmt::format("{} = {}[int({})]{}", joined(ways.front().targets, ", "), list_, index, ways.front().call),
                flow_.results.front());
      return;
    }
    for (size_t k = 0; k < ways.size(); ++k)
      block(k + 1 == ways.size() && k > 0 ? "else" : fmt::format("{} {} == {}", k == 0 ? "if" : "elif", index, k),
            ways[k].lines);
  }

  // --- loops

  void loop() {
    const ControlFlow::Region& region = flow_.regions.front();
    const BodyCall& body = bodies_.front();
    Names vars = carriedVariables(region), stacks(flow_.results.size() - vars.size());
    for (size_t j = 0; j < stacks.size(); ++j)
      if (const ValueId r = flow_.results[vars.size() + j]; locals_.isRead(r)) {
        stacks[j] = unused(portOf(r));
        add(stacks[j] + " = []");
      }
    const std::string again = region.again ? unused("again") : "";
    const bool counted = flow_.count || flow_.liveCount || !flow_.scanned.empty();
    const bool numbered =
        region.index && ((body.scope && takes(body, region.index)) || contains(region.outputs, region.index));
    const std::string step = numbered ? unused("step") : "_";
    if (!counted) {
      add(again + " = " + (flow_.start ? locals_.at(flow_.start) : "True"));
      if (numbered) add(step + " = 0");
    }
    const std::string head = counted ? forHead(region, step) : "while " + again;
    if (numbered) locals_.take(region.index, stepTensor(step));
    if (!again.empty() && given(0, region.again)) locals_.bind(region.again, again);
    add(head + ":");
    const size_t first = lines_.size();
    writeBody(region, body, vars, stacks, again);
    if (!counted && numbered) add(step + " += 1", 1);
    if (counted && !again.empty()) {
      add("if not " + again + ":", 1);
      add("break", 2);
    }
    if (lines_.size() == first) add("pass", 1);
    for (size_t i = 0; i < vars.size(); ++i) locals_.bind(flow_.results[i], vars[i]);
    for (size_t j = 0; j < stacks.size(); ++j) {
      if (stacks[j].empty()) continue;
      addResult(fmt::format("{0} = torch.{1}({0}, dim={2})", stacks[j], flow_.keepsDim ? "cat" : "stack", flow_.dim),
                flow_.results[vars.size() + j]);
      locals_.bind(flow_.results[vars.size() + j], stacks[j]);
    }
  }

  static bool takes(const BodyCall& body, ValueId v) {
    return std::any_of(body.scope->takes.begin(), body.scope->takes.end(),
                       [&](const BlockScope::Port& p) { return p.value == v; });
  }

  // What is carried lies in the variable of its first value, if nobody else needs that, else in one of its own.
  Names carriedVariables(const ControlFlow::Region& region) {
    Names vars;
    const std::vector<ValueId> all = flow_.inputs();
    Names begin;
    for (const ValueId v : flow_.carried) {
      begin.push_back(locals_.at(v));
      const bool own = locals_.isLeft(v, statement_) && std::count(all.begin(), all.end(), v) == 1;
      vars.push_back(own ? begin.back() : "");
      if (own) taken_.insert(vars.back());
    }
    for (size_t i = 0; i < vars.size(); ++i) {
      if (vars[i].empty()) {
        vars[i] = unused(region.carriedNames[i]);
        add(fmt::format("{} = {}", vars[i], begin[i]));
      }
      locals_.bind(region.carried[i], vars[i]);
    }
    return vars;
  }

  std::string suffix() const { return plan_.node->kind == "scan" ? "_t" : "_i"; }

  std::string forHead(const ControlFlow::Region& region, const std::string& step) {
    Names parts, sources;
    for (size_t i = 0; i < flow_.scanned.size(); ++i) {
      const std::string source = locals_.at(flow_.scanned[i]);
      sources.push_back(flow_.keepsDim ? fmt::format("{}.split(1, dim={})", source, flow_.dim)
                                       : fmt::format("{}.unbind({})", source, flow_.dim));
      parts.push_back(unused(region.partNames[i] + suffix()));
    }
    for (size_t i = 0; i < parts.size(); ++i) locals_.bind(region.parts[i], parts[i]);
    if (sources.size() == 1) return fmt::format("for {} in {}", parts[0], sources[0]);
    if (!sources.empty()) return fmt::format("for {} in zip({})", joined(parts, ", "), joined(sources, ", "));
    std::string count = flow_.liveCount ? fmt::format("int({})", locals_.at(flow_.liveCount))
                                        : std::to_string(flow_.count->constant().value_or(0));
    if (flow_.start) count += fmt::format(" if {} else 0", locals_.at(flow_.start));
    return fmt::format("for {} in range({})", step, count);
  }

  // The number of the step as the body takes it.
  std::string stepTensor(const std::string& step) const {
    for (const auto* list : {&flow_.carried, &flow_.operands})
      if (!list->empty())
        return fmt::format(
            "torch.tensor({}, device={}.device)", step,
            list == &flow_.carried ? locals_.at(flow_.regions.front().carried.front()) : locals_.at(list->front()));
    return fmt::format("torch.tensor({})", step);
  }

  void writeBody(const ControlFlow::Region& region, const BodyCall& body, const Names& vars, const Names& stacks,
                 const std::string& again) {
    const std::vector<ValueId> next(region.outputs.begin(),
                                    region.outputs.begin() + static_cast<std::ptrdiff_t>(vars.size()));
    const std::vector<ValueId> parts(region.outputs.begin() + static_cast<std::ptrdiff_t>(vars.size()),
                                     region.outputs.end());
    // The call can set what is carried by itself, unless that is needed once more as it was.
    bool direct = true;
    for (size_t i = 0; i < next.size(); ++i) {
      const bool stays = next[i] == region.carried[i];
      direct = direct && (stays || (given(0, next[i]) && std::count(next.begin(), next.end(), next[i]) == 1));
      direct = direct && (stays || !contains(parts, region.carried[i]));
    }
    if (body.scope && !body.scope->gives.empty()) {
      Names targets;
      const std::string call = fmt::format("{}({})", body.module, arguments(body));
      for (const BlockScope::Port& p : body.scope->gives) {
        const auto carried = std::find(next.begin(), next.end(), p.value),
                   part = std::find(parts.begin(), parts.end(), p.value);
        std::string target = "_";
        if (direct && carried != next.end())
          target = vars[static_cast<size_t>(carried - next.begin())];
        else if (p.value == region.again && carried == next.end())
          target = again;
        else if (carried != next.end())
          target = unused("next_" + vars[static_cast<size_t>(carried - next.begin())]);
        else if (part != parts.end() && !stacks[static_cast<size_t>(part - parts.begin())].empty())
          target = unused(p.name + suffix());
        targets.push_back(target);
        if (target != "_") locals_.bind(p.value, target);
      }
      addResult(fmt::format("{} = {}", joined(targets, ", "), call), body.scope->gives.front().value, 1);
    }
    if (!again.empty() && locals_.at(region.again) != again)
      add(fmt::format("{} = {}", again, locals_.at(region.again)), 1);
    for (size_t j = 0; j < stacks.size(); ++j)
      if (!stacks[j].empty()) add(fmt::format("{}.append({})", stacks[j], locals_.at(parts[j])), 1);
    if (direct) return;
    Names left, right;
    for (size_t i = 0; i < next.size(); ++i)
      if (locals_.at(next[i]) != vars[i]) {
        left.push_back(vars[i]);
        right.push_back(locals_.at(next[i]));
      }
    if (!left.empty()) add(fmt::format("{} = {}", joined(left, ", "), joined(right, ", ")), 1);
  }

  const program::Program& program_;
  const NodePlan& plan_;
  const ControlFlow& flow_;
  const std::string& name_;
  const std::vector<BodyCall>& bodies_;
  const std::string& list_;
  Scope& locals_;
  const size_t statement_;
  std::set<std::string> taken_;
  std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> controlLines(const program::Program& program, const NodePlan& plan, const std::string& name,
                               const std::vector<BodyCall>& bodies, const std::string& list, Scope& locals,
                               size_t statement) {
  return Writer(program, plan, name, bodies, list, locals, statement).write();
}

}  // namespace netwright::convert::pytorch
