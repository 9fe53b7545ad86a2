// SPDX-License-Identifier: Apache-2.0
#include "core/convert/cpp/example.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/convert/cpp/model_printer.h"
#include "core/convert/cpp/words.h"
#include "core/convert/model_part.h"
#include "core/convert/name_table.h"

namespace netwright::convert::cpp {
namespace {

Face::Port portOf(const program::Program& program, const program::Port& port, NameTable& names) {
  const program::TensorType& type = program.tensorType(port.value);
  int64_t limit = 0;
  for (const program::IndexGuard& g : program.indexGuards)
    if (const auto known = g.limit.constant(); g.value == port.value && known && (limit == 0 || *known < limit))
      limit = *known;
  if (type.dtype == DType::Int64 && limit == 0) limit = 2;
  return {port.name,
          names.take(identifier(port.name)),
          elementType(type.dtype),
          program::text(type.shape),
          count(type.shape),
          limit};
}

std::string line(const Face::Port& p) {
  return fmt::format("{} {}, {} numbers of type {}", comment(p.original), comment(p.shape), p.count, p.element);
}

}  // namespace

Face faceOf(const ExportInput& input) {
  Face face;
  face.stem = stem(input.modelName);
  NameTable inputs, outputs;
  inputs.take("N");
  for (const program::Port* p : modelPart(input.program).inputs)
    face.inputs.push_back(portOf(input.program, *p, inputs));
  for (const program::Port& p : input.program.outputs) face.outputs.push_back(portOf(input.program, p, outputs));
  return face;
}

std::string Face::Port::title() const { return comment(original + " " + shape); }

std::string Face::parameter() const {
  return inputs.size() == 1 ? fmt::format("kernels::View<{}> {}", inputs[0].element, inputs[0].name)
                            : "const Inputs& inputs";
}

std::string Face::resultType() const {
  return outputs.size() == 1 ? fmt::format("const {}&", outputs[0].vectorType()) : "const Outputs&";
}

std::string Face::title(const ExportInput& input) const {
  return fmt::format(
      "// {}\n// A trained network in C++17 without any library, written by {}. It reads {}.weights when it starts; "
      "compile "
      "with\n// g++ -std=c++17 -O3. The functions in kernels are part of Netwright, licence Apache-2.0.\n",
      comment(input.modelName), comment(producer(input)), stem);
}

std::string Face::structs() const {
  std::string out;
  if (inputs.size() != 1) {
    out += "// Refers to the caller's numbers, row by row, for N samples.\nstruct Inputs {\n";
    for (const Port& p : inputs)
      out += fmt::format("  kernels::View<{}> {};  // {}\n", p.element, p.name, comment(p.shape));
    out += "};\n\n";
  }
  if (outputs.size() != 1) {
    out += "// Row by row, for N samples.\nstruct Outputs {\n";
    for (const Port& p : outputs) out += fmt::format("  {} {};  // {}\n", p.vectorType(), p.name, comment(p.shape));
    out += "};\n\n";
  }
  return out;
}

std::string Face::classComment() const {
  return "// The network in evaluation. One thread at a time may use a Model; each further thread takes a copy, which "
         "shares the\n// weights and has buffers of its own. A batch that is no larger than those before allocates "
         "nothing.\n";
}

std::string Face::callComment() const {
  std::string out = "  // N samples, row by row:\n";
  for (const Port& p : inputs) out += "  //   " + line(p) + "\n";
  out += "  // Returns:\n";
  for (const Port& p : outputs) out += "  //   " + line(p) + "\n";
  return out +
         "  // The result belongs to the Model and is overwritten by the next call.\n"
         "  // Throws std::invalid_argument if an input has another count.\n";
}

std::string compileCommand() { return "g++ -std=c++17 -O3 example.cpp -o example"; }

std::string exampleOf(const Face& face) {
  std::string inFiles, outFiles, reads, arguments, writes;
  size_t argument = 3;
  for (size_t i = 0; i < face.inputs.size(); ++i, ++argument) {
    const Face::Port& p = face.inputs[i];
    inFiles += " " + p.name + ".bin";
    reads += fmt::format("    const {} input{} = numbers<{}>(path({}), {}{});\n", p.vectorType(), i, p.element,
                         argument, p.count, p.limit ? fmt::format(", {}", p.limit) : "");
    arguments += fmt::format("{}input{}", i == 0 ? "" : ", ", i);
  }
  if (face.inputs.size() != 1) arguments = "{" + arguments + "}";
  for (const Face::Port& p : face.outputs) {
    outFiles += fmt::format(" {}.bin", p.name);
    writes += fmt::format("    show({}, y{}, path({}));\n", quoted(p.title()),
                          face.outputs.size() == 1 ? "" : "." + p.name, argument++);
  }
  const std::string run = fmt::format("./example {}.weights", face.stem), made = run + " N" + inFiles + outFiles;
  const auto usage = [width = made.size()](const std::string& command, const char* meaning) {
    return fmt::format("//   {:<{}}  {}\n", command, width, meaning);
  };
  return "// Says what the network says of made-up numbers, or of N samples in files. Files hold raw little-endian "
         "numbers,\n// as numpy's tofile writes and fromfile reads them.\n" +
         fmt::format("//   {}\n", compileCommand()) + usage(run, "one sample of made-up numbers") +
         usage(run + " N" + inFiles, "N samples") + usage(made, "the same, into files") +
         fmt::format(R"(#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "{0}.h"

// From a file; without one made-up numbers: below `limit` if it is given, else from -1 to 1.
template <class T>
std::vector<T> numbers(const char* path, std::int64_t count, std::int64_t limit = 0) {{
  std::vector<T> values(static_cast<std::size_t>(count < 0 ? 0 : count));
  if (!path) {{
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = limit > 0 ? static_cast<T>(static_cast<std::int64_t>(i) % limit)
                            : static_cast<T>(static_cast<double>(i * 37 % 101) / 50.0 - 1.0);
    return values;
  }}
  std::ifstream in(path, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T))))
    throw std::runtime_error(std::string(path) + " cannot be read, or has less than " + std::to_string(count) +
                             " numbers.");
  return values;
}}

