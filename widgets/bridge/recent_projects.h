// SPDX-License-Identifier: GPL-3.0-or-later
// The projects opened last, newest first, in the user's settings. And where new ones go.
#pragma once

#include <QDateTime>
#include <QString>
#include <QVector>

namespace netwright::bridge {

struct RecentProject {
  QString folder, name;
  QDateTime opened;
  bool missing = false;  // its project.json is gone
  int page = -1;         // of the window, when it was last seen; -1: unknown
};

inline constexpr int kRecentProjects = 12;

QVector<RecentProject> recentProjects();
void rememberProject(const QString& folder, const QString& name);
void rememberPage(const QString& folder, int page);
int rememberedPage(const QString& folder);  // -1: none
void forgetProject(const QString& folder);

// Documents/Netwright/<name>, with a number if that exists already.
QString freshProjectFolder(const QString& name);
// "~/Documents/x" for folders in the home folder.
QString shownPath(const QString& path);

}  // namespace netwright::bridge
