// SPDX-License-Identifier: Apache-2.0
#include "core/convert/wire/pickle_tensor.h"

#include <algorithm>

namespace netwright::convert {
namespace {

std::vector<int64_t> stridesOf(const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * std::max<int64_t>(shape[i], 1);
  return strides;
}

}  // namespace

void pickleTensor(PickleWriter& out, size_t storage, const HostTensor& tensor, bool requiresGrad) {
  const char* type = tensor.dtype == DType::Int64 ? "LongStorage" : "FloatStorage";
  out.global("torch._utils", "_rebuild_tensor_v2").mark();
  out.mark().text("storage").global("torch", type).text(std::to_string(storage)).text("cpu").integer(tensor.count());
  out.tuple().persistentId();
  out.integer(0).integers(tensor.shape).integers(stridesOf(tensor.shape)).boolean(requiresGrad);
  out.global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
}

}  // namespace netwright::convert
