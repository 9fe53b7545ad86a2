// SPDX-License-Identifier: Apache-2.0
#include "core/convert/evaluation.h"

#include "core/convert/model_part.h"

namespace netwright::convert {
namespace {

constexpr const char* kDrawsAtRandom =
    "it is fixed to training and draws at random, and the file holds the network in evaluation";

}  // namespace

bool usesBatchStatistics(const program::Op& op) {
  const program::Argument& training = argument(op, "training");
  return isTraining(training) ? op.mode == Mode::Train : std::get<bool>(training);
}

std::optional<std::string> refuseNoise(const program::Op& op, const char* name) {
  const program::Argument& share = argument(op, name);
  const auto* following = std::get_if<program::TrainingNumber>(&share);
  if ((following ? following->value : std::get<double>(share)) == 0) return std::nullopt;
  bool draws = op.mode == Mode::Train || !following;
  for (size_t i = 0; i < op.args.size(); ++i) {
    if (op.info->schema.arguments[i].name != "train") continue;
    draws = isTraining(op.args[i]) ? op.mode == Mode::Train : std::get<bool>(op.args[i]);
  }
  if (!draws) return std::nullopt;
  return kDrawsAtRandom;
}

}  // namespace netwright::convert
