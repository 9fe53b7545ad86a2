// SPDX-License-Identifier: Apache-2.0
// The content of a file in pieces: text of its own, and bytes that lie elsewhere and are not copied. So a model of
// 2 GB is written without being held twice.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace netwright {

// Moves; copying would leave pieces that refer to the other's text.
class Chunks {
 public:
  Chunks() = default;
  explicit Chunks(std::string text) { add(std::move(text)); }
  Chunks(Chunks&&) noexcept = default;
  Chunks& operator=(Chunks&&) noexcept = default;
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;

  void add(std::string text);           // kept here
  void borrow(std::string_view bytes);  // must outlive this
  void append(Chunks other);

  const std::vector<std::string_view>& pieces() const { return pieces_; }  // in order, none empty
  size_t size() const { return size_; }
  std::string joined() const;

 private:
  std::list<std::string> owned_;  // whose addresses stay when lists are joined
  std::vector<std::string_view> pieces_;
  size_t size_ = 0;
};

}  // namespace netwright
