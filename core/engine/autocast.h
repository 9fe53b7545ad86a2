// SPDX-License-Identifier: Apache-2.0
// Mixed precision of a forward pass. Internal to the engine.
#pragma once

#include <ATen/autocast_mode.h>

namespace netwright::engine {

// Forward passes within its life compute large products in bf16, as torch.autocast does.
class Autocast {
 public:
  Autocast(bool on, at::DeviceType device) : on_(on), device_(device) {
    if (!on_) return;
    before_ = at::autocast::is_autocast_enabled(device_);
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
    at::autocast::set_autocast_enabled(device_, true);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;
  ~Autocast() {
    if (!on_) return;
    at::autocast::clear_cache();  // weights change after each step
    at::autocast::set_autocast_enabled(device_, before_);
  }

 private:
  bool on_, before_ = false;
  at::DeviceType device_;
};

}  // namespace netwright::engine
