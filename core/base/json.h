// SPDX-License-Identifier: Apache-2.0
// JSON with stable key order (as written). Headers include <nlohmann/json_fwd.hpp> only; this one is for .cpp files.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

namespace netwright {

using Json = nlohmann::ordered_json;

inline constexpr int kJsonDepth = 64;  // brackets within brackets that a file may have

// Parses text; throws Error{Input} that names the source, the line and the column: malformed, cut off, a key twice in
// an object, a number out of range, nested too deeply.
Json parseJson(const std::string& text, const std::string& sourceName);
Json readJsonFile(const std::filesystem::path& path);

// Typed access with errors that name the source and the key: "project.json: 'epochs' should be a whole number but is
// \"ten\"." The default is returned when the key is absent.
template <class T>
T jsonGet(const Json& object, const char* key, const T& fallback, const std::string& sourceName);

// Members of `object` that are not among `known`, as raw JSON text; empty if there are none. What a newer version or a
// plugin wrote survives a load and save this way.
std::string unknownMembers(const Json& object, std::initializer_list<const char*> known);
// Puts them back behind the members that `object` has.
void addUnknown(Json& object, const std::string& unknown);

}  // namespace netwright
