// SPDX-License-Identifier: Apache-2.0
// The tables of runs.sqlite and their version. Private to core/store.
#pragma once

namespace netwright::store {

class Connection;

inline constexpr int kSchemaVersion = 1;           // PRAGMA user_version
inline constexpr int kApplicationId = 0x4E775274;  // "NwRt", PRAGMA application_id

// False if the file holds nothing yet. Throws Error{Input} for a newer version and for the database of another program.
bool hasSchema(Connection& connection);
// Makes the tables where there are none; switches to write-ahead logging. Several processes may call it at once.
void prepareForWriting(Connection& connection);

}  // namespace netwright::store
