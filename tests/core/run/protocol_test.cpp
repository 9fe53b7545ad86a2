// SPDX-License-Identifier: Apache-2.0
#include "core/run/protocol.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <random>

#include "core/base/error.h"
#include "core/base/file.h"

namespace netwright::run {
namespace {

Event roundTrip(const Event& event) {
  FrameReader reader;
  reader.append(encode(event));
  auto frame = reader.next();
  EXPECT_TRUE(frame);
  return decodeEvent(*frame);
}

TEST(Protocol, CarriesEventsWithNumbersThatJsonLacks) {
  Progress progress{2,
                    7,
                    19,
                    1.5,
                    640,
                    {{"loss", "train", 18, 1.4, std::nan("")},
                     {"loss", "train", 19, 1.5, -INFINITY},
                     {"accuracy", "val", 19, 1.5, 0.1}}};
  const Event again = roundTrip({5, progress, {}});
  EXPECT_EQ(again.number, 5);
  const auto& p = std::get<Progress>(again.body);
  ASSERT_EQ(p.points.size(), 3u);
  EXPECT_TRUE(std::isnan(p.points[0].value));
  EXPECT_EQ(p.points[1].value, -INFINITY);
  EXPECT_EQ(p.points[2].value, 0.1);
  EXPECT_EQ(p.points[2].context, "val");
}

TEST(Protocol, CarriesWhatIsSeenOfSamplesAndNodes) {
  ValidationSeen seen;
  seen.epoch = 4;
  seen.classes = {"cat", "dog"};
  seen.confusion = {5, 1, 0, 6};
  seen.truths = {1.5, std::nan("")};
  seen.predictions = {INFINITY, 2};
  seen.shown = {{7, "line 8", 1, 0, 0.75, true}};
  seen.inputs = {{"inputs", HostTensor(DType::UInt8, {1, 2, 2})}};
  const Event again = roundTrip({9, seen, {}});
  const auto& s = std::get<ValidationSeen>(again.body);
  EXPECT_EQ(s.classes, seen.classes);
  EXPECT_EQ(s.confusion, seen.confusion);
  EXPECT_TRUE(std::isnan(s.truths[1]));
  EXPECT_EQ(s.predictions[0], INFINITY);
  ASSERT_EQ(s.shown.size(), 1u);
  EXPECT_EQ(s.shown[0].name, "line 8");
  EXPECT_EQ(s.shown[0].share, 0.75);
  EXPECT_TRUE(s.shown[0].worst);
  ASSERT_EQ(s.inputs.size(), 1u);
  EXPECT_EQ(s.inputs[0].tensor.shape, (std::vector<int64_t>{1, 2, 2}));
  const Event nodes = roundTrip({10, NodeStatistics{5, {{{1, 2}, 0.5, 0.25, std::nan("")}}}, {}});
  const auto& n = std::get<NodeStatistics>(nodes.body).nodes.at(0);
  EXPECT_EQ(n.node, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(n.deviation, 0.25);
  EXPECT_TRUE(std::isnan(n.gradient));
}

TEST(Protocol, CarriesTensors) {
  HostTensor t(DType::Float32, {2, 3});
  t.as<float>()[4] = 1.5f;
  FrameReader reader;
  reader.append(encode(Command{3, Predict{}, {{"x", t}}}));
  const Command again = decodeCommand(*reader.next());
  EXPECT_EQ(again.id, 3);
  EXPECT_TRUE(std::holds_alternative<Predict>(again.body));
  ASSERT_EQ(again.tensors.size(), 1u);
  EXPECT_EQ(again.tensors[0].tensor, t);
}

TEST(Protocol, CutsFramesOutOfAnyStream) {
  std::string stream;
  for (int64_t i = 1; i <= 20; ++i)
    stream += encode(Event{i, CheckpointWritten{"epoch-" + std::to_string(i), i, i * 10, false}, {}});
  std::mt19937 random(3);
  FrameReader reader;
  int64_t expected = 0;
  for (size_t at = 0; at < stream.size();) {
    const size_t n = std::min<size_t>(1 + random() % 90, stream.size() - at);
    reader.append(std::string_view(stream).substr(at, n));
    at += n;
    while (auto frame = reader.next()) EXPECT_EQ(decodeEvent(*frame).number, ++expected);
  }
  EXPECT_EQ(expected, 20);
}

TEST(Protocol, RefusesImpossibleSizes) {
  FrameReader reader;
  EXPECT_THROW(reader.append(std::string(8, '\xff')), Error);
  EXPECT_THROW(reader.next(), Error);
}

TEST(Protocol, JudgesAFrameByItsHeadBeforeItMakesRoom) {
  FrameReader small(kGreetingLimits);
  EXPECT_THROW(small.append(std::string_view("\x01\0\x01\0\0\0\0\0", 8)), Error);  // 65,537 bytes of JSON
  FrameReader halves;
  halves.append(std::string_view("\x01\0\0\xff", 4));
  EXPECT_FALSE(halves.next());
  EXPECT_THROW(halves.append(std::string_view("\0\0\0\0", 4)), Error);
}

FrameReader::Frame frameOf(std::string json) { return {std::move(json), ""}; }

TEST(Protocol, RefusesDeepJson) {
  const std::string deep(1000000, '[');
  EXPECT_THROW(decodeCommand(frameOf(deep)), Error);
  EXPECT_THROW(
      decodeCommand(frameOf(R"({"id":1,"kind":"pause","body":)" + std::string(32, '[') + std::string(32, ']') + "}")),
      Error);
  std::string brackets = R"({"id":1,"kind":"train","body":{"runName":")" + std::string(100, '[') + R"(\"{{"}})";
  EXPECT_EQ(std::get<Train>(decodeCommand(frameOf(brackets)).body).runName.size(), 103u) << "in a text they are text";
}

