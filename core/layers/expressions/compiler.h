// SPDX-License-Identifier: Apache-2.0
// Turns the code of an expression node into ops. What it cannot is a mistake with its place in the code; later lines
// are still looked at. Used by the layer and by describe().
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/language/interpreter.h"
#include "core/layers/expressions/binding.h"
#include "core/layers/expressions/ports.h"

namespace netwright::layers::expressions {

inline constexpr size_t kMaxOps = 20000;                   // of one node, loops unrolled
inline constexpr int64_t kMaxElements = int64_t{1} << 40;  // of one tensor, where its sizes are known

class Compiler : public language::Interpreter {
 public:
  // Inputs are those of the lowering; what has no wire or no type is left out, with what follows from it. All outlive
  // it.
  Compiler(std::string_view code, const language::Tree& tree, const Use& use, Lowering& lowering);

  // The values of use.outputs; invalid ones after mistakes.
  std::vector<Value> compile();
  // What PyTorch's Python needs instead of these places: "F.gelu" for gelu, "self.w" for param(...).
  struct Edit {
    language::Span at;
    std::string text;
    auto operator<=>(const Edit& other) const { return at.begin <=> other.at.begin; }
    bool operator==(const Edit&) const = default;
  };
  const std::vector<Edit>& edits() const { return edits_; }
  // What the lines set last: line -> "h (N, 128)"; of lines with several names all of them.
  const std::map<int, std::vector<std::string>>& lines() const { return lines_; }

 protected:
  std::optional<language::Value> outer(const std::string& name) override;
  std::vector<std::string> outerNames() const override;
  std::optional<language::Value> callFunction(const std::string& path, const std::vector<language::Argument>& arguments,
                                              language::NodeIndex at) override;
  std::optional<language::Value> callMethod(const language::Value& object, const std::string& name,
                                            const std::vector<language::Argument>& arguments,
                                            language::NodeIndex at) override;
  std::optional<language::Value> attribute(const language::Value& object, const std::string& name,
                                           language::NodeIndex at) override;
  std::optional<language::Value> operate(const std::string& op, const std::vector<language::Value>& operands,
                                         language::NodeIndex at) override;
  std::optional<language::Value> subscript(const language::Value& thing, language::NodeIndex at) override;
  std::optional<bool> decide(const language::Value& value, language::NodeIndex at) override;
  std::vector<std::string> functionNames() const override;
  std::optional<language::Value> constant(const std::string& path) override;
  std::optional<language::Value> assigned(const std::string& name, const language::Value& value,
                                          language::NodeIndex target) override;
  void computed(const language::Value& value, language::NodeIndex statement) override;
  void returned(const language::Value& value, language::NodeIndex at) override;

 private:
  using Item = language::Value;
  Item thing(Entity entity);
  const Entity* entityOf(const Item& item) const;
  const Value* tensorOf(const Item& item) const;
  bool holdsThing(const std::vector<language::Argument>& arguments) const;
  Item sizeItem(const Dim& size);
  std::string written(language::NodeIndex at) const;  // a few words of the code
  std::string describe(const Item& item) const;

  std::optional<Item> apply(const Function& function, std::vector<language::Argument> arguments, bool isMethod,
                            language::NodeIndex at);
  std::optional<Item> run(const program::OpInfo& op, std::vector<Argument> args, language::NodeIndex at);
  std::optional<Item> run(const char* op, std::vector<Argument> args, language::NodeIndex at);
  void guard(const program::OpInfo& op, const std::vector<Argument>& args, const program::Builder& builder);
  Value numberTensor(const Item& number, language::NodeIndex at);
  std::optional<Item> sizes(const std::string& op, const std::vector<Item>& operands, language::NodeIndex at);
  void edit(language::NodeIndex at, std::string text);
  std::optional<Item> makeWeight(const std::vector<language::Argument>& arguments, language::NodeIndex at);
  std::optional<Item> makeStart(const std::string& name, const std::vector<language::Argument>& arguments,
                                language::NodeIndex at);
  std::optional<Item> nameWeight(const std::string& slot, const Weight& weight, language::NodeIndex target);
  std::optional<Item> convenience(const std::string& name, const std::vector<language::Argument>& arguments,
                                  language::NodeIndex at);
  std::optional<Item> pieces(const std::string& name, const std::vector<language::Argument>& arguments,
                             language::NodeIndex at);
  std::optional<Item> interpolate(const std::vector<language::Argument>& arguments, language::NodeIndex at);
  std::optional<Item> unpool(const std::string& name, const std::vector<language::Argument>& arguments,
                             language::NodeIndex at);
  std::optional<Item> part(const Value& tensor, size_t& dim, language::NodeIndex index, language::NodeIndex at);

  const Use& use_;
  Lowering& lowering_;
  std::deque<Entity> entities_;  // places stay
  std::map<std::string, Item> inputs_;
  std::set<std::string> slots_;
  std::optional<Item> returned_;
  std::vector<Edit> edits_;
  std::map<int, std::vector<std::string>> lines_;
  size_t ops_ = 0;
};

}  // namespace netwright::layers::expressions
