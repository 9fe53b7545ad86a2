// SPDX-License-Identifier: Apache-2.0
#include "core/convert/python/identifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace netwright::convert::python {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isControl(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

// Python's keywords and the names that the TorchScript compiler gives a meaning of their own.
const std::set<std::string>& reservedWords() {
  static const std::set<std::string> kWords{"False",
                                            "None",
                                            "True",
                                            "and",
                                            "as",
                                            "assert",
                                            "async",
                                            "await",
                                            "break",
                                            "class",
                                            "continue",
                                            "def",
                                            "del",
                                            "elif",
                                            "else",
                                            "except",
                                            "finally",
                                            "for",
                                            "from",
                                            "global",
                                            "if",
                                            "import",
                                            "in",
                                            "is",
                                            "lambda",
                                            "nonlocal",
                                            "not",
                                            "or",
                                            "pass",
                                            "raise",
                                            "return",
                                            "try",
                                            "while",
                                            "with",
                                            "yield",
                                            "self",
                                            "torch",
                                            "nn",
                                            "F",
                                            "ops",
                                            "CONSTANTS",
                                            "annotate",
                                            "getattr",
                                            "hasattr",
                                            "print",
                                            "float",
                                            "int",
                                            "bool",
                                            "str",
                                            "complex",
                                            "range",
                                            "len",
                                            "zip",
                                            "enumerate",
                                            "list",
                                            "dict",
                                            "tuple",
                                            "isinstance",
                                            "uninitialized",
                                            "unchecked_cast",
                                            "fork",
                                            "awaitable",
                                            "inf",
                                            "nan",
                                            "infj",
                                            "nanj",
                                            "inplace",
                                            "Module",
                                            "Tensor",
                                            "Optional",
                                            "List",
                                            "Tuple",
                                            "Dict",
                                            "Final",
                                            "Any",
                                            "rpc_async",
                                            "min",
                                            "max",
                                            "abs",
                                            "all",
                                            "any",
                                            "sorted",
                                            "divmod",
                                            "round",
                                            "hash",
                                            "super",
                                            "math",
                                            "device",
                                            "ord",
                                            "chr",
                                            "bin",
                                            "hex",
                                            "oct",
                                            "pow",
                                            "sum",
                                            "id"};
  return kWords;
}

// What torch.nn.Module and torch.jit's modules are called already: an attribute of such a name could not be reached.
const std::set<std::string>& moduleMembers() {
  static const std::set<std::string> kMembers{"T_destination",
                                              "add_module",
                                              "apply",
                                              "bfloat16",
                                              "buffers",
                                              "call_super_init",
                                              "children",
                                              "code",
                                              "code_with_constants",
                                              "compile",
                                              "copy",
                                              "cpu",
                                              "cuda",
                                              "define",
                                              "double",
                                              "dump_patches",
                                              "eval",
                                              "extra_repr",
                                              "float",
                                              "forward",
                                              "forward_magic_method",
                                              "get_buffer",
                                              "get_debug_state",
                                              "get_extra_state",
                                              "get_parameter",
                                              "get_submodule",
                                              "graph",
                                              "graph_for",
                                              "half",
                                              "inlined_graph",
                                              "ipu",
                                              "load_state_dict",
                                              "modules",
                                              "mtia",
                                              "named_buffers",
                                              "named_children",
                                              "named_modules",
                                              "named_parameters",
                                              "original_name",
                                              "parameters",
                                              "register_backward_hook",
                                              "register_buffer",
                                              "register_forward_hook",
                                              "register_forward_pre_hook",
                                              "register_full_backward_hook",
                                              "register_full_backward_pre_hook",
                                              "register_load_state_dict_post_hook",
                                              "register_load_state_dict_pre_hook",
                                              "register_module",
                                              "register_parameter",
                                              "register_state_dict_post_hook",
                                              "register_state_dict_pre_hook",
                                              "requires_grad_",
                                              "save",
                                              "save_to_buffer",
                                              "set_extra_state",
                                              "set_submodule",
                                              "share_memory",
                                              "state_dict",
                                              "to",
                                              "to_empty",
                                              "train",
                                              "training",
                                              "type",
                                              "xpu",
                                              "zero_grad"};
  return kMembers;
}

}  // namespace

bool isIdentifier(const std::string& name) {
  return !name.empty() && !isDigit(name[0]) && !reservedWords().contains(name) &&
         std::all_of(name.begin(), name.end(), [](char c) { return isLetter(c) || isDigit(c); });
}

std::string identifier(const std::string& name) {
  std::string out = name.empty() || isDigit(name[0]) ? "_" : "";
  for (const char c : name) out += isLetter(c) || isDigit(c) ? c : '_';
  return isIdentifier(out) ? out : out + "_";
}

std::string attributeName(const std::string& name) {
  std::string out;
  for (const char c : name) out += isLetter(c) || isDigit(c) ? c : '_';
  return isModuleMember(out) ? out + "_" : out;
}

bool isModuleMember(const std::string& name) {
  // nn.Module has some fifty of them; but not the vectors of a spectral norm.
  const bool isPrivate = name.empty() || (name[0] == '_' && name != "_u" && name != "_v");
  return isPrivate || moduleMembers().contains(name);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (isControl(c))
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string inComment(const std::string& text) {
  std::string out;
  for (const char c : text) out += isControl(c) ? ' ' : c;
  return out;
}

std::string inDocstring(const std::string& text) {
  std::string out;
  for (const char c : inComment(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace netwright::convert::python