TEST(Protocol, MissingFieldsTakeTheirDefaultsAndUnknownOnesAreIgnored) {
  const Command c = decodeCommand(frameOf(R"({"id":4,"kind":"train","body":{"project":"p","later":[1]},"x":0})"));
  EXPECT_EQ(c.id, 4);
  EXPECT_EQ(std::get<Train>(c.body).project, "p");
  EXPECT_FALSE(std::get<Train>(c.body).keep);
}

// Every kind of message, as a corpus: encoded, and decoded again to the same bytes.
template <class Body, size_t... I>
std::vector<std::string> oneOfEach(std::index_sequence<I...>, const std::function<std::string(Body)>& encoded) {
  return {encoded(Body(std::variant_alternative_t<I, Body>{}))...};
}
std::vector<std::string> commands() {
  return oneOfEach<CommandBody>(std::make_index_sequence<std::variant_size_v<CommandBody>>(),
                                [](CommandBody b) { return encode(Command{3, std::move(b), {}}); });
}
std::vector<std::string> events() {
  return oneOfEach<EventBody>(std::make_index_sequence<std::variant_size_v<EventBody>>(),
                              [](EventBody b) { return encode(Event{3, std::move(b), {}}); });
}

TEST(Protocol, EveryKindSurvivesTheJourney) {
  for (const std::string& bytes : commands()) {
    FrameReader reader;
    reader.append(bytes);
    EXPECT_EQ(encode(decodeCommand(*reader.next())), bytes);
  }
  for (const std::string& bytes : events()) {
    FrameReader reader;
    reader.append(bytes);
    EXPECT_EQ(encode(decodeEvent(*reader.next())), bytes);
  }
}

// Either an Error or a message; nothing else may happen, and no memory beyond the bytes that came is asked for.
void decodeAll(const std::string& bytes) {
  for (const bool asCommand : {true, false}) {
    FrameReader reader;
    try {
      reader.append(bytes);
      while (auto frame = reader.next()) asCommand ? void(decodeCommand(*frame)) : void(decodeEvent(*frame));
    } catch (const Error&) {
    }
  }
}

std::string mutated(std::string bytes, std::mt19937& random) {
  const auto at = [&] { return bytes.empty() ? 0 : random() % bytes.size(); };
  static const std::string kWords[] = {
      "null", "-1", "1e999", "[]", "{}", "\"", "\\u0000", "\xff", "9223372036854775808", "true"};
  for (int k = 1 + static_cast<int>(random() % 4); k > 0; --k) switch (random() % 6) {
      case 0:
        if (!bytes.empty()) bytes[at()] = static_cast<char>(random());
        break;
      case 1:
        bytes.erase(at(), random() % 9);
        break;
      case 2:
        bytes.insert(at(), kWords[random() % std::size(kWords)]);
        break;
      case 3:
        bytes.insert(at(), bytes.substr(at(), random() % 64));
        break;
      case 4:
        bytes.resize(at());
        break;
      case 5:
        if (size_t colon = bytes.find(':', at()); colon != std::string::npos)
          bytes.replace(colon + 1, 1 + random() % 8, kWords[random() % std::size(kWords)]);
        break;
    }
  return bytes;
}

// With a right head, so that the damage gets through to the JSON.
std::string reframed(const std::string& bytes) {
  if (bytes.size() < 8) return bytes;
  const uint32_t sizes[2] = {static_cast<uint32_t>(bytes.size() - 8), 0};
  return std::string(reinterpret_cast<const char*>(sizes), sizeof sizes) + bytes.substr(8);
}

TEST(Protocol, SurvivesMutations) {
  std::vector<std::string> corpus = commands();
  for (std::string& e : events()) corpus.push_back(std::move(e));
  corpus.push_back(encode(Event{
      1, Reply{4, true, "", "", "", false, {{"loss", 0.5}}, {{"a", "b"}}}, {{"x", HostTensor(DType::Int64, {3})}}}));
  corpus.push_back(encode(Event{1, Progress{1, 2, 3, 4, 5, {{"loss", "train", 1, 2, NAN}}, 6}, {}}));
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    const std::string bad = mutated(corpus[random() % corpus.size()], random);
    decodeAll(bad);
    decodeAll(reframed(bad));
  }
}

// Cases that once went wrong, or that nobody wants to see go wrong.
TEST(Protocol, SurvivesTheKeptCorpus) {
  size_t cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(NETWRIGHT_SOURCE_DIR "/tests/data/protocol")) {
    const std::string json = readFile(entry.path());
    const uint32_t sizes[2] = {static_cast<uint32_t>(json.size()), 0};
    FrameReader reader;
    reader.append(std::string(reinterpret_cast<const char*>(sizes), sizeof sizes) + json);
    const auto frame = reader.next();
    ASSERT_TRUE(frame);
    EXPECT_THROW(decodeCommand(*frame), Error) << entry.path();
    EXPECT_THROW(decodeEvent(*frame), Error) << entry.path();
    ++cases;
  }
  EXPECT_GE(cases, 12u);
}

}  // namespace
}  // namespace netwright::run
