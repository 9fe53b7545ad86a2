// SPDX-License-Identifier: Apache-2.0
// Checkpoints: weights and optimiser state as safetensors, with a JSON beside it that holds the position and a hash per
// tensor. Written by the session, read by evaluation, export and prediction. Torch-free.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/run/schedule.h"

namespace netwright::run {

// Where a run stands, so that it can go on as if it had never stopped.
struct Position {
  int64_t epoch = 0;    // of the last finished batch; counts from 1, 0 before the first batch
  int64_t batches = 0;  // of that epoch that are done
  int64_t step = 0;     // batches in all
  bool epochDone = false;
  std::vector<Scheduler::State> schedules;                    // per objective
  std::map<std::string, std::vector<double>> means, metrics;  // of the epoch under way: losses and metrics so far
  std::optional<double> best;                                 // of the value that decides; higher is better
  int64_t badEpochs = 0;                                      // since `best`
  double seconds = 0;                                         // spent training
  std::vector<uint8_t> generator;                             // of the random stream in parity mode
  bool operator==(const Position&) const = default;
};

struct Checkpoint {
  std::vector<NamedTensor> weights;    // every state of the program, by name
  std::vector<NamedTensor> optimiser;  // "exp_avg.conv1.weight", ...; of a second objective "1/exp_avg..."
  Position position;
  uint64_t seed = 0;
  std::string graphHash;  // SHA-256 of the graph's JSON
  std::string data;       // JSON of what the data's transforms were fitted to; may be empty
};

// Atomic: first the tensors, then the JSON that vouches for them. Throws Error{Environment}.
void writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);  // file ends in .safetensors
// Its step, from the record beside it; nullopt if there is no record: a crash came between the two, or it is another
// file.
std::optional<int64_t> checkpointStep(const std::filesystem::path& file);
// Checks every hash. Throws Error{Input} that names a tensor that was changed.
Checkpoint readCheckpoint(const std::filesystem::path& file);

}  // namespace netwright::run
