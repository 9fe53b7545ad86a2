// SPDX-License-Identifier: Apache-2.0
// The arguments of an op as Python source: ops carry ATen's schemas, which PyTorch and TorchScript call by the same
// names. Used by the exporters that write code.
#pragma once

#include <optional>
#include <string>

#include "core/program/program.h"

namespace netwright::convert::python {

// What the languages write differently.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string value(program::ValueId value) const = 0;                // the expression that holds it
  virtual std::string training(const program::Op& op) const = 0;              // whether the op trains
  virtual std::string size(const std::string& tensor, size_t dim) const = 0;  // of one dimension
  virtual std::string type(DType type) const = 0;                             // of elements
  virtual std::string number(double value) const = 0;                         // told apart from a whole one
};

std::string argumentText(const program::Program& program, const program::Op& op, size_t argument,
                         const Dialect& dialect);
// Why an op cannot be written as source, as the end of a sentence; nullopt if it can.
std::optional<std::string> unprintable(const program::Program& program, const program::Op& op);

}  // namespace netwright::convert::python
