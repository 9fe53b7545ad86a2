// SPDX-License-Identifier: Apache-2.0
// A template in the making: nodes one after the other, in rows as a text is read. Used by the lists of templates beside
// this file.
#pragma once

#include <string>
#include <vector>

#include "core/project/project.h"

namespace netwright::templates {

class Sketch {
 public:
  Sketch(std::string id, std::string title, std::string description);

  // A node right of the one before. Inputs are written "lstm", "lstm:h_n" or, where not in the order of the ports,
  // "h_0=encoder:h_n"; without any the node takes what the one before puts out.
  Sketch& node(const std::string& kind, const std::string& name, const Attributes& params = {},
               const std::vector<std::string>& inputs = {});
  // The next node stands at this place of the grid, and those after it right of it.
  Sketch& at(int column, int row);
  // A note across `columns` above the drawing, `height` pixels high. Markdown.
  Sketch& note(const std::string& text, double height, int columns = 4);
  // A titled box around nodes.
  Sketch& frame(const std::string& title, const std::string& colour, const std::vector<std::string>& nodes);

  // Loss, metrics, optimiser with its rate, epochs and batch size.
  Sketch& trains(const std::string& loss, std::vector<std::string> metrics, double rate, int64_t epochs, int64_t batch);

  project::Project project;
  const std::string id;

 private:
  int column_ = 0, row_ = 0;
};

// By what they learn from. Each gives complete templates.
std::vector<Sketch> tables();
std::vector<Sketch> sequences();

}  // namespace netwright::templates
