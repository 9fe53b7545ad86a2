// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics, times and durations as people read them. Used by the Train and Runs pages.
#pragma once

#include <QString>
#include <cstdint>

namespace netwright::bridge {

// "mae" -> "MAE", "r2" -> "R²", "epoch_seconds" -> "epoch seconds".
QString metricName(const QString& key);
// "loss" in "val" -> "Validation loss".
QString metricTitle(const QString& key, const QString& context);
// "accuracy", 0.9723 -> "97.23 %"; "loss", 0.04321 -> "0.0432"; not a number -> "–".
QString metricText(const QString& key, double value);
bool isShare(const QString& key);  // in [0, 1], shown in percent

QString durationText(double seconds);         // "6.1 s", "1:15", "1:06:40"
QString whenText(int64_t ms, int64_t nowMs);  // "just now", "5 min ago", "today 14:02", "yesterday 9:10", "3 May 2026"

}  // namespace netwright::bridge
