// SPDX-License-Identifier: Apache-2.0
// netwright-engine: the process that computes. Speaks the protocol of core/run/protocol.h on standard input and output
// and on a Unix socket.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "core/engine/process.h"
#include "core/train/server.h"

int main(int argc, char** argv) {
  if (argc > 1) {
    std::puts(std::strcmp(argv[1], "--version") == 0
                  ? "netwright-engine " NETWRIGHT_VERSION
                  : "netwright-engine speaks the protocol of Netwright on standard input and output.\nIt is started by "
                    "netwright and netwright-cli; there is nothing to do by hand.");
    return 0;
  }
  netwright::engine::prepareProcess();
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);  // Ctrl-C belongs to whoever started the engine
  ::signal(SIGHUP, SIG_IGN);  // and so does its terminal
  ::signal(SIGTERM, [](int) { netwright::train::terminate(); });
  // Whatever a library prints must not end up among the frames.
  const int frames = ::dup(STDOUT_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return netwright::train::serve(STDIN_FILENO, frames);
}
