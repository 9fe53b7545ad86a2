// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/weights_file.h"

#include <fmt/format.h>

#include <cstring>

#include "core/base/error.h"

namespace netwright::convert::cpp {
namespace {

constexpr size_t kHead = 32, kAlignment = 64;
constexpr std::string_view kMagic = "NWWEIGHT";

size_t aligned(size_t place) { return (place + kAlignment - 1) / kAlignment * kAlignment; }

template <class T>
void put(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

// Over pieces of any length, as if they were one text; a multiple of eight bytes in all.
class Checksum {
 public:
  void add(std::string_view bytes) {
    while (!bytes.empty() && filled_ > 0) addByte(bytes);
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
      uint64_t word = 0;
      std::memcpy(&word, bytes.data(), 8);
      mix(word);
    }
    while (!bytes.empty()) addByte(bytes);
  }
  uint64_t value() const { return sum_; }

 private:
  void addByte(std::string_view& bytes) {
    word_ |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[0])) << (8 * filled_);
    bytes.remove_prefix(1);
    if (++filled_ < 8) return;
    mix(word_);
    word_ = filled_ = 0;
  }
  void mix(uint64_t word) { sum_ = (sum_ ^ word) * 0x100000001b3u; }
  uint64_t sum_ = 0xcbf29ce484222325u, word_ = 0, filled_ = 0;
};

std::string table(const std::vector<TensorRef>& weights, size_t& end) {
  size_t size = kHead + 8;
  for (const TensorRef& w : weights) size += 4 + w.name.size() + 8 + 8 * w.tensor->shape.size() + 8;
  size_t place = aligned(size);
  std::string out;
  put<uint64_t>(out, weights.size());
  for (const TensorRef& w : weights) {
    put(out, static_cast<uint32_t>(w.name.size()));
    out += w.name;
    put<uint32_t>(out, w.tensor->dtype == DType::Int64 ? 1 : 0);
    put(out, static_cast<uint32_t>(w.tensor->shape.size()));
    for (const int64_t d : w.tensor->shape) put(out, static_cast<uint64_t>(d));
    put<uint64_t>(out, place);
    place = aligned(place + w.tensor->bytes.size());
  }
  end = place;
  out.resize(aligned(size) - kHead, '\0');
  return out;
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  std::vector<NamedTensor> read() {
    if (bytes_.substr(0, kMagic.size()) != kMagic) fail("It does not begin with NWWEIGHT.");
    place_ = kMagic.size();
    if (whole(4) != 1) fail("Only version 1 is known.");
    if (whole(4) != 0x01020304) fail("Its bytes are in another order.");
    if (whole(8) != bytes_.size()) fail("Its size is not what it says.");
    const uint64_t stated = whole(8);
    if (bytes_.size() % 8 != 0 || sum() != stated) fail("Its checksum is wrong.");
    std::vector<NamedTensor> list;
    for (uint64_t left = whole(8); left > 0; --left) list.push_back(entry());
    return list;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    failInput(fmt::format("{} is no file of weights.", source_), why, "Export the network again.");
  }

  std::string_view take(uint64_t count) {
    if (count > bytes_.size() - place_) fail("It ends in the middle of its table.");
    const std::string_view found = bytes_.substr(place_, count);
    place_ += count;
    return found;
  }

  uint64_t whole(size_t count) {
    uint64_t value = 0, scale = 1;
    for (const char c : take(count)) {
      value += static_cast<unsigned char>(c) * scale;
      scale *= 256;
    }
    return value;
  }

  uint64_t sum() const {
    uint64_t h = 14695981039346656037u;
    for (size_t i = kHead; i < bytes_.size(); i += 8) {
      uint64_t word = 0;
      for (size_t k = 8; k-- > 0;) word = word * 256 + static_cast<unsigned char>(bytes_[i + k]);
      h = (h ^ word) * 1099511628211u;
    }
    return h;
  }

  NamedTensor entry() {
    const std::string name(take(whole(4)));
    const DType type = whole(4) == 1 ? DType::Int64 : DType::Float32;
    std::vector<int64_t> shape;
    uint64_t size = byteSize(type);
    for (uint64_t rank = whole(4); rank > 0; --rank) {
      const uint64_t d = whole(8);
      if (d > bytes_.size() || (d > 0 && size > bytes_.size() / d)) fail(fmt::format("'{}' is larger than it.", name));
      shape.push_back(static_cast<int64_t>(d));
      size *= d;
    }
    const uint64_t place = whole(8);
    if (place > bytes_.size() || size > bytes_.size() - place) fail(fmt::format("'{}' lies beyond its end.", name));
    HostTensor tensor(type, shape);
    if (size > 0) std::memcpy(tensor.bytes.data(), bytes_.data() + place, size);
    return {name, std::move(tensor)};
  }

  std::string_view bytes_;
  const std::string& source_;
  size_t place_ = 0;
};

}  // namespace

Chunks weightsContent(const std::vector<TensorRef>& weights) {
  size_t end = 0;
  Chunks body(table(weights, end));
  for (const TensorRef& w : weights) {
    const size_t size = w.tensor->bytes.size();
    body.borrow(bytesOf(*w.tensor));
    body.add(std::string(aligned(size) - size, '\0'));
  }
  Checksum sum;
  for (const std::string_view piece : body.pieces()) sum.add(piece);
  std::string head(kMagic);
  put<uint32_t>(head, 1);
  put<uint32_t>(head, 0x01020304);
  put<uint64_t>(head, end);
  put<uint64_t>(head, sum.value());
  Chunks content(std::move(head));
  content.append(std::move(body));
  return content;
}

std::vector<NamedTensor> parseWeights(std::string_view bytes, const std::string& source) {
  return Reader(bytes, source).read();
}

}  // namespace netwright::convert::cpp
