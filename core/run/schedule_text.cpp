// SPDX-License-Identifier: Apache-2.0
// Schedules as one line of text: for the command line, the record of a run, and the form.
#include <fmt/format.h>

#include <cctype>

#include "core/base/error.h"
#include "core/run/schedule_spec.h"
#include "core/run/setting_check.h"

namespace netwright::run {
namespace {

const char* const kExample = "Write it as sequential(linear(total_iters=5), cosine, milestones=5).";
constexpr int kDepth = 8;  // parts within parts; more is no schedule

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  std::vector<Schedule> list() {
    std::vector<Schedule> all;
    if (peek() == '\0') return all;
    do all.push_back(schedule(0));
    while (take(','));
    return all;
  }
  Schedule one() { return schedule(0); }
  void end() {
    if (peek() != '\0') fail(fmt::format("'{}' is too much", text_.substr(at_)));
  }

 private:
  [[noreturn]] void fail(std::string what) const {
    if (what.ends_with('.')) what.pop_back();
    failInput(fmt::format("The schedule '{}' cannot be read: {}.", text_, what), "", kExample);
  }
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  std::string word() {
    peek();
    const size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) ++at_;
    if (at_ == from) fail(fmt::format("a name is missing at '{}'", text_.substr(from)));
    return text_.substr(from, at_ - from);
  }
  // Up to the next comma or closing bracket; a list has brackets of its own.
  std::string value() {
    const size_t from = at_;
    int open = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (open == 0 && (c == ',' || c == ')')) break;
      if (c == '(' || c == '[') ++open;
      if (c == ')' || c == ']') --open;
    }
    return text_.substr(from, at_ - from);
  }

  Schedule schedule(int depth) {
    if (depth > kDepth) fail("it has too many parts within parts");
    return rest(word(), depth);
  }
  Schedule rest(std::string kind, int depth) {
    Schedule schedule{std::move(kind), {}, {}, {}};
    const ScheduleSpec* spec = findSchedule(schedule.kind);
    if (!spec) fail(unknownName("the schedule", schedule.kind, idsOf(schedules())).text());
    if (!take('(') || take(')')) return schedule;
    do {
      const std::string name = word();
      if (!take('=')) {
        if (depth >= kDepth) fail("it has too many parts within parts");
        schedule.parts.push_back(rest(name, depth + 1));
        continue;
      }
      const ParamSpec* param = spec->findParam(name);
      if (!param) {
        std::vector<std::string> known;
        for (const ParamSpec& p : spec->params) known.push_back(p.name);
        fail(fmt::format("{} has no '{}'; it has {}", schedule.kind, name, joined(known, ", ")));
      }
      schedule.params[name] = param->parse(value());
    } while (take(','));
    if (!take(')')) fail("a closing bracket is missing");
    return schedule;
  }

  const std::string& text_;
  size_t at_ = 0;
};

}  // namespace

std::string text(const Schedule& schedule) {
  std::string inside = partsText(schedule);
  for (const auto& [name, value] : schedule.params)
    inside += fmt::format("{}{}={}", inside.empty() ? "" : ", ", name, toText(value));
  return inside.empty() ? schedule.kind : fmt::format("{}({})", schedule.kind, inside);
}

std::string partsText(const Schedule& schedule) {
  std::string all;
  for (const Schedule& part : schedule.parts) all += (all.empty() ? "" : ", ") + text(part);
  return all;
}

Schedule scheduleFromText(const std::string& text) {
  Reader reader(text);
  Schedule schedule = reader.one();
  reader.end();
  return schedule;
}

std::vector<Schedule> partsFromText(const std::string& text) {
  Reader reader(text);
  std::vector<Schedule> parts = reader.list();
  reader.end();
  return parts;
}

}  // namespace netwright::run
