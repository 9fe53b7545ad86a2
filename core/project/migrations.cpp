// SPDX-License-Identifier: Apache-2.0
#include "core/project/migrations.h"

#include <array>
#include <cassert>

#include "core/base/json.h"

namespace netwright::project {
namespace {

constexpr std::array<Migration, kFormat - 1> kSteps{};

}  // namespace

void migrate(Json& project, int64_t format, std::span<const Migration> steps) {
  assert(format >= 1);
  for (auto at = static_cast<size_t>(format) - 1; at < steps.size(); ++at) {
    steps[at](project);
    project["netwright"] = at + 2;
  }
}

void migrate(Json& project, int64_t format) { migrate(project, format, kSteps); }

}  // namespace netwright::project
