// SPDX-License-Identifier: Apache-2.0
// What crosses the border to the engine process: commands down, events up. Values; see protocol.h for the bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::run {

inline constexpr int kProtocolVersion = 5;

// --- commands
// ------------------------------------------------------------------------------------------------------------

struct Greeting {  // "hello": the first command of every client
  int protocol = kProtocolVersion;
  std::string role = "control";  // or "observe"
  std::string program;           // "netwright-cli 0.1.0"
  int64_t pid = 0;
};
struct Attach {  // reply, before it the event Snapshot; with `follow` all later events come as well
  bool follow = true;
};
struct TakeControl {};  // from whoever has it
struct Ping {};         // answered at once, whatever the engine computes

struct Train {          // starts a run of the project as saved; one run per engine process
  std::string project;  // folder
  std::string runName;  // empty: chosen by the store
  std::vector<std::pair<std::string, std::string>>
      overrides;      // in this order: run settings by name, "node.param" of the graph
  bool keep = false;  // the run outlives the client that started it
};
struct ResumeRun {           // goes on with a stored run from its newest checkpoint, in the same record
  std::string project, run;  // run: id, name or "latest"
  std::vector<std::pair<std::string, std::string>> overrides;  // as of Train: epochs, lr, threads, ...
  bool keep = false;                                           // as of Train
};
struct Pause {};
struct Resume {};
struct Step {  // of a paused run: goes on for one batch or to the end of the epoch, then pauses again
  bool epoch = false;
};
struct SetLearningRate {  // from the next step of the optimiser on; a schedule goes on from the new rate
  double rate = 0;
  int64_t objective = 0;
};
struct SaveCheckpoint {};  // after the current batch
struct WatchNodes {        // NodeStatistics come now and then from now on, or no more. Whoever asked last
  bool on = true;
};
struct Stop {};                     // at once: a batch under way is undone; writes a checkpoint
struct Evaluate {                   // metrics of a stored run, or of the run under way if `run` is empty
  std::string project, run, split;  // split: "train", "validation" or "test"
};
struct LoadModel {  // makes a stored run's network ready for Predict; reply carries input and output names
  std::string project, run;
};
struct Predict {  // of the loaded model, else of the run under way, in evaluation mode. Payload: inputs by name; reply:
                  // outputs
  bool values = false;  // of a loaded model: the result of each op instead, by the name of its value
};
struct RunOnnx {  // with the machine's ONNX Runtime. Payload: inputs by name. Reply: texts["by"], payload: outputs;
                  // without "by" there is no runtime
  std::string path;
};
struct RunTorchScript {  // payload: inputs in order. Reply payload: outputs
  std::string path;
};
struct Describe {};  // reply: LibTorch version, threads, devices

using CommandBody =
    std::variant<Greeting, Attach, TakeControl, Ping, Train, ResumeRun, Pause, Resume, Step, SetLearningRate,
                 SaveCheckpoint, Stop, Evaluate, LoadModel, Predict, RunTorchScript, RunOnnx, Describe, WatchNodes>;

struct Command {
  int64_t id = 0;  // the reply carries it
  CommandBody body;
  std::vector<NamedTensor> tensors;  // payload
};

// --- events
// --------------------------------------------------------------------------------------------------------------

enum class RunState { Preparing, Running, Paused, Stepping, Stopping, Finished, Failed };
std::string name(RunState state);

