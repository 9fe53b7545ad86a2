// SPDX-License-Identifier: Apache-2.0
#include "core/engine/process.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/Device.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <malloc.h>
#include <torch/headeronly/version.h>

#include <cstdio>
#include <thread>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::engine {
namespace {

constexpr int64_t kMacsWorthASecondThread = 2'000'000;  // measured: see docs/benchmarks.md

class LineWarnings final : public c10::WarningHandler {
 public:
  void process(const c10::Warning& warning) override {
    std::string text(warning.msg());
    text = text.substr(0, text.find('\n'));
    std::fprintf(stderr, "LibTorch: %s\n", text.c_str());
  }
};

}  // namespace

void prepareProcess() {
  // All three together: glibc would else hand large blocks back to the kernel and fault them in again at each step.
  mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
  mallopt(M_MMAP_THRESHOLD, 2'000'000'000);
  mallopt(M_TOP_PAD, 64 << 20);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(false);
  static LineWarnings warnings;
  c10::WarningUtils::set_warning_handler(&warnings);
}

std::vector<DeviceInfo> devices() {
  std::vector<DeviceInfo> found{{"cpu", fmt::format("Processor, {} threads", std::thread::hardware_concurrency()), 0}};
  const size_t cards = at::hasCUDA() ? at::detail::getCUDAHooks().deviceCount() : 0;
  for (size_t i = 0; i < cards; ++i)
    found.push_back({fmt::format("cuda:{}", i), fmt::format("Graphics card {}", i), 0});
  return found;
}

std::string libtorchVersion() { return TORCH_VERSION; }

std::string resolveDevice(const std::string& wanted) {
  const std::vector<DeviceInfo> all = devices();
  if (wanted == "auto" || wanted.empty()) return all.back().id == "cpu" ? "cpu" : all[1].id;
  const std::string id = wanted == "cuda" ? "cuda:0" : wanted;
  std::vector<std::string> ids;
  for (const DeviceInfo& d : all) {
    if (d.id == id) return id;
    ids.push_back(d.id);
  }
  failEnvironment(fmt::format("There is no device '{}' here.", wanted), "",
                  fmt::format("Choose one of: auto, {}.", joined(ids, ", ")));
}

int64_t setThreads(int64_t threads, int64_t macs) {
  const unsigned cores = macs < kMacsWorthASecondThread ? 1u : std::max(1u, std::thread::hardware_concurrency());
  const int wanted = threads > 0 ? static_cast<int>(threads) : static_cast<int>(cores);
  at::set_num_threads(wanted);
  return at::get_num_threads();
}

}  // namespace netwright::engine
