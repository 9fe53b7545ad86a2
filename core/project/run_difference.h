// SPDX-License-Identifier: Apache-2.0
// In what two runs differ: settings, graph, results. Used by netwright-cli runs compare and the window.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/graph/document.h"
#include "core/store/database.h"

namespace netwright::project {

struct Difference {
  std::string what;             // "lr", "fc1", "fc1.y -> relu1.x", "val/accuracy"
  nlohmann::ordered_json a, b;  // null where one side has no such thing
};

struct RunDifference {
  std::vector<Difference> settings;
  std::vector<Difference> graph;    // nodes as {"kind", "params", ...} by name, wires as "wire"
  std::vector<Difference> metrics;  // {"best", "last"}
};
RunDifference differenceOf(store::Database& database, const store::RunSummary& a, const store::RunSummary& b);

// A wire as a difference names it: "fc1.y -> relu1.x".
std::string wireText(const graph::Document& document, const graph::Wire& wire);

// A side as a cell of a table: "-" for nothing, a node as its kind, a metric as its best value, texts shortened.
std::string shortText(const nlohmann::ordered_json& value);

struct Row {
  std::string what, a, b;
};
// The graph's differences with one row for each parameter of a node that both have: "fc1.out_features".
std::vector<Row> rowsOf(const std::vector<Difference>& differences);

}  // namespace netwright::project
