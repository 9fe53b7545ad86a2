// SPDX-License-Identifier: GPL-3.0-or-later
// What went wrong, in three sentences: what, why, what to do. Shown by panels::MessageBanner.
#pragma once

#include <QString>

#include "core/base/error.h"

namespace netwright::bridge {

struct Message {
  QString title, why, next;
  bool empty() const { return title.isEmpty(); }
  bool operator==(const Message&) const = default;
};

inline Message messageOf(const Error& error) {
  return {QString::fromStdString(error.title), QString::fromStdString(error.why), QString::fromStdString(error.next)};
}

}  // namespace netwright::bridge
