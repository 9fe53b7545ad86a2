// SPDX-License-Identifier: Apache-2.0
// Sequences made by formulas: digits to bring into another order, numbers to add up over a long way. Used by the
// registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// As in synthetic.h, sample i is a function of the settings and i alone.
// "digits" and target "answer", texts of digits (letters.h), int64 (length,).
SourceSpec digitOrderSource();
// "x" float32 (length, 2): numbers and marks; target "y" (1,): the sum of the two marked numbers. Hochreiter and
// Schmidhuber 1997.
SourceSpec addingSource();

}  // namespace netwright::data
