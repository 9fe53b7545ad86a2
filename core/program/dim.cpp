// SPDX-License-Identifier: Apache-2.0
#include "core/program/dim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <limits>
#include <numeric>

namespace netwright::program {
namespace {

// What is beyond 64 bits stays at their end: no tensor is so large, and whoever made it is told so by its size.
constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();
int64_t plus(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? (a < 0 ? -kEnd : kEnd) : sum;
}
int64_t times(int64_t a, int64_t b) {
  int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? ((a < 0) != (b < 0) ? -kEnd : kEnd) : product;
}
int64_t floorDivide(int64_t a, int64_t b) {
  if (b == -1) return times(a, -1);
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
int64_t floorRemainder(int64_t a, int64_t b) {
  if (b == -1) return 0;
  return a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
}

}  // namespace

// A factor of a term: a symbol, or a function of two dims. Ordered and compared by its text, which is canonical.
struct Dim::Atom {
  enum class Kind { Symbol, FloorDiv, Mod, Min, Max };
  Kind kind;
  std::string text;
  std::vector<Dim> operands;
};

// Terms by monomial; a monomial is the sorted texts of its factors. The empty monomial is the constant term.
struct Dim::Polynomial {
  using Monomial = std::vector<std::string>;
  std::map<Monomial, int64_t> terms;
  std::map<std::string, std::shared_ptr<const Atom>> atoms;

