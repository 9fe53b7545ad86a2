// SPDX-License-Identifier: Apache-2.0
// The tables of runs.sqlite and their version. Private to core/store.
#pragma once

#include <filesystem>
#include <memory>

namespace netwright::store {

class Connection;

inline constexpr int kSchemaVersion = 2;           // PRAGMA user_version
inline constexpr int kApplicationId = 0x4E775274;  // "NwRt", PRAGMA application_id

// False if the file holds nothing yet. Throws Error{Input} for a newer version and for the database of another program.
bool hasSchema(Connection& connection);
// Throws as hasSchema.
bool isOlderFormat(Connection& connection);
// Makes the tables where there are none and brings older ones to this version, after a copy of the file was made
// beside it (backupOf); switches to write-ahead logging. Several processes may call it at once.
void prepareForWriting(Connection& connection);
// A private copy of an older database in a temporary file, brought to this version: for one that cannot be written.
std::unique_ptr<Connection> migratedCopy(Connection& older);
// "runs.sqlite" of version 1 is kept as "runs.v1.sqlite".
std::filesystem::path backupOf(const std::filesystem::path& database, int version);

}  // namespace netwright::store
