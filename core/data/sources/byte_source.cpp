// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <vector>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr size_t kInputBuffer = size_t{256} << 10;
constexpr int64_t kMostExpansion = 1032;  // of deflate: 258 bytes from 2 bits
constexpr int kGzip = 15 + 16;            // window bits: gzip with its check sum

}  // namespace

struct ByteSource::State {
  std::filesystem::path path;
  int fd = -1;
  int64_t size = 0, position = 0;  // of the file on disk
  bool compressed = false, ended = false;
  z_stream stream{};
  std::vector<uint8_t> input;

  ~State() {
    if (compressed) inflateEnd(&stream);
    if (fd >= 0) ::close(fd);
  }

  [[noreturn]] void fail(const std::string& what, std::string why) const {
    failInput(fmt::format("{} {}", path.filename().string(), what), std::move(why), "Get the file again.");
  }

  void open() {
    struct stat info{};
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe must not block
    if (fd < 0 || ::fstat(fd, &info) != 0)
      failInput(fmt::format("Could not read {}.", path.string()), fmt::format("{}.", std::strerror(errno)),
                "Check the path.");
    if (!S_ISREG(info.st_mode)) failInput(fmt::format("{} is not a file.", path.string()), "", "Choose a file.");
    size = info.st_size;
    uint8_t magic[2] = {};
    compressed = ::pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    if (!compressed) return;
    input.resize(kInputBuffer);
    if (inflateInit2(&stream, kGzip) != Z_OK) throw std::bad_alloc();
  }

  size_t readDisk(std::span<uint8_t> out) {
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::read(fd, out.data() + done, out.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("could not be read to its end.", fmt::format("{}.", std::strerror(errno)));
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    position += static_cast<int64_t>(done);
    return done;
  }

  // False at the end of the file.
  bool refill() {
    if (stream.avail_in > 0) return true;
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(readDisk(input));
    return stream.avail_in > 0;
  }

  size_t unpack(std::span<uint8_t> out) {
    size_t done = 0;
    while (done < out.size() && !ended) {
      if (!refill()) fail("is cut off.", fmt::format("The compressed data stops after {} bytes.", grouped(size)));
      const size_t room = std::min<size_t>(out.size() - done, std::numeric_limits<uInt>::max());
      stream.next_out = out.data() + done;
      stream.avail_out = static_cast<uInt>(room);
      const int result = inflate(&stream, Z_NO_FLUSH);
      done += room - stream.avail_out;
      if (result == Z_STREAM_END)
        finish();
      else if (result != Z_OK && result != Z_BUF_ERROR)
        fail("is damaged.", fmt::format("Unpacking stopped at byte {} of {}: {}.", grouped(position - stream.avail_in),
                                        grouped(size), stream.msg ? stream.msg : zError(result)));
    }
    return done;
  }

  void finish() {
    ended = true;
    if (const int64_t left = size - position + stream.avail_in; left > 0)
      fail(fmt::format("has {} bytes after the end of its compressed data.", grouped(left)), "");
  }
};

ByteSource::ByteSource(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->open();
}

ByteSource::~ByteSource() = default;

size_t ByteSource::read(std::span<uint8_t> out) {
  return state_->compressed ? state_->unpack(out) : state_->readDisk(out);
}
int64_t ByteSource::fileSize() const { return state_->size; }
bool ByteSource::isCompressed() const { return state_->compressed; }

int64_t ByteSource::mostBytesLeft() const {
  const int64_t left = std::max<int64_t>(state_->size - state_->position, 0);
  // A large file may be in the buffer already, so the bound of a packed one counts from its start.
  return state_->compressed ? state_->size * kMostExpansion : left;
}

std::string readBytes(const std::filesystem::path& path, int64_t most) {
  ByteSource source(path);
  std::string bytes;
  if (!source.isCompressed() && source.fileSize() <= most) bytes.reserve(static_cast<size_t>(source.fileSize()) + 1);
  for (size_t got = 1; got > 0;) {
    const size_t before = bytes.size();
    bytes.resize(before + kInputBuffer);
    got = source.read({reinterpret_cast<uint8_t*>(bytes.data()) + before, kInputBuffer});
    bytes.resize(before + got);
    if (static_cast<int64_t>(bytes.size()) > most)
      failInput(fmt::format("{} holds more than {}.", path.filename().string(), byteText(static_cast<double>(most))),
                "That is a quarter of this machine's memory, which is as much as one data set may take.",
                "Use a smaller file, or a machine with more memory.");
  }
  return bytes;
}

}  // namespace netwright::data
