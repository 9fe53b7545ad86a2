// SPDX-License-Identifier: Apache-2.0
// Layout as PyTorch 2.13: archive/data.pkl, archive/data/N, archive/version, archive/byteorder.
#include "core/convert/wire/state_dict.h"

#include "core/base/json.h"
#include "core/convert/wire/pickle_tensor.h"
#include "core/convert/wire/zip.h"

namespace netwright::convert {

Chunks stateDict(const std::vector<TensorRef>& tensors, const TextMap& origin) {
  PickleWriter object;
  object.global("collections", "OrderedDict").emptyTuple().reduce().mark();
  for (size_t i = 0; i < tensors.size(); ++i) {
    object.text(tensors[i].name);
    pickleTensor(object, i, *tensors[i].tensor, false);
  }
  ZipWriter zip;
  zip.add("archive/data.pkl", object.setItems().finish());
  zip.add("archive/byteorder", "little");
  for (size_t i = 0; i < tensors.size(); ++i)
    zip.borrow("archive/data/" + std::to_string(i), bytesOf(*tensors[i].tensor));
  zip.add("archive/version", "3\n");
  Json extra;
  for (const auto& [key, value] : origin) extra[key] = value;
  if (!origin.empty()) zip.add("archive/extra/netwright.json", extra.dump());
  return zip.finish();
}

}  // namespace netwright::convert
