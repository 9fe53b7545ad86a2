// SPDX-License-Identifier: Apache-2.0
// What ops do in evaluation, where their mode may yet be fixed to training. Used by exporters that write the network in
// evaluation.
#pragma once

#include <optional>
#include <string>

#include "core/program/program.h"

namespace netwright::convert {

// True if a batch_norm uses the statistics of the batch itself, false for the running ones.
bool usesBatchStatistics(const program::Op& op);
// Why an op that hides a share of its values cannot be written: it is fixed to training and draws, as the end of a
// sentence. `argument` names the share. nullopt if evaluation draws nothing.
std::optional<std::string> refuseNoise(const program::Op& op, const char* argument);

}  // namespace netwright::convert
