// SPDX-License-Identifier: Apache-2.0
#include "core/convert/python/op_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/convert/python/identifier.h"

namespace netwright::convert::python {
namespace {

using program::Argument;
using program::Dim;
using program::Op;
using program::ValueId;

// Where the size of a dimension can be read off while the network runs.
struct SizeSource {
  ValueId tensor;
  size_t dim;
};
std::optional<SizeSource> sizeSource(const program::Program& program, const Op& op, const Dim& dim) {
  for (const Argument& a : op.args) {
    const auto* value = std::get_if<ValueId>(&a);
    if (!value) continue;
    const program::Shape& shape = program.tensorType(*value).shape;
    const auto found = std::find(shape.begin(), shape.end(), dim);
    if (found != shape.end()) return SizeSource{*value, static_cast<size_t>(found - shape.begin())};
  }
  return std::nullopt;
}

struct Printer {
  const program::Program& program;
  const Op& op;
  const program::SchemaArgument& spec;
  const Dialect& dialect;

  std::string operator()(None) const { return "None"; }
  std::string operator()(ValueId v) const { return dialect.value(v); }
  std::string operator()(const std::vector<ValueId>& list) const {
    std::vector<std::string> items;
    for (const ValueId v : list) items.push_back((*this)(v));
    return fmt::format("[{}]", joined(items, ", "));
  }
  std::string operator()(bool v) const { return v ? "True" : "False"; }
  std::string operator()(const Dim& d) const {
    const int64_t v = d.constant().value();
    return spec.type.rfind("float", 0) == 0 ? dialect.number(static_cast<double>(v)) : std::to_string(v);
  }
  std::string operator()(double v) const { return dialect.number(v); }
  std::string operator()(const std::string& s) const { return quoted(s); }
  std::string operator()(const program::Shape& s) const {
    std::vector<std::string> items;
    for (const Dim& d : s) items.push_back(size(d));
    return fmt::format("[{}]", joined(items, ", "));
  }
  std::string operator()(DType t) const { return dialect.type(t); }
  std::string operator()(program::TrainingFlag) const { return dialect.training(op); }
  std::string operator()(program::TrainingNumber n) const {
    return fmt::format("({} if {} else {})", dialect.number(n.value), dialect.training(op), dialect.number(0));
  }
  // A number, or the size of an input of the op that is always the same; else what is left over.
  std::string size(const Dim& dim) const {
    if (const auto known = dim.constant()) return std::to_string(*known);
    const auto source = sizeSource(program, op, dim);
    return source ? dialect.size(dialect.value(source->tensor), source->dim) : "-1";
  }
};

// One size that follows from the others: written as -1.
bool leavesOneOver(const Op& op) { return op.info->id() == "reshape" || op.info->id() == "unflatten.int"; }

}  // namespace

std::string argumentText(const program::Program& program, const Op& op, size_t argument, const Dialect& dialect) {
  return std::visit(Printer{program, op, op.info->schema.arguments[argument], dialect}, op.args[argument]);
}

std::optional<std::string> unprintable(const program::Program& program, const Op& op) {
  const auto readable = [&](const Dim& d) { return d.constant() || sizeSource(program, op, d); };
  if (!op.regions.empty()) return fmt::format("its control flow {} cannot be written yet", op.info->id());
  for (const Argument& a : op.args) {
    const auto* d = std::get_if<Dim>(&a);
    const auto* s = std::get_if<program::Shape>(&a);
    const auto left = s ? s->size() - static_cast<size_t>(std::count_if(s->begin(), s->end(), readable)) : 0;
    if ((d && !d->constant()) || left > (leavesOneOver(op) ? 1 : 0))
      return fmt::format("{} has a size that is only known at run time", op.info->id());
  }
  return std::nullopt;
}

}  // namespace netwright::convert::python
