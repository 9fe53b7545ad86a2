// SPDX-License-Identifier: Apache-2.0
// Writes Python's pickle format, protocol 2: the few opcodes that PyTorch's readers know. Nothing here reads a pickle.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace netwright::convert {

// A stack program, written opcode by opcode; the names are those of pickletools. Each call returns the writer.
class PickleWriter {
 public:
  PickleWriter() : out_("\x80\x02") {}
  PickleWriter& global(const std::string& module, const std::string& name);  // no line breaks in either
  PickleWriter& text(const std::string& utf8);
  PickleWriter& integer(int64_t value);
  PickleWriter& boolean(bool value) { return opcode(value ? '\x88' : '\x89'); }
  PickleWriter& mark() { return opcode('('); }
  PickleWriter& tuple() { return opcode('t'); }  // of everything since the mark
  PickleWriter& emptyTuple() { return opcode(')'); }
  PickleWriter& emptyDict() { return opcode('}'); }
  PickleWriter& setItems() { return opcode('u'); }  // name, value, name, value since the mark, into the dict before it
  PickleWriter& newObject() { return opcode('\x81'); }  // class, arguments
  PickleWriter& reduce() { return opcode('R'); }        // function, arguments
  PickleWriter& build() { return opcode('b'); }         // object, dict
  PickleWriter& persistentId() { return opcode('Q'); }
  PickleWriter& integers(const std::vector<int64_t>& values);  // a tuple
  std::string finish() { return out_ + '.'; }

 private:
  PickleWriter& opcode(char code) {
    out_ += code;
    return *this;
  }
  std::string out_;
};

}  // namespace netwright::convert
