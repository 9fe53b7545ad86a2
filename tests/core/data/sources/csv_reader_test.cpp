// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using netwright::test::messageOf;
using Records = std::vector<std::vector<std::string>>;

struct Read {
  Records records;
  std::vector<int64_t> lines;
};

Read readAll(const std::string& text, char separator = ',') {
  Read read;
  CsvReader reader(text, separator, "t.csv");
  while (reader.next()) {
    read.records.emplace_back(reader.cells().begin(), reader.cells().end());
    read.lines.push_back(reader.line());
  }
  return read;
}

TEST(CsvReader, CsvReader_SplitsFieldsAndLines) {
  EXPECT_EQ(readAll("a,b\n1,\n,2\n").records, (Records{{"a", "b"}, {"1", ""}, {"", "2"}}));
  EXPECT_EQ(readAll("a;b\r\n1;2\r3;4", ';').records, (Records{{"a", "b"}, {"1", "2"}, {"3", "4"}}));
  EXPECT_EQ(readAll("1,").records, (Records{{"1", ""}}));
  EXPECT_EQ(readAll("").records, Records{});
}

TEST(CsvReader, CsvReader_KeepsWhatIsInQuotes) {
  EXPECT_EQ(readAll("\"a,b\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"\"\n").records,
            (Records{{"a,b", "say \"hi\""}, {"two\nlines", ""}}));
  EXPECT_EQ(readAll("\"\"\"\",\"a\"\"\"\"b\"").records, (Records{{"\"", "a\"\"b"}}));
  EXPECT_EQ(readAll("\"a\" ,5' 3\"").records, (Records{{"a", "5' 3\""}}));
}

TEST(CsvReader, CsvReader_CountsTheLinesOfTheFile) {
  EXPECT_THAT(readAll("a\n\n\"x\ny\r\nz\rw\"\r\nb\rc").lines, testing::ElementsAre(1, 3, 7, 8));
}

TEST(CsvReader, CsvReader_NamesTheLineOfAWrongQuote) {
  EXPECT_EQ(messageOf([] { readAll("a,b\n1,\"2\n3,4\n"); }),
            "t.csv, line 2: a quote opens here that is never closed. Close it, or double a quote that belongs to the "
            "text.");
  EXPECT_EQ(messageOf([] { readAll("a,b\n1,\"2\"x\n"); }),
            "t.csv, line 2, field 2: text follows the closing quote. Double a quote that belongs to the text, or put a "
            "separator after it.");
}

TEST(CsvReader, CsvReader_BoundsTheNumberOfFields) {
  EXPECT_EQ(readAll(std::string(99'999, ',')).records[0].size(), 100'000u);
  EXPECT_EQ(messageOf([] { readAll("a\n" + std::string(100'000, ',')); }),
            "t.csv, line 2 has more than 100,000 fields. Choose a table, or set separator.");
}

TEST(CsvReader, DetectSeparator_TakesWhatDividesEqually) {
  EXPECT_EQ(detectSeparator("a,b\n1,2\n", false), ',');
  EXPECT_EQ(detectSeparator("a;b\n1,5;2,5\n", true), ';');
  EXPECT_EQ(detectSeparator("a;b;c\n1,5;2;3\n", false), ';');
  EXPECT_EQ(detectSeparator("a\tb\n1 2\t3\n", false), '\t');
  EXPECT_EQ(detectSeparator("\"a;b\",c\n1,2\n", false), ',');
  EXPECT_EQ(detectSeparator("a\n1\n", false), ',');
  EXPECT_EQ(detectSeparator("a;b;c\n1;2\n3;4;5\n", false), ';');  // one record too short
}

}  // namespace
}  // namespace netwright::data
