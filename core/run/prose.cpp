// SPDX-License-Identifier: Apache-2.0
#include "core/run/prose.h"

namespace netwright::run {

const ProseBook& optimiserProse() {
  static const ProseBook kBook = readProse({{"optimiser", proseFiles().at("optimiser")}});
  return kBook;
}

const ProseBook& initialiserProse() {
  static const ProseBook kBook = readProse({{"initialiser", proseFiles().at("initialiser")}});
  return kBook;
}

const ProseBook& regulariserProse() {
  static const ProseBook kBook = readProse({{"regulariser", proseFiles().at("regulariser")}});
  return kBook;
}

const ProseBook& metricProse() {
  static const ProseBook kBook = readProse({{"metric", proseFiles().at("metric")}});
  return kBook;
}

const ProseBook& scheduleProse() {
  static const ProseBook kBook = readProse(scheduleProseFiles());
  return kBook;
}

}  // namespace netwright::run
