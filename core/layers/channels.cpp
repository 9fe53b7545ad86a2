// SPDX-License-Identifier: Apache-2.0
#include "core/layers/channels.h"

#include "core/base/text.h"

namespace netwright::layers {

bool requireEvenGroups(Lowering& l, int64_t inChannels, int64_t outChannels) {
  const int64_t groups = l.get<int64_t>("groups");
  if (groups > 0 && inChannels % groups == 0 && outChannels % groups == 0) return true;
  const Fix one{"Set groups to 1", {SetParamStep{l.node().id, "groups", int64_t{1}}}};
  for (const int64_t channels : {inChannels, outChannels})
    if (!l.check(channels % groups == 0, "NW-P003", "groups",
                 {{"channels", grouped(channels)}, {"groups", grouped(groups)}}, {one}))
      return false;
  return true;
}

}  // namespace netwright::layers
