// SPDX-License-Identifier: Apache-2.0
// JSON with stable key order (as written). Headers include <nlohmann/json_fwd.hpp> only; this one is for .cpp files.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace netwright {

using Json = nlohmann::ordered_json;

// Parses text; throws Error{Input} that names the source, the line and the column.
Json parseJson(const std::string& text, const std::string& sourceName);
Json readJsonFile(const std::filesystem::path& path);

// Typed access with errors that name the source and the key: "project.json: 'epochs' should be a whole number but is
// \"ten\"." The default is returned when the key is absent.
template <class T>
T jsonGet(const Json& object, const char* key, const T& fallback, const std::string& sourceName);

}  // namespace netwright
