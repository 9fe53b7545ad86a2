// SPDX-License-Identifier: Apache-2.0
// The .weights file beside an exported plain C++ model; its layout is described in kernels/weights_file.h, which is
// part of the exported code. Used by the plain C++ exporter.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/chunks.h"
#include "core/base/host_tensor.h"
#include "core/base/safetensors.h"

namespace netwright::convert::cpp {

// Of float32 and int64. The tensors' data is borrowed.
Chunks weightsContent(const std::vector<TensorRef>& weights);
// A reader of its own, which shares no code with the writer nor with the exported one. Throws Error{Input} that names
// the file and what is wrong. Hands over one tensor after the other.
void readWeightsFile(const std::filesystem::path& path, const TensorSink& each);

}  // namespace netwright::convert::cpp
