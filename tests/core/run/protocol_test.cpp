// SPDX-License-Identifier: Apache-2.0
#include "core/run/protocol.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/base/error.h"

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
  reader.append(std::string(8, '\xff'));
  EXPECT_THROW(reader.next(), Error);
}

// Damaged frames are refused by an Error or still mean something; nothing else may happen.
TEST(Protocol, SurvivesDamage) {
  const std::string good = encode(Event{
      1, Reply{4, true, "", "", "", false, {{"loss", 0.5}}, {{"a", "b"}}}, {{"x", HostTensor(DType::Int64, {3})}}});
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string bad = good;
    for (int k = 0; k < 3; ++k) bad[8 + random() % (bad.size() - 8)] = static_cast<char>(random());
    FrameReader reader;
    reader.append(bad);
    try {
      if (auto frame = reader.next()) decodeEvent(*frame);
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace netwright::run
