// SPDX-License-Identifier: Apache-2.0
// An exporter writes a trained network in a format that other programs read, and proves that the numbers are the same.
// One file each in exporters/; the registry lists them. Used by the window and the command line.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/chunks.h"
#include "core/base/diagnostic.h"
#include "core/base/host_tensor.h"
#include "core/base/param_spec.h"
#include "core/convert/comparison.h"
#include "core/convert/evaluator.h"
#include "core/graph/document.h"
#include "core/program/program.h"

namespace netwright::convert {

struct FormatInfo {
  std::string id;                       // stable: "onnx"
  std::string title;                    // "ONNX"
  std::vector<std::string> extensions;  // without the dot, the usual one first
  std::string doc;                      // one sentence: who reads it
  std::string loadSnippet;              // Python that loads and runs the file; {file} stands for its name
  bool holdsGraph = true;               // false: weights only
  bool folder = false;                  // a folder of files; it has no extension
  bool repeatsTraining = false;         // holds ExportInput::training too
  std::vector<ParamSpec> options;       // what a person may choose
};

// A Python program that repeats the training of what is exported, beside the format's own code for the network.
struct TrainingScript {
  std::string text;                   // empty if it cannot be repeated
  std::string refusal;                // then why, a whole sentence
  std::vector<std::string> packages;  // of Python that it needs beside torch
};

// What is exported. Refers to its parts: they must outlive it and the content made from it.
struct ExportInput {
  const program::Program& program;          // lowered without errors; its losses are never exported
  const graph::Document& graph;             // what the program came from, flat
  const std::vector<NamedTensor>& weights;  // every State of the program by its name, float32 or int64
  std::string modelName;                    // "Digits CNN"
  std::string producerVersion;              // "0.1.0"
  std::string fileName = "model";           // of the file or folder that is written, "digits.onnx"; write() sets it
  Attributes options;                       // of the format's specs; what is missing has its default
  std::vector<std::vector<NamedTensor>>
      samples;                             // batches of the data by the inputs' names, for the proof; may be none
  TrainingScript training;                 // for formats that hold it; empty where nobody asked for it
  const graph::Document* drawn = nullptr;  // stored inside the file: the graph with its blocks; null: it has none

  // An option's value or its default.
  template <class T>
  T option(const FormatInfo& info, const char* name) const {
    return std::get<T>(optionValue(info, name));
  }
  const Attribute& optionValue(const FormatInfo& info, const char* name) const;
};

// One file of an export.
struct OutputFile {
  std::string path;  // relative to the folder that the file lies in or, for a format that is a folder, to that
  Chunks content;    // borrows weights of the input
};

// A format of one file.
std::vector<OutputFile> one(std::string path, Chunks content);

// Throws Error{Input} for an option that the format does not have or a value that is not legal.
void checkOptions(const FormatInfo& format, const Attributes& options);

// Stateless; every call may come from any thread.
class Exporter {
 public:
  virtual ~Exporter() = default;
  virtual FormatInfo info() const = 0;
  // Why the format cannot hold this op of the model part, as the end of a sentence; nullopt if it can.
  virtual std::optional<std::string> refusal(const program::Program& program, const program::Op& op) const = 0;
  // What is written: of a format of one file the first is that file (input.fileName), and others lie beside it.
  // Only after check() without errors. The same input gives the same bytes.
  // Throws Error{Input} if a weight is missing or has another shape.
  virtual std::vector<OutputFile> files(const ExportInput& input) const = 0;
  // Reads the file (or folder) back and compares it with the engine on batches of 1 and 7. Throws Error if it cannot be
  // read, or if a stop ended a program that was asked.
  virtual Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                           const std::stop_token& stop) const = 0;

  // Every layer that the format cannot hold (NW-E001), with the format that can, before a byte is written; and as
  // warnings, weights that are not finite (NW-E002).
  Diagnostics check(const ExportInput& input) const;
  // files() under the path's name, whole or not at all: a file that is there already is replaced. So is a folder that
  // an export has made, where files of others stay; and one in which nothing else lies. Returns the paths written, the
  // main one first. Throws Error{Input} with all complaints of check(), or naming files that are in the way; nothing is
  // written then.
  std::vector<std::filesystem::path> write(const ExportInput& input, const std::filesystem::path& path) const;
  // prove(); of a proof that fails, the first layer that differs.
  Comparison verify(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                    const std::stop_token& stop = {}) const;
  // The first of files() in one piece.
  std::string bytes(const ExportInput& input) const;
};

// All formats: files, which are for everybody, before folders of code; each in the order of their file names. Lives
// forever.
const std::vector<std::unique_ptr<Exporter>>& registry();
const Exporter* findExporter(const std::string& id);  // null: unknown format
// By a path's extension: "model.onnx" -> ONNX; null if no format has it.
const Exporter* exporterForPath(const std::filesystem::path& path);

namespace exporters {
std::vector<std::unique_ptr<Exporter>> builtinExporters();  // generated by CMake from the folder exporters/
}

}  // namespace netwright::convert
