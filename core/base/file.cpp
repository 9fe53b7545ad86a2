// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include "core/base/error.h"

namespace netwright {
namespace fs = std::filesystem;
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

[[noreturn]] void failWrite(const fs::path& path, const fs::path& temporary, int error) {
  if (!temporary.empty()) ::unlink(temporary.c_str());
  failEnvironment(fmt::format("Could not write {}.", path.string()), fmt::format("{}.", std::strerror(error)),
                  error == ENOSPC ? "Free some disk space and save again; the old file is unchanged."
                                  : "Choose a folder that you may write to; nothing was changed.");
}

}  // namespace

std::string readFile(const fs::path& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) failEnvironment(fmt::format("{} is a folder, not a file.", path.string()), "", "");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    failEnvironment(fmt::format("Could not read {}.", path.string()), fmt::format("{}.", std::strerror(errno)),
                    "Check the path.");
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) failEnvironment(fmt::format("Could not read {} to its end.", path.string()), "", "Check the disk.");
  return content;
}

void writeFileAtomic(const fs::path& path, std::string_view content) {
  std::string pattern = path.string() + ".XXXXXX";
  FileDescriptor file(::mkstemp(pattern.data()));
  if (file.get() < 0) failWrite(path, {}, errno);
  for (size_t done = 0; done < content.size();) {
    const ssize_t n = ::write(file.get(), content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) failWrite(path, pattern, errno);
    done += static_cast<size_t>(n);
  }
  if (::fchmod(file.get(), 0644) != 0 || ::fsync(file.get()) != 0) failWrite(path, pattern, errno);
  if (::close(file.release()) != 0) failWrite(path, pattern, errno);
  if (::rename(pattern.c_str(), path.c_str()) != 0) failWrite(path, pattern, errno);
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const FileDescriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));
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
