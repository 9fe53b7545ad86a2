// SPDX-License-Identifier: Apache-2.0
// The bodies of a node of control flow: what its ports follow from, and how its lowering makes regions of them
// (program/control.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/layers/layer_spec.h"
#include "core/program/builder.h"

namespace netwright::layers {

// A body's ports, by name and in order.
struct Face {
  std::string block;
  std::vector<std::string> inputs, outputs;
};

// Ports of a Loop's body that its node does not show.
inline constexpr const char* kStep = "step";  // an input: the number of the step, from 0 on
inline constexpr const char* kAgain = "again";      // an output: whether another step follows

// The layer with the ports that its bodies bring, before its own. Of several bodies the first counts.
LayerSpec controlSpec(const LayerSpec& layer, const std::vector<Face>& bodies);

// Implemented by lowerGraph.
class Bodies {
 public:
  virtual ~Bodies() = default;
  virtual const std::vector<Face>& faces() const = 0;

  struct Region {
    std::shared_ptr<program::Program> program;
    std::vector<program::ValueId> captured;  // weights that it reads, its last inputs
  };
  // `enter` makes the inputs of the region and tells what each input port of the body holds; `leave` takes what its
  // output ports hold, in order, and makes the outputs of the region, or complains and returns false. None if anything
  // inside is wrong, which is reported.
  using Enter = std::function<std::map<std::string, program::ValueId>(program::Builder&)>;
  using Leave = std::function<bool(program::Builder&, const std::vector<program::ValueId>&)>;
  virtual std::optional<Region> lower(size_t body, const Enter& enter, const Leave& leave) = 0;
};

}  // namespace netwright::layers
