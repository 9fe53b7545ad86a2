// SPDX-License-Identifier: Apache-2.0
// Other views of the same values.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// The sizes for Reshape: numbers, 0 for a leading size that is taken over, -1 for the one that is worked out; nullopt
// if more than that is unknown.
std::optional<Ints> flattenedSizes(const program::Shape& in, const program::Shape& out) {
  Ints sizes;
  bool open = false, aligned = true;
  for (size_t i = 0; i < out.size(); ++i) {
    aligned = aligned && i < in.size() && in[i] == out[i];
    if (const auto known = out[i].constant())
      sizes.push_back(*known);
    else if (aligned)
      sizes.push_back(0);
    else if (!std::exchange(open, true))
      sizes.push_back(-1);
    else
      return std::nullopt;
  }
  return sizes;
}

void flatten(OpPrinter& p) {
  const int64_t rank = static_cast<int64_t>(p.shape("self").size()), end = p.integer("end_dim");
  if (rank >= 2 && p.integer("start_dim") == 1 && (end == -1 || end == rank - 1))
    return p.result("Flatten", {p.tensor("self")}, {{"axis", int64_t{1}}});
  p.result("Reshape", {p.tensor("self"), p.integers("shape", *flattenedSizes(p.shape("self"), p.resultShape()))});
}

Refusal refuseFlatten(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (flattenedSizes(in, program.tensorType(op.results[0]).shape)) return std::nullopt;
  return fmt::format("more than one size of {} is only known at run time", program::text(in));
}

void reshape(OpPrinter& p) { p.result("Reshape", {p.tensor("self"), p.integers("shape", p.ints("shape"))}); }

// Known sizes behind the batch; nullopt if there are others. The batch itself is taken over (0).
std::optional<Ints> sizesBehindBatch(const program::Shape& shape) {
  Ints sizes{0};
  for (size_t i = 1; i < shape.size(); ++i) {
    if (!shape[i].constant()) return std::nullopt;
    sizes.push_back(*shape[i].constant());
  }
  return sizes;
}

Refusal refuseUnknownSizes(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (sizesBehindBatch(in)) return std::nullopt;
  return fmt::format("sizes of {} are only known at run time", program::text(in));
}

// Dimensions split, in another order, and joined again.
void rearrange(OpPrinter& p, const Ints& split, const Ints& perm, const Ints& joined) {
  const std::string parts = p.node("Reshape", {p.tensor("self"), p.integers("split_shape", split)}, "split");
  p.result("Reshape", {p.node("Transpose", {parts}, "ordered", {{"perm", perm}}), p.integers("joined_shape", joined)});
}

void channelShuffle(OpPrinter& p) {
  const Ints sizes = *sizesBehindBatch(p.shape("self"));
  const int64_t groups = p.integer("groups");
  Ints split{0, groups, sizes[1] / groups}, perm{0, 2, 1};
  for (size_t i = 2; i < sizes.size(); ++i) {
    split.push_back(sizes[i]);
    perm.push_back(static_cast<int64_t>(i) + 1);
  }
  rearrange(p, split, perm, sizes);
}

void pixelShuffle(OpPrinter& p) {
  p.result("DepthToSpace", {p.tensor("self")},
           {{"blocksize", p.integer("upscale_factor")}, {"mode", std::string("CRD")}});
}

// SpaceToDepth puts channels last within a block, PyTorch first.
void pixelUnshuffle(OpPrinter& p) {
  const Ints s = *sizesBehindBatch(p.shape("self"));
  const int64_t r = p.integer("downscale_factor");
  rearrange(p, {0, s[1], s[2] / r, r, s[3] / r, r}, {0, 1, 3, 5, 2, 4}, {0, s[1] * r * r, s[2] / r, s[3] / r});
}

Refusal refuseOtherThanImages(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (in.size() != 4) return fmt::format("its input {} is no batch of images (N, C, H, W)", program::text(in));
  return refuseUnknownSizes(program, op);
}

// Slices with steps of -1, from the last entry to before the first.
void flip(OpPrinter& p) {
  const Ints dims = p.ints("dims");
  if (dims.empty()) return p.sameAs("self");
  const size_t n = dims.size();
  p.result("Slice", {p.tensor("self"), p.integers("starts", Ints(n, -1)),
                     p.integers("ends", Ints(n, std::numeric_limits<int64_t>::min())), p.integers("axes", dims),
                     p.integers("steps", Ints(n, -1))});
}

// New dimensions in front, then copies.
void copies(OpPrinter& p, Ints times) {
  std::string x = p.tensor("self");
  const size_t rank = p.shape("self").size();
  if (times.size() < rank) times.insert(times.begin(), rank - times.size(), 1);
  if (times.size() > rank) {
    Ints front;
    for (size_t i = 0; i < times.size() - rank; ++i) front.push_back(static_cast<int64_t>(i));
    x = p.node("Unsqueeze", {x, p.integers("axes", front)}, "wider");
  }
  p.result("Tile", {x, p.integers("times", times)});
}
void repeat(OpPrinter& p) { copies(p, p.ints("repeats")); }
void tile(OpPrinter& p) { copies(p, p.ints("dims")); }

