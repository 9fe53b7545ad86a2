// SPDX-License-Identifier: Apache-2.0
// weights: opens a file of weights for a project's network and tells where each tensor belongs.
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/open_weights.h"

namespace netwright::cli {
namespace {

using convert::Match;

struct Options {
  std::string folder, file;
  bool apply = false, json = false;
};

const char* howText(Match::How how) {
  switch (how) {
    case Match::How::Name:
      return "name";
    case Match::How::Prefix:
      return "prefix";
    case Match::How::Order:
      return "order";
    case Match::How::None:
      return "none";
  }
  return "none";
}

void print(const project::WeightsOffer& offer) {
  const convert::MatchTable& table = offer.table;
  for (const Match& m : table.weights) {
    const bool found = m.how != Match::How::None;
    const std::string sign = found ? m.how == Match::How::Order ? yellow("~") : green("✓") : yellow("–");
    fmt::print("{} {:32} {:32} {}\n", sign, m.weight, found ? m.tensor : "", dim(m.note));
  }
  for (const std::string& name : table.unused) fmt::print("{} {:32} {:32} {}\n", dim(" "), "", name, dim("Not used."));
  fmt::print("{} of {} weights are in the file; {} of its tensors are not used.\n", table.matched(),
             table.weights.size(), table.unused.size());
}

void open(const Options& o) {
  const auto folder = project::projectFolder(o.folder);
  project::Project p = project::load(folder);
  const project::WeightsOffer offer = project::offerWeights(p, o.file);
  std::string start;
  if (o.apply) {
    start = project::keepWeights(offer, folder);
    run::setRunParam(p.run, "start", start);
    project::save(p, folder);
  }
  if (o.json) {
    Json weights = Json::array();
    for (const Match& m : offer.table.weights)
      weights.push_back(
          {{"weight", m.weight}, {"shape", m.shape}, {"how", howText(m.how)}, {"tensor", m.tensor}, {"note", m.note}});
    return printJson(
        {{"matched", offer.table.matched()}, {"weights", weights}, {"unused", offer.table.unused}, {"start", start}});
  }
  print(offer);
  if (o.apply)
    fmt::print("{} The next run starts from {}. Back to fresh weights: --set start=init\n", green("✓"),
               start.substr(5));
  else
    fmt::print("Start the next run from them: netwright-cli weights {} {} --apply\n", o.folder, o.file);
}

}  // namespace

void addWeights(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "weights",
      "Open weights from elsewhere (.pth, .safetensors, .onnx) for a project's network and explain the match.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "The project's folder.")->required();
  command->add_option("FILE", o->file, "The file with the weights.")->required();
  command->add_flag("--apply", o->apply, "Let the next run start from the weights that match.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] { open(*o); });
}

}  // namespace netwright::cli
