// SPDX-License-Identifier: Apache-2.0
// The numeric proof of an export: the same inputs through the engine and through the written file, and how far the
// results are apart. Used by exporters; shown by the window and the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/base/safetensors.h"
#include "core/program/program.h"

namespace netwright::convert {

struct Comparison {
  // Relative differences up to this count as equal: float32 sums in another order differ by some 1e-7, and float16 has
  // 11 bits.
  static constexpr double kTolerance = 1e-5, kHalfTolerance = 1e-2;
  struct Output {
    std::string name;
    double maxAbs = 0;       // the largest over all batches; infinite if the sizes differ or one side is not a number
    double maxRelative = 0;  // max|difference| / max|reference|, the largest over all batches
  };
  std::vector<Output> outputs;
  std::vector<int64_t> batches;  // sizes of the batches that were tried; empty: none were needed
  int64_t samples = 0;           // of the data that were among them; the others are random
  int64_t ways = 0;              // further random batches, of other sizes of numbers: see otherWays
  std::string method;            // "the file read back and evaluated by Netwright's own ONNX evaluator"
  std::string incomparable;      // why numbers cannot be compared (the network draws at random); else empty
  double tolerance = kTolerance;
  bool equal = false;             // every output within kTolerance, by every proof
  std::vector<std::string> also;  // further proofs that were made, and those that could not be, one sentence each
  std::string firstDifference;    // the layer where the results part, if they do and it is known: "Conv2d 'conv1'"

  // One more proof of the same outputs: the larger differences count.
  void add(const Comparison& proof);
  // One sentence: "Equal within 2.4e-07 in 1 output over batches of 1 and 7: ..."
  std::string text() const;

 private:
  std::string verdict() const;
};

// Differences between two tensors of one output, as `name`.
Comparison::Output difference(std::string name, const HostTensor& reference, const HostTensor& candidate);

// Deterministic pseudo-random inputs of the model part for a batch: floats in [-1, 1), integers 0 or 1. The same for
// each call.
std::vector<NamedTensor> sampleInputs(const program::Program& program, int64_t batch);

// Weights that were written against those read back, bit by bit; names tell which belong together. `read` hands over
// one tensor after the other.
Comparison compareWeights(const std::vector<TensorRef>& written, const std::function<void(const TensorSink&)>& read);

using Evaluate = std::function<std::vector<NamedTensor>(const std::vector<NamedTensor>&)>;

// Of a network with control flow the same inputs with small, large and shifted numbers, which may take other ways;
// those alone that the reference accepts. None for other networks.
std::vector<std::vector<NamedTensor>> otherWays(const program::Program& program, const std::vector<int64_t>& batches,
                                                const Evaluate& reference);

// Whether the reference takes these inputs; always true of networks without control flow.
bool isAccepted(const program::Program& program, const Evaluate& reference, const std::vector<NamedTensor>& inputs);

// Calls both functions on sample inputs of each batch size, on the given batches of data and on those of otherWays, and
// compares their results by position. Random numbers may be none that control flow accepts: they are left out then.
Comparison compare(const program::Program& program, std::string method, const Evaluate& reference,
                   const Evaluate& candidate, const std::vector<int64_t>& batches = {1, 7},
                   double tolerance = Comparison::kTolerance, const std::vector<std::vector<NamedTensor>>& data = {},
                   const std::vector<std::vector<NamedTensor>>& ways = {});

}  // namespace netwright::convert