// One dimension after the other: its end before its beginning.
void roll(OpPrinter& p) {
  const Ints shifts = p.ints("shifts"), dims = p.ints("dims");
  std::string x = p.tensor("self");
  for (size_t i = 0; i < dims.size(); ++i) {
    const auto rank = static_cast<int64_t>(p.shape("self").size()), dim = dims[i] < 0 ? dims[i] + rank : dims[i];
    const int64_t size = *p.shape("self")[static_cast<size_t>(dim)].constant();
    const int64_t cut = size == 0 ? 0 : ((size - shifts[i]) % size + size) % size;
    const std::string axis = p.integers("axis", {dim}), at = p.integers("cut", {cut});
    const std::string tail = p.node("Slice", {x, at, p.integers("end", {size}), axis}, "tail");
    const std::string head = p.node("Slice", {x, p.integers("start", {0}), at, axis}, "head");
    if (i + 1 == dims.size()) return p.result("Concat", {tail, head}, {{"axis", dim}});
    x = p.node("Concat", {tail, head}, "rolled", {{"axis", dim}});
  }
}

Refusal refuseRoll(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  const Ints dims = program::constants(std::get<program::Shape>(argument(op, "dims"))).value();
  if (dims.empty()) return "it moves all values as one row";
  for (const int64_t dim : dims)
    if (!in[static_cast<size_t>(dim < 0 ? dim + static_cast<int64_t>(in.size()) : dim)].constant())
      return "a size that it moves along is only known at run time";
  return std::nullopt;
}

// PyTorch lists (left, right) from the last dimension on, ONNX all beginnings, then all ends.
void circular(OpPrinter& p) {
  const Ints margins = p.ints("pad");
  std::string x = p.tensor("self");
  const auto part = [&](int64_t from, int64_t to, int64_t dim) {
    return p.node("Slice", {x, p.integers("start", {from}), p.integers("end", {to}), p.integers("axis", {dim})},
                  "part");
  };
  for (size_t i = 0; i < margins.size() / 2; ++i) {
    const int64_t before = margins[2 * i], after = margins[2 * i + 1],
                  dim = static_cast<int64_t>(p.shape("self").size() - 1 - i);
    std::vector<std::string> parts{x};
    if (before > 0) parts.insert(parts.begin(), part(-before, std::numeric_limits<int64_t>::max(), dim));
    if (after > 0) parts.push_back(part(0, after, dim));
    const bool last = i + 1 == margins.size() / 2;
    if (last) return p.result("Concat", parts, {{"axis", dim}});
    if (parts.size() > 1) x = p.node("Concat", parts, "padded", {{"axis", dim}});
  }
  p.sameAs("self");
}

void pad(OpPrinter& p) {
  const std::string mode = p.text("mode");
  if (mode == "circular") return circular(p);
  const Ints margins = p.ints("pad");
  const size_t rank = p.shape("self").size();
  Ints pads(2 * rank, 0);
  for (size_t i = 0; i < margins.size() / 2; ++i) {
    pads[rank - 1 - i] = margins[2 * i];
    pads[2 * rank - 1 - i] = margins[2 * i + 1];
  }
  std::vector<std::string> inputs{p.tensor("self"), p.integers("pads", pads)};
  if (mode == "constant") inputs.push_back(p.number("value", p.none("value") ? 0 : p.real("value"), p.dtype("self")));
  p.result("Pad", inputs, {{"mode", mode == "replicate" ? "edge" : mode}});
}

Refusal refusePad(const Program& program, const Op& op) {
  if (std::get<std::string>(argument(op, "mode")) == "circular") {
    const Ints margins = program::constants(std::get<program::Shape>(argument(op, "pad"))).value();
    if (std::all_of(margins.begin(), margins.end(), [](int64_t m) { return m >= 0; })) return std::nullopt;
    return "it cuts off where others repeat the other end";
  }
  if (!isFloating(program.tensorType(op.results[0]).dtype)) return "margins around whole numbers cannot be written yet";
  return std::nullopt;
}

}  // namespace

Rows shape() {
  return {{"channel_shuffle", {channelShuffle, refuseUnknownSizes}},
          {"flatten.using_ints", {flatten, refuseFlatten}},
          {"flip", {flip}},
          {"pad", {pad, refusePad}},
          {"pixel_shuffle", {pixelShuffle, refuseOtherThanImages}},
          {"pixel_unshuffle", {pixelUnshuffle, refuseOtherThanImages}},
          {"repeat", {repeat}},
          {"reshape", {reshape}},
          {"roll", {roll, refuseRoll}},
          {"tile", {tile}}};
}

}  // namespace netwright::convert::onnx::rows
