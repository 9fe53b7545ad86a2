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
#include "core/base/text.h"
#include "core/base/work_folder.h"
#include "core/project/archive.h"
#include "core/project/archive_entry.h"
#include "core/project/project.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

constexpr const char* kAskAgain = "Ask for the archive again; nothing was unpacked.";
constexpr zip_uint16_t kLinkField = 0x000d;  // PKWARE's extra field for Unix: behind 12 bytes, the target of a link
constexpr zip_uint16_t kLinkFieldStart = 12;
constexpr size_t kPiece = 256 * 1024;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

// Refuses archives with whole sentences that begin with the archive's path.
class Refusal {
 public:
  explicit Refusal(const fs::path& path) : path_(path) {}
  [[noreturn]] void operator()(const std::string& what, const std::string& why = "") const {
    failInput(fmt::format("{} {}", path_.string(), what), why, kAskAgain);
  }

 private:
  const fs::path& path_;
};

Archive openArchive(const fs::path& path, const Refusal& refuse) {
  if (!fs::is_regular_file(path))
    failEnvironment(fmt::format("There is no archive {}.", path.string()), "", "Check the path.");
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string why = fmt::format("{}.", zip_error_strerror(&error));
  zip_error_fini(&error);
  if (code == ZIP_ER_OPEN)
    failEnvironment(fmt::format("Could not read {}.", path.string()), why, "Check the path and who may read it.");
  if (code == ZIP_ER_NOZIP) refuse("is no Netwright archive.", "It is not in the zip format, or it was cut off.");
  refuse("is damaged.", why);
}

bool hasLinkField(zip_t* archive, uint64_t index) {
  for (const zip_flags_t where : {ZIP_FL_CENTRAL, ZIP_FL_LOCAL}) {
    zip_uint16_t length = 0;
    if (zip_file_extra_field_get_by_id(archive, index, kLinkField, 0, &length, where) && length > kLinkFieldStart)
      return true;
  }
  return false;
}

ArchiveEntry readEntry(zip_t* archive, uint64_t index, const Refusal& refuse) {
  zip_stat_t stat;
  if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) != 0)
    refuse("is damaged.", fmt::format("Entry {} has no description.", index + 1));
  ArchiveEntry entry{stat.name, index, stat.size, stat.comp_size, 0};
  if (stat.encryption_method != ZIP_EM_NONE) refuse("is encrypted.", "Netwright reads open archives only.");
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
    refuse(fmt::format("packs '{}' in a way that Netwright does not know.", entry.name),
           fmt::format("Method {}; known are 0 and 8.", stat.comp_method));
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  zip_file_get_external_attributes(archive, index, 0, &system, &attributes);
  entry.mode = attributes >> 16;
  return entry;
}

void checkKind(zip_t* archive, const ArchiveEntry& entry, const Refusal& refuse) {
  const std::string problem = nameProblem(entry.name);
  if (!problem.empty())
    refuse(fmt::format("holds the name '{}', which {}.", entry.name.substr(0, 80), problem),
           "Such a name could write outside the project.");
  const uint32_t kind = entry.mode & S_IFMT;
  if (kind == S_IFLNK || hasLinkField(archive, entry.index))
    refuse(fmt::format("holds the link '{}'.", entry.name), "Links could lead outside the project.");
  if (kind != 0 && kind != S_IFREG && kind != S_IFDIR)
    refuse(fmt::format("holds '{}', which is a device, a pipe or a socket.", entry.name));
  if ((kind == S_IFDIR && !entry.isFolder()) || (entry.isFolder() && (entry.size > 0 || kind == S_IFREG)))
    refuse(fmt::format("is damaged: '{}' is a file and a folder.", entry.name));
}

uint64_t totalSize(const std::vector<ArchiveEntry>& entries, uint64_t archiveSize, const UnpackLimits& limits,
                   const Refusal& refuse) {
  uint64_t size = 0, packed = 0;
  for (const ArchiveEntry& entry : entries) {
    if (entry.size > limits.bytes - size)
      refuse("would fill the disk.",
             fmt::format("It unpacks to more than {}.", byteText(static_cast<double>(limits.bytes))));
    size += entry.size;
    if (entry.packed > archiveSize - packed)
      refuse("is damaged or a bomb: its entries overlap.", "Together they are longer than the archive.");
    packed += entry.packed;
  }
  if (size > limits.alwaysFine && size / limits.ratio > archiveSize)
    refuse(fmt::format("looks like a bomb: {} would become {}.", byteText(static_cast<double>(archiveSize)),
                       byteText(static_cast<double>(size))),
           fmt::format("A project shrinks to a {}th at most.", limits.ratio));
  return size;
}

