// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/data_config.h"
#include "core/project/project.h"
#include "core/run/engine_client.h"
#include "core/store/check.h"
#include "core/store/recorder.h"

namespace netwright::cli {
namespace {

namespace fs = std::filesystem;

struct Finding {
  std::string part, detail, mend;
  bool ok = true;
};

// Runs a check; an Error becomes a finding with what, why and how to mend it.
Finding check(const std::string& part, const std::function<std::string()>& probe) try {
  return {part, probe(), "", true};
} catch (const Error& e) {
  return {part, e.why.empty() ? e.title : e.title + " " + e.why, e.next, false};
}

std::string engineDetail() {
  run::EngineClient engine;
  const run::Reply reply = engine.request(run::Describe{}).reply;
  std::vector<std::string> devices;
  for (const auto& [key, value] : reply.texts)
    if (key.rfind("device ", 0) == 0) devices.push_back(fmt::format("{} ({})", key.substr(7), value));
  return fmt::format("LibTorch {}, {} threads; {}", reply.texts.at("libtorch"), reply.values.at("threads"),
                     joined(devices, ", "));
}

std::string databaseDetail() {
  const fs::path folder = fs::temp_directory_path() / fmt::format("netwright-doctor-{}", ::getpid());
  fs::create_directories(folder);
  struct Cleaner {
    fs::path folder;
    ~Cleaner() { fs::remove_all(folder); }
  } cleaner{folder};
  store::Recorder recorder(project::databaseFile(folder));
  recorder.beginRun({});
  if (!recorder.flush())
    failEnvironment("The database could not be written.", recorder.failure().value_or(""), "Free some disk space.");
  return fmt::format("SQLite {}, writable", store::sqliteVersion());
}

std::string librariesDetail() {
  return fmt::format("zlib {}, libzip {}, {}, fmt {}.{}.{}", zlibVersion(), zip_libzip_version(),
                     OpenSSL_version(OPENSSL_VERSION), FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

// What the window says of itself; it needs no display for that.
std::string windowDetail() {
  const fs::path program = executableFolder() / "netwright";
  if (!fs::exists(program)) return "not installed here: the command line can do everything";
  const std::string command = fmt::format("'{}' --version 2>&1", program.string());
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  std::array<char, 256> buffer{};
  while (pipe && std::fgets(buffer.data(), buffer.size(), pipe)) text += buffer.data();
  if (!pipe || ::pclose(pipe) != 0)
    failEnvironment(fmt::format("{} does not start.", program.string()), text.substr(0, text.find('\n')),
                    "Install Qt 6 (./setup does it), or build again.");
  return text.substr(0, text.find('\n'));
}

std::string projectDetail(const fs::path& folder) {
  const auto found = store::checkDatabase(folder, project::databaseFile(folder));
  if (found.empty()) return fmt::format("{}: its database is sound", folder.string());
  failInput(fmt::format("{}: {}", folder.string(), found.front().what),
            found.size() > 1 ? fmt::format("And {} more.", found.size() - 1) : "",
            found.front().next + " 'netwright-cli project check' tells everything.");
}

std::string writeDetail() {
  const fs::path here = fs::current_path();
  if (::access(here.c_str(), W_OK) != 0)
    failEnvironment(fmt::format("You may not write to {}.", here.string()), "", "Change to a folder of your own.");
  return fmt::format("{}, {} free", here.string(), byteText(static_cast<double>(fs::space(here).available)));
}

std::string displayDetail() {
  for (const char* name : {"WAYLAND_DISPLAY", "DISPLAY"})
    if (const char* value = std::getenv(name)) return fmt::format("{}={}", name, value);
  return "none: the window cannot open here, the command line can do everything";
}

}  // namespace

void addDoctor(CLI::App& app) {
  CLI::App* command = app.add_subcommand("doctor", "Check that everything Netwright needs is there.");
  auto json = std::make_shared<bool>(false);
  auto folder = std::make_shared<std::string>();
  command->add_option("PROJECT", *folder, "Look at this project's database too; by default the present folder's.");
  command->add_flag("--json", *json, "Answer as JSON.");
  command->callback([json, folder] {
    std::vector<Finding> findings{
        check("engine", engineDetail),
        check("resources",
              [] { return fmt::format("{} templates in {}", project::templates().size(), resourceFolder().string()); }),
        check("sample data", [] { return fmt::format("MNIST, {} columns", data::describeData({}, "").size()); }),
        check("libraries", librariesDetail),
        check("database", databaseDetail),
        check("window", windowDetail),
        check("folder", writeDetail),
        check("display", displayDetail),
    };
    if (!folder->empty() || fs::exists("project.json"))
      findings.push_back(check("project", [&] {
        return projectDetail(project::projectFolder(folder->empty() ? fs::current_path() : fs::path(*folder)));
      }));
    bool allGood = true;
    Json list = Json::array();
    for (const Finding& f : findings) {
      allGood &= f.ok;
      list.push_back({{"part", f.part}, {"ok", f.ok}, {"detail", f.detail}, {"mend", f.mend}});
      if (*json) continue;
      fmt::print("{} {:12} {}\n", f.ok ? green("✓") : red("✗"), f.part, f.detail);
      if (!f.ok && !f.mend.empty()) fmt::print("  {:12} {}\n", "", f.mend);
    }
    if (*json) printJson({{"ok", allGood}, {"version", NETWRIGHT_VERSION}, {"checks", list}});
    if (!allGood) setExitCode(kEnvironmentError);
  });
}

}  // namespace netwright::cli
