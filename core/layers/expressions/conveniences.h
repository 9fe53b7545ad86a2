// SPDX-License-Identifier: Apache-2.0
// What PyTorch has beside its ops, made of them: view, chunk, zeros_like. Internal to core/layers/expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace netwright::layers::expressions {

struct Convenience {
  std::string name;
  std::string signature;
  std::string doc;
  bool isFunction = false, isMethod = false;  // torch.NAME, x.NAME
  // Whether a call with so many arguments, a method's object included, is meant; null: always. Else an op is.
  bool (*fits)(size_t arguments, bool firstIsList) = nullptr;
  bool inF = false;  // F.NAME in place of torch.NAME
};
const std::vector<Convenience>& conveniences();
const Convenience* findConvenience(std::string_view name);

}  // namespace netwright::layers::expressions
