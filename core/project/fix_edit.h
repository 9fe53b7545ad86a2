// SPDX-License-Identifier: Apache-2.0
// Turns the fix of a diagnostic into one undoable edit of the graph. Used by the window's fix buttons.
#pragma once

#include "core/base/diagnostic.h"
#include "core/graph/edit.h"
#include "core/layers/layer_spec.h"

namespace netwright::project {

// The edit that carries out all steps of `fix`, in order, named after its label. Steps that no longer fit the document
// (the node is gone, the wire was removed) are left out; an edit without steps means that there is nothing to do.
graph::Edit fixEdit(const graph::Document& document, const Fix& fix);

// Puts `node` (not yet in the document) into `wire`, by its first input and output. It takes the place of the wire's
// target; where that is tight, the rest of the target's row moves to the right. Needs a layer with an input and an
// output, else the edit is empty.
graph::Edit insertIntoWire(const graph::Document& document, const layers::LayerSpec& layer, graph::Node node,
                           const graph::Wire& wire);

}  // namespace netwright::project
