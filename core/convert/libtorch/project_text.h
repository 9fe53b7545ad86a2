// SPDX-License-Identifier: Apache-2.0
// What lies beside an exported C++ class: its build and its explanation. Used by module_source.cpp.
#pragma once

#include <string>

#include "core/convert/cpp/example.h"
#include "core/convert/exporter.h"

namespace netwright::convert::libtorch {

std::string cmakeText(const std::string& name);
std::string readmeText(const cpp::Face& face, const ExportInput& input);

}  // namespace netwright::convert::libtorch
