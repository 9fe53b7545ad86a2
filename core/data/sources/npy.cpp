// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr size_t kMostDimensions = 32;

[[noreturn]] void failDamaged(const std::string& name, std::string why) {
  failInput(fmt::format("{} is not a NumPy array that can be read.", name), std::move(why),
            "Save it again with np.save.");
}

[[noreturn]] void failKind(const std::string& name, const std::string& descr) {
  const char kind = descr.size() > 1 ? descr[1] : '?';
  const char* what = kind == 'O'                  ? "Python objects, which only Python can read"
                     : kind == 'U' || kind == 'S' ? "texts"
                     : kind == 'c'                ? "complex numbers"
                     : kind == 'M' || kind == 'm' ? "dates"
                     : kind == 'V'                ? "records of several fields"
                                                  : "elements of an unknown kind";
  failInput(fmt::format("{} holds {} ('{}').", name, what, descr), "Numbers were expected.",
            "Save it as numbers, for example np.save(path, array.astype('float32')).");
}

// The header: a Python dictionary of a text, a flag and a tuple of sizes.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, NpyArray& array) : text_(text), array_(array) {}

  void parse() {
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr")
        descr();
      else if (key == "fortran_order")
        array_.fortran = boolean();
      else if (key == "shape")
        shape();
      else
        failDamaged(array_.name, fmt::format("Its header has an unknown key '{}'.", key));
      ++keys_;
      accept(',');
    }
    if (keys_ != 3) failDamaged(array_.name, "Its header lacks descr, fortran_order or shape.");
  }

 private:
  void skipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(char c) {
    skipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) failDamaged(array_.name, fmt::format("Its header lacks '{}' at byte {}.", c, at_));
  }

  std::string quoted() {
    skipSpace();
    const char quote = at_ < text_.size() ? text_[at_] : 0;
    const size_t end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos || end - at_ > 100) failDamaged(array_.name, "Its header lacks a quoted word.");
    const std::string word(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return word;
  }

  bool boolean() {
    skipSpace();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(std::min(at_, text_.size()), word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    failDamaged(array_.name, "Its header has neither True nor False for fortran_order.");
  }

  void descr() {
    skipSpace();
    if (at_ < text_.size() && text_[at_] == '[') failKind(array_.name, "|V");
    const std::string descr = quoted();
    const bool known = descr.size() == 3 && std::string_view("<>=|").find(descr[0]) != std::string_view::npos;
    const char kind = known ? descr[1] : 0;
    array_.size = known ? descr[2] - '0' : 0;
    const auto among = [&](std::initializer_list<int> sizes) {
      return std::find(sizes.begin(), sizes.end(), array_.size) != sizes.end();
    };
    const bool good = kind == 'b'                  ? among({1})
                      : kind == 'i' || kind == 'u' ? among({1, 2, 4, 8})
                      : kind == 'f'                ? among({2, 4, 8})
                                                   : false;
    if (!good) failKind(array_.name, descr);
    array_.kind = kind;
    array_.bigEndian = descr[0] == '>';
  }

  void shape() {
    expect('(');
    while (!accept(')')) {
      skipSpace();
      int64_t size = -1;
      const auto [end, ec] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), size);
      if (ec != std::errc() || size < 0 || array_.shape.size() == kMostDimensions)
        failDamaged(array_.name, "Its header has sizes that make no sense.");
      at_ = static_cast<size_t>(end - text_.data());
      array_.shape.push_back(size);
      accept(',');
    }
  }

  std::string_view text_;
  NpyArray& array_;
  size_t at_ = 0;
  int keys_ = 0;
};

uint64_t littleEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

void requireSize(const NpyArray& array) {
  int64_t bytes = array.size;
  for (const int64_t size : array.shape)
    if (__builtin_mul_overflow(bytes, size, &bytes)) failDamaged(array.name, "Its sizes are more than any memory.");
  const auto got = static_cast<int64_t>(array.data.size());
  if (got != bytes)
    failInput(fmt::format("{} should hold {} bytes ({} elements of {} bytes) but holds {}.", array.name, grouped(bytes),
                          grouped(bytes / array.size), array.size, grouped(got)),
              "", "Get the file again: it looks cut off or damaged.");
}

