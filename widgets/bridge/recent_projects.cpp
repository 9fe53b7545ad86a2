// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/recent_projects.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <utility>

namespace netwright::bridge {
namespace {

constexpr const char* kKey = "recent/projects";

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

QString clean(const QString& folder) { return QDir::cleanPath(QFileInfo(folder).absoluteFilePath()); }

void store(const QVector<RecentProject>& projects) {
  QSettings s = settings();
  s.beginWriteArray(kKey, static_cast<int>(projects.size()));
  for (int i = 0; i < projects.size(); ++i) {
    s.setArrayIndex(i);
    s.setValue("folder", projects[i].folder);
    s.setValue("name", projects[i].name);
    s.setValue("opened", projects[i].opened);
    s.setValue("page", projects[i].page);
  }
  s.endArray();
}

}  // namespace

QVector<RecentProject> recentProjects() {
  QSettings s = settings();
  QVector<RecentProject> projects;
  const int count = s.beginReadArray(kKey);
  for (int i = 0; i < count; ++i) {
    s.setArrayIndex(i);
    RecentProject p{s.value("folder").toString(), s.value("name").toString(), s.value("opened").toDateTime(), false,
                    s.value("page", -1).toInt()};
    if (p.folder.isEmpty()) continue;
    p.missing = !QFileInfo::exists(p.folder + "/project.json");
    projects.push_back(std::move(p));
  }
  return projects;
}

void rememberProject(const QString& folder, const QString& name) {
  const QString path = clean(folder);
  const int page = rememberedPage(folder);
  QVector<RecentProject> projects = recentProjects();
  projects.removeIf([&](const RecentProject& p) { return p.folder == path; });
  projects.prepend({path, name, QDateTime::currentDateTime(), false, page});
  if (projects.size() > kRecentProjects) projects.resize(kRecentProjects);
  store(projects);
}

void rememberPage(const QString& folder, int page) {
  QVector<RecentProject> projects = recentProjects();
  for (RecentProject& p : projects)
    if (p.folder == clean(folder) && std::exchange(p.page, page) != page) return store(projects);
}

int rememberedPage(const QString& folder) {
  for (const RecentProject& p : recentProjects())
    if (p.folder == clean(folder)) return p.page;
  return -1;
}

void forgetProject(const QString& folder) {
  const QString path = clean(folder);
  QVector<RecentProject> projects = recentProjects();
  projects.removeIf([&](const RecentProject& p) { return p.folder == path; });
  store(projects);
}

QString freshProjectFolder(const QString& name) {
  QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
  if (documents.isEmpty()) documents = QDir::homePath() + "/Documents";
  const QString base = documents + "/Netwright/" + name;
  QString folder = base;
  for (int n = 2; QFileInfo::exists(folder); ++n) folder = QString("%1-%2").arg(base).arg(n);
  return folder;
}

QString shownPath(const QString& path) {
  const QString home = QDir::homePath();
  return path.startsWith(home + '/') ? '~' + path.mid(home.size()) : path;
}

}  // namespace netwright::bridge
