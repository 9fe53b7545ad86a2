// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright {
namespace fs = std::filesystem;
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void failWrite(const fs::path& path, const fs::path& temporary, int error) {
  if (!temporary.empty()) ::unlink(temporary.c_str());
  failEnvironment(fmt::format("Could not write {}.", path.string()), fmt::format("{}.", std::strerror(error)),
                  error == ENOSPC ? "Free some disk space and save again; the old file is unchanged."
                                  : "Choose a folder that you may write to; nothing was changed.");
}

// A file that nobody but its maker uses, beside the target. Its maker holds a lock on it, so what a killed process left
// is known by its lock being free.
FileDescriptor lockedTemporary(const fs::path& path, std::string& name) {
  for (;;) {
    name = (path.parent_path() / fmt::format(".{}.XXXXXX.tmp", path.filename().string().substr(0, 200))).string();
    FileDescriptor file(::mkostemps(name.data(), 4, O_CLOEXEC));
    if (file.get() < 0) failWrite(path, {}, errno);
    struct stat info{};
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0 && (::fstat(file.get(), &info) != 0 || info.st_nlink == 0))
      continue;  // taken for a left one between the two calls
    return file;
  }
}

bool isTemporaryName(const std::string& name) {
  return name.size() > 12 && name.front() == '.' && name.ends_with(".tmp") && name[name.size() - 11] == '.';
}

}  // namespace

void removeLeftTemporaries(const fs::path& folder) {
  std::error_code ec;
  for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    if (!isTemporaryName(it->path().filename().string())) continue;
    const FileDescriptor left(::open(it->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (left.get() < 0 || ::flock(left.get(), LOCK_EX | LOCK_NB) != 0) continue;
    std::error_code ignored;
    fs::remove_all(it->path(), ignored);
  }
}

std::string readRegularFile(const fs::path& path, uintmax_t limit) {
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0) {
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
      failInput(fmt::format("{} is no ordinary file.", path.string()), "It is a device, a pipe or a socket.",
                "Put an ordinary file there.");
    if (S_ISREG(info.st_mode) && static_cast<uintmax_t>(info.st_size) > limit)
      failInput(fmt::format("{} has {}, too much for such a file.", path.string(),
                            byteText(static_cast<double>(info.st_size))),
                fmt::format("At most {} are read.", byteText(static_cast<double>(limit))),
                "Restore the file from version control or a backup.");
  }
  return readFile(path);
}

std::string readFile(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) failEnvironment(fmt::format("{} is a folder, not a file.", path.string()), "", "");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    failEnvironment(fmt::format("Could not read {}.", path.string()), fmt::format("{}.", std::strerror(errno)),
                    "Check the path.");
  std::string content;
  const uintmax_t expected = fs::file_size(path, ec);  // of no use for devices and what the kernel makes up
  if (!ec) content.reserve(expected);
  for (char block[65536]; in.read(block, sizeof(block)) || in.gcount() > 0;)
    content.append(block, static_cast<size_t>(in.gcount()));
  if (in.bad()) failEnvironment(fmt::format("Could not read {} to its end.", path.string()), "", "Check the disk.");
  return content;
}

void writeFileAtomic(const fs::path& path, std::string_view content) {
  Chunks one;
  one.borrow(content);
  writeFileAtomic(path, one);
}

void writeFileAtomic(const fs::path& path, const Chunks& content) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  removeLeftTemporaries(folder);
  std::string temporary;
  const FileDescriptor file = lockedTemporary(path, temporary);
  for (const std::string_view piece : content.pieces())
    for (size_t done = 0; done < piece.size();) {
      const ssize_t n = ::write(file.get(), piece.data() + done, piece.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) failWrite(path, temporary, errno);
      done += static_cast<size_t>(n);
    }
  if (::fchmod(file.get(), 0644) != 0 || ::fsync(file.get()) != 0) failWrite(path, temporary, errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) failWrite(path, temporary, errno);
  syncFolder(folder);
}

void syncFolder(const fs::path& folder) {
  const FileDescriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() >= 0) ::fsync(dir.get());
}

std::string sha256Hex(std::span<const std::byte> data) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(data.data(), data.size(), digest, &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::string sha256Hex(std::string_view data) { return sha256Hex(std::as_bytes(std::span(data.data(), data.size()))); }

fs::path executableFolder() {
  std::error_code ec;
  const fs::path self = fs::read_symlink("/proc/self/exe", ec);
  return ec ? fs::current_path() : self.parent_path();
}

fs::path resourceFolder() {
  const char* given = std::getenv("NETWRIGHT_RESOURCES");
  const fs::path folder = given ? fs::path(given) : executableFolder().parent_path() / "share" / "netwright";
  if (!fs::is_directory(folder))
    failEnvironment(fmt::format("The program's resources are missing: {} does not exist.", folder.string()), "",
                    "Reinstall Netwright, or set NETWRIGHT_RESOURCES to the resources folder.");
  return folder;
}

fs::path engineProgram() {
  if (const char* given = std::getenv("NETWRIGHT_ENGINE")) return given;
  return executableFolder() / "netwright-engine";
}

}  // namespace netwright
