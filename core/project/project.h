// SPDX-License-Identifier: Apache-2.0
// A project: a folder with project.json (graph, data, run settings), runs.sqlite and artifacts/. And the templates it
// starts from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/data_config.h"
#include "core/graph/document.h"
#include "core/project/migrations.h"
#include "core/run/config.h"

namespace netwright::project {

struct Project {
  std::string name;
  std::string description;
  graph::Document graph;
  data::DataConfig data;
  run::RunConfig run;
  std::string unknown;  // raw JSON members this version does not know, written back unchanged
  bool operator==(const Project&) const = default;
};

// Text of project.json: stable key order, one node and one wire per line. Throws Error{Input} for text that is no
// UTF-8.
std::string toText(const Project& project);
// Of this format or an older one. Throws Error{Input}: malformed, or written by a newer version.
Project fromText(const std::string& text, const std::string& source);

std::filesystem::path projectFile(const std::filesystem::path& folder);   // folder/project.json
std::filesystem::path databaseFile(const std::filesystem::path& folder);  // folder/runs.sqlite
std::filesystem::path artifactFolder(const std::filesystem::path& folder,
                                     const std::string& run);  // folder/artifacts/<run>

// Throws Error{Input} if the folder holds no project; it may also be given as the path of project.json itself.
Project load(const std::filesystem::path& folder);
std::string loadText(
    const std::filesystem::path& folder);  // of its project.json; refuses what is no file, or too large
// Atomic. Makes the folder, its .gitignore and artifacts/ where missing. Throws Error{Environment} while another
// process holds the edit lock.
void save(const Project& project, const std::filesystem::path& folder);
void completeFolder(const std::filesystem::path& folder);                 // .gitignore and artifacts/ where missing
std::filesystem::path projectFolder(const std::filesystem::path& given);  // accepts the folder or its project.json

// A folder of resources/templates.
struct Template {
  std::string id;  // "digits-cnn": the folder's name
  std::string title, description;
  Project project() const;  // read anew each time: a network of 400 nodes takes some milliseconds
};
// Templates about one kind of data, simple ones first.
struct Topic {
  std::string id, title;  // "vision", "Pictures"
  std::vector<Template> templates;
};
// As resources/templates/topics.json lists them. Reads no graphs.
const std::vector<Topic>& topics();
const std::vector<Template>& templates();  // those of all topics
// Throws Error{Input} with the nearest known name.
const Template& findTemplate(const std::string& id);
// A new folder with the template's project. Throws Error{Input} if the folder exists and is not empty.
Project createProject(const std::filesystem::path& folder, const std::string& templateId);

// Changes run settings ("epochs"), variables ("hidden"), settings of the data ("data.target") and node parameters
// ("conv1.kernel_size") by name, as typed. Throws Error{Input}.
void setByName(Project& project, const std::string& name, const std::string& text);

}  // namespace netwright::project
