// SPDX-License-Identifier: Apache-2.0
#include "core/convert/wire/pickle.h"

namespace netwright::convert {
namespace {

void putLittleEndian(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

PickleWriter& PickleWriter::global(const std::string& module, const std::string& name) {
  out_ += 'c' + module + '\n' + name + '\n';
  return *this;
}

PickleWriter& PickleWriter::text(const std::string& utf8) {
  out_ += 'X';
  putLittleEndian(out_, utf8.size(), 4);
  out_ += utf8;
  return *this;
}

PickleWriter& PickleWriter::integer(int64_t value) {
  if (value >= INT32_MIN && value <= INT32_MAX) {
    out_ += 'J';
    putLittleEndian(out_, static_cast<uint64_t>(value), 4);
    return *this;
  }
  out_ += "\x8a\x08";  // LONG1 of 8 bytes
  putLittleEndian(out_, static_cast<uint64_t>(value), 8);
  return *this;
}

PickleWriter& PickleWriter::integers(const std::vector<int64_t>& values) {
  mark();
  for (const int64_t v : values) integer(v);
  return tuple();
}

}  // namespace netwright::convert
