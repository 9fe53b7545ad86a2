// SPDX-License-Identifier: Apache-2.0
#include "core/base/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "core/base/file.h"

namespace netwright {
namespace {

const std::string kGroups = "GFPSDRE";  // graph, formula, parameter, shape, data, run, export

TEST(Messages, CodesAreUniqueAndSortedWithinTheirGroups) {
  const std::regex form("NW-[" + kGroups + "][0-9]{3}");
  const auto place = [](std::string_view code) {
    return std::pair(kGroups.find(code[3]), std::stoi(std::string(code.substr(4))));
  };
  const Message* before = nullptr;
  for (const Message& m : messages()) {
    ASSERT_TRUE(std::regex_match(std::string(m.code), form)) << m.code;
    EXPECT_TRUE(!before || place(before->code) < place(m.code)) << before->code << " stands before " << m.code;
    before = &m;
  }
}

TEST(Messages, PlaceholdersAreLowerCaseWords) {
  static const std::regex kPlaceholder("\\{([^{}]*)\\}"), kName("[a-z]+");
  for (const Message& m : messages()) {
    const std::string text(m.text);
    for (std::sregex_iterator it(text.begin(), text.end(), kPlaceholder), end; it != end; ++it)
      EXPECT_TRUE(std::regex_match((*it)[1].str(), kName)) << m.code << ": {" << (*it)[1] << "}";
    const std::string rest = std::regex_replace(text, kPlaceholder, "");
    EXPECT_EQ(rest.find_first_of("{}"), std::string::npos) << m.code << " has a brace without its partner";
  }
}

TEST(Messages, TextsAreWholeSentences) {
  static const std::set<char> kEnds{'.', '}'};  // {alternative} of NW-E001 is a sentence of its own
  for (const Message& m : messages()) EXPECT_TRUE(kEnds.contains(m.text.back())) << m.code;
}

TEST(Messages, FillsEachArgumentOnce) {
  EXPECT_EQ(messageText("NW-P001", {{"layer", "Linear 'fc'"}, {"param", "bias"}, {"problem", "is missing"}}),
            "Linear 'fc': bias is missing.");
  EXPECT_EQ(messageText("NW-P001", {{"layer", "{param}"}, {"param", "p"}}), "{param}: p {problem}.")
      << "what was filled in is not filled again";
}

// docs/errors.md lists each code in a row "| `NW-G001` | text | when |".
TEST(Messages, AreAllDocumentedWithTheirExactText) {
  const std::string page = readFile(std::filesystem::path(NETWRIGHT_SOURCE_DIR) / "docs/errors.md");
  for (const Message& m : messages()) {
    const std::string row = "\n| `" + std::string(m.code) + "` | " + std::string(m.text) + " | ";
    EXPECT_NE(page.find(row), std::string::npos) << "docs/errors.md lacks" << row;
  }
  static const std::regex kRow("\n\\| `NW-");
  const auto rows = std::distance(std::sregex_iterator(page.begin(), page.end(), kRow), std::sregex_iterator());
  EXPECT_EQ(static_cast<size_t>(rows), messages().size()) << "docs/errors.md lists codes that do not exist";
}

}  // namespace
}  // namespace netwright
