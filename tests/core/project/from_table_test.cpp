// SPDX-License-Identifier: Apache-2.0
#include "core/project/from_table.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/project/prepare.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

using ::testing::HasSubstr;

std::string rows(int count, const std::function<std::string(int)>& row) {
  std::string text;
  for (int i = 0; i < count; ++i) text += row(i) + "\n";
  return text;
}

struct Made {
  test::TempFolder folder;
  TableGuess guess;
  Project project;
  explicit Made(const std::string& text, const std::string& name = "t.csv") {
    writeFileAtomic(folder / name, text);
    project = createFromTable(folder / "p", folder / name, &guess);
  }
  bool ready() const { return prepare(project, data::describeData(project.data, folder / "p")).ok(); }
};

TEST(FromTable, PredictsAClassByItsName) {
  const Made m("species,island,mass,sex\n" + rows(300, [](int i) {
                 return fmt::format("{},{},{},{}", i % 2 ? "Adelie" : "Gentoo", i % 3 ? "Dream" : "Biscoe", 3000 + i,
                                    i % 7 ? "male" : "");
               }));
  EXPECT_EQ(m.guess.target, "species");
  EXPECT_EQ(m.guess.classes, 2);
  EXPECT_EQ(m.guess.text, "300 rows: 'species' is predicted, one of 2 classes, from 5 features.");
  EXPECT_EQ(m.project.run.objectives[0].terms[0].loss, "cross_entropy");
  EXPECT_EQ(m.project.data.split, data::SplitMode::Stratified);
  EXPECT_TRUE(m.ready());
  EXPECT_EQ(load(m.folder / "p"), m.project);
  EXPECT_TRUE(std::filesystem::exists(m.folder / "p/data/t.csv")) << "the project holds its data";
}

TEST(FromTable, PredictsTheLastColumnWhereNoNameTells) {
  const Made m("a;b;height\n" + rows(50, [](int i) { return fmt::format("{};{};{}", i, i * i % 11, 1.5 * i); }),
               "t.tsv");
  EXPECT_EQ(m.guess.target, "height");
  EXPECT_EQ(m.guess.classes, 0);
  EXPECT_EQ(m.project.run.objectives[0].terms[0].loss, "mse");
  EXPECT_EQ(m.project.run.metrics, (std::vector<std::string>{"mae", "r2"}));
  EXPECT_TRUE(m.ready());
}

TEST(FromTable, NamesABadRowAndLeavesNothing) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "t.csv", "a,b\n1,2\n3\n5,6\n");
  EXPECT_THAT(test::messageOf([&] { createFromTable(folder / "p", folder / "t.csv"); }), HasSubstr("line 3"));
  EXPECT_FALSE(std::filesystem::exists(folder / "p"));
  writeFileAtomic(folder / "t.csv", "only\n1\n2\n");
  EXPECT_THAT(test::messageOf([&] { createFromTable(folder / "p", folder / "t.csv"); }), HasSubstr("only"));
  EXPECT_FALSE(std::filesystem::exists(folder / "p"));
  EXPECT_THAT(test::messageOf([&] { createFromTable(folder / "p", folder / "none.csv"); }),
              HasSubstr("There is no table"));
}

TEST(FromTable, KnowsTablesByTheirNames) {
  for (const char* name : {"a.csv", "A.CSV", "a.tsv", "a.csv.gz"}) EXPECT_TRUE(isTable(name)) << name;
  for (const char* name : {"a.txt", "a.gz", "csv", "a.nwz"}) EXPECT_FALSE(isTable(name)) << name;
}

}  // namespace
}  // namespace netwright::project
