// SPDX-License-Identifier: Apache-2.0
// Faults of the machine under the built programs: a disk that is full or fails at any write, and too little memory.
// Nothing that was there is lost, the message says what happened. Every 7th write; NW_FAULTS=1 (./test --long) all.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/file.h"
#include "core/project/stored_run.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using ::testing::AnyOf;
using ::testing::HasSubstr;

int stride() {
  const char* given = std::getenv("NW_FAULTS");
  return given ? std::max(1, std::atoi(given)) : 7;
}

class Machine : public ::testing::Test {
 protected:
  Outcome run(const std::string& arguments, const std::string& environment = "") const {
    return test::runShell(fmt::format("cd '{}' && {} '{}/netwright-cli' {}", folder_.path().string(), environment,
                                      NETWRIGHT_BIN_DIR, arguments));
  }
  // The environment that makes `program` fail below folder p from its `at`-th write on; 0: only counts the writes.
  std::string fault(const std::string& program, const std::string& kind, int at) const {
    return fmt::format(
        "env LD_PRELOAD='{}/libnw_full_disk.so' NW_FAULT_FOLDER='{}' NW_FAULT_PROGRAM={} NW_FAULT_ERROR={} "
        "NW_FAULT_AT={} NW_FAULT_COUNT='{}'",
        NETWRIGHT_BIN_DIR, (folder_ / "p").string(), program, kind, at, (folder_ / "count").string());
  }
  int countedWrites() const { return std::stoi(readFile(folder_ / "count")); }

  // A project with a finished run, kept aside as it was.
  void makeTrained() {
    test::makeTinyProject(folder_ / "p");
    ASSERT_EQ(run("train p --epochs 1 --name first").status, 0);
    fs::copy(folder_ / "p", folder_ / "kept", fs::copy_options::recursive);
  }
  void restore() {
    fs::remove_all(folder_ / "p");
    fs::copy(folder_ / "kept", folder_ / "p", fs::copy_options::recursive);
  }
  void expectNothingLost(const std::string& when) const {
    EXPECT_EQ(readFile(folder_ / "p/project.json"), readFile(folder_ / "kept/project.json")) << when;
    const Outcome check =
        test::runShell(fmt::format("sqlite3 '{}' 'PRAGMA integrity_check'", (folder_ / "p/runs.sqlite").string()));
    EXPECT_EQ(check.out, "ok\n") << when << check.err;
    const project::StoredRun first = project::openRun(folder_ / "p", "first");
    EXPECT_EQ(first.checkpoint.weights.size(), 9u) << when;  // reading checks every tensor's hash
  }

  // `arguments` with each fault in turn, in the engine or the command.
  void failAtEachWrite(const std::string& arguments, const std::string& program) {
    restore();
    ASSERT_EQ(run(arguments, fault(program, "full", 0)).status, 0);
    const int writes = countedWrites();
    ASSERT_GT(writes, 3);
    int failed = 0;
    for (const std::string kind : {"full", "io"})
      for (int at = 1; at <= writes; at += at < 4 ? 1 : stride()) {
        restore();
        const Outcome o = run(arguments, fault(program, kind, at));
        const std::string when =
            fmt::format("{}, {} at write {} of {}:\n{}{}", arguments, kind, at, writes, o.out, o.err);
        EXPECT_LT(o.status, 128) << when;
        EXPECT_EQ(o.err.find("unexpected"), std::string::npos) << when;
        if (o.status != 0) {
          ++failed;
          EXPECT_THAT(o.err, AnyOf(HasSubstr("No space left"), HasSubstr("disk is full"),
                                   HasSubstr("Input/output error"), HasSubstr("disk I/O error"),
                                   HasSubstr("unable to open database file"), HasSubstr("readonly database")))
              << when;
        }
        expectNothingLost(when);
      }
    EXPECT_GT(failed, 2) << arguments;
  }

  test::TempFolder folder_;
};

TEST_F(Machine, FullOrFailingDiskLosesNothingOfATrainingRun) {
  makeTrained();
  failAtEachWrite("train p --epochs 1 --name second", "netwright-engine");
}

TEST_F(Machine, FullOrFailingDiskLosesNothingOfAnExport) {
  makeTrained();
  failAtEachWrite("export p first --format onnx -o p/model.onnx", "netwright-cli");
}

// Runs that a full disk stopped go on when there is room again, from the last checkpoint that could be written.
TEST_F(Machine, RunStoppedByAFullDiskGoesOn) {
  makeTrained();
  ASSERT_EQ(run("train p --epochs 3 --name second", fault("netwright-engine", "full", 0)).status, 0);
  const int at = countedWrites() / 2;
  restore();
  const Outcome stopped = run("train p --epochs 3 --name second", fault("netwright-engine", "full", at));
  EXPECT_NE(stopped.status, 0) << stopped.out << stopped.err;
  const Outcome resumed = run("resume p second");
  // Recording runs behind training: all epochs may have been done when the disk was found full.
  EXPECT_TRUE(resumed.status == 0 || resumed.err.find("has finished its 3 epochs") != std::string::npos)
      << resumed.out << resumed.err << "\nafter\n"
      << stopped.out << stopped.err;
}

TEST_F(Machine, TooLittleMemoryNamesTheWeight) {
  test::makeTinyProject(folder_ / "p");
  const Outcome o = run("train p --set fc.out_features=10000000000");
  EXPECT_EQ(o.status, 1);
  EXPECT_EQ(o.err, "✗ The weight fc.weight of 5.8 TB does not fit into memory. Choose smaller sizes for its layer.\n");
}

TEST_F(Machine, TooLittleMemoryWhileComputingNamesTheNode) {
  project::Project p = test::makeTinyProject(folder_ / "p");
  const std::vector<int64_t> apart{200000, 200000}, one{1, 1};
  p.graph = test::chain({1, 8, 8}, {{"conv_transpose2d", "up", {{"out_channels", int64_t{1}}, {"stride", apart}}},
                                    {"adaptive_avg_pool2d", "down", {{"output_size", one}}},
                                    {"flatten", "flatten", {}},
                                    {"linear", "fc", {{"out_features", int64_t{4}}}}});
  project::save(p, folder_ / "p");
  const Outcome o = run("train p");
  EXPECT_EQ(o.status, 1);
  EXPECT_THAT(o.err, HasSubstr("✗ ConvTranspose2d 'up' needs more memory than there is. Choose a smaller batch size"));
  EXPECT_THAT(run("runs list p").out, HasSubstr("FAILED"));
}

}  // namespace
}  // namespace netwright
