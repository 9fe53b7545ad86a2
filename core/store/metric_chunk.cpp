// SPDX-License-Identifier: Apache-2.0
#include "core/store/metric_chunk.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "core/base/error.h"
#include "core/store/database.h"

namespace netwright::store {
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are little endian");
constexpr size_t kWord = 8;

template <class T>
void append(std::span<const std::byte> data, std::vector<T>& out) {
  static_assert(sizeof(T) == kWord);
  const size_t at = out.size();
  out.resize(at + data.size() / kWord);
  std::memcpy(out.data() + at, data.data(), data.size());
}

}  // namespace

std::vector<std::byte> encodeChunk(std::span<const MetricPoint> points) {
  std::vector<std::byte> data(points.size() * 3 * kWord);
  std::byte* steps = data.data();
  std::byte* seconds = steps + points.size() * kWord;
  std::byte* values = seconds + points.size() * kWord;
  for (size_t i = 0; i < points.size(); ++i) {
    std::memcpy(steps + i * kWord, &points[i].step, kWord);
    std::memcpy(seconds + i * kWord, &points[i].seconds, kWord);
    std::memcpy(values + i * kWord, &points[i].value, kWord);
  }
  return data;
}

void decodeChunk(std::span<const std::byte> data, size_t count, const std::string& where, Series& out) {
  const size_t column = data.size() / 3;
  if (data.size() % (3 * kWord) != 0 || column / kWord != count)
    failInput(fmt::format("{} should hold {} points but has {} bytes.", where, count, data.size()),
              "The database is damaged.", "Restore it from a backup.");
  append(data.first(column), out.steps);
  append(data.subspan(column, column), out.seconds);
  append(data.last(column), out.values);
}

}  // namespace netwright::store
