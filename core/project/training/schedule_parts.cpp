// SPDX-License-Identifier: Apache-2.0
#include "core/project/training/schedule_parts.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/convert/pytorch/module_row.h"
#include "core/project/training/python_parts.h"
#include "core/run/schedule_spec.h"

namespace netwright::project {
namespace {

using convert::pytorch::number;

constexpr size_t kLineLength = 100;

// A call, a list or (without brackets) any other expression.
struct Expression {
  std::string head, end;
  std::vector<Expression> items;
};

std::string oneLine(const Expression& e) {
  std::string inside;
  for (const Expression& item : e.items) inside += (inside.empty() ? "" : ", ") + oneLine(item);
  return e.head + inside + e.end;
}

// In one line where it fits, else each item in lines of its own. `after`: what follows.
void write(const Expression& e, size_t indent, const std::string& after, std::vector<std::string>& lines) {
  const std::string margin(indent, ' '), whole = margin + oneLine(e) + after;
  if (e.items.empty() || whole.size() <= kLineLength) return lines.push_back(whole);
  lines.push_back(margin + e.head);
  for (const Expression& item : e.items) write(item, indent + 4, ",", lines);
  lines.push_back(margin + e.end + after);
}

class Writer {
 public:
  explicit Writer(double rate) : rate_(rate) {}

  Expression schedule(const run::Schedule& s, const std::string& length, bool inside) const {
    const run::ScheduleSpec& spec = *run::findSchedule(s.kind);
    const Attributes params = run::completeParams(s);
    if (s.kind == "constant") return call("ConstantLR", {"factor=1.0"});
    if (s.kind == "cosine") return cosine(params, length, inside);
    Expression made = call(spec.torchName.substr(spec.torchName.rfind('.') + 1), {});
    if (s.kind == "chained" || s.kind == "sequential") {
      Expression list{"[", "]", {}};
      for (size_t i = 0; i < s.parts.size(); ++i)
        list.items.push_back(schedule(s.parts[i], s.kind == "sequential" ? share(params, i, length) : length,
                                      inside || s.kind == "sequential"));
      if (s.kind == "chained") made.items.clear();  // it takes the optimiser of its parts
      made.items.push_back(std::move(list));
    }
    if (s.kind == "cyclic") add(made, "base_lr", number(rate_));
    if (s.kind == "one_cycle") {
      add(made, "max_lr", number(rate_));
      add(made, "total_steps", length);
    }
    for (const ParamSpec& p : spec.params) {
      if (p.name == "interval") continue;
      const bool all = p.name == "total_iters" && params.at(p.name) == Attribute(int64_t{0});
      add(made, p.name, all ? length : literal(p, params.at(p.name)));
    }
    return made;
  }

 private:
  static void add(Expression& call, const std::string& name, const std::string& value) {
    call.items.push_back({name + "=" + value, "", {}});
  }
  static Expression call(const std::string& name, const std::vector<std::string>& arguments) {
    Expression made{fmt::format("lr_scheduler.{}(", name), ")", {{"optimiser", "", {}}}};
    for (const std::string& a : arguments) made.items.push_back({a, "", {}});
    return made;
  }
  static std::string literal(const ParamSpec& p, const Attribute& value) {
    if (p.kind == ParamKind::IntList) {
      std::string list;
      for (const double v : numbers(value).value_or(std::vector<double>{}))
        list += fmt::format("{}{}", list.empty() ? "" : ", ", static_cast<int64_t>(v));
      return "[" + list + "]";
    }
    return p.kind == ParamKind::Float ? number(numbers(value).value().front()) : pythonText(value);
  }
  // Steps of a part of a sequence: from its milestone to the next one, or to the end.
  static std::string share(const Attributes& params, size_t part, const std::string& length) {
    const std::vector<int64_t> milestones = run::wholesOf(params, "milestones");
    const int64_t from = part == 0 ? 0 : milestones[part - 1];
    if (part < milestones.size()) return std::to_string(std::max<int64_t>(1, milestones[part] - from));
    return from == 0 ? length : fmt::format("max(1, {} - {})", length, from);
  }

  static Expression cosine(const Attributes& params, const std::string& length, bool inside) {
    const int64_t warmup = run::wholeOf(params, "warmup_steps"), given = run::wholeOf(params, "T_max");
    const std::string span = given > 0    ? std::to_string(given)
                             : warmup > 0 ? fmt::format("max(1, {} - {})", length, warmup)
                                          : length;
    Expression fall =
        call("CosineAnnealingLR", {"T_max=" + span, "eta_min=" + number(run::numberOf(params, "eta_min"))});
    if (warmup == 0) return fall;
    if (inside)
      failInput("PyTorch has no schedule for a cosine with warm-up within a sequence.", "",
                "Make the warm-up a part of its own: linear.");
    Expression rise = warmup == 1 ? call("ConstantLR", {"factor=1.0"})
                                  : call("LinearLR", {"start_factor=" + number(1 / static_cast<double>(warmup)),
                                                      fmt::format("total_iters={}", warmup - 1)});
    Expression both = call("SequentialLR", {});
    both.items.push_back({"[", "]", {std::move(rise), std::move(fall)}});
    add(both, "milestones", fmt::format("[{}]", warmup));
    return both;
  }

  double rate_;
};

}  // namespace

std::vector<std::string> scheduleLines(const run::Schedule& schedule, double rate, const std::string& length) {
  std::vector<std::string> lines;
  Expression made = Writer(rate).schedule(schedule, length, false);
  made.head = "schedule = " + made.head;
  write(made, 0, "", lines);
  return lines;
}

}  // namespace netwright::project
