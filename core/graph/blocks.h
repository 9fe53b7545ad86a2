// SPDX-License-Identifier: Apache-2.0
// Ready-made edits of blocks: made from a selection, taken apart, renamed with all their uses. They read the document
// and never change it; those that cannot be throw Error{Input} that says why. `body` is where the nodes stand: the
// network itself or the definition of a block.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/edit.h"

namespace netwright::graph {

struct Packed {
  Edit edit;
  BlockId block;    // the new definition
  NodeId instance;  // that stands for the selection, in `body`
};
// Puts the nodes and notes into a new block and an instance of it in their place. A value that comes from outside
// becomes an input, one that is used outside an output, named after the ports and nodes that they join. Names that all
// begin with "a." give an instance "a": the weights keep their names. Throws for inputs and outputs of the network, for
// a selection that values leave and enter again, and for weights that are shared across its border.
Packed pack(const Document& document, BlockId body, const std::vector<NodeId>& nodes,
            const std::vector<int64_t>& annotations, const std::string& name);

// Puts the nodes of the block in the place of its instance, called "<instance>.<node>" as their weights were before.
// The definition stays. Formulas over the block's parameters become values, or formulas over what the instance set.
// Throws for a repeated instance and for one that shares its weights.
Edit unpack(const Document& document, BlockId body, NodeId instance);

// Gives the instance a definition of its own, a copy.
Edit makeUnique(const Document& document, BlockId body, NodeId instance);
// The instance uses the weights of another of the same block beside it; or again its own, if `other` is none.
Edit shareWeights(const Document& document, BlockId body, NodeId instance, NodeId other);

// A new name for a node; for a port of a block also for the wires at all its instances.
Edit rename(const Document& document, BlockId body, NodeId node, const std::string& name);
// A new name for a parameter of a block, in its formulas and at its instances.
Edit renameParam(const Document& document, BlockId block, const std::string& from, const std::string& to);
// A new name for a variable of the network or of a block, in all formulas that see it.
Edit renameVariable(const Document& document, BlockId body, const std::string& from, const std::string& to);

// Definitions from elsewhere (clipboard, library): those that are here already, by name and content, are used; others
// come in, under a free name. `numbers` tells which number each has here.
Edit addBlocks(const Document& document, const std::vector<Block>& blocks, std::map<BlockId, BlockId>& numbers);
// The definitions that these nodes use, those that they use in turn first.
std::vector<Block> blocksOf(const Document& document, const std::vector<Node>& nodes);
std::string freshBlockName(const Document& document, const std::string& stem);  // "Residual", "Residual 2", ...

}  // namespace netwright::graph
