// SPDX-License-Identifier: Apache-2.0
// Target: a column of the data that losses compare with. y (N, *) of the column's type, known once the data is.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void lower(Lowering& l) { l.output("y", l.programTarget(l.get<std::string>("column"))); }

}  // namespace

LayerSpec target() {
  return LayerSpec{"target", "Target", Category::InputOutput}
      .describe("Where a column of the data enters that losses compare with; prediction and exports do without it.",
                "y = column")
      .named("target")
      .alias({"label", "truth", "ground truth", "y"})
      .param(textParam("column", "").withDoc("Column of the data; empty for the only target.").asMain())
      .output("y", "(N, *)")
      .lowering(lower);
}

}  // namespace netwright::layers
