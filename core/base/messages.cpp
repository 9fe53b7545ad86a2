// SPDX-License-Identifier: Apache-2.0
#include "core/base/messages.h"

#include <algorithm>
#include <cassert>

namespace netwright {

// NW-G graph, NW-P parameter, NW-S shape, NW-D data, NW-R run, NW-E export.
const std::vector<Message>& messages() {
  static const std::vector<Message> kMessages{
      {"NW-G001", "{layer} has nothing connected to its input '{port}'. Drag a wire to it, or delete the layer."},
      {"NW-G002", "The wires form a cycle: {cycle}. Remove one of them; a network flows from inputs to outputs."},
      {"NW-G003",
       "{layer} is of the kind '{kind}', which this version does not know. It is kept as it is; install the plugin "
       "that brings it, or replace it."},
      {"NW-G004", "The graph has no Input layer. Add one: it says what a sample looks like."},
      {"NW-G005", "The graph has no Output layer. Add one after the last layer: it marks what the network computes."},
      {"NW-G006", "Two nodes are called '{name}'. Rename one; names become the names of the weights."},
      {"NW-G007", "{layer} is at version {version} but this program knows versions up to {known}. Update Netwright."},
      {"NW-G008", "{layer} is not used: nothing leads from it to an output."},
      {"NW-G009",
       "A wire from '{from}' to '{to}' ends at a port that does not exist. It was kept; remove it or choose another "
       "port."},
      {"NW-G010", "{count} layers are not used: {names}. Nothing leads from them to an output."},
      {"NW-G011", "{layer} stands for a block whose definition is missing. Paste the definition, or delete the node."},
      {"NW-G012",
       "{layer} puts the block '{block}' into itself: {circle}. A block cannot contain itself; remove one of "
       "these instances, or use a Loop."},
      {"NW-G013",
       "{layer} shares the weights of {other}, which is no instance of the same block beside it. Choose "
       "another instance, or give it weights of its own."},
      {"NW-G014", "With {layer} the network has more than {limit} nodes. Repeat blocks less often."},
      {"NW-G015", "{layer} lies {limit} blocks deep. Nest blocks less deeply."},
      {"NW-G016",
       "The block '{block}' has no port '{port}' (any more), but a wire is connected to it at {layer}. Remove "
       "the wire, or connect it to another port."},
      {"NW-G017",
       "{layer} cannot stand in a body that {owner} runs: a batch does not pass there once. Let values in and out "
       "through the ports of the body."},
      {"NW-G018",
       "The bodies of {layer} have different ports: '{first}' has {ports}, '{second}' has {others}. Give them the same "
       "ports in the same order."},
      {"NW-G019",
       "{layer} has no end. Give it a count, connect its input 'count', or give its body an output 'again' that tells "
       "whether another step follows."},
      {"NW-G020",
       "{layer} needs {needed} {kind} of its body, but '{block}' has {received}. Add ports to the body, or change "
       "{param}."},
      {"NW-G021", "{layer} has {received} bodies but needs {needed}. Choose a block for each, or delete the node."},
      {"NW-F001", "{layer}: {param} = {formula} cannot be computed ({problem})."},
      {"NW-F002", "The variable '{variable}' cannot be computed ({problem})."},
      {"NW-F003", "{layer}, line {line}: {problem}"},
      {"NW-P001", "{layer}: {param} {problem}."},
      {"NW-P002",
       "{layer} has no parameter '{param}'; it was kept but does nothing. Remove it, or check the spelling."},
      {"NW-P003", "{layer} splits {channels} channels into {groups} groups, which does not divide evenly."},
      {"NW-P004",
       "{layer}: padding {padding} is more than half of kernel_size {kernel}. Pooling allows at most {limit}."},
      {"NW-P007", "{layer}: output_padding {extra} must be smaller than stride {stride} or dilation {dilation}."},
      {"NW-P008",
       "{layer} has {received} weights in {param} but {expected} scores for each sample. Give one weight for each, or "
       "none."},
      {"NW-P011", "{layer} splits {embed} features into {heads} heads, which does not divide evenly."},
      {"NW-S001", "{layer} expects an input with {expected} dimensions ({form}) but receives {shape}."},
      {"NW-S002",
       "{layer} would make an output of size {result}: an input of {size} is smaller than the window of {window} "
       "(kernel_size {kernel}, dilation {dilation}, padding {padding}). Use a smaller kernel_size, more padding, or a "
       "larger input."},
      {"NW-S003", "{layer} expects {expected} input features but receives {received}."},
      {"NW-S004", "{layer} expects {expected} input channels but receives {received}."},
      {"NW-S005",
       "{layer} cannot add {a} and {b}: they differ in dimension {dim} ({x} and {y}). Sizes must be equal or 1."},
      {"NW-S006",
       "{layer} has no dimension {dim}: its input {shape} has {rank} dimensions, numbered 0 to {last} or -{rank} to "
       "-1."},
      {"NW-S007", "{layer} needs an input of type {expected} but receives {received}."},
      {"NW-S008",
       "{layer} compares {outputs} with targets {targets}: it needs one target for each sample, as a class number."},
      {"NW-S009", "{layer} in training needs more than one value per channel, but its input is {shape}."},
      {"NW-S010", "{layer}: start_dim {start} comes after end_dim {end} for the input {shape}."},
      {"NW-S011", "{message} This shows in a batch with {sizes}."},
      {"NW-S012", "{layer} receives {received} but was built for {expected}."},
      {"NW-S021",
       "{layer} cannot multiply {a} and {b}: they differ in dimension {dim} ({x} and {y}). Sizes must be equal or 1."},
      {"NW-S022", "{layer} normalizes over {expected} but its input ends in {received}."},
      {"NW-S023", "{layer} cannot read {from} as {to}: {count} numbers do not fill {places} places."},
      {"NW-S024",
       "{layer} would make an output of size {result} from {size}: padding {padding} cuts off too much. Use less "
       "padding, or a larger kernel_size."},
      {"NW-S025",
       "{layer} compares with class numbers (int64) but the target holds {received}. To predict numbers choose another "
       "loss: mse, l1 or huber."},
      {"NW-S026",
       "{layer} compares with numbers (float) but the target holds {received}. For class numbers choose cross_entropy; "
       "to predict these numbers, convert the column to float."},
      {"NW-S027",
       "{layer} compares {outputs} with targets {targets}: both must have the same sizes. Change the last layer or the "
       "target."},
      {"NW-S031",
       "{layer} joins along dimension {dim}, where sizes may differ; all others must be equal. Its input {input} is "
       "{received}, the first is {expected}."},
      {"NW-S032", "{layer} joins numbers of one type. Its input {input} is {received}, the first is {expected}."},
      {"NW-S033", "{layer} expects its input '{port}' to be {expected} but receives {received}."},
      {"NW-S034", "{layer} expects {expected} features at its input '{port}' but receives {received}."},
      {"NW-S035",
       "{layer} cannot let {query} attend to keys {key} with values {value}: the number of samples must be equal, and "
       "each key needs one value."},
      {"NW-S036", "{layer} cannot take {length} entries from {start} on along dimension {dim}, which has {size}."},
      {"NW-S037", "{layer} cannot split dimension {dim} of {shape} into {sizes}: that would be {product} entries."},
      {"NW-S038", "{layer} has {expected} places but receives sequences of length {received}."},
      {"NW-S040",
       "{layer} cannot combine {a} and {b}: they differ in dimension {dim} ({x} and {y}). Sizes must be equal or 1."},
      {"NW-S042", "{layer} needs dimension {dim} of {shape} to be a multiple of {factor}."},
      {"NW-S043",
       "{layer} would make {result} values of {size} with windows of {kernel}: that needs at least {needed}. Ask for a "
       "smaller output, or use a smaller kernel_size."},
      {"NW-S044", "{layer} has nothing to work on: dimension {dim} of {shape} is empty."},
      {"NW-S045",
       "{layer} cannot multiply {a} by {b}: the columns of the first must be as many as the rows of the second."},
      {"NW-S046",
       "{layer} expects {expected} patches for an image of {size} but receives {received}. Change output_size, or the "
       "kernel_size, stride, padding and dilation to those that cut the image."},
      {"NW-S047",
       "{layer} lays tensors of one shape side by side. Its input {input} is {received}, the first is {expected}."},
      {"NW-S048",
       "{layer} carries '{port}' from step to step, but one step turns {before} into {after}. What is carried keeps "
       "its "
       "shape and type; what grows is stacked."},
      {"NW-S049",
       "{layer} decides by one number, but its '{port}' is {shape}. Put an expression before it that makes one, such as "
       "y = x.mean() > 0."},
      {"NW-S050",
       "{layer}: '{port}' is {first} from '{block}' but {second} from '{other}'. The bodies must give results of one "
       "type and with as many dimensions."},
      {"NW-S051",
       "{layer} goes through '{first}' and '{second}' at once, but they have {a} and {b} entries along dimension "
       "{dim}."},
      {"NW-S052", "{layer} cannot go along dimension {dim} of '{port}', which is {shape}."},
      {"NW-S053",
       "{layer} joins what its body gives along dimension {dim}, so '{port}' must have one entry there; it is {shape}."},
      {"NW-D001",
       "Sample {sample} has the label {label}, but {layer} gives scores for {classes} classes (0 to {last}). Set the "
       "last layer to at least {needed} outputs, or correct the label."},
      {"NW-D002", "Input '{input}' expects samples of {expected} but column '{column}' has {received}."},
      {"NW-D003", "Input '{input}' is bound to column '{column}', which the data does not have. It has: {columns}."},
      {"NW-D004", "Sample {sample} holds a value that is not finite in '{input}'. Correct or drop that sample."},
      {"NW-D005",
       "The column '{column}' has {classes} classes ({names}), but {layer} gets scores for {limit}. Give the last "
       "layer {classes} outputs."},
      {"NW-D006",
       "The column '{column}' has {classes} different values ({names}), but {layer} has {limit} entries. Set "
       "num_embeddings to {classes}."},
      {"NW-D011",
       "Sample {sample} has the index {label}, but {layer} has {classes} entries (0 to {last}). Choose a larger "
       "num_embeddings, or correct the index."},
      {"NW-D012",
       "Sample {sample} has the index {label}, but {layer} has {classes} places (0 to {last}). Wire the indices of the "
       "max pooling with the same sizes."},
      {"NW-D013",
       "Sample {sample} says a length of {label}, but {layer} receives sequences of at most {last} steps. Correct the "
       "length, or give longer sequences."},
      {"NW-D014",
       "Sample {sample} has the index {label}, but {layer} has {classes} places to choose from (0 to {last}). "
       "Correct the index."},
      {"NW-D020", "{layer} is bound to the column '{column}', which the data does not have. It has: {columns}."},
      {"NW-D021", "{layer} does not say which target it stands for. Set column to one of: {columns}."},
      {"NW-D022",
       "{layer} has nothing to stand for: the data has no target. Set column to one of its columns: {columns}."},
      {"NW-R001",
       "The last batch of each epoch has 1 sample ({samples} samples, batch size {batch}), and {layer} needs at least "
       "2 in training. Drop the last batch, or choose another batch size."},
      {"NW-R002", "{what} '{name}' does not exist. Did you mean '{nearest}'? Known: {known}."},
      {"NW-R003",
       "The {loss} loss became {value} at step {step} (epoch {epoch}). Lower the learning rate ({rate}), or look for "
       "extreme values in the data."},
      {"NW-R004", "The graph has {count} outputs; say which one the {loss} loss compares with the target: {outputs}."},
      {"NW-R005",
       "{layer} is the first whose result is not finite: {count} of its {total} values are {value}, while all before "
       "it "
       "are finite."},
      {"NW-R006",
       "The weight {weight} is not finite any more: {count} of its {total} values are {value}. Go back to a "
       "checkpoint, "
       "and lower the learning rate."},
      {"NW-R007",
       "{layer} needs more memory than there is. Choose a smaller batch size; half of it is a good next try."},
      {"NW-R008",
       "The metric {metric} is made for {wanted}, but the target '{column}' holds {held}. Choose another metric."},
      {"NW-R009", "The {loss} loss names the output '{output}', which the graph does not have. It has: {outputs}."},
      {"NW-R010", "The weight {weight} of {size} does not fit into memory. Choose smaller sizes for its layer."},
      {"NW-R020",
       "{layer} says what training lowers, but it is {received}, not one number. Set its reduction to mean or sum, or "
       "take the mean before."},
      {"NW-R021",
       "Objective {objective} has nothing to lower. Choose a loss for it, or end a loss or a Minimize node of the "
       "graph "
       "in it."},
      {"NW-R022",
       "{layer} belongs to objective {objective}, but the run has {count}. Add objectives, or set its objective to a "
       "number up to {count}."},
      {"NW-R023",
       "The optimisers of objectives {a} and {b} both own {parameter}{others}. Give each its own parameters, for "
       "example by the patterns 'generator.*' and 'discriminator.*'."},
      {"NW-R024",
       "Nobody trains {parameter}{others}: no objective's pattern matches. It keeps what it begins with; freeze it if "
       "that is meant."},
      {"NW-R025", "The pattern '{pattern}' of {what} matches no parameter{kind}. A near one that does is '{nearest}'."},
      {"NW-R026",
       "The metric {metric} reads '{wire}', which the graph does not have, or which is no tensor. A near name is "
       "'{nearest}'."},
      {"NW-R027",
       "The metric {metric} has nothing to compare with: {reason}. Name a column as in {example}. The data has: "
       "{columns}."},
      {"NW-R030", "{layer} has no body {index}: it has {count}, numbered from 0. Clamp the index before it."},
      {"NW-R031",
       "{layer} did not stop after {limit} steps. See whether its condition can become false, or raise its limit."},
      {"NW-R032", "{layer} made no step in this batch, so that there is nothing to stack at '{port}'."},
      {"NW-E001", "{layer} cannot be written as {format}: {reason}. {alternative}"},
      {"NW-E002",
       "The weight {weight} is not finite: {count} of its {total} values are {value}. The file will hold them as they "
       "are."},
  };
  return kMessages;
}

std::string messageText(std::string_view code, const std::map<std::string, std::string>& args) {
  const auto& all = messages();
  const auto it = std::find_if(all.begin(), all.end(), [&](const Message& m) { return m.code == code; });
  assert(it != all.end() && "unknown message code");
  std::string text(it->text);
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
    const size_t close = text.find('}', open);
    const auto arg = args.find(text.substr(open + 1, close - open - 1));
    if (arg == args.end()) {
      open = close;
      continue;
    }
    text.replace(open, close - open + 1, arg->second);
    open += arg->second.size();
  }
  return text;
}

}  // namespace netwright