struct Hello {  // the first thing an engine says to each client
  int protocol = kProtocolVersion;
  int64_t pid = 0;
  std::string libtorch, program;  // program: "netwright-engine 0.1.0"
};
struct RunStarted {
  int64_t run = 0;  // id in the project's runs.sqlite
  std::string name, device;
  int64_t parameters = 0, trainSamples = 0, validationSamples = 0, batches = 0, epochs = 0, threads = 0;
  int64_t resumedAt = 0;  // step from which a resumed run goes on; 0 for a new one
};
struct StateChanged {
  RunState state = RunState::Preparing;
};
struct Point {               // one value of a metric
  std::string key, context;  // "loss" in "train"; "accuracy" in "val"
  int64_t step = 0;
  double seconds = 0, value = 0;  // since the run began, pauses included
};
struct Progress {                            // a few times a second: everything since the last one
  int64_t epoch = 0, batch = 0, step = 0;    // of the last finished batch; epoch and batch count from 1
  double seconds = 0, samplesPerSecond = 0;  // time spent training, pauses excluded
  std::vector<Point> points;
  int64_t skipped = 0;  // points before these that this client was too slow for; the run's record has them
};
struct EpochFinished {
  int64_t epoch = 0, step = 0;
  std::map<std::string, double> values;  // "train/loss", "val/loss", "val/accuracy", ...
};
// What the network says about the validation samples at the end of an epoch, in little. Comes before EpochFinished, if
// the loss is one of classes or numbers and there are validation samples.
struct ValidationSeen {
  struct Sample {
    int64_t sample = 0;               // number in the data
    std::string name;                 // "line 17 of penguins.csv"
    double truth = 0, predicted = 0;  // a class, or a number
    double share = 0;                 // classes: the probability of the predicted one
    bool worst = false;               // shown because it is among the most wrong; the others stay the same
  };
  int64_t epoch = 0, step = 0, samples = 0;  // samples: that were looked at
  std::vector<std::string> classes;          // empty: numbers
  std::vector<int64_t> confusion;            // of up to 100 classes; rows are the truth
  std::vector<double> truths, predictions;   // numbers: up to 1,000 pairs, evenly over the samples
  std::vector<Sample> shown;                 // up to 24
  std::vector<NamedTensor> inputs;  // payload: the first input of those shown, where it has up to 4,096 entries
};
// Of one batch; only while a client watches.
struct NodeStatistics {
  struct Node {
    std::vector<int64_t> node;       // NodePath
    double mean = 0, deviation = 0;  // of what it puts out
    double gradient = 0;             // 2-norm over its parameters, before clipping; NaN where it has none
    std::vector<int64_t> runs;       // of control flow: how often each of its bodies ran
  };
  int64_t step = 0;
  std::vector<Node> nodes;
};
struct CheckpointWritten {
  std::string path;  // relative to the project folder
  int64_t epoch = 0, step = 0;
  bool best = false;
};
struct Trouble {  // the run paused because of this; it can go on (with a smaller rate, say) or be stopped
  std::string code, what, why, next;
  std::vector<int64_t> node;  // NodePath, if a node is at fault
  bool inputError = true;     // ErrorKind::Input
};
struct Finished {  // the run's end; `stopped` if by the Stop command
  bool stopped = false;
  double seconds = 0;
  std::map<std::string, double> values;  // the last ones
};
struct Failed {  // the run's end by an error
  std::string code, what, why, next;
  std::vector<int64_t> node;  // NodePath, if a node is at fault
  bool inputError = true;     // ErrorKind::Input
};
struct SeriesCount {  // how many points of a series the events up to now have told
  std::string key, context;
  int64_t count = 0;
};
// The engine as it stands after the event whose number the snapshot carries. To one client, on Attach.
struct Snapshot {
  std::string project;  // folder; empty: no run yet
  RunStarted run;       // run.run is 0 while it is being prepared
  RunState state = RunState::Preparing;
  Progress progress;  // without points: the first `count` of each series in the record are the history
  std::vector<SeriesCount> points;
  EpochFinished lastEpoch;                             // epoch 0: none has ended yet
  bool keep = false;                                   // the run outlives the client that started it
  std::string controller;                              // program that steers; empty: none
  int64_t controllerPid = 0, clients = 0, memory = 0;  // memory: bytes of the engine process
};
struct ControlChanged {  // another client steers from now on, or none
  bool yours = false;
  std::string program;
  int64_t pid = 0;
};
struct EngineSilent {  // made by the client: the engine has not answered for so long; 0: it answers again
  double seconds = 0;
};
struct EngineLost {  // made by the client: the process died or sent garbage
  std::string what, detail;
};
struct Reply {
  int64_t id = 0;
  bool ok = true;
  std::string what, why, next;  // of the Error
  bool inputError = false;      // ErrorKind::Input
  std::map<std::string, double> values;
  std::map<std::string, std::string> texts;
};

using EventBody =
    std::variant<Hello, RunStarted, StateChanged, Progress, EpochFinished, CheckpointWritten, Trouble, Finished, Failed,
                 Snapshot, ControlChanged, EngineSilent, EngineLost, Reply, ValidationSeen, NodeStatistics>;

struct Event {
  // Of events for all clients: counts up from 1 in each engine. What only one client gets (Hello, Snapshot,
  // ControlChanged, Reply) carries the number of the last event before it.
  int64_t number = 0;
  EventBody body;
  std::vector<NamedTensor> tensors;
};

}  // namespace netwright::run
