// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"

namespace netwright::cli {
namespace {

constexpr int kSignals[]{SIGINT, SIGTERM, SIGHUP};
int told = -1;  // where the handler writes

extern "C" void tell(int) {
  const int error = errno;
  (void)!::write(told, "x", 1);
  errno = error;
}

void handle(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  if (::pipe2(pipe_, O_CLOEXEC) != 0)
    failEnvironment("Could not make a pipe.", std::strerror(errno), "Close some programs and try again.");
  told = pipe_[1];
  waiter_ = std::thread([this] {
    char byte = 0;
    while (::read(pipe_[0], &byte, 1) < 0 && errno == EINTR) {
    }
    if (byte == 'x') stop_.request_stop();
  });
  handle(tell);
}

Interrupt::~Interrupt() {
  handle(SIG_DFL);
  (void)!::write(pipe_[1], "q", 1);
  waiter_.join();
  for (const int end : pipe_) ::close(end);
}

}  // namespace netwright::cli
