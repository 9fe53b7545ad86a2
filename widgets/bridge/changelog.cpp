// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/changelog.h"

#include <QSettings>

namespace netwright::bridge {
namespace {

constexpr const char* kSeen = "news/seenVersion";

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

}  // namespace

QVector<Release> releasesOf(const QString& changelog) {
  QVector<Release> releases;
  for (const QString& line : changelog.split('\n')) {
    if (line.startsWith("## ")) {
      releases.append({QString(line.mid(3)).remove('[').remove(']').trimmed(), {}});
    } else if (!releases.isEmpty() && line.startsWith("- ")) {
      releases.back().lines << line.mid(2).trimmed();
    } else if (!releases.isEmpty() && line.startsWith("  ") && !releases.back().lines.isEmpty()) {
      releases.back().lines.back() += ' ' + line.trimmed();
    }
  }
  return releases;
}

bool areNewsUnseen() { return settings().value(kSeen).toString() != NETWRIGHT_VERSION; }

void markNewsSeen() { settings().setValue(kSeen, NETWRIGHT_VERSION); }

}  // namespace netwright::bridge
