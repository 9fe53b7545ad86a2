// SPDX-License-Identifier: Apache-2.0
#include "core/run/protocol.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/safetensors.h"

namespace netwright::run {

using nlohmann::json;

constexpr int kMaxDepth = 32;
constexpr size_t kHead = 2 * sizeof(uint32_t);

// The fields of each message, once. Missing ones take their defaults, so that fields may be added within a protocol
// version.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Greeting, protocol, role, program, pid)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Attach, follow)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Train, project, runName, overrides, keep)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ResumeRun, project, run, overrides, keep)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Step, epoch)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SetLearningRate, rate, objective)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Trouble, code, what, why, next, node, inputError)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Evaluate, project, run, split)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(LoadModel, project, run)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Predict, values)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RunTorchScript, path)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RunOnnx, path)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Hello, protocol, pid, libtorch, program)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RunStarted, run, name, device, parameters, trainSamples,
                                                validationSamples, batches, epochs, threads, resumedAt)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StateChanged, state)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(CheckpointWritten, path, epoch, step, best)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Failed, code, what, why, next, node, inputError)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SeriesCount, key, context, count)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ControlChanged, yours, program, pid)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(EngineSilent, seconds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(WatchNodes, on)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(EngineLost, what, detail)

namespace {

// JSON has no NaN and no infinities; losses do.
json number(double v) {
  if (std::isfinite(v)) return v;
  return std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf";
}
double numberFrom(const json& j) {
  if (j.is_number()) return j.get<double>();
  const std::string& s = j.get_ref<const std::string&>();
  if (s == "nan") return std::nan("");
  if (s == "inf" || s == "-inf") return s == "inf" ? INFINITY : -INFINITY;
  failEnvironment(fmt::format("The engine sent '{}' where a number was expected.", s.substr(0, 40)), "", "");
}
json numbers(const std::map<std::string, double>& values) {
  json out = json::object();
  for (const auto& [k, v] : values) out[k] = number(v);
  return out;
}
json list(const std::vector<double>& values) {
  json out = json::array();
  for (const double v : values) out.push_back(number(v));
  return out;
}
std::vector<double> listFrom(const json& j) {
  std::vector<double> values;
  for (const json& v : j) values.push_back(numberFrom(v));
  return values;
}
std::map<std::string, double> numbersFrom(const json& j) {
  std::map<std::string, double> values;
  for (const auto& [k, v] : j.items()) values[k] = numberFrom(v);
  return values;
}

}  // namespace

#define NETWRIGHT_EMPTY_MESSAGE(Type)                        \
  void to_json(json& j, const Type&) { j = json::object(); } \
  void from_json(const json&, Type&) {}
NETWRIGHT_EMPTY_MESSAGE(TakeControl)
NETWRIGHT_EMPTY_MESSAGE(Ping)
NETWRIGHT_EMPTY_MESSAGE(Pause)
NETWRIGHT_EMPTY_MESSAGE(Resume)
NETWRIGHT_EMPTY_MESSAGE(SaveCheckpoint)
NETWRIGHT_EMPTY_MESSAGE(Stop)
NETWRIGHT_EMPTY_MESSAGE(Describe)
#undef NETWRIGHT_EMPTY_MESSAGE

void to_json(json& j, const Progress& p) {
  j = {{"epoch", p.epoch},
       {"batch", p.batch},
       {"step", p.step},
       {"seconds", p.seconds},
       {"samplesPerSecond", p.samplesPerSecond},
       {"points", json::array()},
       {"skipped", p.skipped}};
  for (const Point& q : p.points) j["points"].push_back({q.key, q.context, q.step, q.seconds, number(q.value)});
}
void from_json(const json& j, Progress& p) {
  p = {j.at("epoch"),        j.at("batch"), j.at("step"), j.at("seconds"), j.at("samplesPerSecond"), {},
       j.value("skipped", 0)};
  for (const json& q : j.at("points")) p.points.push_back({q.at(0), q.at(1), q.at(2), q.at(3), numberFrom(q.at(4))});
}
void to_json(json& j, const EpochFinished& e) {
  j = {{"epoch", e.epoch}, {"step", e.step}, {"values", numbers(e.values)}};
}
void from_json(const json& j, EpochFinished& e) { e = {j.at("epoch"), j.at("step"), numbersFrom(j.at("values"))}; }
void to_json(json& j, const ValidationSeen& v) {
  j = {{"epoch", v.epoch},
       {"step", v.step},
       {"samples", v.samples},
       {"classes", v.classes},
       {"confusion", v.confusion},
       {"truths", list(v.truths)},
       {"predictions", list(v.predictions)},
       {"shown", json::array()}};
  for (const ValidationSeen::Sample& s : v.shown)
    j["shown"].push_back({s.sample, s.name, number(s.truth), number(s.predicted), number(s.share), s.worst});
}
void from_json(const json& j, ValidationSeen& v) {
  v = {j.at("epoch"),
       j.at("step"),
       j.at("samples"),
       j.at("classes"),
       j.at("confusion"),
       listFrom(j.at("truths")),
       listFrom(j.at("predictions")),
       {},
       {}};
  for (const json& s : j.at("shown"))
    v.shown.push_back({s.at(0), s.at(1), numberFrom(s.at(2)), numberFrom(s.at(3)), numberFrom(s.at(4)), s.at(5)});
}
void to_json(json& j, const NodeStatistics& n) {
  j = {{"step", n.step}, {"nodes", json::array()}};
  for (const NodeStatistics::Node& node : n.nodes)
    j["nodes"].push_back({node.node, number(node.mean), number(node.deviation), number(node.gradient), node.runs});
}
void from_json(const json& j, NodeStatistics& n) {
  n = {j.at("step"), {}};
  for (const json& node : j.at("nodes"))
    n.nodes.push_back(
        {node.at(0), numberFrom(node.at(1)), numberFrom(node.at(2)), numberFrom(node.at(3)), node.at(4)});
}
void to_json(json& j, const Finished& f) {
  j = {{"stopped", f.stopped}, {"seconds", f.seconds}, {"values", numbers(f.values)}};
}
void from_json(const json& j, Finished& f) { f = {j.at("stopped"), j.at("seconds"), numbersFrom(j.at("values"))}; }
void to_json(json& j, const Snapshot& s) {
  j = {{"project", s.project},
       {"run", s.run},
       {"state", s.state},
       {"progress", s.progress},
       {"points", s.points},
       {"last_epoch", s.lastEpoch},
       {"keep", s.keep},
       {"controller", s.controller},
       {"controllerPid", s.controllerPid},
       {"clients", s.clients},
       {"memory", s.memory}};
}
void from_json(const json& j, Snapshot& s) {
  s = {j.at("project"), j.at("run"),        j.at("state"),         j.at("progress"), j.at("points"), j.at("last_epoch"),
       j.at("keep"),    j.at("controller"), j.at("controllerPid"), j.at("clients"),  j.at("memory")};
}
void to_json(json& j, const Reply& r) {
  j = {{"id", r.id},
       {"ok", r.ok},
       {"what", r.what},
       {"why", r.why},
       {"next", r.next},
       {"inputError", r.inputError},
       {"values", numbers(r.values)},
       {"texts", r.texts}};
}
void from_json(const json& j, Reply& r) {
  r = {j.at("id"),
       j.at("ok"),
       j.at("what"),
       j.at("why"),
       j.at("next"),
       j.at("inputError"),
       numbersFrom(j.at("values")),
       j.at("texts")};
}

namespace {

// Names on the wire, in the order of the variants.
constexpr std::array kCommandNames{"hello",           "attach",   "take_control", "ping",       "train",
                                   "resume_run",      "pause",    "resume",       "step",       "set_learning_rate",
                                   "save_checkpoint", "stop",     "evaluate",     "load_model", "predict",
                                   "run_torchscript", "run_onnx", "describe",     "watch_nodes"};
constexpr std::array kEventNames{
    "hello",       "run_started", "state_changed",   "progress",       "epoch_finished",  "checkpoint_written",
    "trouble",     "finished",    "failed",          "snapshot",       "control_changed", "engine_silent",
    "engine_lost", "reply",       "validation_seen", "node_statistics"};
static_assert(kCommandNames.size() == std::variant_size_v<CommandBody> &&
              kEventNames.size() == std::variant_size_v<EventBody>);

std::string frame(const json& body, const std::vector<NamedTensor>& tensors) {
  const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  const std::string payload = tensors.empty() ? "" : safetensorsBytes(tensors);
  if (text.size() > kMaxJson || payload.size() > kMaxPayload)
    failEnvironment(
        fmt::format("A message of {} + {} bytes is more than the programs exchange.", text.size(), payload.size()), "",
        "Send smaller batches.");
  const uint32_t sizes[2] = {static_cast<uint32_t>(text.size()), static_cast<uint32_t>(payload.size())};
  std::string out(reinterpret_cast<const char*>(sizes), sizeof sizes);
  return out + text + payload;
}

template <class Body, size_t... I>
Body bodyFrom(const std::string& name, const json& j, const auto& names, std::index_sequence<I...>) {
  Body body;
  const bool known = ((name == names[I] && (body = j.get<std::variant_alternative_t<I, Body>>(), true)) || ...);
  if (!known)
    failEnvironment(fmt::format("The message kind '{}' is unknown.", name.substr(0, 40)), "",
                    "Use programs of the same version.");
  return body;
}

// Of brackets outside of texts. The messages nest five deep.
bool nestsTooDeep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted)
      ++i;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && (text[i] == '[' || text[i] == '{') && ++depth > kMaxDepth)
      return true;
    else if (!quoted && (text[i] == ']' || text[i] == '}'))
      --depth;
  }
  return false;
}

