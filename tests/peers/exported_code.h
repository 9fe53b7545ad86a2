// SPDX-License-Identifier: Apache-2.0
// The engine's side where exported C++ is compiled and run.
#pragma once

#include <algorithm>

#include "core/engine/network.h"
#include "tests/core/convert/networks.h"
#include "tests/peers/peer.h"

namespace netwright::convert::testing {

inline std::string raw(const HostTensor& t) { return {reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size()}; }

// What the engine says to the sample inputs of a batch.
inline std::vector<HostTensor> expected(const Network& n, const std::vector<NamedTensor>& inputs) {
  engine::Network network(n.lowered.program, {"cpu", DType::Float32, false});
  network.setWeights(n.weights);
  engine::Feeds feeds;
  for (const program::Port& p : n.lowered.program.inputs) {
    const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const auto& t) { return t.name == p.name; });
    feeds.push_back(found == inputs.end() ? nullptr : &found->tensor);
  }
  return network.predict(feeds);
}

// The numbers that a compiled program wrote into a file, beside those of the engine; returns their relative difference.
inline double compareFile(const std::string& what, const HostTensor& reference, const std::filesystem::path& file) {
  HostTensor found(reference.dtype, reference.shape);
  const std::string bytes = readFile(file);
  EXPECT_EQ(bytes.size(), found.bytes.size()) << what;
  if (bytes.size() != found.bytes.size()) return 1;
  std::memcpy(found.bytes.data(), bytes.data(), bytes.size());
  const double relative = difference(what, reference, found).maxRelative;
  EXPECT_LE(relative, 1e-5) << what;
  return relative;
}

}  // namespace netwright::convert::testing
