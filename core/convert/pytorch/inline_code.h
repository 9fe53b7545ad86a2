// SPDX-License-Identifier: Apache-2.0
// The code of an expression node that is short enough to stand in the forward() around it, under the names there. Used
// by node_plan.cpp and scope_writer.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace netwright::convert::pytorch {

struct Assignment {
  std::vector<std::string> targets;
  std::string right;
};
// Lines of Python that are nothing but a few assignments and the return of what they set; nothing for all others.
std::optional<std::vector<Assignment>> assignments(std::vector<std::string> lines);

// The expression with other names for its variables; attributes and keywords are none.
std::string renamed(const std::string& expression, const std::map<std::string, std::string>& names);

}  // namespace netwright::convert::pytorch
