// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/assist.h"

#include <algorithm>
#include <set>

#include "core/language/functions.h"
#include "core/language/tokens.h"
#include "core/layers/expressions/conveniences.h"
#include "core/layers/expressions/functions.h"
#include "core/layers/expressions/weights.h"
#include "core/program/prose.h"

namespace netwright::layers::expressions {
namespace {

using language::Token;
using language::TokenKind;

constexpr size_t kMost = 200;
constexpr const char* kParam = "param(out, in_, init=xavier)";

std::string docOf(const Function& f) {
  const auto& prose = program::prose();
  for (const program::OpInfo* op : f.overloads)
    if (const auto it = prose.find(op->id()); it != prose.end() && !it->second.paragraphs.empty())
      return it->second.paragraphs.front();
  return "";
}

enum class After { Nothing, Torch, F, Math, Object };

class Collector {
 public:
  explicit Collector(std::string_view word) : word_(word) {}
  void add(Proposal p) {
    if (p.text == word_ || !seen_.insert(p.text).second) return;
    if (p.text.starts_with(word_))
      first.push_back(std::move(p));
    else if (!word_.empty() && p.text.find(word_) != std::string::npos)
      second.push_back(std::move(p));
  }
  std::vector<Proposal> first, second;

 private:
  std::string_view word_;
  std::set<std::string> seen_;
};

void addFunctions(Collector& to, After after) {
  for (const Function& f : functions())
    if ((after == After::Torch && f.inTorch) || (after == After::F && f.inF) ||
        (after == After::Object && f.isMethod) || (after == After::Nothing && (f.inTorch || f.inF)))
      to.add({f.name, f.signature(), docOf(f)});
  for (const Convenience& c : conveniences())
    if ((after == After::Object && c.isMethod) || ((after == After::Nothing || after == After::Torch) && c.isFunction))
      to.add({c.name, c.signature, c.doc});
  if (after == After::Object)
    for (const auto& [name, doc] : {std::pair{"shape", "All sizes."},
                                    {"ndim", "The number of dimensions."},
                                    {"dtype", "The data type."},
                                    {"T", "A matrix, turned around."},
                                    {"mT", "The last two dimensions swapped."}})
      to.add({name, name, doc});
  if (after == After::Nothing || after == After::Math)
    for (const language::Function& f : language::functions())
      if (after == After::Nothing || language::findFunction("math." + std::string(f.name)))
        to.add({std::string(f.name), std::string(f.signature), std::string(f.doc)});
  if (after == After::Nothing) {
    to.add({"param", kParam, "A weight; it needs a name: w = param(...)."});
    for (const StartSpec& s : starts()) to.add({s.name, s.signature, s.doc});
  }
}

}  // namespace

Proposals proposals(std::string_view code, size_t cursor, const Attributes& names) {
  cursor = std::min(cursor, code.size());
  const std::vector<Token> tokens = language::tokenize(code, language::Layout::Code).tokens;
  const auto text = [&](const Token& t) { return code.substr(t.at.begin, t.at.end - t.at.begin); };
  for (const Token& t : tokens)
    if ((t.kind == TokenKind::Text || t.kind == TokenKind::Comment) && t.at.begin < cursor &&
        (cursor < t.at.end || (cursor == t.at.end && t.kind == TokenKind::Comment)))
      return {{cursor, cursor}, {}};
  Proposals out{{cursor, cursor}, {}};
  size_t next = 0;  // the first token at or after the word
  while (next < tokens.size() && tokens[next].at.end < cursor) ++next;
  const bool typed = next < tokens.size() && tokens[next].at.begin < cursor && tokens[next].at.end >= cursor &&
                     (tokens[next].kind == TokenKind::Name || tokens[next].kind == TokenKind::Keyword);
  if (typed) out.word = {tokens[next].at.begin, cursor};
  const size_t dot = typed ? next - 1 : (next < tokens.size() && tokens[next].at.end == cursor ? next : next - 1);
  After after = After::Nothing;
  if (dot < tokens.size() && text(tokens[dot]) == ".") {
    const std::string_view object = dot > 0 ? text(tokens[dot - 1]) : "";
    after = object == "torch"                         ? After::Torch
            : object == "F" || object == "functional" ? After::F
            : object == "math"                        ? After::Math
                                                      : After::Object;
  }
  if (!typed && after == After::Nothing) return out;
  Collector to(code.substr(out.word.begin, out.word.end - out.word.begin));
  if (after == After::Nothing) {
    for (const Token& t : tokens)
      if (t.kind == TokenKind::Name && (t.at.end < cursor || t.at.begin > cursor)) {
        const std::string name(text(t));
        if (!findFunction(name) && !language::findFunction(name) && name != "torch" && name != "F")
          to.add({name, "name", ""});
      }
    for (const auto& [name, value] : names) to.add({name, "variable, " + toText(value), ""});
    for (const char* word :
         {"for", "if", "else", "elif", "return", "range", "True", "False", "None", "not", "and", "or", "torch", "F"})
      to.add({word, word, ""});
  }
  addFunctions(to, after);
  out.all = std::move(to.first);
  for (Proposal& p : to.second) out.all.push_back(std::move(p));
  if (out.all.size() > kMost) out.all.resize(kMost);
  return out;
}

std::optional<Hint> hintAt(std::string_view code, size_t cursor) {
  const std::vector<Token> tokens = language::tokenize(code, language::Layout::Code).tokens;
  const auto text = [&](const Token& t) { return code.substr(t.at.begin, t.at.end - t.at.begin); };
  struct Open {
    size_t token, commas = 0;
    std::string_view named;  // the argument that is given by name
  };
  std::vector<Open> open;
  for (size_t i = 0; i < tokens.size() && tokens[i].at.begin < cursor; ++i) {
    const std::string_view t = text(tokens[i]);
    if (tokens[i].kind == TokenKind::Text || tokens[i].kind == TokenKind::Comment) continue;
    if (t == "(" || t == "[" || t == "{") open.push_back({i, 0, {}});
    if ((t == ")" || t == "]" || t == "}") && !open.empty()) open.pop_back();
    if (open.empty()) continue;
    if (t == ",") ++open.back().commas, open.back().named = {};
    if (t == "=" && i > 0) open.back().named = text(tokens[i - 1]);
  }
  for (; !open.empty(); open.pop_back()) {  // a list or tuple inside the call counts as its argument
    const Open& o = open.back();
    if (text(tokens[o.token]) != "(" || o.token == 0 || tokens[o.token - 1].kind != TokenKind::Name) continue;
    const std::string name(text(tokens[o.token - 1]));
    const bool dotted = o.token > 1 && text(tokens[o.token - 2]) == ".";
    const std::string_view object = dotted && o.token > 2 ? text(tokens[o.token - 3]) : "";
    const bool method = dotted && object != "torch" && object != "F" && object != "functional" && object != "math";
    Hint hint;
    if (const Convenience* c = findConvenience(name); c && (!c->fits || !findFunction(name)))
      hint.signature = c->signature;
    else if (const Function* f = findFunction(name))
      hint.signature = f->signature();
    else if (const language::Function* plain = language::findFunction(name))
      hint.signature = plain->signature;
    else if (name == "param")
      hint.signature = kParam;
    else
      return std::nullopt;
    const size_t wanted = o.commas + (method && hint.signature.find("(self") != hint.signature.npos);
    size_t begin = hint.signature.find('(') + 1;
    for (size_t argument = 0; begin < hint.signature.size(); ++argument) {
      int depth = 0;
      size_t end = begin;
      for (; end < hint.signature.size(); ++end) {
        const char c = hint.signature[end];
        if (depth == 0 && (c == ',' || c == ')')) break;
        depth += (c == '(') - (c == ')');
      }
      const std::string part = hint.signature.substr(begin, end - begin);
      const bool here = o.named.empty() ? argument == wanted : part.substr(0, part.find('=')) == o.named;
      if (here && !part.empty()) hint.argument = {begin, end};
      begin = end + 2;
    }
    return hint;
  }
  return std::nullopt;
}

}  // namespace netwright::layers::expressions
