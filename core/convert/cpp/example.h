// SPDX-License-Identifier: Apache-2.0
// What an exported plain C++ model looks like from outside: inputs, outputs and their names, and the example and README
// that use it. Used by the plain C++ exporter.
#pragma once

#include <string>
#include <vector>

#include "core/convert/exporter.h"

namespace netwright::convert::cpp {

struct Face {
  struct Port {
    std::string original, name;  // "my image", and as a C++ identifier "my_image"
    std::string element;         // "float", "std::int64_t"
    std::string shape;           // for people: "(N, 1, 28, 28)"
    std::string count;           // of its numbers, an expression over N
    int64_t limit = 0;           // of whole numbers: they lie below it; 0 for others
    std::string title() const;   // as the example prints it: "image (N, 1, 28, 28)"
    std::string vectorType() const { return "std::vector<" + element + ">"; }
  };
  std::string stem;  // files and namespace: "digits_cnn"
  std::vector<Port> inputs, outputs;

  std::string parameter() const;                      // "kernels::View<float> image", "const Inputs& inputs"
  std::string resultType() const;                     // "const std::vector<float>&", "const Outputs&"
  std::string title(const ExportInput& input) const;  // the comment above all
  std::string structs() const;                        // Inputs and Outputs, where there are several
  std::string classComment() const;
  std::string callComment() const;
};
Face faceOf(const ExportInput& input);

// A program that prints what the network says of numbers in files, or of made-up ones.
std::string exampleOf(const Face& face);
std::string readmeOf(const Face& face, const ExportInput& input);
std::string compileCommand();  // "g++ -std=c++17 -O3 example.cpp -o example"

}  // namespace netwright::convert::cpp
