// SPDX-License-Identifier: Apache-2.0
#include "core/convert/exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/work_folder.h"
#include "core/convert/first_difference.h"
#include "core/convert/model_part.h"

namespace netwright::convert {
namespace fs = std::filesystem;
namespace {

// The main file last: it is what people look for, and it needs the others.
std::vector<fs::path> writeFiles(const fs::path& path, const std::vector<OutputFile>& files) {
  std::vector<fs::path> written{path};
  for (size_t i = files.size(); i-- > 1;) {
    written.push_back(path.parent_path() / files[i].path);
    writeFileAtomic(written.back(), files[i].content);
  }
  writeFileAtomic(path, files.front().content);
  return written;
}

// In a folder of an export: the paths of its files, one a line. What else lies there belongs to somebody else.
constexpr const char* kList = "netwright-files.txt";

std::string listOf(const std::vector<OutputFile>& files) {
  std::string list;
  for (const OutputFile& f : files) list += f.path + "\n";
  return list;
}

// Empty where there is no list.
std::set<std::string> listIn(const fs::path& folder) {
  constexpr uintmax_t kLargest = 1 << 20;
  if (!fs::exists(folder / kList)) return {};
  std::istringstream in(readRegularFile(folder / kList, kLargest));
  std::set<std::string> paths{kList};
  for (std::string line; std::getline(in, line);) paths.insert(line);
  return paths;
}

// Paths in a folder, relative to it, that an export there has not made.
struct Foreign {
  std::vector<std::string> files, folders;  // folders: those that hold nothing
};

Foreign foreignIn(const fs::path& folder, const std::set<std::string>& ours) try {
  Foreign found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const bool inner = entry.is_directory() && !entry.is_symlink();
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    if (inner && fs::is_empty(entry.path())) found.folders.push_back(name);
    if (!inner && !ours.contains(name)) found.files.push_back(name);
  }
  std::sort(found.files.begin(), found.files.end());
  return found;
} catch (const fs::filesystem_error& e) {
  failEnvironment(fmt::format("What lies in the folder {} cannot be seen.", folder.string()), e.code().message() + ".",
                  "Choose another name; nothing was changed.");
}

bool inTheWay(const std::string& a, const std::string& b) {
  return a == b || a.starts_with(b + "/") || b.starts_with(a + "/");
}

std::string firstThree(std::vector<std::string> names) {
  const size_t count = names.size();
  if (count > 3) names.resize(3);
  return joined(names, ", ") + (count > 3 ? fmt::format(" and {} more", count - 3) : "");
}

// What of a folder stays where it is when an export is renewed; refused if that cannot be told or is in the way.
Foreign staying(const fs::path& path, const std::vector<OutputFile>& files) {
  std::set<std::string> ours = listIn(path);
  const bool listed = !ours.empty();
  if (!listed)
    for (const OutputFile& f : files) ours.insert(f.path);
  Foreign found = foreignIn(path, ours);
  std::vector<std::string> refused;
  for (const std::string& name : found.files)
    if (!listed || std::any_of(files.begin(), files.end(), [&](const auto& f) { return inTheWay(f.path, name); }))
      refused.push_back(name);
  if (!refused.empty() && !listed)
    failInput(fmt::format("The folder {} holds files of its own: {}.", path.string(), firstThree(refused)),
              "Only a folder that an export has made can hold other files.",
              "Choose another name; nothing was changed.");
  if (!refused.empty())
    failInput(fmt::format("In the folder {} files of its own are in the way: {}.", path.string(), firstThree(refused)),
              "The export has files of the same name.", "Move them, or choose another name; nothing was changed.");
  return found;
}

// Gives files and empty folders of `from` a second place in `to`.
void keep(const Foreign& staying, const fs::path& from, const fs::path& to) {
  std::error_code ec;
  const auto require = [&](const std::string& name) {
    if (ec)
      failInput(fmt::format("{} cannot stay where it is while the export is renewed.", (from / name).string()),
                ec.message() + ".", "Move it, or choose another name; nothing was changed.");
  };
  for (const std::string& name : staying.folders) {
    fs::create_directories(to / name, ec);
    require(name);
  }
  for (const std::string& name : staying.files) {
    fs::create_directories((to / name).parent_path(), ec);
    if (!ec) fs::create_hard_link(from / name, to / name, ec);
    require(name);
  }
  for (const auto& entry : fs::recursive_directory_iterator(to)) {
    const fs::path was = from / entry.path().lexically_relative(to);
    if (entry.is_directory() && !entry.is_symlink() && fs::is_directory(was))
      fs::permissions(entry.path(), fs::status(was).permissions());
  }
}

// Made beside the folder and put there by one rename. Files of others are linked into the new one before, so that they
// are there whichever of the two is.
std::vector<fs::path> writeFolder(const fs::path& path, const std::vector<OutputFile>& files) {
  std::error_code ec;
  const bool there = fs::exists(fs::symlink_status(path, ec));
  if (there && !fs::is_directory(path, ec))
    failInput(fmt::format("{} is a file, not a folder.", path.string()), "This format is a folder of files.",
              "Choose another name.");
  if (there) (void)staying(path, files);
  WorkFolder work(path);
  std::vector<fs::path> written;
  for (const OutputFile& file : files) {
    fs::create_directories((work.path() / file.path).parent_path());
    writeFileAtomic(work.path() / file.path, file.content);
    written.push_back(path / file.path);
  }
  writeFileAtomic(work.path() / kList, listOf(files));
  if (!there) return work.put(work.path()), written;
  keep(staying(path, files), path, work.path());  // looked for again: writing may have taken a while
  work.replace();
  return written;
}

using Refused = std::function<void(const program::Program&, const program::Op&, const std::string& reason)>;

// Tells the op if the format cannot hold it, else those that it runs and the format cannot hold.
void findRefused(const Exporter& format, const program::Program& program, const program::Op& op, const Refused& found) {
  const bool evaluated = op.phase == program::Phase::Forward ||
                         (op.phase == program::Phase::BeforeForward && op.mode == Mode::Train);  // in evaluation too
  if (!evaluated) return;
  if (const auto reason = format.refusal(program, op)) return found(program, op, *reason);
  for (const auto& region : op.regions)
    for (const program::Op& inner : region->ops) findRefused(format, *region, inner, found);
}

// "TorchScript or PyTorch project can hold it." — or what else there is to do.
std::string alternative(const program::Program& program, const program::Op& op) {
  std::vector<std::string> formats;
  for (const auto& other : registry()) {
    const FormatInfo info = other->info();
    bool holds = info.holdsGraph;
    findRefused(*other, program, op, [&](const auto&, const auto&, const auto&) { holds = false; });
    if (holds) formats.push_back(info.title);
  }
  if (formats.size() > 1) {
    const std::string last = formats.back();
    formats.pop_back();
    return fmt::format("{} or {} can hold it.", joined(formats, ", "), last);
  }
  if (!formats.empty()) return fmt::format("{} can hold it.", formats.front());
  return "No other format can; replace the layer, or export the weights alone as safetensors.";
}

// A warning for a weight that holds NaN or infinities.
std::optional<Diagnostic> notFinite(const NamedTensor& weight) {
  if (weight.tensor.dtype != DType::Float32) return std::nullopt;
  const auto values = weight.tensor.as<float>();
  const auto bad = std::count_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
  if (bad == 0) return std::nullopt;
  const bool nan = std::any_of(values.begin(), values.end(), [](float v) { return std::isnan(v); });
  Diagnostic d;
  d.code = "NW-E002";
  d.severity = Severity::Warning;
  d.args = {{"weight", weight.name},
            {"count", grouped(bad)},
            {"total", grouped(static_cast<int64_t>(values.size()))},
            {"value", nan ? "not a number" : "infinite"}};
  return d;
}

}  // namespace

