// SPDX-License-Identifier: Apache-2.0
// docs/expressions.md against the compiler: each example begins with its inputs and says the shapes of its lines; each
// formula of the table has the value beside it.
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "core/base/file.h"
#include "core/language/scalar.h"
#include "core/layers/expressions/expression.h"

namespace netwright::layers::expressions {
namespace {

const std::filesystem::path kPage = std::filesystem::path(NETWRIGHT_SOURCE_DIR) / "docs/expressions.md";

// "x (N, 20), w (20, 5)"
std::map<std::string, program::ValueType> inputsOf(const std::string& text) {
  static const std::regex kInput(R"((\w+) \(([^)]*)\))");
  std::map<std::string, program::ValueType> inputs;
  for (std::sregex_iterator it(text.begin(), text.end(), kInput), end; it != end; ++it) {
    program::Shape shape;
    std::istringstream sizes((*it)[2]);
    for (std::string size; std::getline(sizes, size, ',');)
      if (const size_t at = size.find_first_not_of(' '); at != std::string::npos)
        shape.push_back(size.substr(at) == "N" ? program::Dim::symbol("N") : program::Dim(std::stoll(size)));
    inputs[(*it)[1]] = program::TensorType{DType::DefaultFloat, shape};
  }
  return inputs;
}

TEST(ExpressionDocs, EveryExampleCompilesToTheShapesBesideIt) {
  const std::string page = readFile(kPage);
  size_t examples = 0, shapes = 0;
  for (size_t at = page.find("```python\n"); at != std::string::npos;
       at = page.find("```python\n", at + 1), ++examples) {
    const size_t begin = at + 10, end = page.find("```", begin);
    const std::string code = page.substr(begin, end - begin);
    const Described all = describe(code, inputsOf(code.substr(0, code.find('\n'))), {});
    for (const language::Mistake& m : all.mistakes) ADD_FAILURE() << code << m.message;
    std::istringstream lines(code);
    int number = 1;
    for (std::string line; std::getline(lines, line); ++number) {
      const size_t hash = line.find("# ");
      if (hash == std::string::npos || number == 1) continue;
      ASSERT_TRUE(all.lines.contains(number)) << line;
      const std::string said = line.substr(hash + 2), found = all.lines.at(number);
      EXPECT_TRUE(found == said || found.substr(found.find(' ') + 1) == said) << line << "\nis " << found;
      ++shapes;
    }
  }
  EXPECT_GE(examples, 4u);
  EXPECT_GE(shapes, 8u);
}

TEST(ExpressionDocs, EveryFormulaHasTheValueBesideIt) {
  const std::string page = readFile(kPage);
  static const std::regex kRow(R"(\n\| `=([^`]+)` \| ([^|\n]+) \|)");
  size_t rows = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), kRow), end; it != end; ++it, ++rows) {
    const language::Evaluated result = language::evaluate((*it)[1].str(), {{"hidden", int64_t{128}}, {"deep", true}});
    ASSERT_TRUE(result.ok()) << (*it)[1];
    EXPECT_EQ(toText(result.value), (*it)[2].str()) << (*it)[1];
  }
  EXPECT_GE(rows, 5u);
}

}  // namespace
}  // namespace netwright::layers::expressions
