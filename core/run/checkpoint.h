// SPDX-License-Identifier: Apache-2.0
// Checkpoints: weights and optimiser state as safetensors, with a JSON beside it that holds the position and a hash per
// tensor. Written by the session, read by evaluation, export and prediction. Torch-free.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::run {

struct Checkpoint {
  std::vector<NamedTensor> weights;    // every state of the program, by name
  std::vector<NamedTensor> optimiser;  // "exp_avg.conv1.weight", ...
  int64_t epoch = 0, step = 0;
  uint64_t seed = 0;
  std::string graphHash;  // SHA-256 of the graph's JSON
};

// Atomic: first the tensors, then the JSON that vouches for them. Throws Error{Environment}.
void writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);  // file ends in .safetensors
// Checks every hash. Throws Error{Input} that names a tensor that was changed.
Checkpoint readCheckpoint(const std::filesystem::path& file);

}  // namespace netwright::run
