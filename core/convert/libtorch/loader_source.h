// SPDX-License-Identifier: Apache-2.0
// The part of an exported C++ module that reads a safetensors file. Used by the LibTorch exporter.
#pragma once

#include <string>

namespace netwright::convert::libtorch {

std::string loaderSource();  // two functions in an anonymous namespace; see there

}  // namespace netwright::convert::libtorch
