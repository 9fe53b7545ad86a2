// SPDX-License-Identifier: Apache-2.0
// Dimensions in another order, more or fewer of them, copies, several tensors in one and one in several. The batch,
// dimension 0, stays. PyTorch: torch.permute and so on.
#include <algorithm>
#include <numeric>

#include "core/layers/not_batch.h"

namespace netwright::layers {
namespace {

int64_t rankOf(const Lowering& l) { return static_cast<int64_t>(l.input("x").rank()); }

void permute(Lowering& l) {
  Shape dims{Dim(0)};
  for (const Dim& d : l.ints("dims")) {
    const int64_t dim = d.constant().value();
    if (!l.check(dim != 0 && dim != -rankOf(l), "NW-P001", "dims",
                 {{"param", "dims"}, {"problem", "must not name the batch, dimension 0, which stays in front"}}))
      return;
    dims.push_back(d);
  }
  l.output("y", l.op("permute", {l.input("x").id, dims}));
}
void squeeze(Lowering& l) {
  const Value x = l.input("x");
  const int64_t dim = l.get<int64_t>("dim");
  if (!checkNotBatch(l, "dim", dim, rankOf(l), 1)) return;
  l.output("y", l.op("squeeze.dim", {x.id, Dim(dim)}));
}
void unsqueeze(Lowering& l) {
  const int64_t dim = l.get<int64_t>("dim");
  if (checkNotBatch(l, "dim", dim, rankOf(l) + 1, 1)) l.output("y", l.op("unsqueeze", {l.input("x").id, Dim(dim)}));
}
// Copies of a vector as the steps of a sequence: (N, C) -> (N, n, C).
void repeatVector(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 2, "N, features")) return;
  const Value one = l.op("unsqueeze", {x.id, Dim(1)});
  l.output("y", l.op("expand", {one.id, Shape{Dim(-1), Dim(l.get<int64_t>("n")), Dim(-1)}}));
}
void tile(Lowering& l) {
  Shape times = l.ints("repeats");
  const auto rank = static_cast<size_t>(rankOf(l));
  if (!l.check(times.size() + 1 == rank, "NW-P001", "repeats",
               {{"param", "repeats"},
                {"problem", "must be a number for each dimension after the batch: " + std::to_string(rank - 1)}}))
    return;
  times.insert(times.begin(), Dim(1));
  l.output("y", l.op("repeat", {l.input("x").id, times}));
}

// Larger copies of dimensions of size 1 without memory of their own; -1 keeps a size.
void expand(Lowering& l) {
  Shape sizes = l.ints("size");
  const auto rank = static_cast<size_t>(rankOf(l));
  if (!l.check(sizes.size() + 1 == rank, "NW-P001", "size",
               {{"param", "size"},
                {"problem", "must be a number for each dimension after the batch: " + std::to_string(rank - 1)}}))
    return;
  sizes.insert(sizes.begin(), Dim(-1));
  l.output("y", l.op("expand", {l.input("x").id, sizes}));
}

constexpr const char* kMany[]{"x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"};

void stack(Lowering& l) {
  std::vector<program::ValueId> tensors;
  std::vector<std::string> ports;
  for (const char* port : kMany)
    if (l.has(port)) {
      tensors.push_back(l.input(port).id);
      ports.emplace_back(port);
    }
  const auto rank = static_cast<int64_t>(l.input("x1").rank()) + 1;
  if (!checkNotBatch(l, "dim", l.get<int64_t>("dim"), rank, 1)) return;
  l.output("y", l.op("stack", {tensors, Dim(l.get<int64_t>("dim"))}));
  for (Diagnostic& d : l.diagnostics)
    if (const auto input = d.args.find("input"); input != d.args.end()) {
      d.port = ports[std::stoul(input->second) - 1];
      input->second = d.port;
    }
}

constexpr size_t kMostParts = 256;
std::string partName(size_t i) { return "y" + std::to_string(i + 1); }

// An output for each size.
Ports splitPorts(const Attributes& params, const Attributes&) {
  const auto found = params.find("sizes");
  const auto sizes = found == params.end() ? std::nullopt : numbers(found->second);
  Ports ports;
  ports.inputs.push_back({"x", "(N, *)", false, ""});
  for (size_t i = 0; i < std::clamp<size_t>(sizes ? sizes->size() : 0, 2, kMostParts); ++i)
    ports.outputs.push_back({partName(i), "a part of x", false, ""});
  return ports;
}

