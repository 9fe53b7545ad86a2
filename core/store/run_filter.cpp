// SPDX-License-Identifier: Apache-2.0
#include "core/store/run_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "core/base/error.h"

namespace netwright::store {

struct RunFilter::Node {
  enum class Kind { And, Or, Not, Word, Compare };
  Kind kind = Kind::Word;
  std::shared_ptr<const Node> left, right;
  std::string field, op, value;  // Word: value
};

namespace {

using Node = RunFilter::Node;
using NodePtr = std::shared_ptr<const Node>;
constexpr int kDeepest = 100;  // brackets within brackets

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return lower(text).find(lower(part)) != std::string::npos;
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || text.empty()) return std::nullopt;
  if (stop == end) return value;
  return std::string(stop, end) == "%" ? std::optional(value / 100) : std::nullopt;
}

struct Token {
  enum class Kind { Word, Quoted, Op, Open, Close, End } kind = Kind::End;
  std::string text;
  size_t at = 0;
};

[[noreturn]] void fail(const Token& token, const std::string& what) {
  failInput(fmt::format("{} at character {}.", what, token.at + 1), "",
            "Write terms as in: val/accuracy > 0.9 and tag.team = x");
}

std::vector<Token> tokens(const std::string& text) {
  static const std::string kOps = "=!<>~";
  std::vector<Token> all;
  size_t i = 0;
  while (i < text.size()) {
    const size_t begin = i;
    const char c = text[i];
    if (std::isspace(static_cast<unsigned char>(c))) {
      ++i;
    } else if (c == '(' || c == ')') {
      all.push_back({c == '(' ? Token::Kind::Open : Token::Kind::Close, std::string(1, text[i++]), begin});
    } else if (c == '"' || c == '\'') {
      const size_t end = text.find(c, i + 1);
      if (end == std::string::npos) fail({Token::Kind::Quoted, {}, begin}, "The quotation is not closed");
      all.push_back({Token::Kind::Quoted, text.substr(i + 1, end - i - 1), begin});
      i = end + 1;
    } else if (kOps.find(c) != std::string::npos) {
      while (i < text.size() && kOps.find(text[i]) != std::string::npos) ++i;
      all.push_back({Token::Kind::Op, text.substr(begin, i - begin), begin});
    } else {
      while (i < text.size() && !std::isspace(static_cast<unsigned char>(text[i])) &&
             (kOps + "()\"").find(text[i]) == std::string::npos)
        ++i;
      all.push_back({Token::Kind::Word, text.substr(begin, i - begin), begin});
    }
  }
  all.push_back({Token::Kind::End, {}, text.size()});
  return all;
}

class Parser {
 public:
  explicit Parser(const std::string& text) : tokens_(tokens(text)) {}
  NodePtr whole() {
    if (next().kind == Token::Kind::End) return nullptr;
    NodePtr root = either(0);
    if (next().kind != Token::Kind::End) fail(next(), fmt::format("'{}' is too much", next().text));
    return root;
  }

 private:
  const Token& next() const { return tokens_[at_]; }
  bool isWord(const char* word) const { return next().kind == Token::Kind::Word && lower(next().text) == word; }
  bool take(const char* word) {
    if (!isWord(word)) return false;
    ++at_;
    return true;
  }
  NodePtr either(int depth) {
    NodePtr left = both(depth);
    while (take("or")) left = join(Node::Kind::Or, left, both(depth));
    return left;
  }
  NodePtr both(int depth) {
    NodePtr left = term(depth);
    while (next().kind != Token::Kind::End && next().kind != Token::Kind::Close && !isWord("or")) {
      take("and");
      left = join(Node::Kind::And, left, term(depth));
    }
    return left;
  }
  NodePtr term(int depth) {
    if (depth > kDeepest) fail(next(), "There are too many brackets");
    if (take("not")) return join(Node::Kind::Not, term(depth + 1), nullptr);
    const Token token = next();
    if (token.kind == Token::Kind::Open) {
      ++at_;
      NodePtr inside = either(depth + 1);
      if (next().kind != Token::Kind::Close) fail(next(), "A bracket is not closed");
      ++at_;
      return inside;
    }
    if (token.kind == Token::Kind::End) fail(token, "Something is missing");
    if (token.kind != Token::Kind::Word && token.kind != Token::Kind::Quoted)
      fail(token, fmt::format("'{}' has nothing in front of it", token.text));
    ++at_;
    auto node = std::make_shared<Node>();
    if (next().kind != Token::Kind::Op) {
      node->value = token.text;
      return node;
    }
    node->kind = Node::Kind::Compare;
    node->field = token.text;
    node->op = op();
    if (next().kind != Token::Kind::Word && next().kind != Token::Kind::Quoted)
      fail(next(), fmt::format("There is no value after '{} {}'", node->field, node->op));
    node->value = next().text;
    ++at_;
    if (next().kind == Token::Kind::Word && next().text == "%") node->value += tokens_[at_++].text;
    return node;
  }
  std::string op() {
    static const std::vector<std::string> kKnown{"=", "==", "!=", ">", ">=", "<", "<=", "~", "!~"};
    if (std::find(kKnown.begin(), kKnown.end(), next().text) == kKnown.end())
      fail(next(), fmt::format("'{}' is no comparison: = != > >= < <= ~ are", next().text));
    return tokens_[at_++].text;
  }
  static NodePtr join(Node::Kind kind, NodePtr left, NodePtr right) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->left = std::move(left);
    node->right = std::move(right);
    return node;
  }
  std::vector<Token> tokens_;
  size_t at_ = 0;
};

