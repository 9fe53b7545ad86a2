// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/data/tables.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

std::string messageOf(const std::string& text, const Attributes& params = {}) {
  Table table(text);
  table.config.params = params;
  return table.message();
}

TEST(Csv, Csv_ReadsNumbersCategoriesAndALabel) {
  const Table table("size,island,weight,species\n1.5,Biscoe,10,b\n-2e1,Dream,+3,a\n.5,Biscoe,0,b\n");
  const DataSplits data = table.open();
  const ColumnSpec x{"x", DType::Float32, {4}, Role::Feature, {}, {"size", "island=Biscoe", "island=Dream", "weight"}};
  const ColumnSpec species{"species", DType::Int64, {}, Role::Target, {"a", "b"}, {}};
  EXPECT_THAT(data.train->columns(), ElementsAre(x, species));
  EXPECT_THAT(values<float>(*data.train, "x"), ElementsAre(1.5f, 1, 0, 10, -20, 0, 1, 3, .5f, 1, 0, 0));
  EXPECT_THAT(values<int64_t>(*data.train, "species"), ElementsAre(1, 0, 1));
  EXPECT_EQ(table.describe(), data.train->columns());
  EXPECT_TRUE(data.train->inMemory());
}

TEST(Csv, Csv_TakesANumberAsTargetOfShapeOne) {
  const Table table("a,y\n1,2.5\n2,3\n");
  const DataSplits data = table.open();
  EXPECT_EQ(data.train->columns()[1], (ColumnSpec{"y", DType::Float32, {1}, Role::Target, {}, {}}));
  EXPECT_THAT(readAll(*data.train).find("y")->shape, ElementsAre(2, 1));
  EXPECT_THAT(values<float>(*data.train, "y"), ElementsAre(2.5f, 3.f));
}

TEST(Csv, Csv_TakesWholeNumbersAsClassesIfAsked) {
  Table table("y,a\n10,1\n9,2\n10,3\n");
  table.config.params = {{"target", "y"}, {"target_type", "class"}};
  const DataSplits data = table.open();
  EXPECT_THAT(data.train->columns()[1].classes, ElementsAre("9", "10"));  // in order of the numbers
  EXPECT_THAT(values<int64_t>(*data.train, "y"), ElementsAre(1, 0, 1));
}

TEST(Csv, Csv_ChoosesAndIgnoresColumns) {
  Table table("id,a,b,c,y\n1,2,3,4,5\n");
  table.config.params = {{"features", "c, a"}};
  EXPECT_THAT(table.open().train->columns()[0].entries, ElementsAre("a", "c"));
  table.config.params = {{"ignore", "id,\"c\""}, {"target", "b"}};
  EXPECT_THAT(table.open().train->columns()[0].entries, ElementsAre("a", "y"));
}

TEST(Csv, Csv_GivesCategoriesAsNumbersIfAsked) {
  Table table("a,colour,year,y\n1,red,2008,1\n2,,2007,2\n3,blue,2008,3\n");
  table.config.params = {{"encode", "index"}, {"categorical", "year"}};
  const DataSplits data = table.open();
  const ColumnSpec x{"x", DType::Float32, {1}, Role::Feature, {}, {"a"}};
  const ColumnSpec colour{"colour", DType::Int64, {}, Role::Feature, {"blue", "red", "(missing)"}, {}};
  const ColumnSpec year{"year", DType::Int64, {}, Role::Feature, {"2007", "2008"}, {}};
  const ColumnSpec y{"y", DType::Float32, {1}, Role::Target, {}, {}};
  EXPECT_THAT(data.train->columns(), ElementsAre(x, colour, year, y));
  EXPECT_THAT(values<int64_t>(*data.train, "colour"), ElementsAre(1, 2, 0));
  EXPECT_THAT(values<int64_t>(*data.train, "year"), ElementsAre(1, 0, 1));
}

