// SPDX-License-Identifier: Apache-2.0
// The safetensors format: reader and writer. Checkpoints, exports and test exchange use it. No code is ever executed by
// reading. Layout: u64 LE header length, JSON {name: {dtype, shape, data_offsets}}, data. Source:
// huggingface/safetensors, tensor.rs.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/chunks.h"
#include "core/base/host_tensor.h"

namespace netwright {

using TextMap = std::map<std::string, std::string>;

using TensorSink = std::function<void(NamedTensor)>;

struct SafetensorsFile {
  std::vector<NamedTensor> tensors;  // in file order
  TextMap metadata;
  const HostTensor* find(const std::string& name) const;
};

// Same tensors, same bytes. Names are written in the given order; data is 8-byte aligned at its start.
// The tensors' data is borrowed.
Chunks safetensorsContent(const std::vector<TensorRef>& tensors, const TextMap& metadata = {});
std::string safetensorsBytes(const std::vector<NamedTensor>& tensors, const TextMap& metadata = {});
// Throws Error{Input} that names the source and what is wrong (short file, overlap, unknown dtype, shape against size).
SafetensorsFile parseSafetensors(std::string_view bytes, const std::string& sourceName);
SafetensorsFile readSafetensors(const std::filesystem::path& path);
// Hands over one tensor after the other, in file order, so that no more than one need be in memory. Returns the
// metadata.
TextMap readSafetensors(const std::filesystem::path& path, const TensorSink& each);

}  // namespace netwright
