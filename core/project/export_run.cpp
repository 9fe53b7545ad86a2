// SPDX-License-Identifier: Apache-2.0
#include "core/project/export_run.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/layers/lower_graph.h"
#include "core/project/prepare.h"
#include "core/project/stored_run.h"
#include "core/store/recorder.h"

namespace netwright::project {
namespace {

class EngineEvaluator final : public convert::Evaluator {
 public:
  explicit EngineEvaluator(run::EngineClient& engine) : engine_(engine) {}
  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) override {
    return engine_.request(run::Predict{}, inputs).tensors;
  }
  std::vector<NamedTensor> evaluateTorchScript(const std::filesystem::path& path,
                                               const std::vector<NamedTensor>& inputs) override {
    return engine_.request(run::RunTorchScript{std::filesystem::absolute(path).string()}, inputs).tensors;
  }

 private:
  run::EngineClient& engine_;
};

// Everything an exporter reads, with the owners of what ExportInput refers to.
struct Material {
  StoredRun stored;
  layers::Lowered lowered;
  convert::ExportInput input;
  explicit Material(const ExportRequest& request)
      : stored(openRun(request.folder, request.run)),
        lowered(layers::lowerGraph(stored.project.graph)),
        input{lowered.program,     stored.project.graph, stored.checkpoint.weights,
              stored.project.name, NETWRIGHT_VERSION,    request.output.filename().string(),
              request.options} {
    if (!lowered.ok()) failWith(lowered.diagnostics);
  }
  Material(const Material&) = delete;
};

// Relative to the project folder if the file is inside, so that the project can move.
std::string recordedPath(const ExportRequest& request) {
  const auto output = std::filesystem::absolute(request.output).lexically_normal();
  const auto inside = output.lexically_relative(std::filesystem::absolute(request.folder).lexically_normal());
  return inside.empty() || *inside.begin() == ".." ? output.string() : inside.string();
}

}  // namespace

Diagnostics checkExport(const ExportRequest& request) {
  const Material material(request);
  return request.format->check(material.input);
}

ExportOutcome exportRun(const ExportRequest& request, run::EngineClient& engine) {
  const Material material(request);
  const std::vector<std::filesystem::path> written = request.format->write(material.input, request.output);
  ExportOutcome outcome{material.stored.summary.name, request.output, 0, {}};
  for (const auto& file : written) outcome.size += static_cast<int64_t>(std::filesystem::file_size(file));
  engine.request(run::LoadModel{std::filesystem::absolute(request.folder).string(),
                                std::to_string(material.stored.summary.id.value)});
  EngineEvaluator evaluator(engine);
  outcome.comparison = request.format->verify(material.input, request.output, evaluator);
  store::Recorder recorder(databaseFile(request.folder));
  recorder.artifact(material.stored.summary.id,
                    {"export", recordedPath(request), outcome.size, sha256Hex(readFile(written.front()))});
  return outcome;
}

}  // namespace netwright::project
