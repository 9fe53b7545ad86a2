// SPDX-License-Identifier: Apache-2.0
#include "core/convert/match.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include "core/base/half.h"

namespace netwright::convert {
namespace {

using program::State;

std::vector<int64_t> shapeOf(const program::Program& program, const State& state) {
  return program::constants(program.tensorType(state.value).shape).value_or(std::vector<int64_t>{});
}

std::string text(const std::vector<int64_t>& shape) { return fmt::format("({})", fmt::join(shape, ", ")); }

// "a.b.c" ends with the path "b.c".
bool endsWithPath(const std::string& name, const std::string& path) {
  return name.size() > path.size() && name.ends_with(path) && name[name.size() - path.size() - 1] == '.';
}

template <class To, class From>
void convert(const HostTensor& from, HostTensor& to) {
  const auto in = from.as<From>();
  const auto out = to.as<To>();
  for (size_t i = 0; i < in.size(); ++i) out[i] = static_cast<To>(in[i]);
}

template <class To>
HostTensor converted(const HostTensor& from, DType type) {
  HostTensor to(type, from.shape);
  const auto out = to.as<To>();
  const auto bits = from.as<uint16_t>();
  switch (from.dtype) {
    case DType::Float16:
      for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<To>(fromHalfBits(bits[i]));
      break;
    case DType::BFloat16:
      for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<To>(fromBfloat16Bits(bits[i]));
      break;
    case DType::Float64:
      convert<To, double>(from, to);
      break;
    case DType::Int8:
      convert<To, int8_t>(from, to);
      break;
    case DType::Int16:
      convert<To, int16_t>(from, to);
      break;
    case DType::Int32:
      convert<To, int32_t>(from, to);
      break;
    case DType::Int64:
      convert<To, int64_t>(from, to);
      break;
    case DType::UInt8:
    case DType::Bool:
      convert<To, uint8_t>(from, to);
      break;
    case DType::Float32:
    case DType::DefaultFloat:
      convert<To, float>(from, to);
      break;
  }
  return to;
}

class Matcher {
 public:
  Matcher(const program::Program& program, const std::vector<NamedTensor>& tensors) : tensors_(tensors) {
    for (const State& s : program.states)
      table_.weights.push_back({s.name, shapeOf(program, s), Match::How::None, "", ""});
    for (size_t i = 0; i < tensors.size(); ++i) byName_.emplace(tensors[i].name, i);
  }

  MatchTable run() {
    byEqualName();
    byPath();
    byOrder();
    for (Match& m : table_.weights)
      if (m.how == Match::How::None && m.note.empty())
        m.note = "The file has nothing for it: it starts as initialised.";
    for (size_t i = 0; i < tensors_.size(); ++i)
      if (!used_.contains(i)) table_.unused.push_back(tensors_[i].name);
    return std::move(table_);
  }

 private:
  const std::vector<int64_t>& shape(size_t tensor) const { return tensors_[tensor].tensor.shape; }

  bool take(Match& m, size_t tensor, Match::How how, std::string note) {
    if (used_.contains(tensor)) return false;
    m.tensor = tensors_[tensor].name;
    if (shape(tensor) != m.shape) {
      m.note = fmt::format("It is {} here and {} in the file: it starts as initialised.", text(m.shape),
                           text(shape(tensor)));
      return false;
    }
    used_.insert(tensor);
    m.how = how;
    m.note = std::move(note);
    return true;
  }

  void byEqualName() {
    for (Match& m : table_.weights)
      if (const auto it = byName_.find(m.weight); it != byName_.end())
        take(m, it->second, Match::How::Name, "The same name.");
  }

  // "module.conv1.weight" for "conv1.weight", or the other way round, where only one fits.
  void byPath() {
    for (Match& m : table_.weights) {
      if (m.how != Match::How::None || !m.note.empty()) continue;
      std::vector<size_t> fitting;
      for (size_t i = 0; i < tensors_.size(); ++i)
        if (!used_.contains(i) &&
            (endsWithPath(tensors_[i].name, m.weight) || endsWithPath(m.weight, tensors_[i].name)))
          fitting.push_back(i);
      if (fitting.size() == 1) take(m, fitting.front(), Match::How::Prefix, "The same name but for a prefix.");
    }
  }

  // What is left over, in turn: names of other frameworks, where shapes and order still tell.
  void byOrder() {
    size_t next = 0;
    for (Match& m : table_.weights) {
      if (m.how != Match::How::None || !m.note.empty()) continue;
      for (size_t i = next; i < tensors_.size(); ++i) {
        if (used_.contains(i) || shape(i) != m.shape) continue;
        take(m, i, Match::How::Order, "The next tensor of its shape.");
        next = i + 1;
        break;
      }
    }
  }

  const std::vector<NamedTensor>& tensors_;
  MatchTable table_;
  std::map<std::string, size_t> byName_;
  std::set<size_t> used_;
};

}  // namespace

size_t MatchTable::matched() const {
  return static_cast<size_t>(
      std::count_if(weights.begin(), weights.end(), [](const Match& m) { return m.how != Match::How::None; }));
}

MatchTable match(const program::Program& program, const std::vector<NamedTensor>& tensors) {
  return Matcher(program, tensors).run();
}

std::vector<NamedTensor> matchedWeights(const program::Program& program, const MatchTable& table,
                                        const std::vector<NamedTensor>& tensors) {
  std::map<std::string, const HostTensor*> byName;
  for (const NamedTensor& t : tensors) byName.emplace(t.name, &t.tensor);
  std::vector<NamedTensor> weights;
  for (size_t i = 0; i < table.weights.size(); ++i) {
    const Match& m = table.weights[i];
    if (m.how == Match::How::None) continue;
    const DType wanted = program.tensorType(program.states[i].value).dtype;
    const HostTensor& given = *byName.at(m.tensor);
    const DType type = wanted == DType::DefaultFloat ? DType::Float32 : wanted;
    if (given.dtype == type)
      weights.push_back({m.weight, given});
    else if (type == DType::Int64)
      weights.push_back({m.weight, converted<int64_t>(given, type)});
    else
      weights.push_back({m.weight, converted<float>(given, DType::Float32)});
  }
  return weights;
}

}  // namespace netwright::convert