template <class Body, class Message>
Message decode(const FrameReader::Frame& frame, const char* idKey, int64_t Message::* id, const auto& names) try {
  if (nestsTooDeep(frame.json))
    failEnvironment("A message between the programs is malformed.",
                    fmt::format("Its JSON nests deeper than {} levels.", kMaxDepth),
                    "Use programs of the same version.");
  const json j = json::parse(frame.json);
  Message message;
  message.*id = j.at(idKey).get<int64_t>();
  message.body = bodyFrom<Body>(j.at("kind").get<std::string>(), j.at("body"), names,
                                std::make_index_sequence<std::variant_size_v<Body>>());
  if (!frame.payload.empty()) message.tensors = parseSafetensors(frame.payload, "A message's payload").tensors;
  return message;
} catch (const json::exception& e) {
  failEnvironment("A message between the programs is malformed.", e.what(), "Use programs of the same version.");
}

}  // namespace

std::string name(RunState state) {
  constexpr std::array kNames{"preparing", "running", "paused", "stepping", "stopping", "finished", "failed"};
  return kNames[static_cast<size_t>(state)];
}

std::string versionText(int engine, int client) {
  return fmt::format("The engine speaks version {} of the protocol, the program that talks to it version {}.", engine,
                     client);
}

std::string encode(const Command& command) {
  return frame({{"id", command.id},
                {"kind", kCommandNames[command.body.index()]},
                {"body", std::visit([](const auto& b) { return json(b); }, command.body)}},
               command.tensors);
}