Diagnostics Exporter::check(const ExportInput& input) const {
  const ModelPart part = modelPart(input.program);
  std::vector<const program::Op*> ops = part.ops;
  ops.insert(ops.end(), part.preparations.begin(), part.preparations.end());
  Diagnostics found;
  for (const program::Op* op : ops)
    findRefused(*this, input.program, *op, [&](const auto& program, const auto& refused, const auto& reason) {
      Diagnostic d;
      d.code = "NW-E001";
      d.node = refused.node;
      d.args = {{"layer", refused.layer},
                {"format", info().title},
                {"reason", reason},
                {"alternative", alternative(program, refused)}};
      if (std::find(found.begin(), found.end(), d) == found.end()) found.push_back(std::move(d));
    });
  for (const NamedTensor& t : input.weights)
    if (auto warning = notFinite(t)) found.push_back(std::move(*warning));
  return found;
}

std::vector<fs::path> Exporter::write(const ExportInput& input, const fs::path& path) const {
  std::string complaints;
  for (const Diagnostic& d : check(input))
    if (d.severity == Severity::Error) complaints += (complaints.empty() ? "" : "\n") + d.text();
  if (!complaints.empty())
    failInput(fmt::format("{} was not written.", path.string()), complaints, "Nothing was changed on the disk.");
  checkOptions(info(), input.options);
  ExportInput named = input;
  named.fileName = path.filename().string();
  const std::vector<OutputFile> made = files(named);
  return info().folder ? writeFolder(path, made) : writeFiles(path, made);
}

Comparison Exporter::verify(const ExportInput& input, const fs::path& path, Evaluator& evaluator,
                            const std::stop_token& stop) const {
  Comparison proof = prove(input, path, evaluator, stop);
  if (!proof.equal && proof.incomparable.empty()) locateDifference(*this, input, path, evaluator, stop, proof);
  return proof;
}

std::string Exporter::bytes(const ExportInput& input) const { return files(input).front().content.joined(); }

const Attribute& ExportInput::optionValue(const FormatInfo& info, const char* name) const {
  if (const auto given = options.find(name); given != options.end()) return given->second;
  return std::find_if(info.options.begin(), info.options.end(), [&](const ParamSpec& p) { return p.name == name; })
      ->fallback;
}

std::vector<OutputFile> one(std::string path, Chunks content) {
  std::vector<OutputFile> list;
  list.push_back({std::move(path), std::move(content)});
  return list;
}

void checkOptions(const FormatInfo& format, const Attributes& options) {
  std::vector<std::string> known;
  for (const ParamSpec& spec : format.options) known.push_back(spec.name);
  for (const auto& [name, value] : options) {
    const auto spec = std::find_if(format.options.begin(), format.options.end(),
                                   [&, &name = name](const ParamSpec& p) { return p.name == name; });
    if (spec == format.options.end())
      failInput(fmt::format("{} has no option '{}'.", format.title, name), "",
                known.empty() ? "It has no options at all." : fmt::format("It has: {}.", joined(known, ", ")));
    if (std::holds_alternative<Formula>(value))
      failInput(fmt::format("The option {} of {} takes no formula.", name, format.title), "", "Write a value.");
    if (const auto problem = spec->problem(value))
      failInput(fmt::format("The option {} of {} {}.", name, format.title, *problem), "", spec->doc);
  }
}

const std::vector<std::unique_ptr<Exporter>>& registry() {
  static const auto kExporters = [] {
    auto all = exporters::builtinExporters();
    std::stable_partition(all.begin(), all.end(), [](const auto& e) { return !e->info().folder; });
    return all;
  }();
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
