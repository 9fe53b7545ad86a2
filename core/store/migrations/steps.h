// SPDX-License-Identifier: Apache-2.0
// The tables of runs.sqlite as the first version had them, and what each later version added. A new file takes all
// steps, so that it cannot differ from an old one that was brought up to date. Private to core/store.
#pragma once

namespace netwright::store {

extern const char* const kVersion1;
extern const char* const kVersion1To2;

}  // namespace netwright::store
