// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/weights_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/base/error.h"
#include "core/base/input_file.h"

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
  explicit Reader(const std::filesystem::path& path) : file_(path) {}

  void read(const TensorSink& each) {
    if (file_.size() < kHead || take(kMagic.size()) != kMagic) fail("It does not begin with NWWEIGHT.");
    if (whole(4) != 1) fail("Only version 1 is known.");
    if (whole(4) != 0x01020304) fail("Its bytes are in another order.");
    if (whole(8) != file_.size()) fail("Its size is not what it says.");
    const uint64_t stated = whole(8);
    if (file_.size() % 8 != 0 || sum() != stated) fail("Its checksum is wrong.");
    for (uint64_t left = whole(8); left > 0; --left) each(entry());
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    failInput(fmt::format("{} is no file of weights.", file_.path().string()), why, "Export the network again.");
  }

  std::string take(uint64_t count) {
    if (count > file_.size() - place_) fail("It ends in the middle of its table.");
    std::string found = file_.read(place_, count);
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
    constexpr uint64_t kBlock = 1 << 20;
    uint64_t h = 14695981039346656037u;
    for (uint64_t at = kHead; at < file_.size(); at += kBlock) {
      const std::string block = file_.read(at, std::min(kBlock, file_.size() - at));
      for (size_t i = 0; i < block.size(); i += 8) {
        uint64_t word = 0;
        for (size_t k = 8; k-- > 0;) word = word * 256 + static_cast<unsigned char>(block[i + k]);
        h = (h ^ word) * 1099511628211u;
      }
    }
    return h;
  }

  NamedTensor entry() {
    const std::string name = take(whole(4));
    const DType type = whole(4) == 1 ? DType::Int64 : DType::Float32;
    std::vector<int64_t> shape;
    uint64_t size = byteSize(type);
    for (uint64_t rank = whole(4); rank > 0; --rank) {
      const uint64_t d = whole(8);
      if (d > file_.size() || (d > 0 && size > file_.size() / d)) fail(fmt::format("'{}' is larger than it.", name));
      shape.push_back(static_cast<int64_t>(d));
      size *= d;
    }
    const uint64_t place = whole(8);
    if (place > file_.size() || size > file_.size() - place) fail(fmt::format("'{}' lies beyond its end.", name));
    HostTensor tensor(type, shape);
    file_.read(place, tensor.bytes);
    return {name, std::move(tensor)};
  }

  InputFile file_;
  uint64_t place_ = 0;
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

void readWeightsFile(const std::filesystem::path& path, const TensorSink& each) { Reader(path).read(each); }

}  // namespace netwright::convert::cpp
