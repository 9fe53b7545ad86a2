// SPDX-License-Identifier: Apache-2.0
// The C interface of ONNX Runtime is a table of functions that only ever grows at its end. Debian has no header of it,
// so the few that are used are named here by their places in the table (onnxruntime_c_api.h, version 1: CreateStatus is
// 0, ReleaseCustomOpDomain is 101, and the runtime itself asserts that these stay).
#include "core/engine/onnx_runtime.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>

#include "core/base/error.h"
#include "core/engine/node_error.h"

namespace netwright::engine {
namespace {

namespace fs = std::filesystem;

struct Base {  // OrtApiBase
  const void* const* (*api)(uint32_t version);
  const char* (*version)();
};

enum Function : size_t {
  kGetErrorMessage = 2,
  kCreateEnv = 3,
  kCreateSession = 7,
  kRun = 9,
  kCreateSessionOptions = 10,
  kSetGraphOptimization = 23,
  kSetIntraOpThreads = 24,
  kOutputCount = 31,
  kOutputName = 37,
  kCreateTensor = 49,
  kTensorData = 51,
  kElementType = 60,
  kDimensionCount = 61,
  kDimensions = 62,
  kTypeAndShape = 65,
  kCpuMemory = 69,
  kAllocatorFree = 76,
  kDefaultAllocator = 78,
  kReleaseEnv = 92,
  kReleaseStatus = 93,
  kReleaseMemory = 94,
  kReleaseSession = 95,
  kReleaseValue = 96,
  kReleaseTypeAndShape = 99,
  kReleaseOptions = 100,
};

// ONNXTensorElementDataType: the numbers of TensorProto.DataType.
constexpr std::array<std::pair<DType, int>, 7> kTypes{{{DType::Float32, 1},
                                                       {DType::UInt8, 2},
                                                       {DType::Int32, 6},
                                                       {DType::Int64, 7},
                                                       {DType::Bool, 9},
                                                       {DType::Float16, 10},
                                                       {DType::Float64, 11}}};

// The library in a Python's package, "" where there is none. Asks python3 once; it imports nothing.
std::string besidePython() {
  constexpr const char* kAsk =
      "python3 -c \"import importlib.util as u, glob, os\n"
      "s = u.find_spec('onnxruntime')\n"
      "print(*glob.glob(os.path.join(s.submodule_search_locations[0], 'capi', 'libonnxruntime.so*'))[:1])\" "
      "2>/dev/null";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(kAsk, "r"), ::pclose);
  std::array<char, 4096> line{};
  if (!pipe || !std::fgets(line.data(), line.size(), pipe.get())) return "";
  std::string path = line.data();
  while (!path.empty() && path.back() == '\n') path.pop_back();
  return path;
}

const Base* findRuntime() {
  std::vector<std::string> places;
  if (const char* given = std::getenv("NETWRIGHT_ONNXRUNTIME")) {
    places = {given};  // and nothing else: an empty one switches the proof off
  } else {
    places = {"libonnxruntime.so", "libonnxruntime.so.1"};
    places.push_back(besidePython());
  }
  for (const std::string& place : places) {
    void* library = place.empty() ? nullptr : ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
    if (void* get = ::dlsym(library, "OrtGetApiBase")) return reinterpret_cast<const Base* (*)()>(get)();
  }
  return nullptr;
}

const Base* runtime() {
  static const Base* const kBase = findRuntime();
  return kBase;
}

// One session of one file.
class Session {
 public:
  explicit Session(const fs::path& file) : file_(file), table_(runtime()->api(1)) {
    check<void*(int, const char*, void**)>(kCreateEnv, 3, "netwright", &env_);
    check<void*(void**)>(kCreateSessionOptions, &options_);
    check<void*(void*, int)>(kSetIntraOpThreads, options_, 1);
    check<void*(void*, int)>(kSetGraphOptimization, options_, 0);
    check<void*(const void*, const char*, const void*, void**)>(kCreateSession, env_, file.c_str(), options_,
                                                                &session_);
    check<void*(int, int, void**)>(kCpuMemory, 1, 0, &memory_);
    check<void*(void**)>(kDefaultAllocator, &allocator_);
  }
  ~Session() {
    for (const auto& [function, object] : {std::pair{kReleaseMemory, memory_},
                                           {kReleaseSession, session_},
                                           {kReleaseOptions, options_},
                                           {kReleaseEnv, env_}})
      if (object) get<void(void*)>(function)(object);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::vector<NamedTensor> run(const std::vector<NamedTensor>& inputs) {
    std::vector<Held> given;
    std::vector<const void*> values;
    std::vector<const char*> names;
    for (const NamedTensor& t : inputs) {
      given.push_back(value(t));
      values.push_back(given.back().get());
      names.push_back(t.name.c_str());
    }
    const std::vector<std::string> outputs = outputNames();
    std::vector<const char*> wanted;
    for (const std::string& name : outputs) wanted.push_back(name.c_str());
    std::vector<void*> results(outputs.size(), nullptr);
    check<void*(void*, const void*, const char* const*, const void* const*, size_t, const char* const*, size_t,
                void**)>(kRun, session_, nullptr, names.data(), values.data(), values.size(), wanted.data(),
                         wanted.size(), results.data());
    std::vector<NamedTensor> read;
    std::vector<Held> held;
    for (void* result : results) held.push_back(hold(result, kReleaseValue));
    for (size_t i = 0; i < results.size(); ++i) read.push_back({outputs[i], tensor(results[i])});
    return read;
  }

 private:
  using Held = std::unique_ptr<void, std::function<void(void*)>>;
  Held hold(void* object, Function release) {
    return {object, [this, release](void* o) { get<void(void*)>(release)(o); }};
  }
  template <class F>
  F* get(Function place) const {
    return reinterpret_cast<F*>(const_cast<void*>(table_[place]));
  }
  // Calls a function that answers with a status: null if all is well.
  template <class F, class... Args>
  void check(Function place, Args... args) {
    void* status = get<F>(place)(args...);
    if (!status) return;
    const std::string words = get<const char*(const void*)>(kGetErrorMessage)(status);
    get<void(void*)>(kReleaseStatus)(status);
    failInput(fmt::format("ONNX Runtime could not run {}.", file_.string()), firstLine(words.c_str()), "");
  }

  Held value(const NamedTensor& t) {
    int type = 1;
    for (const auto& [known, code] : kTypes)
      if (known == t.tensor.dtype) type = code;
    void* made = nullptr;
    check<void*(const void*, void*, size_t, const int64_t*, size_t, int, void**)>(
        kCreateTensor, memory_, const_cast<std::byte*>(t.tensor.bytes.data()), t.tensor.bytes.size(),
        t.tensor.shape.data(), t.tensor.shape.size(), type, &made);
    return hold(made, kReleaseValue);
  }

  std::vector<std::string> outputNames() {
    size_t count = 0;
    check<void*(const void*, size_t*)>(kOutputCount, session_, &count);
    std::vector<std::string> names;
    for (size_t i = 0; i < count; ++i) {
      char* name = nullptr;
      check<void*(const void*, size_t, void*, char**)>(kOutputName, session_, i, allocator_, &name);
      names.emplace_back(name);
      check<void*(void*, void*)>(kAllocatorFree, allocator_, name);
    }
    return names;
  }

  HostTensor tensor(void* value) {
    void* described = nullptr;
    check<void*(const void*, void**)>(kTypeAndShape, value, &described);
    const Held held = hold(described, kReleaseTypeAndShape);
    int type = 0;
    size_t rank = 0;
    check<void*(const void*, int*)>(kElementType, described, &type);
    check<void*(const void*, size_t*)>(kDimensionCount, described, &rank);
    std::vector<int64_t> shape(rank);
    check<void*(const void*, int64_t*, size_t)>(kDimensions, described, shape.data(), rank);
    void* data = nullptr;
    check<void*(void*, void**)>(kTensorData, value, &data);
    for (const auto& [dtype, code] : kTypes) {
      if (code != type) continue;
      HostTensor result(dtype, shape);
      if (!result.bytes.empty()) std::memcpy(result.bytes.data(), data, result.bytes.size());
      return result;
    }
    failInput(fmt::format("ONNX Runtime could not run {}.", file_.string()),
              fmt::format("A result is of the type {}, which is not known here.", type), "");
  }

  fs::path file_;
  const void* const* table_;
  void *env_ = nullptr, *options_ = nullptr, *session_ = nullptr, *memory_ = nullptr, *allocator_ = nullptr;
};

}  // namespace

std::optional<std::string> onnxRuntimeVersion() {
  if (!runtime()) return std::nullopt;
  return fmt::format("ONNX Runtime {}", runtime()->version());
}

std::vector<NamedTensor> runOnnx(const fs::path& file, const std::vector<NamedTensor>& inputs) {
  return Session(file).run(inputs);
}

}  // namespace netwright::engine
