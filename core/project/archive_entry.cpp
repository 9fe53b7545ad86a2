// SPDX-License-Identifier: Apache-2.0
#include "core/project/archive_entry.h"

#include <fmt/format.h>
#include <locale.h>

#include <algorithm>
#include <cwchar>
#include <cwctype>
#include <map>
#include <set>

#include "core/base/json.h"

namespace netwright::project {
namespace {

constexpr size_t kLongestName = 1024, kLongestPart = 200, kDeepest = 32;

std::string partProblem(const std::string& part) {
  if (part.empty()) return "has an empty part";
  if (part == "." || part == "..") return "leads out of the folder";
  if (part.front() == '.') return "is hidden; a project holds no hidden files";
  if (part.size() > kLongestPart) return fmt::format("has a part of more than {} bytes", kLongestPart);
  if (part.back() == ' ' || part.back() == '.') return "ends in a blank or a dot";
  return "";
}

bool isUtf8(const std::string& text) {
  try {
    static_cast<void>(Json(text).dump());
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

// In small letters, those outside ASCII too. Where the system lacks the locale or the name is no UTF-8, ASCII only.
std::u32string folded(const std::string& name) {
  static const locale_t kUtf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  const locale_t before = kUtf8 ? ::uselocale(kUtf8) : nullptr;
  std::u32string letters;
  std::mbstate_t state{};
  for (size_t at = 0; at < name.size();) {
    wchar_t c = 0;
    const size_t length = std::mbrtowc(&c, name.data() + at, name.size() - at, &state);
    const bool readable = length > 0 && length <= name.size() - at;
    if (!readable) state = {};
    const wint_t letter = readable ? static_cast<wint_t>(c) : static_cast<unsigned char>(name[at]);
    letters += static_cast<char32_t>(std::towlower(letter));
    at += readable ? length : 1;
  }
  if (before) ::uselocale(before);
  return letters;
}

}  // namespace

std::string nameProblem(const std::string& name) {
  if (name.empty()) return "is empty";
  if (name.size() > kLongestName) return fmt::format("has more than {} bytes", kLongestName);
  if (name.front() == '/') return "begins at the root";
  if (name.find('\\') != std::string::npos) return "has a backslash";
  if (name.find(':') != std::string::npos) return "has a colon";
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return "has a control character";
  if (!isUtf8(name)) return "is no UTF-8";
  size_t depth = 0;
  for (size_t start = 0; start < name.size(); ++depth) {
    const size_t end = std::min(name.find('/', start), name.size());
    const std::string problem = partProblem(name.substr(start, end - start));
    if (!problem.empty() && name != ".gitignore") return problem;
    start = end + 1;
  }
  return depth > kDeepest ? fmt::format("lies more than {} folders deep", kDeepest) : "";
}

std::string collision(const std::vector<ArchiveEntry>& entries) {
  struct Seen {
    std::string name;
    bool isFolder;
  };
  std::map<std::u32string, Seen> seen;  // by folded name
  std::set<std::string> whole;
  std::string problem;
  const auto note = [&](const std::string& name, bool isFolder) {
    const auto [it, fresh] = seen.emplace(folded(name), Seen{name, isFolder});
    if (fresh || (it->second.name == name && isFolder && it->second.isFolder)) return;
    if (it->second.isFolder != isFolder)
      problem = fmt::format("'{}' is a file and a folder.", name);
    else
      problem = fmt::format("'{}' and '{}' are the same on some systems.", it->second.name, name);
  };
  for (const ArchiveEntry& entry : entries) {
    std::string name = entry.name;
    if (!whole.insert(name).second) return fmt::format("'{}' is there twice.", name);
    for (size_t slash = name.find('/'); slash != std::string::npos && slash + 1 < name.size();
         slash = name.find('/', slash + 1))
      note(name.substr(0, slash), true);
    if (entry.isFolder()) name.pop_back();
    note(name, entry.isFolder());
    if (!problem.empty()) return problem;
  }
  return "";
}

}  // namespace netwright::project
