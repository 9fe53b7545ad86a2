// SPDX-License-Identifier: Apache-2.0
// Several tensors made into one.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {

Rows combine() {
  return {{"cat", {[](OpPrinter& p) { p.result("Concat", p.list("tensors"), {{"axis", p.integer("dim")}}); }}}};
}

}  // namespace netwright::convert::onnx::rows
