// SPDX-License-Identifier: Apache-2.0
#include "core/base/json.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

std::string complaint(const std::string& text) {
  try {
    parseJson(text, "p.json");
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, ErrorKind::Input);
    return e.why.empty() ? e.title : e.title + " " + e.why;
  }
  return "accepted";
}

TEST(Json, KeepsTheOrderOfKeys) {
  const std::string text = R"({"z":1,"a":{"y":2,"b":3}})";
  EXPECT_EQ(parseJson(text, "p.json").dump(), text);
}

TEST(Json, PointsAtTheError) {
  EXPECT_EQ(complaint("oops"), "p.json is not valid JSON: error at line 1, column 1.");
  EXPECT_EQ(complaint("{\n  \"a\": 1,\n  oops\n}"), "p.json is not valid JSON: error at line 3, column 3.");
  EXPECT_EQ(complaint("{\"a\": 1,\n}"), "p.json is not valid JSON: error at line 2, column 1.");
}

TEST(Json, TellsAFileThatWasCutOff) {
  EXPECT_EQ(complaint("{\"a\": [1, 2"),
            "p.json is not valid JSON: error at line 1, column 12. The file ends too early; it looks cut off.");
  EXPECT_EQ(complaint(""),
            "p.json is not valid JSON: error at line 1, column 1. The file ends too early; it looks cut off.");
}

TEST(Json, FilesAreNamedByTheirPath) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "p.json", "{]");
  try {
    readJsonFile(folder / "p.json");
    ADD_FAILURE() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.title, (folder / "p.json").string() + " is not valid JSON: error at line 1, column 2.");
  }
}

template <class T>
std::string wrongType(const char* json, const T& fallback) {
  try {
    jsonGet<T>(Json::parse(json), "epochs", fallback, "p.json");
  } catch (const Error& e) {
    return e.title;
  }
  return "accepted";
}

TEST(JsonGet, TakesTheDefaultForAnAbsentKey) {
  EXPECT_EQ(jsonGet<int64_t>(Json::parse("{}"), "epochs", 5, "p.json"), 5);
  EXPECT_EQ(jsonGet<int64_t>(Json::parse(R"({"epochs": 3})"), "epochs", 5, "p.json"), 3);
  EXPECT_EQ(jsonGet<double>(Json::parse(R"({"epochs": 3})"), "epochs", 0.5, "p.json"), 3.0);
}

TEST(JsonGet, NamesTheKeyTheWantedTypeAndTheValue) {
  EXPECT_EQ(wrongType<int64_t>(R"({"epochs": "ten"})", 0), "p.json: 'epochs' should be a whole number but is \"ten\".");
  EXPECT_EQ(wrongType<int64_t>(R"({"epochs": 1.5})", 0), "p.json: 'epochs' should be a whole number but is 1.5.");
  EXPECT_EQ(wrongType<uint64_t>(R"({"epochs": -1})", 0),
            "p.json: 'epochs' should be a whole number of 0 or more but is -1.");
  EXPECT_EQ(wrongType<double>(R"({"epochs": null})", 0), "p.json: 'epochs' should be a number but is null.");
  EXPECT_EQ(wrongType<bool>(R"({"epochs": 1})", false), "p.json: 'epochs' should be true or false but is 1.");
  EXPECT_EQ(wrongType<std::string>(R"({"epochs": [1]})", ""), "p.json: 'epochs' should be a text but is [1].");
  EXPECT_EQ(wrongType<bool>("[]", false), "p.json: expected an object around 'epochs'.");
}

}  // namespace
}  // namespace netwright
