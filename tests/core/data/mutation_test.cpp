// SPDX-License-Identifier: Apache-2.0
// A few hundred damaged files of each format: each is read or refused with an Error{Input}, and nothing else happens.
#include <gtest/gtest.h>

#include "core/data/random.h"
#include "tests/core/data/array_files.h"
#include "tests/core/data/tables.h"
#include "tests/core/data/wav_files.h"

namespace netwright::data {
namespace {

constexpr int kRounds = 300;

// Changes, removes, repeats or inserts some bytes; decided by the number of the round.
std::string mutated(const std::string& bytes, uint64_t round) {
  CounterRandom random(99, Purpose::Data, round);
  std::string out = bytes;
  for (uint64_t change = 0; change <= random.below(4) && !out.empty(); ++change) {
    const size_t at = random.below(out.size()), length = 1 + random.below(std::min<size_t>(out.size() - at, 16));
    switch (random.below(6)) {
      case 0:
        out[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        out[at] = static_cast<char>(out[at] ^ 1 << random.below(8));
        break;
      case 2:
        out.erase(at, length);
        break;
      case 3:
        out.insert(at, out.substr(at, length));
        break;
      case 4:
        out.insert(at, std::string(length, "\"\n,;\xff\0(-9"[random.below(9)]));
        break;
      default:
        out.resize(at);
    }
  }
  return out;
}

struct Outcome {
  int read = 0, refused = 0;
};

Outcome mutate(Table& table, const std::string& name, const std::string& bytes) {
  Outcome outcome;
  for (uint64_t round = 0; round < kRounds; ++round) {
    table.folder.write(name, mutated(bytes, round));
    try {
      const DataSplits data = table.open();
      readAll(*data.train);
      table.describe();
      ++outcome.read;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::Input) << round << ": " << error.what();
      EXPECT_FALSE(error.title.empty());
      ++outcome.refused;
    }
  }
  EXPECT_GT(outcome.refused, 0);
  return outcome;
}

TEST(Mutation, Mutation_OfCsvIsReadOrRefused) {
  const std::string text =
      "size,\"is,land\",mass,species\n1.5,\"Bi\"\"scoe\",10,a\n2,NA,11,b\n,Dream,12,a\n4,Dream,13,b\n";
  Table table(text);
  table.config.transforms = {{"impute", {}}, {"standardize", {}}};
  EXPECT_GT(mutate(table, "t.csv", text).read, 0);
  table.config.params = {{"encode", "index"}, {"missing", "drop"}};
  mutate(table, "t.csv", text);
}

TEST(Mutation, Mutation_OfSeriesIsReadOrRefused) {
  std::string text = "t,v\n";
  for (int t = 1; t <= 12; ++t) text += std::to_string(t) + "," + std::to_string(t * t) + "\n";
  Table table(text, "series");
  table.config.params = {{"window", int64_t{3}}, {"missing", "previous"}};
  EXPECT_GT(mutate(table, "t.csv", text).read, 0);
}

TEST(Mutation, Mutation_OfNpyIsReadOrRefused) {
  Table table(npy("<i8", "3,", bytesOf<int64_t>({0, 1, 2})), "numpy", "y.npy");
  table.config.path = ".";
  const std::string x = npy("<f4", "3, 2", bytesOf<float>({1, 2, 3, 4, 5, 6}), true);
  EXPECT_GT(mutate(table, "x.npy", x).read, 0);
}

TEST(Mutation, Mutation_OfNpzIsReadOrRefused) {
  for (const bool deflate : {false, true}) {
    const std::string bytes = zip({{"x.npy", npy("<f4", "3, 2", bytesOf<float>({1, 2, 3, 4, 5, 6}))},
                                   {"y.npy", npy("<i8", "3,", bytesOf<int64_t>({0, 1, 2}))}},
                                  deflate);
    Table table(bytes, "numpy", "a.npz");
    EXPECT_GT(mutate(table, "a.npz", bytes).read, 0);
  }
}

TEST(Mutation, Mutation_OfIdxIsReadOrRefused) {
  Table table("", "idx", "notes.txt");
  table.config.path = ".";
  table.folder.write("train-labels", idxLabels({0, 1, 2}));
  EXPECT_GT(mutate(table, "train-images", idxImages(3, 4, 4)).read, 0);
  table.folder.write("train-images", idxImages(3, 4, 4));
  mutate(table, "train-labels", idxLabels({0, 1, 2}));
  mutate(table, "train-labels", gzip(idxLabels({0, 1, 2})));
}

TEST(Mutation, Mutation_OfTextIsReadOrRefused) {
  const std::string text = "The caf\u00e9 is open,\r\nand so is \u20ac 5.\n";
  Table table(text, "text", "t.txt", {{"length", int64_t{8}}, {"stride", int64_t{3}}});
  EXPECT_GT(mutate(table, "t.txt", text).read, 0);
  table.config.params["encoding"] = std::string("utf-8");
  mutate(table, "t.txt", text);
}

TEST(Mutation, Mutation_OfWavIsReadOrRefused) {
  Table table("", "sounds", "notes.txt", {{"length", int64_t{5}}});
  table.config.path = ".";
  for (const char* folder : {"no", "yes"}) std::filesystem::create_directory(table.folder / folder);
  const std::string bytes = wav(little(0x1000, 2) + little(0x2000, 2), {1, 2, 8000, 16});
  table.folder.write("no/a.wav", bytes);
  EXPECT_GT(mutate(table, "yes/b.wav", bytes).read, 0);
  mutate(table, "yes/b.wav", gzip(bytes));
}

}  // namespace
}  // namespace netwright::data
