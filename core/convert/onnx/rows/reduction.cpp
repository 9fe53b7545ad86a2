// SPDX-License-Identifier: Apache-2.0
// Many values made into one, along dimensions; and what runs along one: sums so far, order.
#include <algorithm>
#include <cmath>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

size_t place(int64_t dim, size_t rank) { return static_cast<size_t>(dim < 0 ? dim + static_cast<int64_t>(rank) : dim); }

bool has(const Op& op, const char* name) {
  const auto& all = op.info->schema.arguments;
  return std::any_of(all.begin(), all.end(), [&](const auto& a) { return a.name == name; });
}

// The dimensions that go, in order; all where none is named.
Ints axes(const Op& op, size_t rank) {
  Ints list;
  if (has(op, "dim")) {
    if (const auto* one = std::get_if<program::Dim>(&argument(op, "dim")))
      list = {one->constant().value()};
    else if (const auto* many = std::get_if<program::Shape>(&argument(op, "dim")))
      list = program::constants(*many).value();
  }
  for (int64_t& dim : list) dim = static_cast<int64_t>(place(dim, rank));
  std::sort(list.begin(), list.end());
  if (list.empty())
    for (size_t i = 0; i < rank; ++i) list.push_back(static_cast<int64_t>(i));
  return list;
}
Ints axes(OpPrinter& p) { return axes(p.op(), p.shape("self").size()); }
bool keeps(OpPrinter& p) { return has(p.op(), "keepdim") && p.flag("keepdim"); }

void reduced(OpPrinter& p, const char* opType) {
  p.reduce(opType, p.as(p.resultDtype(), "self"), axes(p), keeps(p), "");
}
void sum(OpPrinter& p) { reduced(p, "ReduceSum"); }
void mean(OpPrinter& p) { reduced(p, "ReduceMean"); }
void product(OpPrinter& p) { reduced(p, "ReduceProd"); }
void highest(OpPrinter& p) { reduced(p, "ReduceMax"); }
void lowest(OpPrinter& p) { reduced(p, "ReduceMin"); }
void logSumExp(OpPrinter& p) { reduced(p, "ReduceLogSumExp"); }

// A single number has no dimension to name; of bools only sums and products are numbers.
Refusal refuse(const Program& program, const Op& op) {
  const program::TensorType& x = program.tensorType(tensorArgument(op, "self"));
  if (x.shape.empty()) return "a single number has no dimension there";
  if (program.tensorType(op.results[0]).dtype == DType::Bool)
    return "it computes with bools, which are no numbers there";
  return std::nullopt;
}

void norm(OpPrinter& p) {
  const double order = p.scalar("ord");
  const std::string x = p.as(p.resultDtype(), "self");
  if (order == 1 || order == 2) {
    p.reduce(order == 1 ? "ReduceL1" : "ReduceL2", x, axes(p), keeps(p), "");
    return;
  }
  const std::string sizes = p.node("Abs", {x}, "sizes");
  if (std::isinf(order)) {
    p.reduce(order > 0 ? "ReduceMax" : "ReduceMin", sizes, axes(p), keeps(p), "");
    return;
  }
  const std::string powers = p.node("Pow", {sizes, p.number("order", order, p.resultDtype())}, "powers");
  p.result("Pow",
           {p.reduce("ReduceSum", powers, axes(p), keeps(p), "sum"), p.number("root", 1 / order, p.resultDtype())});
}

Refusal refuseNorm(const Program& program, const Op& op) {
  const program::Argument& order = argument(op, "ord");
  if (order == program::Argument(program::Dim(0)) || order == program::Argument(0.0)) return "it counts values";
  return refuse(program, op);
}

// How many values become one; nullopt if that is only known at run time.
std::optional<int64_t> share(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  int64_t count = 1;
  for (const int64_t dim : axes(op, in.size())) {
    const auto size = in[static_cast<size_t>(dim)].constant();
    if (!size) return std::nullopt;
    count *= *size;
  }
  return count;
}
double correction(const Op& op) {
  const program::Argument& given = argument(op, "correction");
  if (std::holds_alternative<None>(given)) return 1;
  const auto* whole = std::get_if<program::Dim>(&given);
  return whole ? static_cast<double>(whole->constant().value()) : std::get<double>(given);
}

// The sum of the squared distances from the mean over their number less the correction.
void spread(OpPrinter& p, bool root) {
  const std::string x = p.tensor("self");
  int64_t count = 1;
  for (const int64_t dim : axes(p)) count *= *p.shape("self")[static_cast<size_t>(dim)].constant();
  const double scale = static_cast<double>(count) / (static_cast<double>(count) - correction(p.op()));
  const std::string centred = p.node("Sub", {x, p.mean(x, axes(p), true, "mean")}, "centred");
  const std::string squares = p.node("Mul", {centred, centred}, "squares");
  const std::string mean = p.mean(squares, axes(p), keeps(p), "spread"),
                    factor = p.number("scale", static_cast<float>(scale));
  if (!root) return p.result("Mul", {mean, factor});
  p.result("Sqrt", {p.node("Mul", {mean, factor}, "variance")});
}
void variance(OpPrinter& p) { spread(p, false); }
void deviation(OpPrinter& p) { spread(p, true); }

Refusal refuseSpread(const Program& program, const Op& op) {
  if (auto why = refuse(program, op)) return why;
  const auto count = share(program, op);
  if (!count) return "the number of values that it divides by is only known at run time";
  if (static_cast<double>(*count) <= correction(op)) return "it divides by 0";
  return std::nullopt;
}

