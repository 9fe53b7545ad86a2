// SPDX-License-Identifier: Apache-2.0
#include "core/store/exporting/event_record.h"

#include <array>
#include <bit>
#include <cstring>

namespace netwright::store {
namespace {

static_assert(std::endian::native == std::endian::little, "event files are little endian");

constexpr std::array<uint32_t, 256> makeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0);
    table[i] = crc;
  }
  return table;
}

template <class T>
void append(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  out.append(bytes.data(), bytes.size());
}

// Wire types of protobuf.
enum class Wire : uint64_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

void appendVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void appendKey(std::string& out, uint64_t field, Wire wire) {
  appendVarint(out, field << 3 | static_cast<uint64_t>(wire));
}

void appendBytes(std::string& out, uint64_t field, std::string_view data) {
  appendKey(out, field, Wire::Bytes);
  appendVarint(out, data.size());
  out += data;
}

std::string eventAt(double wallTime) {
  std::string event;
  appendKey(event, 1, Wire::Fixed64);
  append(event, wallTime);
  return event;
}

std::string summaryEvent(double wallTime, int64_t step, std::string_view value) {
  std::string summary, event = eventAt(wallTime);
  appendBytes(summary, 1, value);
  appendKey(event, 2, Wire::Varint);
  appendVarint(event, static_cast<uint64_t>(step));
  appendBytes(event, 5, summary);
  return event;
}

}  // namespace

uint32_t crc32c(std::string_view data) {
  static constexpr std::array kTable = makeTable();
  uint32_t crc = ~0U;
  for (const char c : data) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

uint32_t maskedCrc32c(std::string_view data) {
  const uint32_t crc = crc32c(data);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

std::string eventRecord(std::string_view event) {
  std::string record;
  append(record, static_cast<uint64_t>(event.size()));
  append(record, maskedCrc32c(record));
  record += event;
  append(record, maskedCrc32c(event));
  return record;
}

std::string versionEvent(double wallTime) {
  std::string event = eventAt(wallTime);
  appendBytes(event, 3, "brain.Event:2");
  return event;
}

std::string scalarEvent(double wallTime, int64_t step, std::string_view tag, float value) {
  std::string scalar;
  appendBytes(scalar, 1, tag);
  appendKey(scalar, 2, Wire::Fixed32);
  append(scalar, value);
  return summaryEvent(wallTime, step, scalar);
}

// HistogramProto of tensorflow/core/framework/summary.proto: the sums are those of the bins' middles.
std::string histogramEvent(double wallTime, int64_t step, std::string_view tag, const std::vector<double>& edges,
                           const std::vector<int64_t>& counts) {
  double number = 0, sum = 0, squares = 0;
  std::string limits, buckets, histogram, value;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double count = static_cast<double>(counts[i]), middle = (edges[i] + edges[i + 1]) / 2;
    number += count, sum += count * middle, squares += count * middle * middle;
    append(limits, edges[i + 1]);
    append(buckets, count);
  }
  const std::array<double, 5> heads{edges.front(), edges.back(), number, sum, squares};
  for (size_t i = 0; i < heads.size(); ++i) {
    appendKey(histogram, i + 1, Wire::Fixed64);
    append(histogram, heads[i]);
  }
  appendBytes(histogram, 6, limits);
  appendBytes(histogram, 7, buckets);
  appendBytes(value, 1, tag);
  appendBytes(value, 5, histogram);
  return summaryEvent(wallTime, step, value);
}

}  // namespace netwright::store
