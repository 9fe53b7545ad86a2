// SPDX-License-Identifier: Apache-2.0
// Small templates for pictures learn what they promise, on a processor, from a part of their data.
#include <gtest/gtest.h>

#include "core/run/metric.h"
#include "tests/core/train/recording.h"
#include "tests/support/temp_folder.h"

namespace netwright::train {
namespace {

// The metric of the samples held back, after the last epoch; on one thread, so that it is always the same.
double trained(const project::Project& given, const std::string& metric) {
  project::Project p = given;
  p.run.threads = 1;
  p.run.device = "cpu";
  const test::TempFolder folder;
  const auto epochs = record(folder.path(), p).all<run::EpochFinished>();
  const double value = epochs.back().values.at("val/" + metric);
  std::printf("%s: %s %.4f\n", p.name.c_str(), metric.c_str(), value);
  return value;
}

TEST(TemplateTraining, LeNetReadsDigits) {
  project::Project p = project::findTemplate("lenet").project();
  p.data.validation = 0.3;  // leaves 42,000 digits to learn from
  p.run.epochs = 1;
  EXPECT_GE(trained(p, "accuracy"), 0.96);
}

TEST(TemplateTraining, TheAutoencoderDrawsDigitsAgain) {
  project::Project p = project::findTemplate("autoencoder").project();
  p.data.validation = 0.3;
  p.run.epochs = 1;
  EXPECT_GE(trained(p, "r2"), 0.78);
}

TEST(TemplateTraining, TheUNetFindsShapes) {
  project::Project p = project::findTemplate("unet").project();
  p.data.params["samples"] = int64_t{700};
  EXPECT_GE(trained(p, "f1"), 0.8);
}

}  // namespace
}  // namespace netwright::train