// Into a file, or on the terminal with as many digits as tell each number exactly.
template <class T>
void show(const char* name, const std::vector<T>& values, const char* path) {{
  if (path) {{
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
    if (!out.flush()) throw std::runtime_error(std::string(path) + " cannot be written.");
    return;
  }}
  std::printf("%s:", name);
  for (const T value : values) {{
    if constexpr (std::is_integral<T>::value)
      std::printf(" %lld", static_cast<long long>(value));
    else
      std::printf(" %.9g", static_cast<double>(value));
  }}
  std::printf("\n");
}}

int main(int argc, char** argv) {{
  const auto path = [&](int i) {{ return i < argc ? argv[i] : nullptr; }};
  try {{
    {0}::Model model(argc > 1 ? argv[1] : "{0}.weights");
    const std::int64_t N = argc > 2 ? std::atoll(argv[2]) : 1;
{1}    const auto& y = model({2}, N);
{3}    return 0;
  }} catch (const std::exception& e) {{
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }}
}}
)",
                     face.stem, reads, arguments, writes);
}

std::string readmeOf(const Face& face, const ExportInput& input) {
  std::string ports;
  for (const Face::Port& p : face.inputs) ports += fmt::format("- in: `{}` {}\n", p.name, line(p));
  for (const Face::Port& p : face.outputs) ports += fmt::format("- out: `{}` {}\n", p.name, line(p));
  return fmt::format(R"(# {0}

A trained network in plain C++17, written by {1}. It needs no library but the standard one.

| file | what |
|---|---|
| `{2}.h` | the whole network: `#include` it |
| `{2}.weights` | its weights, loaded when the program starts; the layout is described in the header at `WeightsFile` |
| `example.cpp` | a program that uses it |

```
{3}
./example {2}.weights
```

```cpp
{2}::Model model("{2}.weights");
const auto& y = model({4}, N);
```

For N samples, row by row:
{5}
One thread at a time may use a `Model`; each further thread takes a copy, which shares the weights. g++ 12 and newer on
x86-64 Linux compile the inner loops for several processors and choose when the program starts; with other compilers add
`-march=native` (or `/arch:AVX2`) for speed.
)",
                     comment(input.modelName), comment(producer(input)), face.stem, compileCommand(),
                     face.inputs.size() == 1 ? face.inputs[0].name : "inputs", ports);
}

}  // namespace netwright::convert::cpp
