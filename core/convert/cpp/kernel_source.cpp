// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/kernel_source.h"

#include <sstream>

namespace netwright::convert::cpp {
namespace {

constexpr std::string_view kOwn = "core/convert/cpp/kernels/";
constexpr std::string_view kNamespace = "namespace netwright::convert::cpp::kernels";

class Collector {
 public:
  void add(const std::string& name) {
    if (!seen_.insert(name).second) return;
    std::istringstream in(files_.at(name));
    std::string body;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
      if (line.rfind("#include", 0) == 0)
        include(line.substr(9));
      else if (line.rfind("}  // " + std::string(kNamespace), 0) == 0)
        inside = false;
      else if (inside)
        body += line + "\n";
      else
        inside = line.rfind(kNamespace, 0) == 0;
    }
    const size_t begin = body.find_first_not_of('\n'), end = body.find_last_not_of('\n');
    result.text += (result.text.empty() ? "" : "\n") + body.substr(begin, end - begin + 1) + "\n";
  }
  KernelSource result;

 private:
  void include(const std::string& what) {
    const size_t own = what.find(kOwn);
    if (own == std::string::npos) {
      result.includes.insert(what);
      return;
    }
    const size_t begin = own + kOwn.size();
    add(what.substr(begin, what.find(".h", begin) - begin));
  }

  const std::map<std::string, std::string> files_ = kernelFiles();
  std::set<std::string> seen_;
};

}  // namespace

KernelSource kernelSource(const std::set<std::string>& names) {
  Collector collector;
  for (const std::string& name : names) collector.add(name);
  return std::move(collector.result);
}

}  // namespace netwright::convert::cpp
