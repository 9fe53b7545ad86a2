// SPDX-License-Identifier: Apache-2.0
#include "core/convert/exporter.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/convert/model_part.h"

namespace netwright::convert {
namespace {

// "TorchScript can hold it." — or what else there is to do.
std::string alternative(const Exporter& refusing, const program::Program& program, const program::Op& op) {
  for (const auto& other : registry()) {
    const FormatInfo info = other->info();
    if (other.get() != &refusing && info.holdsGraph && !other->refusal(program, op))
      return fmt::format("{} can hold it.", info.title);
  }
  return "No other format can; replace the layer, or export the weights alone as safetensors.";
}

}  // namespace

Diagnostics Exporter::check(const ExportInput& input) const {
  const ModelPart part = modelPart(input.program);
  Diagnostics found;
  for (const program::Op* op : part.ops) {
    const auto reason = refusal(input.program, *op);
    if (!reason) continue;
    Diagnostic d;
    d.code = "NW-E001";
    d.node = op->node;
    d.args = {{"layer", op->layer},
              {"format", info().title},
              {"reason", *reason},
              {"alternative", alternative(*this, input.program, *op)}};
    if (std::find(found.begin(), found.end(), d) == found.end()) found.push_back(std::move(d));
  }
  return found;
}

void Exporter::write(const ExportInput& input, const std::filesystem::path& path) const {
  std::string complaints;
  for (const Diagnostic& d : check(input)) complaints += (complaints.empty() ? "" : "\n") + d.text();
  if (!complaints.empty())
    failInput(fmt::format("{} was not written.", path.string()), complaints, "Nothing was changed on the disk.");
  writeFileAtomic(path, bytes(input));
}

const std::vector<std::unique_ptr<Exporter>>& registry() {
  static const auto kExporters = exporters::builtinExporters();
  return kExporters;
}

const Exporter* findExporter(const std::string& id) {
  const auto& all = registry();
  const auto it = std::find_if(all.begin(), all.end(), [&](const auto& e) { return e->info().id == id; });
  return it == all.end() ? nullptr : it->get();
}

const Exporter* exporterForPath(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  if (!extension.empty()) extension.erase(0, 1);
  for (char& c : extension) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  for (const auto& e : registry()) {
    const auto known = e->info().extensions;
    if (std::find(known.begin(), known.end(), extension) != known.end()) return e.get();
  }
  return nullptr;
}

}  // namespace netwright::convert