std::vector<ArchiveEntry> checkedEntries(zip_t* archive, uint64_t archiveSize, const UnpackLimits& limits,
                                         const Refusal& refuse) {
  const auto count = static_cast<uint64_t>(std::max<zip_int64_t>(zip_get_num_entries(archive, 0), 0));
  if (count > limits.entries)
    refuse(fmt::format("holds {} files.", grouped(static_cast<int64_t>(count))),
           fmt::format("At most {} are unpacked.", grouped(static_cast<int64_t>(limits.entries))));
  std::vector<ArchiveEntry> entries;
  for (uint64_t i = 0; i < count; ++i) {
    entries.push_back(readEntry(archive, i, refuse));
    checkKind(archive, entries.back(), refuse);
  }
  if (const std::string problem = collision(entries); !problem.empty())
    refuse("holds names that meet in one file.", problem);
  if (std::none_of(entries.begin(), entries.end(), [](const ArchiveEntry& e) { return e.name == "project.json"; }))
    refuse("is no Netwright archive.", "It holds no project.json.");
  totalSize(entries, archiveSize, limits, refuse);
  return entries;
}

// The names were checked and the folder is fresh and ours, so each path is inside; nothing that is there is followed.
void unpackFile(zip_t* archive, const ArchiveEntry& entry, const fs::path& path, const Refusal& refuse) {
  const std::unique_ptr<zip_file_t, CloseEntry> in(zip_fopen_index(archive, entry.index, 0));
  if (!in) refuse(fmt::format("is damaged at '{}'.", entry.name), fmt::format("{}.", zip_strerror(archive)));
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  const auto failWriting = [&] {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    failEnvironment(fmt::format("Could not unpack {}.", entry.name), fmt::format("{}.", std::strerror(error)),
                    "Free some disk space or choose another place; nothing was unpacked.");
  };
  if (fd < 0) failWriting();
  std::vector<char> piece(kPiece);
  uint64_t done = 0;
  for (zip_int64_t n = 0; (n = zip_fread(in.get(), piece.data(), piece.size())) != 0;
       done += static_cast<uint64_t>(n)) {
    if (n < 0 || static_cast<uint64_t>(n) > entry.size - done) break;
    for (zip_int64_t written = 0; written < n;) {
      const ssize_t w = ::write(fd, piece.data() + written, static_cast<size_t>(n - written));
      if (w < 0 && errno != EINTR) failWriting();
      written += std::max<ssize_t>(w, 0);
    }
  }
  if (done == entry.size && ::fsync(fd) != 0) failWriting();
  ::close(fd);
  if (done != entry.size || zip_error_code_zip(zip_file_get_error(in.get())) != ZIP_ER_OK)
    refuse(fmt::format("is damaged at '{}'.", entry.name), "Its bytes are not those that were packed.");
}

void requireFree(const fs::path& folder) {
  std::error_code ec;
  const fs::file_status status = fs::symlink_status(folder, ec);
  if (fs::exists(status) && !(fs::is_directory(status) && fs::is_empty(folder, ec)))
    failInput(fmt::format("{} exists already and is not empty.", folder.string()), "",
              "Choose another folder; nothing was changed.");
}

}  // namespace

void unpack(const fs::path& path, const fs::path& folder, const UnpackLimits& limits) {
  const Refusal refuse(path);
  const Archive archive = openArchive(path, refuse);
  const auto entries = checkedEntries(archive.get(), fs::file_size(path), limits, refuse);
  requireFree(folder);
  WorkFolder work(folder);
  for (const ArchiveEntry& entry : entries) {
    const fs::path target = work.path() / entry.name;
    std::error_code ec;
    fs::create_directories(entry.isFolder() ? target : target.parent_path(), ec);
    if (ec)
      failEnvironment(fmt::format("Could not unpack {}.", entry.name), ec.message() + ".",
                      "Choose another place; nothing was unpacked.");
    if (!entry.isFolder()) unpackFile(archive.get(), entry, target, refuse);
  }
  fromText(readFile(projectFile(work.path())), fmt::format("{}: project.json", path.string()));
  completeFolder(work.path());
  work.put(work.path());
}

}  // namespace netwright::project