  void add(const Polynomial& other, int64_t factor) {
    for (const auto& [monomial, coefficient] : other.terms) addTerm(monomial, times(factor, coefficient));
    atoms.insert(other.atoms.begin(), other.atoms.end());
  }
  void addTerm(const Monomial& monomial, int64_t coefficient) {
    int64_t& sum = terms[monomial];
    sum = plus(sum, coefficient);
    if (sum == 0) terms.erase(monomial);
  }
};

Dim::Dim(Polynomial polynomial) {
  const bool constant =
      polynomial.terms.empty() || (polynomial.terms.size() == 1 && polynomial.terms.begin()->first.empty());
  if (constant)
    constant_ = polynomial.terms.empty() ? 0 : polynomial.terms.begin()->second;
  else
    symbolic_ = std::make_shared<const Polynomial>(std::move(polynomial));
}

Dim Dim::ofAtom(Atom atom) {
  const std::string key = atom.text;
  Polynomial p;
  p.terms[{key}] = 1;
  p.atoms[key] = std::make_shared<const Atom>(std::move(atom));
  return Dim(std::move(p));
}

Dim Dim::symbol(std::string name) { return ofAtom({Atom::Kind::Symbol, std::move(name), {}}); }

const Dim::Polynomial& Dim::polynomial() const {
  assert(symbolic_);
  return *symbolic_;
}

std::optional<int64_t> Dim::constant() const { return symbolic_ ? std::nullopt : std::optional(constant_); }

bool Dim::operator==(const Dim& other) const {
  if (!symbolic_ || !other.symbolic_) return !symbolic_ && !other.symbolic_ && constant_ == other.constant_;
  return symbolic_ == other.symbolic_ || symbolic_->terms == other.symbolic_->terms;
}

Dim operator+(const Dim& a, const Dim& b) {
  if (!a.symbolic_ && !b.symbolic_) return plus(a.constant_, b.constant_);
  if (!a.symbolic_ && a.constant_ == 0) return b;
  if (!b.symbolic_ && b.constant_ == 0) return a;
  Dim::Polynomial sum;
  for (const Dim* d : {&a, &b})
    if (d->symbolic_)
      sum.add(*d->symbolic_, 1);
    else
      sum.addTerm({}, d->constant_);
  return Dim(std::move(sum));
}

Dim operator-(const Dim& a, const Dim& b) { return a + b * Dim(-1); }

Dim operator*(const Dim& a, const Dim& b) {
  if (!a.symbolic_ && !b.symbolic_) return times(a.constant_, b.constant_);
  if (!a.symbolic_ || !b.symbolic_) {
    const Dim& s = a.symbolic_ ? a : b;
    const int64_t factor = a.symbolic_ ? b.constant_ : a.constant_;
    if (factor == 1) return s;
    Dim::Polynomial scaled;
    if (factor != 0) scaled.add(*s.symbolic_, factor);
    return Dim(std::move(scaled));
  }
  Dim::Polynomial out;
  for (const auto& [ma, ca] : a.symbolic_->terms)
    for (const auto& [mb, cb] : b.symbolic_->terms) {
      Dim::Polynomial::Monomial m = ma;
      m.insert(m.end(), mb.begin(), mb.end());
      std::sort(m.begin(), m.end());
      out.addTerm(m, times(ca, cb));
    }
  for (const Dim* d : {&a, &b}) out.atoms.insert(d->symbolic_->atoms.begin(), d->symbolic_->atoms.end());
  return Dim(std::move(out));
}

// Of a product of symbols that every term has as factors: 24*N / N. Symbols are never 0.
std::optional<Dim> Dim::quotient(const Dim& a, const Dim& b) {
  if (!a.symbolic_ || !b.symbolic_ || b.symbolic_->terms.size() != 1) return std::nullopt;
  const auto& [divisor, factor] = *b.symbolic_->terms.begin();
  const auto isSymbol = [&](const std::string& f) { return b.symbolic_->atoms.at(f)->kind == Atom::Kind::Symbol; };
  if (!std::all_of(divisor.begin(), divisor.end(), isSymbol)) return std::nullopt;
  Polynomial out;
  for (const auto& [m, c] : a.symbolic_->terms) {
    Polynomial::Monomial rest;
    if (c % factor != 0 || !std::includes(m.begin(), m.end(), divisor.begin(), divisor.end())) return std::nullopt;
    std::set_difference(m.begin(), m.end(), divisor.begin(), divisor.end(), std::back_inserter(rest));
    out.addTerm(rest, c / factor);
  }
  out.atoms = a.symbolic_->atoms;
  return Dim(std::move(out));
}

Dim floorDiv(const Dim& a, const Dim& b) {
  if (b.constant()) assert(*b.constant() != 0);
  if (a.constant() && b.constant()) return floorDivide(*a.constant(), *b.constant());
  if (b == Dim(1)) return a;
  if (a == b) return 1;
  if (const auto exact = Dim::quotient(a, b)) return *exact;
  if (b.constant() &&
      *b.constant() > 0) {  // terms that divide evenly leave the floor: (2*N + 3) / 2 = N + floor(3 / 2)
    Dim::Polynomial whole, rest;
    for (const auto& [m, c] : a.polynomial().terms) {
      const int64_t q = floorDivide(c, *b.constant());
      const int64_t left = floorRemainder(c, *b.constant());
      const bool out = m.empty() || left == 0;
      if (out && q != 0) whole.terms[m] = q;
      if (const int64_t r = out ? left : c; r != 0) rest.terms[m] = r;
    }
    whole.atoms = rest.atoms = a.polynomial().atoms;
    if (const Dim outside{std::move(whole)}; !(outside == Dim(0))) return outside + floorDiv(Dim(std::move(rest)), b);
  }
  return Dim::ofAtom({Dim::Atom::Kind::FloorDiv, fmt::format("floor({} / {})", a.text(), b.text()), {a, b}});
}

Dim mod(const Dim& a, const Dim& b) {
  if (a.constant() && b.constant()) return floorRemainder(*a.constant(), *b.constant());
  if (b == Dim(1) || a == b) return 0;
  return Dim::ofAtom({Dim::Atom::Kind::Mod, fmt::format("mod({}, {})", a.text(), b.text()), {a, b}});
}

Dim min(const Dim& a, const Dim& b) {
  if (a.atLeast(b) == Answer::Yes) return b;
  if (b.atLeast(a) == Answer::Yes) return a;
  const bool swap = b.text() < a.text();
  return Dim::ofAtom(
      {Dim::Atom::Kind::Min, fmt::format("min({}, {})", (swap ? b : a).text(), (swap ? a : b).text()), {a, b}});
}

Dim max(const Dim& a, const Dim& b) {
  if (a.atLeast(b) == Answer::Yes) return a;
  if (b.atLeast(a) == Answer::Yes) return b;
  const bool swap = b.text() < a.text();
  return Dim::ofAtom(
      {Dim::Atom::Kind::Max, fmt::format("max({}, {})", (swap ? b : a).text(), (swap ? a : b).text()), {a, b}});
}

Answer Dim::equals(const Dim& other) const {
  const Dim difference = *this - other;
  if (const auto c = difference.constant()) return *c == 0 ? Answer::Yes : Answer::No;
  if (difference.atLeast(1) == Answer::Yes || (Dim(0) - difference).atLeast(1) == Answer::Yes) return Answer::No;
  // A common divisor of all symbolic coefficients that does not divide the constant leaves no whole solution: 2*N is
  // never 7.
  int64_t divisor = 0, constant = 0;
  for (const auto& [m, c] : difference.polynomial().terms)
    if (m.empty())
      constant = c;
    else
      divisor = std::gcd(divisor, c);
  return constant % divisor == 0 ? Answer::Unknown : Answer::No;
}

Answer Dim::atLeast(const Dim& other) const {
  const Dim difference = *this - other;
  if (const auto c = difference.constant()) return *c >= 0 ? Answer::Yes : Answer::No;
  // Symbols are at least 1 and other atoms are bounded only by 0 below, and only where their operands cannot be
  // negative.
  int64_t lowest = 0, highest = 0;
  bool boundedBelow = true, boundedAbove = true;
  for (const auto& [m, c] : difference.polynomial().terms) {
    const bool symbols = std::all_of(m.begin(), m.end(), [&](const std::string& f) {
      return difference.polynomial().atoms.at(f)->kind == Atom::Kind::Symbol;
    });
    boundedBelow &= m.empty() || (c > 0 && symbols);
    boundedAbove &= m.empty() || (c < 0 && symbols);
    lowest = plus(lowest, c);
    highest = plus(highest, c);
  }
  if (boundedBelow && lowest >= 0) return Answer::Yes;
  if (boundedAbove && highest < 0) return Answer::No;
  return Answer::Unknown;
}

std::optional<int64_t> Dim::evaluate(const Bindings& bindings) const {
  if (!symbolic_) return constant_;
  int64_t sum = 0;
  for (const auto& [monomial, coefficient] : symbolic_->terms) {
    int64_t term = coefficient;
    for (const std::string& factor : monomial) {
      const Atom& atom = *symbolic_->atoms.at(factor);
      if (atom.kind == Atom::Kind::Symbol) {
        const auto it = bindings.find(atom.text);
        if (it == bindings.end()) return std::nullopt;
        term = times(term, it->second);
        continue;
      }
      const auto a = atom.operands[0].evaluate(bindings), b = atom.operands[1].evaluate(bindings);
      if (!a || !b) return std::nullopt;
      const bool divides = atom.kind == Atom::Kind::FloorDiv || atom.kind == Atom::Kind::Mod;
      if (divides && *b == 0) return std::nullopt;
      switch (atom.kind) {
        case Atom::Kind::FloorDiv:
          term = times(term, floorDivide(*a, *b));
          break;
        case Atom::Kind::Mod:
          term = times(term, floorRemainder(*a, *b));
          break;
        case Atom::Kind::Min:
          term = times(term, std::min(*a, *b));
          break;
        default:
          term = times(term, std::max(*a, *b));
          break;
      }
    }
    sum = plus(sum, term);
  }
  return sum;
}

std::string Dim::text() const {
  if (!symbolic_) return std::to_string(constant_);
  std::string out;
  const auto append = [&](const Polynomial::Monomial& m, int64_t c) {
    if (!out.empty())
      out += c < 0 ? " - " : " + ";
    else if (c < 0)
      out += "-";
    const int64_t size = std::abs(c);
    if (m.empty())
      out += std::to_string(size);
    else
      out += fmt::format("{}{}", size == 1 ? "" : std::to_string(size) + "*", fmt::join(m, "*"));
  };
  for (const auto& [m, c] : symbolic_->terms)
    if (!m.empty()) append(m, c);
  if (const auto it = symbolic_->terms.find(Polynomial::Monomial{}); it != symbolic_->terms.end())
    append({}, it->second);
  return out;
}

std::string text(const Shape& shape) {
  std::vector<std::string> items;
  for (const Dim& d : shape) items.push_back(d.text());
  return fmt::format("({}{})", fmt::join(items, ", "), items.size() == 1 ? "," : "");
}

Dim product(const Shape& shape, size_t from, size_t to) {
  Dim numbers = 1, symbols = 1;  // numbers first: they multiply without a polynomial
  for (size_t i = from; i < std::min(to, shape.size()); ++i) {
    Dim& factor = shape[i].constant() ? numbers : symbols;
    factor = factor * shape[i];
  }
  return symbols * numbers;
}

std::optional<std::vector<int64_t>> constants(const Shape& shape) { return evaluate(shape, {}); }

std::optional<std::vector<int64_t>> evaluate(const Shape& shape, const Bindings& bindings) {
  std::vector<int64_t> sizes;
  for (const Dim& d : shape) {
    const auto v = d.evaluate(bindings);
    if (!v) return std::nullopt;
    sizes.push_back(*v);
  }
  return sizes;
}

}  // namespace netwright::program
