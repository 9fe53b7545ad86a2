// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/project_text.h"

#include <fmt/format.h>

#include "core/convert/cpp/words.h"
#include "core/convert/model_part.h"

namespace netwright::convert::libtorch {

using cpp::comment;

std::string cmakeText(const std::string& name) {
  return fmt::format(
      R"(# cmake -B build -DCMAKE_PREFIX_PATH=/path/to/libtorch && cmake --build build && ./build/example weights.safetensors
cmake_minimum_required(VERSION 3.18)
project({0} CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
find_package(Torch REQUIRED)
add_library({0} STATIC {0}.cpp)
target_link_libraries({0} PUBLIC ${{TORCH_LIBRARIES}})
add_executable(example main.cpp)
target_link_libraries(example PRIVATE {0})
)",
      name == "example" || name == "test" ? name + "_network" : name);
}

std::string readmeText(const cpp::Face& face, const ExportInput& input) {
  return fmt::format(R"text(# {0}

A trained network as a C++ class for LibTorch, written by {1}.

| file | what |
|---|---|
| `{2}.h`, `{2}.cpp` | the class `{2}::Model`, a `torch::nn::Module` |
| `weights.safetensors` | its weights, by the keys of PyTorch's state_dict |
| `main.cpp`, `CMakeLists.txt` | a program that uses it |

```
cmake -B build -DCMAKE_PREFIX_PATH=/path/to/libtorch
cmake --build build
./build/example weights.safetensors
```

```cpp
{2}::Model model;
model->load_weights("weights.safetensors");
model->eval();
```

`/path/to/libtorch` is the unpacked archive of pytorch.org, or what `python -c "import torch; print(torch.utils.cmake_prefix_path)"`
prints.
)text",
                     comment(input.modelName), comment(producer(input)), face.stem);
}

}  // namespace netwright::convert::libtorch