float fromHalf(uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F, mantissa = bits & 0x3FF;
  const double magnitude =
      exponent == 31  ? (mantissa ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity())
      : exponent == 0 ? std::ldexp(mantissa, -24)
                      : std::ldexp(mantissa + 1024, exponent - 25);
  return static_cast<float>(bits >> 15 ? -magnitude : magnitude);
}

struct Half {
  uint16_t bits;
};

template <class In>
In element(const char* from, bool swap) {
  std::array<char, sizeof(In)> bytes;
  std::memcpy(bytes.data(), from, sizeof(In));
  if (swap) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<In>(bytes);
}

// Floats that no int64 can hold become the smallest one, which is no label.
template <class Out, class In>
Out converted(In value) {
  if constexpr (std::is_same_v<In, Half>)
    return converted<Out>(fromHalf(value.bits));
  else if constexpr (std::is_floating_point_v<In> && std::is_integral_v<Out>)
    return std::abs(value) < 9e18 ? static_cast<Out>(static_cast<int64_t>(value)) : std::numeric_limits<Out>::min();
  else
    return static_cast<Out>(value);
}

// Positions in the file of the elements in row-major order.
class Positions {
 public:
  explicit Positions(const NpyArray& array) : array_(array), index_(array.shape.size()) {}
  size_t next() {
    if (!array_.fortran) return position_++;
    size_t position = 0, stride = 1;
    for (size_t d = 0; d < index_.size(); ++d) {
      position += index_[d] * stride;
      stride *= static_cast<size_t>(array_.shape[d]);
    }
    for (size_t d = index_.size(); d-- > 0;) {
      if (++index_[d] < static_cast<size_t>(array_.shape[d])) break;
      index_[d] = 0;
    }
    return position;
  }

 private:
  const NpyArray& array_;
  std::vector<size_t> index_;
  size_t position_ = 0;
};

template <class Out, class In>
void fill(const NpyArray& array, std::span<Out> out) {
  const bool swap = array.bigEndian && sizeof(In) > 1;
  Positions positions(array);
  for (Out& value : out) value = converted<Out>(element<In>(array.data.data() + positions.next() * sizeof(In), swap));
}

template <class Out>
void fill(const NpyArray& a, std::span<Out> out) {
  if (a.kind == 'f')
    return a.size == 2 ? fill<Out, Half>(a, out) : a.size == 4 ? fill<Out, float>(a, out) : fill<Out, double>(a, out);
  if (a.kind == 'i')
    return a.size == 1   ? fill<Out, int8_t>(a, out)
           : a.size == 2 ? fill<Out, int16_t>(a, out)
           : a.size == 4 ? fill<Out, int32_t>(a, out)
                         : fill<Out, int64_t>(a, out);
  return a.size == 1   ? fill<Out, uint8_t>(a, out)
         : a.size == 2 ? fill<Out, uint16_t>(a, out)
         : a.size == 4 ? fill<Out, uint32_t>(a, out)
                       : fill<Out, uint64_t>(a, out);
}

}  // namespace

NpyArray parseNpy(std::string_view bytes, const std::string& name) {
  NpyArray array;
  array.name = name;
  if (!bytes.starts_with(kMagic) || bytes.size() < 10) failDamaged(name, "It does not begin as one.");
  const auto version = static_cast<uint8_t>(bytes[6]);
  if (version < 1 || version > 3)
    failDamaged(name, fmt::format("It has the version {}, and 1 to 3 are known.", version));
  const size_t lengthSize = version == 1 ? 2 : 4;
  const size_t begin = 8 + lengthSize;
  const uint64_t length = bytes.size() < begin ? UINT64_MAX : littleEndian(bytes.substr(8, lengthSize));
  if (length > bytes.size() - std::min(begin, bytes.size())) failDamaged(name, "It ends within its header.");
  HeaderParser(bytes.substr(begin, length), array).parse();
  array.data = bytes.substr(begin + length);
  requireSize(array);
  return array;
}

HostTensor toTensor(const NpyArray& array, DType wanted) {
  HostTensor tensor(wanted, array.shape);
  if (wanted == DType::Float32)
    fill<float>(array, tensor.as<float>());
  else if (wanted == DType::Int64)
    fill<int64_t>(array, tensor.as<int64_t>());
  else {
    assert(wanted == DType::UInt8 && array.size == 1);
    fill<uint8_t>(array, tensor.as<uint8_t>());
  }
  return tensor;
}

}  // namespace netwright::data
