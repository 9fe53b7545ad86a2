// SPDX-License-Identifier: Apache-2.0
#include "core/base/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace netwright {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void failRead(const fs::path& path, const std::string& why) {
  failEnvironment(fmt::format("Could not read {}.", path.string()), why, "Check the path and the disk.");
}

int openForReading(const fs::path& path, uint64_t& size) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) failRead(path, fmt::format("{}.", std::strerror(errno)));
  struct stat info{};
  if (::fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
    size = static_cast<uint64_t>(info.st_size);
    return file;
  }
  ::close(file);
  failRead(path, "It is no ordinary file.");
}

}  // namespace

InputFile::InputFile(fs::path path) : path_(std::move(path)), file_(openForReading(path_, size_)) {}

InputFile::~InputFile() { ::close(file_); }

void InputFile::read(uint64_t at, std::span<std::byte> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(file_, into.data(), into.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) failRead(path_, got == 0 ? "It ends before its time." : fmt::format("{}.", std::strerror(errno)));
    at += static_cast<uint64_t>(got);
    into = into.subspan(static_cast<size_t>(got));
  }
}

std::string InputFile::read(uint64_t at, size_t count) const {
  std::string bytes(count, '\0');
  read(at, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

MappedFile::MappedFile(const fs::path& path) {
  uint64_t size = 0;
  const int file = openForReading(path, size);
  void* place = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  const int error = errno;
  ::close(file);
  if (place == MAP_FAILED) failRead(path, fmt::format("{}.", std::strerror(error)));
  bytes_ = {static_cast<const char*>(place), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

std::string sha256OfFile(const fs::path& path) {
  const InputFile file(path);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> sum(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr);
  std::vector<std::byte> block(size_t{1} << 20);
  for (uint64_t at = 0; at < file.size(); at += block.size()) {
    block.resize(std::min<uint64_t>(block.size(), file.size() - at));
    file.read(at, block);
    EVP_DigestUpdate(sum.get(), block.data(), block.size());
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(sum.get(), digest, &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace netwright
