// SPDX-License-Identifier: Apache-2.0
// Opcodes as in Python's pickletools.py.
#include "core/convert/wire/unpickle.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <map>
#include <vector>

#include "core/base/error.h"

namespace netwright::convert {
namespace {

constexpr size_t kMostValues = 2'000'000;

using Value = Pickled*;

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  Pickle read() {
    while (!step(static_cast<unsigned char>(take(1)[0]))) {
    }
    pickle_.end = at_;
    pickle_.root = pop();
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    failInput(fmt::format("{} is no readable pickle.", source_), fmt::format("{} (byte {}).", what, at_),
              "Save it again with torch.save(model.state_dict(), path), or as safetensors.");
  }

  std::string_view take(size_t count) {
    if (count > bytes_.size() - at_) fail("It is cut off");
    const std::string_view part = bytes_.substr(at_, count);
    at_ += count;
    return part;
  }
  std::string_view line() {
    const size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) fail("It is cut off");
    const std::string_view text = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }
  uint64_t unsignedNumber(size_t width) {  // little endian
    uint64_t value = 0;
    const std::string_view part = take(width);
    for (size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(part[i]);
    return value;
  }
  int64_t longNumber(size_t width) {  // two's complement of any width; more than 8 bytes is kept as far as it goes
    const std::string_view part = take(width);
    uint64_t value = width > 0 && (part[width - 1] & 0x80) ? ~0ull : 0;
    for (size_t i = std::min<size_t>(width, 8); i-- > 0;) value = value << 8 | static_cast<unsigned char>(part[i]);
    return static_cast<int64_t>(value);
  }
  template <class T>
  T decimal(std::string_view text) const {
    if (!text.empty() && text.back() == 'L') text.remove_suffix(1);
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      fail(fmt::format("'{}' is no number", text.substr(0, 40)));
    return value;
  }

  template <class T>
  Value make(T value) {
    if (pickle_.values.size() == kMostValues) fail(fmt::format("It has more than {} values", kMostValues));
    return &pickle_.values.emplace_back(Pickled{std::move(value)});
  }
  template <class T>
  void push(T value) {
    stack_.push_back(make(std::move(value)));
  }
  Value pop() {
    top();
    const Value value = stack_.back();
    stack_.pop_back();
    return value;
  }
  Pickled& top() {
    if (stack_.empty() || !stack_.back()) fail("Its stack is empty");
    return *stack_.back();
  }
  std::vector<PickledRef> sinceMark() {  // a mark is a null on the stack
    size_t at = stack_.size();
    while (at > 0 && stack_[at - 1]) --at;
    if (at == 0) fail("A mark is missing");
    std::vector<PickledRef> items(stack_.begin() + static_cast<long>(at), stack_.end());
    stack_.resize(at - 1);
    return items;
  }
  void tuple(size_t count) {
    PickledList list;
    list.items.resize(count);
    for (size_t i = count; i-- > 0;) list.items[i] = pop();
    push(std::move(list));
  }
  void remember(uint64_t key) {
    top();
    memo_[key] = stack_.back();
  }
  void recall(uint64_t key) {
    const auto it = memo_.find(key);
    if (it == memo_.end()) fail(fmt::format("It refers to value {}, which it has not given", key));
    stack_.push_back(it->second);
  }
  void setItems(std::vector<PickledRef> items) {
    if (items.size() % 2 != 0) fail("A key has no value");
    auto* object = std::get_if<PickledObject>(&top().value);
    auto* dict = object ? &object->items : std::get_if<PickledDict>(&top().value);
    if (!dict) fail("It sets keys of something that has none");
    for (size_t i = 0; i < items.size(); i += 2) dict->items.emplace_back(items[i], items[i + 1]);
  }
  void append(std::vector<PickledRef> items) {
    if (auto* list = std::get_if<PickledList>(&top().value))
      list->items.insert(list->items.end(), items.begin(), items.end());
    else if (!top().as<PickledObject>())  // objects may have lists of their own, which nobody here reads
      fail("It appends to something that is no list");
  }
  void object() {
    const Value arguments = pop(), callee = pop();
    push(PickledObject{callee, arguments, nullptr, {}});
  }
  void build() {
    const Value state = pop();
    if (auto* made = std::get_if<PickledObject>(&top().value)) made->state = state;
  }
  void global(std::string_view module, std::string_view name) {
    push(PickledGlobal{std::string(module), std::string(name)});
  }
  void stackGlobal() {
    const Value name = pop(), module = pop();
    const auto *n = name->as<std::string>(), *m = module->as<std::string>();
    if (!n || !m) fail("A class has no name");
    global(*m, *n);
  }
  static std::string unquoted(std::string_view text) {
    return text.size() < 2 ? std::string() : std::string(text.substr(1, text.size() - 2));
  }

  bool step(unsigned char code);  // true: that was the end
  bool number(unsigned char code);
  bool textOf(unsigned char code);
  bool structure(unsigned char code);

  Pickle pickle_;
  std::string_view bytes_;
  const std::string& source_;
  size_t at_ = 0;
  std::vector<Value> stack_;
  std::map<uint64_t, Value> memo_;
};

bool Reader::number(unsigned char code) {
  switch (code) {
    case 'N':
      return push(std::monostate()), true;
    case 0x88:
    case 0x89:
      return push(code == 0x88), true;
    case 'I': {
      const std::string_view text = line();
      if (text == "00" || text == "01") return push(text == "01"), true;
      return push(decimal<int64_t>(text)), true;
    }
    case 'L':
      return push(decimal<int64_t>(line())), true;
    case 'J':
      return push(static_cast<int64_t>(static_cast<int32_t>(unsignedNumber(4)))), true;
    case 'K':
      return push(static_cast<int64_t>(unsignedNumber(1))), true;
    case 'M':
      return push(static_cast<int64_t>(unsignedNumber(2))), true;
    case 0x8a:
      return push(longNumber(unsignedNumber(1))), true;
    case 0x8b:
      return push(longNumber(unsignedNumber(4))), true;
    case 'F':
      return push(decimal<double>(line())), true;
    case 'G': {
      uint64_t bits = 0;
      for (const char c : take(8)) bits = bits << 8 | static_cast<unsigned char>(c);  // big endian
      return push(std::bit_cast<double>(bits)), true;
    }
  }
  return false;
}

bool Reader::textOf(unsigned char code) {
  switch (code) {
    case 'U':
    case 'C':
    case 0x8c:
      return push(std::string(take(unsignedNumber(1)))), true;
    case 'T':
    case 'B':
    case 'X':
      return push(std::string(take(unsignedNumber(4)))), true;
    case 0x8d:
    case 0x8e:
    case 0x96:
      return push(std::string(take(unsignedNumber(8)))), true;
    case 'S':
      return push(unquoted(line())), true;
    case 'V':
      return push(std::string(line())), true;
  }
  return false;
}

bool Reader::structure(unsigned char code) {
  switch (code) {
    case '(':
      return stack_.push_back(nullptr), true;
    case ')':
    case ']':
    case 0x8f:
      return push(PickledList{}), true;
    case '}':
      return push(PickledDict{}), true;
    case 't':
    case 'l':
    case 0x91:
      return push(PickledList{sinceMark()}), true;
    case 0x85:
    case 0x86:
    case 0x87:
      return tuple(code - 0x84u), true;
    case 'd': {
      std::vector<PickledRef> items = sinceMark();
      push(PickledDict{});
      return setItems(std::move(items)), true;
    }
    case 's': {
      const Value value = pop(), key = pop();
      return setItems({key, value}), true;
    }
    case 'u':
      return setItems(sinceMark()), true;
    case 'a': {
      return append({pop()}), true;
    }
    case 'e':
    case 0x90:
      return append(sinceMark()), true;
    case '0':
      if (!stack_.empty()) stack_.pop_back();
      return true;
    case '1':
      return sinceMark(), true;
    case '2':
      top();
      return stack_.push_back(stack_.back()), true;
  }
  return false;
}

bool Reader::step(unsigned char code) {
  if (number(code) || textOf(code) || structure(code)) return false;
  switch (code) {
    case '.':
      return true;
    case 0x80:  // protocol
      if (const uint64_t version = unsignedNumber(1); version > 5) fail(fmt::format("Its protocol is {}", version));
      return false;
    case 0x95:  // frame: only a hint
      unsignedNumber(8);
      return false;
    case 'c': {
      const std::string_view module = line();
      global(module, line());
      return false;
    }
    case 0x93:
      stackGlobal();
      return false;
    case 'R':
    case 0x81:
      object();
      return false;
    case 'b':
      build();
      return false;
    case 'P':
      push(PickledId{make(std::string(line()))});
      return false;
    case 'Q':
      push(PickledId{pop()});
      return false;
    case 'p':
      remember(decimal<uint64_t>(line()));
      return false;
    case 'q':
      remember(unsignedNumber(1));
      return false;
    case 'r':
      remember(unsignedNumber(4));
      return false;
    case 0x94:
      remember(memo_.size());
      return false;
    case 'g':
      recall(decimal<uint64_t>(line()));
      return false;
    case 'h':
      recall(unsignedNumber(1));
      return false;
    case 'j':
      recall(unsignedNumber(4));
      return false;
  }
  fail(fmt::format("The opcode 0x{:02x} is not known", code));
}

}  // namespace

Pickle unpickle(std::string_view bytes, const std::string& sourceName) { return Reader(bytes, sourceName).read(); }

PickledRef pickledItem(const Pickled& dict, std::string_view key) {
  const auto* object = dict.as<PickledObject>();
  const auto* items = object ? &object->items : dict.as<PickledDict>();
  if (!items) return nullptr;
  for (const auto& [name, value] : items->items)
    if (const auto* text = name->as<std::string>(); text && *text == key) return value;
  return nullptr;
}

}  // namespace netwright::convert
