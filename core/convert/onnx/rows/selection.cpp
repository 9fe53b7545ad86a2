// SPDX-License-Identifier: Apache-2.0
// Values chosen by indices or by their place.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

void gather(OpPrinter& p) {
  p.result("GatherElements", {p.tensor("self"), p.tensor("index")}, {{"axis", p.integer("dim")}});
}

void indexSelect(OpPrinter& p) {
  std::string index = p.tensor("index");
  if (p.shape("index").empty()) index = p.node("Reshape", {index, p.integers("index_shape", {1})}, "index");
  p.result("Gather", {p.tensor("self"), index}, {{"axis", p.integer("dim")}});
}

void scatter(OpPrinter& p) {
  p.result("ScatterElements", {p.tensor("self"), p.tensor("index"), p.tensor("src")}, {{"axis", p.integer("dim")}});
}

void scatterAdd(OpPrinter& p) {
  p.result("ScatterElements", {p.tensor("self"), p.tensor("index"), p.tensor("src")},
           {{"axis", p.integer("dim")}, {"reduction", std::string("add")}});
}

void oneHot(OpPrinter& p) {
  HostTensor depth(DType::Int64, {});
  depth.as<int64_t>()[0] = p.integer("num_classes");
  const std::string classes = p.constant("classes", std::move(depth));
  p.result("OneHot", {p.tensor("self"), classes, p.integers("off_and_on", {0, 1})}, {{"axis", int64_t{-1}}});
}

void triangle(OpPrinter& p, bool upper) {
  HostTensor diagonal(DType::Int64, {});
  diagonal.as<int64_t>()[0] = p.integer("diagonal");
  p.result("Trilu", {p.tensor("self"), p.constant("diagonal", std::move(diagonal))}, {{"upper", int64_t{upper}}});
}

}  // namespace

Rows selection() {
  return {{"gather", {gather}},
          {"index_select", {indexSelect}},
          {"one_hot", {oneHot}},
          {"scatter.src", {scatter}},
          {"scatter_add", {scatterAdd}},
          {"tril", {[](OpPrinter& p) { triangle(p, false); }}},
          {"triu", {[](OpPrinter& p) { triangle(p, true); }}}};
}

}  // namespace netwright::convert::onnx::rows
