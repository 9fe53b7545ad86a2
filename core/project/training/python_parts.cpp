// SPDX-License-Identifier: Apache-2.0
#include "core/project/training/python_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/module_row.h"

namespace netwright::project {
namespace {

bool isImport(const std::string& line) { return line.starts_with("import ") || line.starts_with("from "); }

// The standard library, then PyTorch and NumPy, then the model; "import" before "from" in each.
int rank(const std::string& line) {
  const std::string module = line.substr(line.find(' ') + 1);
  const int group = module.starts_with("model")                                  ? 2
                    : module.starts_with("torch") || module.starts_with("numpy") ? 1
                                                                                 : 0;
  return 2 * group + (line.starts_with("from ") ? 1 : 0);
}

constexpr size_t kLineLength = 100;

std::string listText(const std::vector<std::string>& items, size_t indent) {
  std::string text = fmt::format("[{}]", joined(items, ", "));
  if (text.size() <= kLineLength - 30) return text;
  const std::string margin(indent + 4, ' ');
  std::string line = margin;
  text = "[\n";
  for (const std::string& item : items) {
    if (line.size() > margin.size() && line.size() + item.size() >= kLineLength) {
      text += line.substr(0, line.size() - 1) + "\n";
      line = margin;
    }
    line += item + ", ";
  }
  return text + line.substr(0, line.size() - 1) + "\n" + std::string(indent, ' ') + "]";
}

}  // namespace

void PythonParts::setting(const std::string& name, const std::string& value, const std::string& comment) {
  settings_.push_back(fmt::format("{} = {}{}", name, value, comment.empty() ? "" : "  # " + comment));
}

void PythonParts::part(const std::string& file) {
  if (!parts_.insert(file).second) return;
  std::istringstream lines(readFile(resourceFolder() / "train" / (file + ".py")));
  std::string body;
  for (std::string line; std::getline(lines, line);) {
    if (isImport(line))
      imports_.insert(line);
    else if (!line.starts_with("# SPDX") && !(body.empty() && line.empty()))
      body += line + "\n";
  }
  code_.push_back(std::move(body));
}

std::string PythonParts::text(const std::string& docstring) const {
  std::vector<std::string> imports(imports_.begin(), imports_.end());
  std::stable_sort(imports.begin(), imports.end(),
                   [](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  std::string text = "\"\"\"" + docstring + "\"\"\"\n";
  int group = -1;
  for (const std::string& line : imports) {
    if (rank(line) / 2 != group) text += "\n";
    group = rank(line) / 2;
    text += line + "\n";
  }
  text += "\n" + joined(settings_, "\n") + "\n";
  for (const std::string& code : code_) text += "\n\n" + code;
  return text;
}

std::string pythonText(const Attribute& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "True" : "False";
  if (const auto* whole = std::get_if<int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return convert::pytorch::number(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return convert::python::quoted(*text);
  return "None";
}

std::string pythonList(const std::vector<std::string>& texts, size_t indent) {
  std::vector<std::string> items;
  for (const std::string& t : texts) items.push_back(convert::python::quoted(t));
  return listText(items, indent);
}

std::string pythonNumbers(const std::vector<double>& numbers, size_t indent) {
  std::vector<std::string> items;
  for (const double n : numbers) items.push_back(convert::pytorch::number(n));
  return listText(items, indent);
}

}  // namespace netwright::project
