// SPDX-License-Identifier: Apache-2.0
// The frames and messages of TensorBoard's event files: u64 length, its masked CRC-32C, data, its masked CRC-32C,
// little endian; the data is an Event in protobuf's wire format. Private to core/store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netwright::store {

uint32_t crc32c(std::string_view data);  // Castagnoli, reflected polynomial 0x82F63B78
uint32_t maskedCrc32c(std::string_view data);

std::string eventRecord(std::string_view event);  // framed
std::string versionEvent(double wallTime);        // the first of every file
std::string scalarEvent(double wallTime, int64_t step, std::string_view tag, float value);
// counts[i] samples in [edges[i], edges[i + 1]).
std::string histogramEvent(double wallTime, int64_t step, std::string_view tag, const std::vector<double>& edges,
                           const std::vector<int64_t>& counts);

}  // namespace netwright::store