TEST(Csv, Csv_KeepsMissingValuesForAStepThatFillsThem) {
  Table table("a,sex,y\n1,m,1\nNA,f,2\n5, ,3\n");
  table.config.transforms = {{"impute", {}}};
  const DataSplits data = table.open();
  EXPECT_THAT(data.train->columns()[0].entries, ElementsAre("a", "sex=f", "sex=m", "sex=(missing)"));
  EXPECT_THAT(values<float>(*data.train, "x"), ElementsAre(1, 0, 1, 0, 3, 1, 0, 0, 5, 0, 0, 1));
  EXPECT_TRUE(data.notes.empty());
}

TEST(Csv, Csv_LeavesOutRowsAndSaysHowMany) {
  Table table("a,sex,y\n1,m,1\nNA,f,2\n5,,3\n7,f,4\n");
  table.config.params = {{"missing", "drop"}};
  DataSplits data = table.open();
  EXPECT_THAT(data.train->columns()[0].entries, ElementsAre("a", "sex=f", "sex=m"));
  EXPECT_THAT(values<float>(*data.train, "x"), ElementsAre(1, 0, 1, 7, 1, 0));
  EXPECT_THAT(data.notes, ElementsAre("t.csv: 2 of 4 rows were left out, because a value is missing."));
  EXPECT_EQ(data.train->sampleName(1), "line 5 of t.csv");
  EXPECT_EQ(table.describe(), data.train->columns());

  const Table noTarget("a,y\n1,1\n2,?\n");
  EXPECT_EQ(noTarget.open().train->size(), 1);
  EXPECT_THAT(noTarget.open().notes, ElementsAre("t.csv: 1 of 2 rows were left out, because the target is missing."));
}

TEST(Csv, Csv_ReadsDecimalCommasTabsAndFilesWithoutHeader) {
  Table comma("a;b;y\n1,5;2;3,25\n");
  comma.config.params = {{"decimal", "comma"}};
  EXPECT_THAT(values<float>(*comma.open().train, "x"), ElementsAre(1.5f, 2));
  Table bare("1\t2\n3\t4\n");
  bare.config.params = {{"header", false}};
  EXPECT_THAT(bare.open().train->columns()[0].entries, ElementsAre("column 1"));
  EXPECT_THAT(values<float>(*bare.open().train, "column 2"), ElementsAre(2, 4));
}

TEST(Csv, Csv_ReadsGzip) { EXPECT_EQ(Table(gzip("a,y\n1,2\n"), "csv", "t.csv.gz").open().train->size(), 1); }

TEST(Csv, Csv_TakesTheSetsOfAFolder) {
  Table table("a,y\n1,p\n2,q\n", "csv", "train.csv");
  table.folder.write("test.csv", "a,y\n9,q\n");
  table.folder.write("val.csv", "a,y\n5,p\n,q\n7,p\n");
  table.config.path = ".";
  table.config.validation = 0.5;  // not used: there is a set
  table.config.transforms = {{"impute", {}}};
  const DataSplits data = table.open();
  EXPECT_THAT(data.trainSamples, ElementsAre(0, 1));
  EXPECT_THAT(data.validationSamples, ElementsAre(2, 3, 4));
  EXPECT_THAT(values<float>(*data.train, "x"), ElementsAre(1, 2, 5, 1.5f, 7, 9));  // the mean is that of training
  EXPECT_THAT(values<float>(*data.test, "x"), ElementsAre(9));
  EXPECT_EQ(data.train->sampleName(3), "line 3 of val.csv");
  EXPECT_EQ(data.test->sampleName(0), "line 2 of test.csv");
}

TEST(Csv, Csv_NamesTheLineOfARaggedRow) {
  EXPECT_EQ(
      messageOf("a,b,y\n1,2,3\n4,5\n"),
      "t.csv, line 3 has 2 fields but 3 are expected. The first line tells how many. Correct that line, put quotes "
      "round a field that holds the separator, or set separator.");
  EXPECT_EQ(
      messageOf("a,y\n\n\"1\n\",2\n3,4,5\n"),
      "t.csv, line 5 has 3 fields but 2 are expected. The first line tells how many. Correct that line, put quotes "
      "round a field that holds the separator, or set separator.");
}

