// SPDX-License-Identifier: Apache-2.0
#include "core/base/chunks.h"

#include <utility>

namespace netwright {

void Chunks::add(std::string text) {
  if (text.empty()) return;
  borrow(owned_.emplace_back(std::move(text)));
}

void Chunks::borrow(std::string_view bytes) {
  if (bytes.empty()) return;
  pieces_.push_back(bytes);
  size_ += bytes.size();
}

void Chunks::append(Chunks other) {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  owned_.splice(owned_.end(), other.owned_);
  size_ += other.size_;
}

std::string Chunks::joined() const {
  std::string all;
  all.reserve(size_);
  for (const std::string_view piece : pieces_) all += piece;
  return all;
}

}  // namespace netwright
