// SPDX-License-Identifier: Apache-2.0
// The lists of optimisers and schedules against the classes of the installed PyTorch: a missing one fails by name.
#include "core/base/json.h"
#include "core/run/optimiser.h"
#include "core/run/schedule_spec.h"
#include "tests/peers/peer.h"

namespace netwright {
namespace {

template <class Spec>
Json listed(const std::vector<Spec>& specs) {
  Json list = Json::array();
  for (const Spec& s : specs) {
    Json params = Json::object();
    for (const auto& [name, value] : defaults(s.params)) params[name] = toJson(value);
    list.push_back({{"id", s.id}, {"torch", s.torchName}, {"params", params}});
  }
  return list;
}

TEST(Catalogue, HasEveryOptimiserAndScheduleOfTorch) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "catalogue.json",
                  Json{{"optimisers", listed(run::optimisers())}, {"schedules", listed(run::schedules())}}.dump());
  test::expectPeerAgrees("check_catalogue.py", folder.path());
}

}  // namespace
}  // namespace netwright
