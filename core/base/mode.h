// SPDX-License-Identifier: Apache-2.0
// Training or evaluation behaviour of a node (dropout, batch norm). Resolved when a program is planned.
#pragma once

namespace netwright {

enum class Mode { Follow, Train, Eval };  // Follow: as the run says; else fixed for this node

}  // namespace netwright
