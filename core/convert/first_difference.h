// SPDX-License-Identifier: Apache-2.0
// Where a written network and the engine part, once a proof has failed. One way for all formats: the network is written
// again, into a temporary folder, with the result of every layer as an output. Used by Exporter::verify.
#pragma once

#include <filesystem>
#include <stop_token>

#include "core/convert/exporter.h"

namespace netwright::convert {

// Adds to a proof that failed the first layer whose weights or values differ or, where the file is not what the
// exporter writes, that; and what hindered finding it. Throws nothing but what a stop ends with.
void locateDifference(const Exporter& format, const ExportInput& input, const std::filesystem::path& path,
                      Evaluator& evaluator, const std::stop_token& stop, Comparison& failed);

}  // namespace netwright::convert
