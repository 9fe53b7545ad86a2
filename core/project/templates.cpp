// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/project.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

fs::path templateFolder() { return resourceFolder() / "templates"; }

// The members before the graph, which may be large.
Json headOf(const fs::path& file) {
  const std::string text = readFile(file);
  const size_t end = text.find(",\n  \"graph\":");
  return parseJson(end == std::string::npos ? text : text.substr(0, end) + "}", file.string());
}

Template readTemplate(const std::string& id) {
  const fs::path file = projectFile(templateFolder() / id);
  const Json head = headOf(file);
  return {id, jsonGet<std::string>(head, "name", "", file.string()),
          jsonGet<std::string>(head, "description", "", file.string())};
}

// Names of folders are bytes, those of projects are text.
std::string asText(const std::string& bytes) {
  return Json::parse(Json(bytes).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

}  // namespace

Project Template::project() const { return load(templateFolder() / id); }

const std::vector<Topic>& topics() {
  static const std::vector<Topic> kTopics = [] {
    std::vector<Topic> all;
    const fs::path file = templateFolder() / "topics.json";
    for (const Json& topic : readJsonFile(file)) {
      all.push_back({jsonGet<std::string>(topic, "id", "", file.string()),
                     jsonGet<std::string>(topic, "title", "", file.string()),
                     {}});
      for (const Json& id : topic.at("templates")) all.back().templates.push_back(readTemplate(id));
    }
    return all;
  }();
  return kTopics;
}

const std::vector<Template>& templates() {
  static const std::vector<Template> kTemplates = [] {
    std::vector<Template> all;
    for (const Topic& topic : topics()) all.insert(all.end(), topic.templates.begin(), topic.templates.end());
    return all;
  }();
  return kTemplates;
}

const Template& findTemplate(const std::string& id) {
  const auto& all = templates();
  const auto it = std::find_if(all.begin(), all.end(), [&](const Template& t) { return t.id == id; });
  if (it != all.end()) return *it;
  std::vector<std::string> ids;
  for (const Template& t : all) ids.push_back(t.id);
  failInput(fmt::format("There is no template '{}'. Did you mean '{}'?", id, nearest(id, ids)), "",
            fmt::format("Known: {}.", joined(ids, ", ")));
}

Project createProject(const fs::path& folder, const std::string& templateId) {
  Project project = findTemplate(templateId).project();
  std::error_code ec;
  if (fs::exists(folder, ec) && !(fs::is_directory(folder, ec) && fs::is_empty(folder, ec)))
    failInput(fmt::format("{} exists already and is not empty.", folder.string()), "",
              "Choose another folder; nothing was changed.");
  const fs::path last = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  project.name = asText(last.string());
  save(project, folder);
  return project;
}

}  // namespace netwright::project
