// SPDX-License-Identifier: Apache-2.0
#include "core/project/autosave.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/store/process.h"

namespace netwright::project {
namespace {

constexpr int kVersion = 1;
constexpr uintmax_t kLargest = 256u << 20;

Json toJson(const Autosave& a) {
  const store::ProcessId process = store::thisProcess();
  return {{"netwright_autosave", kVersion},
          {"pid", process.pid},
          {"pid_start", process.start},
          {"host", store::hostName()},
          {"folder", a.folder},
          {"last_edit", a.lastEdit},
          {"edits", a.edits},
          {"saved_ms", a.savedMs},
          {"project", toText(a.project)}};
}

[[noreturn]] void fail(const std::filesystem::path& file) {
  failEnvironment(fmt::format("Unsaved edits cannot be kept in {}.", file.string()), std::strerror(errno),
                  "Save the project often; make room or let the folder be written.");
}

void writeAll(int target, const std::string& text, const std::filesystem::path& file) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(target, text.data() + done, text.size() - done);
    if (n > 0) done += static_cast<size_t>(n);
    if (n > 0 || (n < 0 && errno == EINTR)) continue;
    const int reason = errno;
    ::close(target);
    errno = reason;
    fail(file);
  }
  if (::close(target) != 0) fail(file);
}

}  // namespace

std::filesystem::path autosaveFolder() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/')
    return std::filesystem::path(state) / "netwright" / "autosave";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home && *home ? home : "/tmp") / ".local/state/netwright/autosave";
}

std::filesystem::path freshAutosaveFile() {
  static std::atomic<int> number{0};
  const store::ProcessId process = store::thisProcess();
  return autosaveFolder() / fmt::format("{}-{}-{}.json", process.pid, process.start, ++number);
}

void writeAutosave(const std::filesystem::path& file, const Autosave& autosave) {
  const std::string text = toJson(autosave).dump(-1, ' ', false, Json::error_handler_t::replace);
  std::error_code ec;
  std::filesystem::create_directories(file.parent_path(), ec);
  std::filesystem::path part = file;
  part += ".part";
  const int target = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (target < 0) fail(file);
  writeAll(target, text, file);
  if (::rename(part.c_str(), file.c_str()) != 0) fail(file);
}

std::vector<LeftAutosave> leftAutosaves() {
  std::vector<LeftAutosave> left;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(autosaveFolder(), ec)) {
    if (entry.path().extension() != ".json") continue;
    try {
      const Json json = Json::parse(readRegularFile(entry.path(), kLargest));
      if (json.value("netwright_autosave", 0) != kVersion || json.value("host", "") != store::hostName()) continue;
      if (store::isAlive({json.value("pid", int64_t{0}), json.value("pid_start", int64_t{0})})) continue;
      left.push_back({entry.path(),
                      {json.value("folder", ""), json.value("last_edit", ""), json.value("edits", int64_t{0}),
                       json.value("saved_ms", int64_t{0}), fromText(json.value("project", ""), "The autosave")}});
    } catch (const std::exception&) {  // half a file of another version or a damaged disk
    }
  }
  std::sort(left.begin(), left.end(),
            [](const LeftAutosave& a, const LeftAutosave& b) { return a.autosave.savedMs > b.autosave.savedMs; });
  return left;
}

void discardAutosave(const std::filesystem::path& file) {
  std::error_code ec;
  std::filesystem::remove(file, ec);
}

}  // namespace netwright::project
