// SPDX-License-Identifier: GPL-3.0-or-later
// CHANGELOG.md as it was when the program was built. Shown by "What is new".
#pragma once

#include <QString>
#include <QStringList>
#include <QVector>

namespace netwright::bridge {

extern const char* const kChangelog;  // the file's text

struct Release {
  QString title;      // "0.2.0 - 2027-01-10", "Unreleased"
  QStringList lines;  // Markdown, without the bullets
};
QVector<Release> releasesOf(const QString& changelog);  // newest first

// Whether this version was started before. markNewsSeen() makes it so.
bool areNewsUnseen();
void markNewsSeen();

}  // namespace netwright::bridge
