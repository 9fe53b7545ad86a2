// SPDX-License-Identifier: Apache-2.0
// R4, R14: files of weights that lie, guided by coverage (libFuzzer). Each input is read as a file of whichever format
// it looks like, and as the pickle within an archive. tests/fuzz/run builds and runs it.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "core/base/error.h"
#include "core/convert/importer.h"
#include "core/convert/wire/zip.h"

namespace {

using namespace netwright;
namespace fs = std::filesystem;

// One for the process; its files are overwritten.
const fs::path& folder() {
  static const fs::path kFolder = [] {
    std::string pattern = (fs::temp_directory_path() / "netwright-fuzz-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) std::abort();
    return fs::path(pattern);
  }();
  return kFolder;
}

// Read, or refused with a reason; what is read is no larger than four times the file.
void read(const fs::path& file, size_t size) {
  try {
    size_t found = 0;
    convert::readWeights(file, [&](const NamedTensor& t) { found += t.tensor.bytes.size(); });
    if (found > 4 * size + 4096) {
      std::fprintf(stderr, "%zu bytes were read from a file of %zu\n", found, size);
      std::abort();
    }
  } catch (const Error& e) {
    if (e.title.empty()) std::abort();
  }
  try {
    (void)convert::readGraph(file);
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const fs::path file = folder() / "file", archive = folder() / "archive.pth";
  std::ofstream(file, std::ios::binary) << bytes;
  read(file, size);
  if (bytes.size() < 2 || bytes[0] != '\x80') return 0;  // no pickle
  convert::ZipWriter zip;
  zip.add("archive/data.pkl", bytes);
  // As large as the largest of the seeds' storages: what reaches behind it is seen at once.
  for (char key = '0'; key <= '9'; ++key) zip.add(std::string("archive/data/") + key, std::string(24, '\x3f'));
  const std::string packed = zip.finish().joined();
  std::ofstream(archive, std::ios::binary) << packed;
  read(archive, packed.size());
  return 0;
}
