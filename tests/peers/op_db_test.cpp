// SPDX-License-Identifier: Apache-2.0
// PyTorch's own test cases of its ops (torch.testing's op_db) against the shape rules of the catalogue: what ATen
// computes has the types that were inferred, and what ATen refuses is refused before.
#include <fmt/format.h>

#include <map>
#include <set>

#include "core/program/builder.h"
#include "tests/peers/peer.h"

namespace netwright::program {
namespace {

DType typeOf(const std::string& name) { return name == "float32" ? DType::DefaultFloat : dtypeFromName(name).value(); }

TensorType tensorOf(const Json& j) {
  TensorType type{typeOf(j[0]), {}};
  for (const Json& size : j[1]) type.shape.emplace_back(size.get<int64_t>());
  return type;
}

class Case {
 public:
  explicit Case(const Json& entry) : info_(opInfo(entry["op"])) {
    builder_.enter({{NodeId{1}}, "node", "Layer 'node'"});
    for (const SchemaArgument& spec : info_.schema.arguments) {
      const auto given = entry["arguments"].find(spec.name);
      if (given != entry["arguments"].end())
        arguments_.push_back(argument(*given, spec));
      else if (spec.fallback)
        arguments_.push_back(*spec.fallback);
      else
        usable_ = false;
    }
  }

  bool usable() const { return usable_; }
  // The results as text, or the complaint's code in brackets.
  std::string run() {
    const size_t before = builder_.program().ops.size();
    try {
      builder_.op(info_.id(), arguments_);
    } catch (const std::bad_variant_access&) {  // a kind of argument that no layer gives
      return "[kind]";
    }
    if (const auto failure = builder_.takeFailure()) {
      std::string args;
      for (const auto& [key, value] : failure->args) args += " " + key + "=" + value;
      return "[" + failure->code + args + "]";
    }
    std::string text;
    for (const ValueId r : builder_.program().ops[before].results)
      text += program::text(builder_.program().type(r)) + " ";
    return text;
  }

 private:
  Argument argument(const Json& j, const SchemaArgument& spec) {
    if (j.contains("tensor")) return builder_.input("t", tensorOf(j["tensor"]));
    if (j.contains("tensors")) {
      std::vector<ValueId> list;
      for (const Json& t : j["tensors"]) list.push_back(builder_.input("t", tensorOf(t)));
      return list;
    }
    if (j.contains("none")) return None{};
    if (j.contains("dtype")) return typeOf(j["dtype"]);
    if (j.contains("bool")) {
      usable_ = usable_ && spec.type.rfind("bool", 0) == 0;  // a bool as a number: no layer gives one
      return j["bool"].get<bool>();
    }
    if (j.contains("str")) return j["str"].get<std::string>();
    if (j.contains("float")) return j["float"].get<double>();
    if (j.contains("ints")) {
      Shape list;
      for (const Json& v : j["ints"]) list.emplace_back(v.get<int64_t>());
      return list;
    }
    if (spec.type.rfind("float", 0) == 0) return j["int"].get<double>();
    if (spec.type.find('[') != std::string::npos) return Shape{Dim(j["int"].get<int64_t>())};
    return Dim(j["int"].get<int64_t>());
  }

  const OpInfo& info_;
  Builder builder_;
  std::vector<Argument> arguments_;
  bool usable_ = true;
};

Json opList() {
  Json list = Json::array();
  for (const auto& [id, info] : catalogue()) {
    Json arguments = Json::array();
    for (const SchemaArgument& a : info.schema.arguments) arguments.push_back({{"name", a.name}, {"type", a.type}});
    list.push_back(
        {{"id", id}, {"name", info.schema.name}, {"overload", info.schema.overload}, {"arguments", arguments}});
  }
  return list;
}

std::string wanted(const Json& results) {
  std::string text;
  for (const Json& r : results) text += program::text(ValueType(tensorOf(r))) + " ";
  return text;
}

TEST(OpDb, OwnCasesOfPyTorchHaveTheInferredTypes) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "ops.json", opList().dump());
  test::expectPeerAgrees("op_cases.py", folder.path());
  ASSERT_TRUE(std::filesystem::exists(folder / "cases.json"));
  const Json all = parseJson(readFile(folder / "cases.json"), "cases.json");
  std::map<std::string, int> agreed, narrower;
  std::map<std::string, std::string> example;
  for (const Json& entry : all["cases"]) {
    const std::string id = entry["op"];
    Case c(entry);
    if (!c.usable()) continue;
    const std::string found = c.run();
    if (found[0] == '[') {  // a rule may be narrower than ATen: no samples, numbers without dimensions
      ++narrower[id];
      example.emplace(id, found + " for " + entry["arguments"].dump());
      continue;
    }
    EXPECT_EQ(found, wanted(entry["results"])) << id << " of " << entry["arguments"].dump();
    ++agreed[id];
  }
  int total = 0;
  for (const Json& id : all["seen"]) {
    const std::string name = id;
    total += agreed[name];
    if (narrower[name] > 0)
      std::printf("%s: %d agree, %d refused by us only: %.300s\n", name.c_str(), agreed[name], narrower[name],
                  example[name].c_str());
    EXPECT_GT(agreed[name], 0) << name << " accepts none of PyTorch's cases";
  }
  std::printf("%d cases of %zu ops agree\n", total, agreed.size());
  EXPECT_GE(all["seen"].size(), 120u) << "op_db was not found where it used to be";
  int refused = 0;
  for (const Json& entry : all["errors"]) {
    Case c(entry);
    // Indices are values: layers guard them batch by batch.
    const bool ofValues = entry["message"].get<std::string>().find("out of bounds") != std::string::npos;
    if (!c.usable() || ofValues) continue;
    const std::string found = c.run();
    EXPECT_EQ(found[0], '[') << entry["op"] << " accepts what PyTorch refuses (" << entry["message"]
                             << "): " << entry["arguments"].dump() << " -> " << found;
    ++refused;
  }
  std::printf("%d wrong inputs are refused\n", refused);
}

}  // namespace
}  // namespace netwright::program