std::optional<std::string> among(const std::vector<std::pair<std::string, std::string>>& pairs,
                                 const std::string& key) {
  for (const auto& [k, value] : pairs)
    if (lower(k) == lower(key)) return value;
  return std::nullopt;
}

// "val/accuracy.last" or "accuracy".
std::optional<double> metricValue(const RunSummary& run, std::string name) {
  std::string which = "best";
  for (const char* ending : {"best", "last", "min", "max"})
    if (name.ends_with(std::string(".") + ending)) {
      which = ending;
      name.resize(name.size() - which.size() - 1);
      break;
    }
  const size_t slash = name.find('/');
  const MetricSummary* m =
      slash == std::string::npos ? run.metric(name, "val") : run.metric(name.substr(slash + 1), name.substr(0, slash));
  if (!m && slash == std::string::npos) m = run.metric(name, "train");
  if (!m) return std::nullopt;
  if (which == "last") return m->last;
  const auto& extreme = which == "min" ? m->min : which == "max" ? m->max : m->best();
  return extreme ? std::optional(extreme->value) : std::nullopt;
}

struct Value {
  std::optional<double> number;
  std::string text;
};
Value valueOf(double number) { return {number, fmt::format("{}", number)}; }
Value valueOf(const std::string& text) { return {number(text), text}; }

std::optional<Value> fixedField(const RunFacts& run, const std::string& field) {
  const RunSummary& s = run.summary;
  if (field == "name") return Value{std::nullopt, s.name};
  if (field == "status") return Value{std::nullopt, s.status == RunStatus::Killed ? "stopped" : lower(name(s.status))};
  if (field == "device") return Value{std::nullopt, s.device};
  if (field == "note" || field == "notes") return Value{std::nullopt, run.notes};
  if (field == "seed") return valueOf(static_cast<double>(s.seed));
  if (field == "id") return valueOf(static_cast<double>(s.id.value));
  if (field == "epochs") return valueOf(static_cast<double>(s.epochs));
  if (field == "steps") return valueOf(static_cast<double>(s.steps));
  if (field == "size") return valueOf(static_cast<double>(run.bytes));
  if (field == "duration" && s.endMs) return valueOf(static_cast<double>(*s.endMs - s.startMs) / 1000);
  return std::nullopt;
}

std::optional<Value> fieldOf(const RunFacts& run, const std::string& field) {
  const auto text = [](const std::optional<std::string>& found) {
    return found ? std::optional(valueOf(*found)) : std::nullopt;
  };
  const std::string name = lower(field);
  if (name.starts_with("tag.")) return text(among(run.tags, field.substr(4)));
  if (name.starts_with("param.")) return text(among(run.params, field.substr(6)));
  const bool metricOnly = name.starts_with("metric.");
  if (const auto value = metricValue(run.summary, metricOnly ? field.substr(7) : field)) return valueOf(*value);
  if (metricOnly) return std::nullopt;
  if (auto fixed = fixedField(run, name)) return fixed;
  if (auto param = text(among(run.params, field))) return param;
  if (auto param = text(among(run.params, "optimiser." + field))) return param;
  return text(among(run.tags, field));
}

bool compare(const Value& value, const std::string& op, const std::string& given) {
  if (op == "~") return contains(value.text, given);
  if (op == "!~") return !contains(value.text, given);
  const std::optional<double> right = number(given);
  int order = 0;
  if (value.number && right) {
    if (*value.number != *value.number) return op == "!=";  // not a number
    order = *value.number < *right ? -1 : *value.number > *right ? 1 : 0;
  } else {
    order = lower(value.text).compare(lower(given));
  }
  if (op == "=" || op == "==") return order == 0;
  if (op == "!=") return order != 0;
  if (op == ">") return order > 0;
  if (op == ">=") return order >= 0;
  return op == "<" ? order < 0 : order <= 0;
}

bool hasWord(const RunFacts& run, const std::string& word) {
  if (contains(run.summary.name, word) || contains(fixedField(run, "status")->text, word) || contains(run.notes, word))
    return true;
  return std::any_of(run.tags.begin(), run.tags.end(),
                     [&](const auto& tag) { return contains(tag.first, word) || contains(tag.second, word); });
}

bool holds(const Node& node, const RunFacts& run) {
  switch (node.kind) {
    case Node::Kind::And:
      return holds(*node.left, run) && holds(*node.right, run);
    case Node::Kind::Or:
      return holds(*node.left, run) || holds(*node.right, run);
    case Node::Kind::Not:
      return !holds(*node.left, run);
    case Node::Kind::Word:
      return hasWord(run, node.value);
    case Node::Kind::Compare: {
      const auto value = fieldOf(run, node.field);
      return value && compare(*value, node.op, node.value);
    }
  }
  return false;
}

}  // namespace

RunFilter::RunFilter() = default;

RunFilter RunFilter::parse(const std::string& text) {
  RunFilter filter;
  filter.root_ = Parser(text).whole();
  return filter;
}

bool RunFilter::matches(const RunFacts& run) const { return !root_ || holds(*root_, run); }

}  // namespace netwright::store
