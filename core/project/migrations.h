// SPDX-License-Identifier: Apache-2.0
// Project files of older formats brought to the present one, step by step. Layers have versions of their own
// (LayerSpec::migrates).
//
// A new format: raise kFormat, append its function to kSteps in migrations.cpp, and keep a file of the format before
// under tests/data/formats/.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>

namespace netwright::project {

inline constexpr int kFormat = 1;  // of project.json

// Brings the whole content of project.json from one format to the next; the format number is not its business.
using Migration = void (*)(nlohmann::ordered_json& project);

// steps[0] leads from format 1 to 2, and so on. `format` is what the file has, 1 or more.
void migrate(nlohmann::ordered_json& project, int64_t format, std::span<const Migration> steps);
// By the steps that there are.
void migrate(nlohmann::ordered_json& project, int64_t format);

}  // namespace netwright::project
