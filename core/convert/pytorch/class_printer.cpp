// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/class_printer.h"

#include <fmt/format.h>

#include "core/convert/python/identifier.h"

namespace netwright::convert::pytorch {
namespace {

constexpr size_t kAlike = 3;  // so many equal modules in a row are written as a loop

struct Printed {
  std::string code, comment;
  int indent = 0;
};

// Equal modules in a row as a loop; a list of nothing else on one line.
std::vector<Printed> looped(const std::vector<Printed>& lines) {
  std::vector<Printed> out;
  for (size_t i = 0; i < lines.size();) {
    size_t end = i + 1;
    while (end < lines.size() && lines[i].indent > 0 && lines[end].indent > 0 && lines[end].code == lines[i].code)
      ++end;
    if (end - i < kAlike) {
      out.push_back(lines[i++]);
      continue;
    }
    const std::string& item = lines[i].code;  // with a comma
    const std::string loop = fmt::format("{} for _ in range({})", item.substr(0, item.size() - 1), end - i);
    std::string& head = out.back().code;
    if (out.back().indent > 0 || lines[end].indent > 0) {
      out.push_back({fmt::format("*({}),", loop), lines[i].comment, lines[i].indent});
    } else if (head.ends_with("[")) {
      head = head.substr(0, head.size() - 1) + loop + ")";
      ++end;
    } else {
      head += fmt::format("*({}))", loop);
      ++end;
    }
    i = end;
  }
  return out;
}

std::string code(const Line& line, const Say& say) {
  std::string out;
  for (const auto& part : line.parts) {
    if (const auto* words = std::get_if<std::string>(&part)) {
      out += *words;
      continue;
    }
    const Constant& constant = std::get<Constant>(part);
    const std::optional<std::string> said = say(constant);
    if (!said) continue;
    if (constant.argument && !out.ends_with("(")) out += ", ";
    out += constant.label + *said;
  }
  return out;
}

void add(std::string& text, const std::vector<Printed>& lines) {
  for (const Printed& line : lines) {
    const size_t indent = 8 + 4 * static_cast<size_t>(line.indent);
    text += std::string(indent, ' ') + broken(line.code, indent) + (line.comment.empty() ? "" : "  # " + line.comment) +
            "\n";
  }
}

}  // namespace

std::string printed(const ClassText& source, const std::string& doc, const std::vector<std::string>& parameters,
                    const std::vector<std::string>& kept, const Say& say, const Comment& comment) {
  const auto all = [&](const std::vector<Line>& lines) {
    std::vector<Printed> list;
    for (const Line& line : lines) list.push_back({code(line, say), comment(line), line.indent});
    return list;
  };
  std::string text = fmt::format("({}):\n", source.base);
  if (!doc.empty()) text += fmt::format("    \"\"\"{}\"\"\"\n\n", python::inDocstring(doc));
  const std::vector<Printed> init = all(source.init), modes = all(source.modes);
  if (!init.empty() || !kept.empty()) {
    std::string head = "def __init__(self";
    for (const std::string& p : parameters) head += ", " + p;
    text += "    " + broken(head + "):", 4) + "\n";
    const bool list = source.base != "nn.Module";
    std::vector<Printed> lines{{list ? "super().__init__(" : "super().__init__()", "", 0}};
    for (const std::string& line : kept) lines.push_back({line, "", 0});
    lines.insert(lines.end(), init.begin(), init.end());
    if (list) lines.push_back({")", "", 0});
    add(text, looped(lines));
  }
  if (!modes.empty()) {
    text += "\n    def train(self, mode=True):\n        super().train(mode)\n";
    add(text, modes);
    text += "        return self\n";
  }
  if (!source.head.empty()) {
    if (!text.ends_with("\n\n") && !text.ends_with("):\n")) text += "\n";
    text += "    " + broken(source.head, 4) + "\n";
    add(text, all(source.forward));
  }
  return text;
}

std::string printed(const ClassText& source) {
  return printed(
      source, "", {}, {}, [](const Constant& c) { return c.spare ? std::nullopt : std::optional(c.value); },
      [](const Line& line) { return line.comment; });
}

std::string broken(const std::string& code, size_t indent) {
  constexpr size_t kWidth = 120;
  const size_t open = code.find('('), close = code.rfind(')');
  if (indent + code.size() <= kWidth || open > close) return code;
  const std::string margin = "\n" + std::string(indent + 4, ' ');
  std::string text = code.substr(0, open + 1), line;
  const auto add = [&](std::string argument) {
    while (argument.starts_with(' ')) argument.erase(0, 1);
    if (line.empty() || indent + 4 + line.size() + 1 + argument.size() > kWidth) {
      text += line.empty() ? margin : line + margin;
      line.clear();
    }
    line += (line.empty() ? "" : " ") + argument;
  };
  std::string argument;
  int depth = 0;
  bool quoted = false;
  for (size_t i = open + 1; i < close; ++i) {
    const char c = code[i];
    argument += c;
    if (quoted && c == '\\')
      argument += code[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted)
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c != ',' || quoted || depth > 0) continue;
    add(std::move(argument));
    argument.clear();
  }
  add(std::move(argument));
  return text + line + "\n" + std::string(indent, ' ') + code.substr(close);
}

}  // namespace netwright::convert::pytorch
