// SPDX-License-Identifier: Apache-2.0
// A tensor's size along one dimension: a whole number, or a polynomial with whole coefficients over named symbols ("N")
// and floor-division, modulo, minimum and maximum of such. Symbols stand for sizes of at least 1. Values; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace netwright::program {

enum class Answer { Yes, No, Unknown };
using Bindings = std::map<std::string, int64_t>;  // symbol -> size at run time

class Dim {
 public:
  Dim(int64_t constant = 0) : constant_(constant) {}  // NOLINT: a number is a dim
  static Dim symbol(std::string name);

  std::optional<int64_t> constant() const;
  // What is known whatever the symbols' values are. Unknown is accepted while drawing and checked for each batch.
  Answer equals(const Dim& other) const;
  Answer atLeast(const Dim& other) const;
  // Value under bindings; nullopt if a symbol is unbound or a divisor is 0.
  std::optional<int64_t> evaluate(const Bindings& bindings) const;
  std::string text() const;  // "N", "2*N + 1", "floor(N / 2)"

  friend Dim operator+(const Dim& a, const Dim& b);
  friend Dim operator-(const Dim& a, const Dim& b);
  friend Dim operator*(const Dim& a, const Dim& b);
  friend Dim floorDiv(const Dim& a, const Dim& b);  // rounds towards minus infinity; a constant b must not be 0
  friend Dim mod(const Dim& a, const Dim& b);
  friend Dim min(const Dim& a, const Dim& b);
  friend Dim max(const Dim& a, const Dim& b);
  bool operator==(const Dim& other) const;  // the same expression

 private:
  struct Polynomial;
  struct Atom;
  explicit Dim(Polynomial polynomial);
  static Dim ofAtom(Atom atom);
  static std::optional<Dim> quotient(const Dim& a, const Dim& b);  // where it is exact
  const Polynomial& polynomial() const;

  int64_t constant_ = 0;
  std::shared_ptr<const Polynomial> symbolic_;  // null: the constant
};

using Shape = std::vector<Dim>;
std::string text(const Shape& shape);  // "(N, 1, 28, 28)"
Dim product(const Shape& shape, size_t from = 0, size_t to = SIZE_MAX);
// The sizes as numbers, if all are known.
std::optional<std::vector<int64_t>> constants(const Shape& shape);
std::optional<std::vector<int64_t>> evaluate(const Shape& shape, const Bindings& bindings);

}  // namespace netwright::program
