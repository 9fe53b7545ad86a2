// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/module_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/convert/cpp/words.h"
#include "core/convert/libtorch/torch_module.h"

namespace netwright::convert::libtorch {
namespace {

using program::Op;
using program::ValueId;

// What torch::nn::Module has already, and we add: a member of such a name would hide it.
void reserveMembers(NameTable& members) {
  for (const char* name : {"Module",
                           "apply",
                           "buffers",
                           "children",
                           "clone",
                           "clone_",
                           "eval",
                           "forward",
                           "is_serializable",
                           "is_training",
                           "load",
                           "modules",
                           "name",
                           "named_buffers",
                           "named_children",
                           "named_modules",
                           "named_parameters",
                           "parameters",
                           "pretty_print",
                           "register_buffer",
                           "register_module",
                           "register_parameter",
                           "replace_module",
                           "save",
                           "shared_from_this",
                           "to",
                           "train",
                           "unregister_module",
                           "weak_from_this",
                           "zero_grad",
                           "as",
                           "_forward_has_default_args",
                           "N",
                           "Ints"})
    members.take(name);
}

ModuleTree::Naming naming() {
  return {[tables = std::map<const Module*, NameTable>()](const Module& owner, const std::string& key) mutable {
            const auto [table, isNew] = tables.try_emplace(&owner);
            if (isNew) reserveMembers(table->second);
            return table->second.take(cpp::identifier(key));
          },
          [](const std::string& owner, const std::string& member) {
            return owner.empty() ? member : owner + "->" + member;
          },
          ""};
}

// "layer1.0" -> "Layer1_n0".
std::string typeName(const std::string& path) {
  std::string name;
  for (const std::string& part : components(path)) name += (name.empty() ? "" : "_") + cpp::identifier(part);
  if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return cpp::identifier(name);
}

}  // namespace

ModuleTree::ModuleTree(const program::Program& program, const ModelPart& part)
    : convert::ModuleTree(part, naming()), program_(program) {
  makeLeaves(part);
  NameTable types;
  for (const char* name : {"Model", "ModelImpl", "Outputs", "Ints"}) types.take(name);
  nameTypes(root(), types);
}

// An op is its module if it alone uses all that the module holds.
void ModuleTree::makeLeaves(const ModelPart& part) {
  std::map<ValueId, const program::State*> states;
  for (const program::State* s : part.states) states[s->value] = s;
  std::map<ValueId, int> uses;
  for (const Op* op : part.ops)
    for (const program::Argument& a : op->args) {
      if (const auto* v = std::get_if<ValueId>(&a)) ++uses[*v];
      if (const auto* list = std::get_if<std::vector<ValueId>>(&a))
        for (const ValueId v : *list) ++uses[v];
    }
  for (const program::Port& p : program_.outputs) ++uses[p.value];
  for (const Op* op : part.ops) {
    const auto module = torchModule(program_, *op);
    if (!module) continue;
    std::set<std::string> wanted;
    std::string holder;
    bool own = true;
    for (size_t i = 0; i < module->arguments.size(); ++i) {
      const ValueId v = tensorArgument(*op, module->arguments[i].c_str());
      if (!v) continue;
      const auto state = states.find(v);
      own = own && state != states.end() && uses[v] == 1;
      if (!own) break;
      const std::string &name = state->second->name,
                        path = name.substr(0, name.rfind('.') == std::string::npos ? 0 : name.rfind('.'));
      own = (wanted.empty() || path == holder) && name == path + "." + module->slots[i];
      holder = path;
      wanted.insert(module->slots[i]);
    }
    if (module->counts) wanted.insert("num_batches_tracked");
    if (!own || wanted.empty()) continue;
    Module* place = find(holder);
    if (!place) continue;
    std::set<std::string> held;
    for (const Module::Slot& s : place->slots) held.insert(s.key);
    if (held != wanted || !place->children.empty()) continue;
    place->type = module->type;
    place->construction = module->construction;
    leaves_[op] = place;
    for (const Module::Slot& s : place->slots) owned_.insert(s.state->value);
  }
}

void ModuleTree::nameTypes(Module& module, NameTable& types) {
  for (const auto& child : module.children) {
    if (child->construction.empty()) child->type = types.take(typeName(child->path));
    nameTypes(*child, types);
  }
}

const Module* ModuleTree::moduleOf(const Op& op) const {
  const auto it = leaves_.find(&op);
  return it == leaves_.end() ? nullptr : it->second;
}

}  // namespace netwright::convert::libtorch
