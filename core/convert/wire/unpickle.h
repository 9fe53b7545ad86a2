// SPDX-License-Identifier: Apache-2.0
// Reads Python's pickle format into values, and never calls anything: classes and functions are names, their arguments
// are kept beside them. Used to read PyTorch's files.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace netwright::convert {

struct Pickled;
using PickledRef = const Pickled*;  // into the Pickle that owns it

struct PickledGlobal {
  std::string module, name;  // "torch", "FloatStorage"
  std::string text() const { return module + "." + name; }
};
struct PickledList {  // a tuple, a list or a set
  std::vector<PickledRef> items;
};
struct PickledDict {
  std::vector<std::pair<PickledRef, PickledRef>> items;  // in file order
};
// What a call or a class would have made: what was to be called, with what, and the state that was set afterwards.
struct PickledObject {
  PickledRef callee, arguments, state;  // state may be null; callee and arguments never are
  PickledDict items;                    // set by key: an OrderedDict is an object with items
};
struct PickledId {  // something outside of the pickle: a storage
  PickledRef id;
};

struct Pickled {
  std::variant<std::monostate, bool, int64_t, double, std::string, PickledGlobal, PickledList, PickledDict,
               PickledObject, PickledId>
      value;
  template <class T>
  const T* as() const {
    return std::get_if<T>(&value);
  }
};

// A hostile file may nest values without end or make circles: whoever walks through them bounds the depth.
struct Pickle {
  std::deque<Pickled> values;
  PickledRef root = nullptr;
  size_t end = 0;  // the first byte after it
};

// One pickle, of protocol 0 to 5, from the start of `bytes`. Throws Error{Input} that names the source and the place,
// also where there are more values than any model has.
Pickle unpickle(std::string_view bytes, const std::string& sourceName);

// The value of a text key in a dict or in an object with items; null if there is none.
PickledRef pickledItem(const Pickled& dict, std::string_view key);

}  // namespace netwright::convert
