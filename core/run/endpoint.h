// SPDX-License-Identifier: Apache-2.0
// Where the engines of this user listen: one Unix socket each, in a folder that nobody else may enter. Used by the
// engine to listen and by the command line and the window to find it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace netwright::run {

// The name of a socket tells its process: number and start time, as in the record of a run.
struct EngineAddress {
  int64_t pid = 0, start = 0;
  std::filesystem::path socket;
};
std::filesystem::path socketName(int64_t pid, int64_t start);  // "engine-PID-START.sock"
std::optional<EngineAddress> addressOf(const std::filesystem::path& socket);

// $XDG_RUNTIME_DIR/netwright; /tmp/netwright-UID where that is unset or the socket's path would be longer than 107
// bytes. Made where needed. Throws Error{Environment} if it is not a folder of this user closed to all others.
std::filesystem::path runtimeFolder();
// All sockets in these folders, of engines that are gone too. Folders that are not safe are left out.
std::vector<EngineAddress> listedEngines();

// A listening socket, mode 0600. Throws Error{Environment}.
int listenAt(const std::filesystem::path& socket);
// Throws Error{Environment} if nobody listens there.
int connectTo(const std::filesystem::path& socket);

}  // namespace netwright::run
