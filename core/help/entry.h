// SPDX-License-Identifier: Apache-2.0
// What there are help pages for: everything that is registered. Finds pages by the names and words that people know.
#pragma once

#include <string>
#include <vector>

#include "core/base/prose.h"

namespace netwright::help {

enum class Kind { Layer, Optimiser, Schedule, Initialiser, Regulariser, Metric, Source, Transform, Op };
inline constexpr Kind kKinds[] = {Kind::Layer,  Kind::Optimiser, Kind::Schedule,  Kind::Initialiser, Kind::Regulariser,
                                  Kind::Metric, Kind::Source,    Kind::Transform, Kind::Op};
std::string word(Kind kind);    // "layer", as in keys
std::string plural(Kind kind);  // "Layers", as a heading

struct Entry {
  Kind kind = Kind::Layer;
  std::string id;                  // in its registry: "conv2d"
  std::string title;               // "Conv2d"
  std::string group;               // category of a layer or family of an op; empty for the other kinds
  std::string summary;             // one sentence
  std::string torchName;           // "nn.Conv2d"; empty if PyTorch has no such thing
  std::string kerasName;           // "layers.Conv2D"
  std::vector<std::string> words;  // what else people call it
  std::string key() const { return word(kind) + "/" + id; }
};

// All pages: kinds as above, each in the order of its registry. Lives forever.
const std::vector<Entry>& entries();
const Prose& proseOf(const Entry& entry);  // the words beside its code; empty if there are none, which a test finds
const Entry* findEntry(const std::string& key);  // "layer/conv2d"; null: no such page
std::string sideText(const Entry& entry);        // what stands beside a title: "layer, Convolution · nn.Conv2d"
// What "[conv2d]" or "[schedule/step]" in the words of a page of this kind means: its own kind first, then layers, then
// the others. Null: nothing.
const Entry* resolve(const std::string& link, Kind from);

// The pages that are called so, best first: by key, id, title, or name in PyTorch ("torch.nn.Conv2d", "Conv2d") or
// Keras ("layers.Conv2D"), in capitals or not; where there is none, by a word that people use ("dense"). Ops come
// last.
std::vector<const Entry*> named(const std::string& name);
// The pages that hold all of these words in names or text, best first.
std::vector<const Entry*> search(const std::string& words);
// The name nearest to one that no page has, for "did you mean".
std::string nearestName(const std::string& name);

}  // namespace netwright::help
