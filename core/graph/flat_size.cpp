// SPDX-License-Identifier: Apache-2.0
#include "core/graph/flat_size.h"

#include <algorithm>
#include <unordered_map>

#include "core/graph/expand.h"

namespace netwright::graph {
namespace {

class Count {
 public:
  explicit Count(const Document& document) {
    for (const Block& b : document.blocks) blocks_[b.id.value] = &b;
  }

  int64_t nodesOf(const Document& body) {
    auto all = static_cast<int64_t>(body.nodes.size());
    for (const Node& n : body.nodes)
      for (const BlockId id : n.bodies)
        if (all < kMostNodes) all += timesOf(n) * nodesOf(id);
    return std::min(all, kMostNodes);
  }

 private:
  int64_t nodesOf(BlockId id) {
    const auto block = blocks_.find(id.value);
    if (block == blocks_.end()) return 0;
    const auto [known, fresh] = sizes_.emplace(id.value, 0);  // 0 while a circle leads here again
    if (!fresh) return known->second;
    const int64_t size = nodesOf(block->second->body);
    return sizes_[id.value] = size;
  }

  static int64_t timesOf(const Node& node) {
    const auto repeat = node.params.find(kRepeat);
    const auto* times = repeat == node.params.end() ? nullptr : std::get_if<int64_t>(&repeat->second);
    return times ? std::clamp<int64_t>(*times, 0, kMostCopies) : 1;
  }

  std::unordered_map<int64_t, const Block*> blocks_;
  std::unordered_map<int64_t, int64_t> sizes_;
};

}  // namespace

int64_t flatSize(const Document& document) { return Count(document).nodesOf(document); }

}  // namespace netwright::graph