TEST(Csv, Csv_TellsAllBadRowsAtOnce) {
  EXPECT_EQ(messageOf("a,b,y\n1,2,3\n4,5\n6\n7,8,9\n1,2,3,4\n"),
            "t.csv, line 3 has 2 fields but 3 are expected. The first line tells how many. Line 4 (1 field), line 6 (4 "
            "fields) are wrong, too. Correct these lines, put quotes round a field that holds the separator, or set "
            "separator.");
  std::string many = "a,y\n1,2\n";
  for (int i = 0; i < 1500; ++i) many += "5\n";
  EXPECT_THAT(messageOf(many),
              testing::HasSubstr("line 11 (1 field), line 12 (1 field) and 1,490 more are wrong, too."));
  EXPECT_THAT(messageOf("a,y\n1,1\nx,2\n3,3\n4,4\n5,5\nzz,6\n"),
              testing::HasSubstr("values are numbers. Line 7 ('zz') is wrong, too."));
  EXPECT_EQ(
      messageOf("a,y\n1,151\n2,75.5\n3,2\n4,0.25\n5,1.5\n", {{"target_type", "class"}}),
      "t.csv, line 3, column 'y': '75.5' is not a class. A class was expected, which is a text or a whole number. "
      "Line 5 ('0.25'), line 6 ('1.5') are wrong, too. For a regression set target_type to number and take the "
      "loss mse.");
  EXPECT_EQ(
      messageOf("a,name,y\n1,x,1\n2,caf\xE9,2\n3,z,3\n4,\xFF\xFE,2\n", {{"encoding", "utf-8"}}),
      "t.csv, line 3, column 'name': 'caf\\xE9' is not UTF-8 (byte 0xE9). UTF-8 was expected. Line 5 ('\\xFF\\xFE') "
      "is wrong, too. Set encoding to detect or latin-1, or save the file as UTF-8.");
  std::string numbers = "a,y\n1,2\n";
  for (int i = 0; i < 20'000; ++i) numbers += "1," + std::to_string(i) + ".5\n";
  EXPECT_THAT(messageOf(numbers, {{"target_type", "class"}}), testing::HasSubstr("and 19,990 more are wrong, too."))
      << "not that there are too many classes";
}

TEST(Csv, Csv_NamesTheCellThatIsNoNumber) {
  EXPECT_EQ(
      messageOf("a,b,y\n1,2,3\n4,x5,6\n7,8,9\n"),
      "t.csv, line 3, column 'b': 'x5' is not a number. A number was expected, because 2 of the column's 3 values "
      "are numbers. Correct the value, or add it to missing_words. If the column holds names, list it in "
      "categorical.");
  EXPECT_EQ(
      messageOf("a,y\n1,3\n4,six\n7,9\n"),
      "t.csv, line 3, column 'y': 'six' is not a number. A number was expected, because 2 of the column's 3 values "
      "are numbers. Correct the value, or add it to missing_words. If these are names of classes, set target_type "
      "to class.");
  EXPECT_EQ(
      messageOf("a,y\n1,3\n4,\"1,5\"\n7,9\n"),
      "t.csv, line 3, column 'y': '1,5' is not a number. A number was expected, because 2 of the column's 3 values "
      "are numbers. Set decimal to comma. If these are names of classes, set target_type to class.");
  EXPECT_EQ(messageOf("a,y\n1,p\n", {{"target_type", "number"}}),
            "t.csv, line 2, column 'y': 'p' is not a number. A number was expected. Correct the value, or add it to "
            "missing_words. If these are names of classes, set target_type to class.");
  EXPECT_THAT(messageOf("a,y\n1,1\ninf,2\n3,3\n"), testing::StartsWith("t.csv, line 3, column 'a': 'inf' is not a"));
  EXPECT_THAT(messageOf("a,y\n1,1\n1e39,2\n3,3\n"), testing::StartsWith("t.csv, line 3, column 'a': '1e39' is not"));
}

TEST(Csv, Csv_NamesTheCellOfAnotherEncoding) {
  EXPECT_EQ(messageOf("a,name,y\n1,x,1\n2,caf\xE9,2\n", {{"encoding", "utf-8"}}),
            "t.csv, line 3, column 'name': 'caf\\xE9' is not UTF-8 (byte 0xE9). UTF-8 was expected. Set encoding to "
            "detect or latin-1, or save the file as UTF-8.");
  const Table guessed("a,name,y\n1,x,1\n2,caf\xE9,2\n");
  EXPECT_THAT(guessed.open().train->columns()[0].entries, ElementsAre("a", "name=café", "name=x"));
  EXPECT_THAT(guessed.open().notes,
              ElementsAre("t.csv is not UTF-8 (byte 0xE9 in line 3), so it was read as Latin-1."));
}

TEST(Csv, Csv_RejectsARegressionTargetAsClass) {
  EXPECT_EQ(
      messageOf("a,y\n1,151\n2,75.5\n", {{"target_type", "class"}}),
      "t.csv, line 3, column 'y': '75.5' is not a class. A class was expected, which is a text or a whole number. "
      "For a regression set target_type to number and take the loss mse.");
}

TEST(Csv, Csv_NamesTheValueThatIsStillMissing) {
  EXPECT_EQ(messageOf("a,b,y\n1,2,3\n4,,6\n"),
            "The data has no number at line 3 of t.csv, column 'b'. Missing values remain after the transforms, and a "
            "network cannot learn from them. Add the step 'impute', leave such rows out, or fill the value in.");
}

TEST(Csv, Csv_RejectsFilesWithoutRows) {
  EXPECT_EQ(messageOf(""), "t.csv is empty. Choose a file that holds rows of data.");
  EXPECT_EQ(messageOf("\n\n"), "t.csv is empty. Choose a file that holds rows of data.");
  EXPECT_EQ(messageOf("a,b\n"), "t.csv has a header but no rows. Choose a file that holds rows of data.");
  EXPECT_EQ(
      messageOf("a,y\nNA,1\n2,NA\n", {{"missing", "drop"}}),
      "t.csv has no row without missing values. All 2 rows would be left out. Set missing to keep and add the step "
      "'impute', or leave out the columns that are empty.");
}

TEST(Csv, Csv_RejectsColumnsThatCannotBe) {
  EXPECT_EQ(
      messageOf("a,a\n1,2\n"),
      "t.csv, line 1: two columns are called 'a'. Rename one of them, or set header to false if the first line is "
      "data.");
  EXPECT_EQ(messageOf("size,species\n1,2\n", {{"target", "specis"}}),
            "t.csv has no column 'specis'. It has size, species. Did you mean 'species'?");
  EXPECT_EQ(messageOf("size\n1\n"),
            "t.csv leaves no features beside the target 'size'. It has 1 columns. Choose other features, or set "
            "separator if the columns were not told apart.");
  std::string many = "name,y\n";
  for (int i = 0; i < 1001; ++i) many += "n" + std::to_string(i) + ",1\n";
  EXPECT_EQ(messageOf(many),
            "Column 'name' holds more than 1,000 different texts, each of which would become a feature. Leave it out "
            "(ignore), or set encode to index.");
  EXPECT_EQ(messageOf(many, {{"encode", "index"}}), "no error");
}

TEST(Csv, Csv_RejectsUnknownSettings) {
  EXPECT_THAT(messageOf("a,y\n1,2\n", {{"tagret", "y"}}),
              testing::AllOf(testing::StartsWith("Source 'csv' has no setting 'tagret'. It has target, target_type,"),
                             testing::EndsWith("Did you mean 'target'?")));
  EXPECT_EQ(messageOf("a,y\n1,2\n", {{"encode", "onehot"}}),
            "Source 'csv': encode must be one of one_hot, index but is onehot. Correct that value.");
}

TEST(Csv, Csv_SaysWhichFilesAFolderHolds) {
  Table table("a,y\n1,2\n");
  table.config.path = ".";
  EXPECT_EQ(table.open().train->size(), 1);
  table.folder.write("u.csv", "a,y\n1,2\n");
  const std::string folder = (table.folder.path() / ".").string();
  EXPECT_EQ(table.message(), folder +
                                 " holds 2 data files, and none is called train.csv. They are t.csv, u.csv. Choose "
                                 "one of the files, or rename the training set.");
  table.config.path = "none.csv";
  EXPECT_EQ(table.message(), "The data " + (table.folder.path() / "none.csv").string() +
                                 " does not exist. Choose the file or folder that holds the data.");
}

TEST(Csv, Csv_RejectsSetsWithOtherColumns) {
  Table table("a,y\n1,2\n", "csv", "train.csv");
  table.folder.write("test.csv", "a,b,y\n1,2,3\n");
  table.config.path = ".";
  EXPECT_EQ(table.message(),
            "test.csv has other columns than train.csv. test.csv has 3 columns, train.csv has 2. Give "
            "all sets the same columns in the same order.");
}

TEST(Csv, Csv_TakesColumnsWithReservedNames) {
  Table table("auto,none,x\n1,2,3\n");
  table.config.params = {{"target", Auto{}}};
  EXPECT_EQ(table.open().train->columns()[1].name, "auto");
  table.config.params = {};
  EXPECT_EQ(table.open().train->columns()[0].name, "features");  // the target is called x
}

TEST(Csv, Csv_ReadsTextsLetterByLetter) {
  Table table("word,size,language\nvar,2,da\n\"h\u00e9 \",3,fr\n,4,fr\n");
  table.config.params = {{"text", "word"}, {"text_length", int64_t{4}}};
  const auto data = table.open().train;
  const ColumnSpec& word = data->columns()[1];
  EXPECT_EQ(word.name, "word");
  EXPECT_THAT(word.shape, ElementsAre(4));
  EXPECT_THAT(word.classes, ElementsAre("(padding)", "a", "h", "r", "v", "\u00e9"));
  EXPECT_THAT(values<float>(*data, "x"), ElementsAre(2, 3, 4));
  EXPECT_THAT(values<int64_t>(*data, "word"), ElementsAre(4, 1, 3, 0, 2, 5, 0, 0, 0, 0, 0, 0)) << "the last is missing";
  EXPECT_EQ(table.describe(), data->columns());
  table.config.params["text_padding"] = std::string("start");
  EXPECT_THAT(values<int64_t>(*table.open().train, "word"), ElementsAre(0, 4, 1, 3, 0, 0, 2, 5, 0, 0, 0, 0));
  table.config.params["text_length"] = int64_t{2};
  EXPECT_THAT(values<int64_t>(*table.open().train, "word"), ElementsAre(4, 1, 2, 5, 0, 0)) << "cut off at the end";
  table.config.params["text"] = std::string("wort");
  EXPECT_THAT(table.message(), testing::HasSubstr("word"));
}

TEST(Csv, Csv_TextsStandBesideIndexedCategories) {
  Table table("colour,word,y\nred,ab,1\nblue,b,2\n");
  table.config.params = {{"text", "word"}, {"text_length", int64_t{2}}, {"encode", "index"}};
  const auto data = table.open().train;
  EXPECT_THAT(values<int64_t>(*data, "colour"), ElementsAre(1, 0));
  EXPECT_THAT(values<int64_t>(*data, "word"), ElementsAre(1, 2, 2, 0));
  EXPECT_THAT(values<float>(*data, "y"), ElementsAre(1, 2));
}

}  // namespace
}  // namespace netwright::data
