// SPDX-License-Identifier: Apache-2.0
#include "core/run/endpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/base/error.h"

namespace netwright::run {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;  // 107
constexpr int64_t kLargest = INT64_MAX;

fs::path standInFolder() { return fmt::format("/tmp/netwright-{}", ::geteuid()); }

// Empty if there is none, or if the names of sockets in it would be too long.
fs::path userFolder() {
  const char* given = std::getenv("XDG_RUNTIME_DIR");
  if (!given || given[0] != '/') return {};
  const fs::path folder = fs::path(given) / "netwright";
  return (folder / socketName(kLargest, kLargest)).string().size() > kLongestPath ? fs::path() : folder;
}

// Why the folder cannot be trusted; empty if it can.
std::string distrust(const fs::path& folder) {
  struct stat s{};
  if (::lstat(folder.c_str(), &s) != 0) return fmt::format("{}.", std::strerror(errno));
  if (!S_ISDIR(s.st_mode)) return "It is not a folder.";
  if (s.st_uid != ::geteuid()) return fmt::format("It belongs to the user {}, not to you ({}).", s.st_uid, ::geteuid());
  if (s.st_mode & 077) return fmt::format("Others may enter it (mode {:03o}).", s.st_mode & 0777);
  return "";
}

sockaddr_un addressFor(const fs::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.string().size() > kLongestPath)
    failEnvironment(fmt::format("The path of the engine's socket is too long: {}.", socket.string()),
                    fmt::format("It has {} bytes; {} are allowed.", socket.string().size(), kLongestPath),
                    "Set XDG_RUNTIME_DIR to a shorter folder.");
  std::memcpy(address.sun_path, socket.c_str(), socket.string().size());
  return address;
}

int newSocket() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) failEnvironment("Could not make a socket.", std::strerror(errno), "Close some programs and try again.");
  return fd;
}

[[noreturn]] void failAt(int fd, const std::string& what, const std::string& next) {
  const std::string why = fmt::format("{}.", std::strerror(errno));
  ::close(fd);
  failEnvironment(what, why, next);
}

}  // namespace

fs::path socketName(int64_t pid, int64_t start) { return fmt::format("engine-{}-{}.sock", pid, start); }

std::optional<EngineAddress> addressOf(const fs::path& socket) {
  EngineAddress address{0, 0, socket};
  long long pid = 0, start = 0;
  if (std::sscanf(socket.filename().c_str(), "engine-%18lld-%18lld.sock", &pid, &start) != 2) return std::nullopt;
  address.pid = pid;
  address.start = start;
  if (pid <= 0 || start <= 0 || socket.filename() != socketName(pid, start)) return std::nullopt;
  return address;
}

fs::path runtimeFolder() {
  fs::path folder = userFolder();
  if (folder.empty()) folder = standInFolder();
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST && folder != standInFolder())  // XDG_RUNTIME_DIR is gone
    ::mkdir((folder = standInFolder()).c_str(), 0700);
  if (const std::string why = distrust(folder); !why.empty())
    failEnvironment(fmt::format("The folder for the sockets of engines cannot be used: {}.", folder.string()), why,
                    fmt::format("Remove it or close it to others (chmod 700 {}), or set XDG_RUNTIME_DIR to a folder of "
                                "your own.",
                                folder.string()));
  return folder;
}

std::vector<EngineAddress> listedEngines() {
  std::vector<EngineAddress> found;
  std::vector<fs::path> folders{standInFolder(), fmt::format("/run/user/{}/netwright", ::geteuid()), userFolder()};
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  for (const fs::path& folder : folders) {
    if (folder.empty() || !distrust(folder).empty()) continue;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(folder, gone))
      if (auto address = addressOf(entry.path())) found.push_back(std::move(*address));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
  return found;
}

int listenAt(const fs::path& socket) {
  const sockaddr_un address = addressFor(socket);
  const int fd = newSocket();
  ::unlink(socket.c_str());  // of a process that had this number and start time: there is none
  const bool ok = ::fchmod(fd, 0600) == 0 &&
                  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                  ::chmod(socket.c_str(), 0600) == 0 && ::listen(fd, 16) == 0;
  if (!ok)
    failAt(fd, fmt::format("The engine cannot listen at {}.", socket.string()),
           "Check that its folder can be written to; the run itself needs no socket.");
  return fd;
}

int connectTo(const fs::path& socket) {
  const sockaddr_un address = addressFor(socket);
  const int fd = newSocket();
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    failAt(fd, fmt::format("No engine answers at {}.", socket.string()),
           "It has ended, most likely; 'netwright-cli ps' lists the engines that are going.");
  return fd;
}

}  // namespace netwright::run
