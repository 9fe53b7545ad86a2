// SPDX-License-Identifier: Apache-2.0
// The words of the help pages: Markdown files beside the code, one for each .cpp that registers something. Read by the
// registries' prose.h and shown by core/help.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace netwright {

// What a file says of one registered thing. A section begins with the ids that it is about:
//
//   ## conv1d conv2d conv3d
//   When to use it, in paragraphs. `code` is code, [batch_norm2d] links to that page, [schedule/step] to one of another
//   kind.
//
//   Pitfall: What goes wrong, and how not to run into it. One paragraph each.
//
//   Example: (N, 3, 32, 32); int64 (N, 5); num_groups=2
//   PyTorch: torch.conv2d
//   See also: conv_transpose2d, depthwise_conv2d
//
// Of several examples the page shows the first; the others tell what ops a layer is made of. Only ops say what they are
// called in PyTorch: layers and optimisers have it in their specs. An id may stand in several headings: what a family
// shares comes first, then what is said of one alone.
struct Prose {
  std::vector<std::string> paragraphs, pitfalls;  // one line each
  std::vector<std::string> seeAlso;               // keys of pages
  std::vector<std::string> examples;              // inputs and parameters of worked examples; empty: the usual ones
  std::string torchName;
};
using ProseBook = std::map<std::string, Prose>;  // by id

// `files`: text by name. Asserts that each line belongs to a section.
ProseBook readProse(const std::map<std::string, std::string>& files);

}  // namespace netwright
