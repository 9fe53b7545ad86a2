// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/work_folder.h"
#include "core/project/archive.h"
#include "core/project/archive_entry.h"
#include "core/project/project.h"
#include "core/store/snapshot.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

constexpr uint16_t kFirstOfJanuary1980 = (1 << 5) | 1;  // the earliest date that zip knows

struct File {
  std::string name;  // in the archive
  fs::path path;
};

struct Content {
  std::vector<File> files;
  std::vector<LeftOut> leftOut;
};

// What only this machine or the runs need, at the top of a project folder.
bool isReserved(const std::string& name) {
  return name == "project.json" || name == "artifacts" || name.rfind("runs.sqlite", 0) == 0;
}

void addFile(Content& content, const std::string& name, const fs::path& path) {
  const auto leaveOut = [&](std::string reason) { content.leftOut.push_back({name, std::move(reason)}); };
  const fs::file_status status = fs::symlink_status(path);
  if (fs::is_symlink(status)) return leaveOut("is a link");
  if (!fs::is_regular_file(status)) return leaveOut("is no ordinary file");
  if (std::string problem = nameProblem(name); !problem.empty()) return leaveOut("its name " + problem);
  content.files.push_back({name, path});
}

// `name` is that of the folder in the archive, empty for the project itself.
void addFolder(Content& content, const std::string& name, const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (file.front() == '.' || (name.empty() && isReserved(file))) continue;
    const std::string inside = name.empty() ? file : name + "/" + file;
    if (entry.is_directory() && !entry.is_symlink())
      addFolder(content, inside, entry.path());
    else
      addFile(content, inside, entry.path());
  }
}

void addData(Content& content, const std::string& path, const fs::path& folder) {
  if (path.empty() || path.rfind("builtin:", 0) == 0) return;
  const auto leaveOut = [&](const char* reason) { content.leftOut.push_back({path, reason}); };
  std::error_code ec;
  const fs::path data = fs::canonical(folder / path, ec);
  if (ec) return leaveOut("does not exist");
  const fs::path inside = data.lexically_relative(fs::canonical(folder));
  if (inside.empty() || *inside.begin() == "..") return leaveOut("lies outside the project folder");
  if (fs::is_directory(data)) return addFolder(content, inside == "." ? "" : inside.string(), data);
  addFile(content, inside.string(), data);
}

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

[[noreturn]] void failPacking(const fs::path& output, const char* why) {
  failEnvironment(fmt::format("Could not pack {}.", output.string()), fmt::format("{}.", why),
                  "Check the disk; an older archive is unchanged.");
}

void write(const std::vector<File>& files, const fs::path& made, const fs::path& output) {
  int code = 0;
  std::unique_ptr<zip_t, Discard> archive(zip_open(made.c_str(), ZIP_CREATE | ZIP_EXCL, &code));
  if (!archive) failPacking(output, std::strerror(errno));
  for (const File& file : files) {
    zip_source_t* source = zip_source_file(archive.get(), file.path.c_str(), 0, -1);
    const zip_int64_t at = source ? zip_file_add(archive.get(), file.name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) failPacking(output, zip_strerror(archive.get()));
    const auto index = static_cast<zip_uint64_t>(at);
    zip_set_file_compression(archive.get(), index, ZIP_CM_DEFLATE, 6);
    zip_file_set_dostime(archive.get(), index, 0, kFirstOfJanuary1980, 0);
    zip_file_set_external_attributes(archive.get(), index, 0, ZIP_OPSYS_UNIX, zip_uint32_t{S_IFREG | 0644} << 16);
  }
  if (zip_close(archive.get()) != 0) failPacking(output, zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  const int fd = ::open(made.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) failPacking(output, std::strerror(errno));
  ::close(fd);
}

}  // namespace

Packed pack(const PackRequest& request) {
  const fs::path folder = projectFolder(request.folder);
  const Project project = load(folder);
  WorkFolder work(request.output);
  Content content;
  try {
    content.files.push_back({"project.json", projectFile(folder)});
    addData(content, project.data.path, folder);
    if (request.withRuns) {
      if (fs::exists(databaseFile(folder))) {
        store::copyDatabase(databaseFile(folder), work.path() / "runs.sqlite");
        content.files.push_back({"runs.sqlite", work.path() / "runs.sqlite"});
      }
      if (fs::is_directory(folder / "artifacts")) addFolder(content, "artifacts", folder / "artifacts");
    }
  } catch (const fs::filesystem_error& e) {
    failPacking(request.output, e.what());
  }
  std::sort(content.files.begin(), content.files.end(), [](const File& a, const File& b) { return a.name < b.name; });
  write(content.files, work.path() / "archive", request.output);
  work.put(work.path() / "archive");
  return {static_cast<int64_t>(content.files.size()), static_cast<int64_t>(fs::file_size(request.output)),
          std::move(content.leftOut)};
}

}  // namespace netwright::project