// Parts of given sizes, behind each other.
void split(Lowering& l) {
  const Value x = l.input("x");
  const int64_t dim = l.get<int64_t>("dim");
  if (!checkNotBatch(l, "dim", dim, rankOf(l), 1)) return;
  const Shape sizes = l.ints("sizes");
  const Dim whole = x.dim(static_cast<int>(dim));
  Dim sum = 0;
  for (const Dim& size : sizes) sum = sum + size;
  if (!l.check(sizes.size() >= 2 && sizes.size() <= kMostParts, "NW-P001", "sizes",
               {{"param", "sizes"}, {"problem", "must be 2 to " + std::to_string(kMostParts) + " numbers"}}) ||
      !l.check(
          whole.equals(sum) != program::Answer::No, "NW-P001", "sizes",
          {{"param", "sizes"}, {"problem", "must add up to " + whole.text() + " but are " + sum.text() + " together"}}))
    return;
  Dim start = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    l.output(partName(i).c_str(), l.op("narrow", {x.id, Dim(dim), start, sizes[i]}));
    start = start + sizes[i];
  }
}

LayerSpec layer(const char* id, const char* title, const char* torch, const char* sentence, const char* formula,
                std::vector<std::string> aliases, void (*lowering)(Lowering&), Category category = Category::Shape) {
  return LayerSpec{id, title, category}
      .describe(sentence, formula)
      .torch(torch)
      .named(id)
      .alias(std::move(aliases))
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> arranging() {
  LayerSpec stacked =
      layer("stack", "Stack", "torch.stack",
            "Lays two to eight tensors of one shape side by side, along a new dimension.", "y[:, k] = the k-th",
            {"join", "combine", "new dimension"}, stack, Category::Combine)
          .param(intParam("dim", 1).withDoc("Where the new dimension is; 1 is the first after the batch.").asMain())
          .output("y", "x1 with one more dimension");
  for (const char* port : kMany) stacked.inputs.push_back({port, "as x1", stacked.inputs.size() >= 2, ""});
  LayerSpec parted =
      layer("split", "Split", "torch.split", "Splits a dimension into two or more parts.", "y1, y2, … = parts of x",
            {"chunk", "divide", "branches"}, split)
          .param(intParam("dim", 1).withDoc("Along which dimension; 1 is the first after the batch."))
          .param(
              intListParam("sizes", {4, 4}).min(1).withDoc("Sizes of the parts, which add up to the whole.").asMain())
          .portsFrom(splitPorts);
  const Ports two = splitPorts(parted.defaults(), {});
  parted.inputs = two.inputs;
  parted.outputs = two.outputs;
  return {
      stacked,
      parted,
      layer("permute", "Permute", "torch.permute",
            "Brings the dimensions after the batch into another order: (N, H, W, C) becomes (N, C, H, W) by 3, 1, 2.",
            "y[n, i, j, k] = x[n, …]", {"transpose", "channels last", "order"}, permute)
          .keras("layers.Permute")
          .param(intListParam("dims", {2, 1})
                     .withDoc("The dimensions after the batch in their new order, counted from 1.")
                     .asMain())
          .input("x", "(N, *)")
          .output("y", "x in another order"),
      layer("expand", "Expand", "torch.Tensor.expand",
            "Copies along dimensions of size 1 without taking memory for the copies.", "y[n, i, j] = x[n, i, 0]",
            {"broadcast", "repeat", "broadcast_to"}, expand)
          .keras("ops.broadcast_to")
          .param(intListParam("size", {-1})
                     .min(-1)
                     .withDoc("The size of each dimension after the batch; -1 keeps it.")
                     .asMain())
          .input("x", "(N, *)")
          .output("y", "x, larger where it had size 1"),
      layer("repeat_vector", "Repeat", "", "Copies a vector as the steps of a sequence.", "y[n, i] = x[n]",
            {"repeat vector", "broadcast", "decoder"}, repeatVector)
          .keras("layers.RepeatVector")
          .param(intParam("n", 2).min(1).withDoc("How many steps.").asMain())
          .input("x", "(N, C)")
          .output("y", "(N, n, C)"),
      layer("squeeze", "Squeeze", "torch.squeeze", "Takes away a dimension of size 1.", "y[n, …] = x[n, …, 0, …]",
            {"remove dimension"}, squeeze)
          .param(intParam("dim", 1).withDoc("Which one; one of another size stays.").asMain())
          .input("x", "(N, *)")
          .output("y", "x without dim"),
      layer("tile", "Tile", "torch.tile", "Puts copies behind each other along dimensions.", "y = x, x, …",
            {"repeat", "copy"}, tile)
          .param(intListParam("repeats", {2})
                     .min(1)
                     .withDoc("How many copies along each dimension after the batch.")
                     .asMain())
          .input("x", "(N, *)")
          .output("y", "x, repeated"),
      layer("unsqueeze", "Unsqueeze", "torch.unsqueeze", "Adds a dimension of size 1.", "y[n, …, 0, …] = x[n, …]",
            {"add dimension", "expand dims"}, unsqueeze)
          .param(intParam("dim", 1).withDoc("Where it is put; 1 is behind the batch.").asMain())
          .input("x", "(N, *)")
          .output("y", "x with one more dimension")};
}

}  // namespace netwright::layers
