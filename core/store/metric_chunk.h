// SPDX-License-Identifier: Apache-2.0
// Metric points as the database keeps them: full chunks as one BLOB, the rest as rows. Private to core/store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace netwright::store {

inline constexpr size_t kChunkPoints = 512;
inline constexpr int kChunkEncoding = 1;  // n steps (int64), n times (double), n values (double), little endian

struct MetricPoint {
  int64_t step = 0;
  double seconds = 0, value = 0;
};

struct Series;

std::vector<std::byte> encodeChunk(std::span<const MetricPoint> points);
// Appends the chunk's `count` points. Throws Error{Input} if the sizes disagree; `where` names the chunk.
void decodeChunk(std::span<const std::byte> data, size_t count, const std::string& where, Series& out);

}  // namespace netwright::store