std::string encode(const Event& event) {
  const auto* seen = std::get_if<ValidationSeen>(&event.body);
  return frame({{"number", event.number},
                {"kind", kEventNames[event.body.index()]},
                {"body", std::visit([](const auto& b) { return json(b); }, event.body)}},
               seen ? seen->inputs : event.tensors);
}

void FrameReader::checkSize() const {
  uint32_t sizes[2];
  if (buffer_.size() - at_ < sizeof sizes) return;
  std::memcpy(sizes, buffer_.data() + at_, sizeof sizes);
  if (sizes[0] > limits_.json || sizes[1] > limits_.payload)
    failEnvironment(fmt::format("A message claims {} + {} bytes, which is more than is allowed.", sizes[0], sizes[1]),
                    "", "Something else wrote into the stream.");
}

void FrameReader::append(std::string_view bytes) {
  // The head of a frame is judged as soon as it is there, before room is made for the rest.
  if (const size_t held = buffer_.size() - at_; held < kHead && held + bytes.size() >= kHead) {
    buffer_.append(bytes.substr(0, kHead - held));
    bytes.remove_prefix(kHead - held);
    checkSize();
  }
  buffer_.append(bytes);
}

std::optional<FrameReader::Frame> FrameReader::next() {
  uint32_t sizes[2];
  if (buffer_.size() - at_ < sizeof sizes) return std::nullopt;
  checkSize();
  std::memcpy(sizes, buffer_.data() + at_, sizeof sizes);
  const size_t total = sizeof sizes + size_t{sizes[0]} + sizes[1];
  if (buffer_.size() - at_ < total) return std::nullopt;
  Frame frame{buffer_.substr(at_ + sizeof sizes, sizes[0]), buffer_.substr(at_ + sizeof sizes + sizes[0], sizes[1])};
  at_ += total;
  if (at_ == buffer_.size() || at_ > (1u << 20)) {  // drop what was read, now and then
    buffer_.erase(0, at_);
    at_ = 0;
  }
  return frame;
}

Command decodeCommand(const FrameReader::Frame& frame) {
  return decode<CommandBody, Command>(frame, "id", &Command::id, kCommandNames);
}
Event decodeEvent(const FrameReader::Frame& frame) {
  Event event = decode<EventBody, Event>(frame, "number", &Event::number, kEventNames);
  if (auto* seen = std::get_if<ValidationSeen>(&event.body)) seen->inputs = std::exchange(event.tensors, {});
  return event;
}

}  // namespace netwright::run