// The place of an extreme value; of all values, if no dimension is named.
void placeOf(OpPrinter& p, const char* opType) {
  if (!p.none("dim"))
    return p.result(opType, {p.tensor("self")}, {{"axis", p.integer("dim")}, {"keepdims", int64_t{p.flag("keepdim")}}});
  const std::string flat = p.node("Reshape", {p.tensor("self"), p.integers("flat_shape", {-1})}, "flat");
  p.result(opType, {flat}, {{"axis", int64_t{0}}, {"keepdims", int64_t{0}}});
}
void argMax(OpPrinter& p) { placeOf(p, "ArgMax"); }
void argMin(OpPrinter& p) { placeOf(p, "ArgMin"); }

Refusal refusePlace(const Program& program, const Op& op) {
  if (std::holds_alternative<None>(argument(op, "dim")) && std::get<bool>(argument(op, "keepdim")))
    return "the place among all values has no dimensions there";
  return refuse(program, op);
}

// Extreme values and their places.
void extreme(OpPrinter& p, const char* valueOp, const char* placeOp) {
  const int64_t keep = p.flag("keepdim");
  const Ints dims = axes(p);
  if (p.wanted(0)) {
    std::vector<std::string> inputs{p.tensor("self")};
    std::vector<Attribute> attributes{{"keepdims", keep}};
    if (p.opset() >= 18)
      inputs.push_back(p.integers("axes", dims));
    else
      attributes.insert(attributes.begin(), {"axes", dims});
    p.result(valueOp, inputs, attributes);
  }
  if (p.wanted(1)) p.result(placeOp, {p.tensor("self")}, {{"axis", dims[0]}, {"keepdims", keep}}, 1);
}
void highestAndPlace(OpPrinter& p) { extreme(p, "ReduceMax", "ArgMax"); }
void lowestAndPlace(OpPrinter& p) { extreme(p, "ReduceMin", "ArgMin"); }

// Whether all or any are not 0.
void judge(OpPrinter& p, const char* opType) {
  const std::string numbers = p.cast(p.as(DType::Bool, "self"), DType::Int64, "numbers");
  p.cast(p.reduce(opType, numbers, axes(p), keeps(p), "reduced"), p.resultDtype(), "");
}
void all(OpPrinter& p) { judge(p, "ReduceMin"); }
void any(OpPrinter& p) { judge(p, "ReduceMax"); }

Refusal refuseJudge(const Program& program, const Op& op) {
  if (program.tensorType(tensorArgument(op, "self")).shape.empty()) return "a single number has no dimension there";
  return std::nullopt;
}

void cumulativeSum(OpPrinter& p) {
  HostTensor axis(DType::Int64, {});
  axis.as<int64_t>()[0] = p.integer("dim");
  p.result("CumSum", {p.as(p.resultDtype(), "self"), p.constant("axis", std::move(axis))});
}

// The first values of an order, and their places.
void ordered(OpPrinter& p, int64_t count, int64_t dim, bool descending, bool placesOnly) {
  const std::vector<std::string> names =
      p.nodes("TopK", {p.tensor("self"), p.integers("k", {count})}, {"values", "places"},
              {{"axis", dim}, {"largest", int64_t{descending}}, {"sorted", int64_t{1}}});
  const size_t results = placesOnly ? 1 : 2;
  for (size_t i = 0; i < results; ++i)
    if (p.wanted(i)) p.bind(i, names[placesOnly ? 1 : i]);
}
void topk(OpPrinter& p) { ordered(p, p.integer("k"), p.integer("dim"), p.flag("largest"), false); }
void sort(OpPrinter& p) {
  const program::Shape& in = p.shape("self");
  ordered(p, *in[place(p.integer("dim"), in.size())].constant(), p.integer("dim"), p.flag("descending"), false);
}
void argsort(OpPrinter& p) {
  const program::Shape& in = p.shape("self");
  ordered(p, *in[place(p.integer("dim"), in.size())].constant(), p.integer("dim"), p.flag("descending"), true);
}
Refusal refuseSort(const Program& program, const Op& op) {
  if (auto why = refuse(program, op)) return why;
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (in[place(std::get<program::Dim>(argument(op, "dim")).constant().value(), in.size())].constant())
    return std::nullopt;
  return "the number of values that it puts in order is only known at run time";
}

}  // namespace

Rows reduction() {
  return {{"all.dim", {all, refuseJudge}},
          {"amax", {highest, refuse}},
          {"amin", {lowest, refuse}},
          {"any.dim", {any, refuseJudge}},
          {"argmax", {argMax, refusePlace}},
          {"argmin", {argMin, refusePlace}},
          {"argsort", {argsort, refuseSort}},
          {"cumsum", {cumulativeSum, refuse}},
          {"linalg_vector_norm", {norm, refuseNorm}},
          {"logsumexp", {logSumExp, refuse}},
          {"max.dim", {highestAndPlace, refuse}},
          {"mean", {mean, refuse}},
          {"mean.dim", {mean, refuse}},
          {"min.dim", {lowestAndPlace, refuse}},
          {"prod.dim_int", {product, refuse}},
          {"sort", {sort, refuseSort}},
          {"std.correction", {deviation, refuseSpread}},
          {"sum", {sum, refuse}},
          {"sum.dim_IntList", {sum, refuse}},
          {"topk", {topk, refuse}},
          {"var.correction", {variance, refuseSpread}}};
}

}  // namespace netwright::convert::onnx::rows
