// SPDX-License-Identifier: Apache-2.0
// Prints a program as one C++17 header: weights, buffers and the ops in their order. What each op becomes is said by
// the rows in rows/, which see an OpPrinter. Used by the plain C++ exporter.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/convert/exporter.h"

namespace netwright::convert::cpp {

class ModelPrinter;

// One op of the program on its way into the source. Asserts that arguments exist and are of the kind asked for. What
// stands for a tensor is an expression: a pointer to its numbers.
class OpPrinter {
 public:
  OpPrinter(ModelPrinter& model, const program::Op& op) : model_(model), op_(op) {}
  const program::Op& op() const { return op_; }
  const program::Program& program() const;

  bool has(const char* argument) const;                            // a tensor was given
  std::string tensor(const char* argument) const;                  // "nullptr" for None
  std::vector<program::ValueId> list(const char* argument) const;  // of tensors
  std::string tensor(program::ValueId value) const;
  const program::Shape& shape(const char* argument) const;
  const program::Shape& shape(const char* argument, size_t index) const;  // of a list of tensors
  DType dtype(const char* argument) const;
  DType resultDtype() const;
  const program::Shape& resultShape(size_t index = 0) const;
  std::vector<int64_t> ints(const char* argument) const;
  std::vector<int64_t> pair(const char* argument) const;  // ints of length 2; one number stands for both
  int64_t integer(const char* argument) const;
  double real(const char* argument) const;
  double scalar(const char* argument) const;  // whole or real
  bool flag(const char* argument) const;

  // A buffer for a result; `over` names an argument whose memory may be used, because the kernel allows it.
  std::string result(size_t index = 0);
  std::string resultOver(const char* argument);
  // Appends the statement "kernels::FUNCTION(arguments);". `kernel` is the file in kernels/ that has the function.
  void call(const char* kernel, const std::string& function, const std::vector<std::string>& arguments);
  // A weight in another form, made once when weights are loaded: "{}" in `expression` stands for it. For a tensor that
  // is no weight nullopt.
  std::optional<std::string> loaded(program::ValueId value, const std::string& form, const std::string& expression);
  // The matrix (depth, columns) of a linear layer in panels: of weights when they are loaded, else in scratch before
  // each call.
  std::string panels(program::ValueId weight);
  // A constant member of the model: its type and what it is made of.
  std::string constant(const char* kernel, const std::string& type, const std::string& arguments);
  std::string scratch(const char* kernel);  // the scratch memory

 private:
  ModelPrinter& model_;
  const program::Op& op_;
};

// Whether a size is a sum of products of N, and can be written.
bool isPlain(const program::Dim& dim);
// Sizes and counts as C++ expressions over N.
std::string text(const program::Dim& dim);
std::string count(const program::Shape& shape, size_t from = 0, size_t to = SIZE_MAX);
std::string elementType(DType type);  // "float", "std::int64_t"
// Why shapes and types of an op cannot be written, as the end of a sentence.
std::optional<std::string> refuseTypes(const program::Program& program, const program::Op& op);

struct Source {
  std::string name;                           // of the files and the namespace: "digits_cnn"
  std::string header, example, readme;        // whole files
  std::vector<const program::State*> states;  // those that the header loads
};
// Only for programs that the exporter's check() has passed.
Source printSource(const ExportInput& input);

}  // namespace netwright::convert::cpp
