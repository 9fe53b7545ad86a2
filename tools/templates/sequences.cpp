// SPDX-License-Identifier: Apache-2.0
// Networks for what comes one after the other: letters, sounds, numbers in time.
#include "tools/templates/sketch.h"

namespace netwright::templates {
namespace {

using Ints = std::vector<int64_t>;
using Text = std::string;

constexpr int64_t kLetters = 60, kLongest = 16;  // of the words, with the filler
constexpr int64_t kLanguages = 9;

int64_t i(int64_t value) { return value; }

void readsWords(Sketch& s, const char* padding) {
  s.project.data.source = "csv";
  s.project.data.path = "builtin:words";
  s.project.data.params = {
      {"target", Text("language")}, {"text", Text("word")}, {"text_length", kLongest}, {"text_padding", Text(padding)}};
  s.project.data.validation = s.project.data.test = 0.1;
  s.project.data.split = data::SplitMode::Stratified;
}

Sketch& letters(Sketch& s, int64_t width) {
  return s.node("input", "word", {{"shape", Ints{kLongest}}, {"dtype", Text("int64")}})
      .node("embedding", "letters", {{"num_embeddings", kLetters}, {"embedding_dim", width}, {"padding_idx", i(0)}});
}

Sketch wordsLstm() {
  Sketch s("words-lstm", "Words LSTM",
           "Which language is it? An LSTM reads a word letter by letter and tells, of nine languages, the one it comes "
           "from.");
  readsWords(s, "start");
  letters(s, 32)
      .node("lstm", "lstm", {{"hidden_size", i(96)}})
      .at(0, 1)
      .node("flatten", "last", {}, {"lstm:h_n"})
      .node("linear", "fc", {{"out_features", kLanguages}})
      .node("output", "language");
  s.note(
      "## A word, letter by letter\n"
      "Each letter becomes a vector that is learned (*Embedding*). The **LSTM** reads one after the other and keeps in "
      "mind what matters; its gates decide what to store, forget and tell. What it remembers after the last letter, "
      "*h_n*, is all that the last layer sees. Short words have their filler in front, so that the last step is a "
      "letter.\n\n"
      "S. Hochreiter, J. Schmidhuber: *Long short-term memory*, Neural Computation 9, 1997.",
      196);
  s.trains("cross_entropy", {"accuracy"}, 0.005, 6, 128);
  return s;
}

Sketch wordsGru() {
  Sketch s("words-gru", "Words GRU",
           "Which language is it? A GRU reads a word in both directions, and the strongest sign anywhere in the word "
           "decides.");
  readsWords(s, "end");
  letters(s, 32)
      .node("gru", "gru", {{"hidden_size", i(64)}, {"bidirectional", true}})
      .at(0, 1)
      .node("max", "strongest", {{"dim", i(1)}}, {"gru"})
      .node("dropout", "dropout", {{"p", 0.2}})
      .node("linear", "fc", {{"out_features", kLanguages}})
      .node("output", "language");
  s.note(
      "## Forwards and backwards\n"
      "A **GRU** does with two gates what an LSTM does with three. Here it reads each word from both ends, so that "
      "every "
      "step knows the letters on its left and on its right. Of all steps the *largest* value of each feature counts: "
      "an "
      "ending like *-ção* is found wherever it stands.\n\n"
      "K. Cho et al.: *Learning phrase representations using RNN encoder-decoder*, 2014, arXiv:1406.1078.",
      180);
  s.trains("cross_entropy", {"accuracy"}, 0.005, 6, 128);
  return s;
}

Sketch wordsTransformer() {
  Sketch s("words-transformer", "Words Transformer",
           "Which language is it? Every letter of a word looks at all others at once: the encoder of a Transformer, in "
           "small.");
  readsWords(s, "end");
  const Attributes layer{{"nhead", i(4)}, {"dim_feedforward", i(128)}, {"dropout", 0.1}, {"norm_first", true}};
  letters(s, 64)
      .node("positional_encoding", "places")
      .node("equal", "filler", {{"other", 0.0}}, {"word"})
      .at(0, 1)
      .node("transformer_encoder_layer", "layers.0", layer, {"places", "src_key_padding_mask=filler"})
      .node("transformer_encoder_layer", "layers.1", layer, {"layers.0", "src_key_padding_mask=filler"})
      .node("layer_norm", "norm")
      .node("unsqueeze", "filler_steps", {{"dim", i(2)}}, {"filler"})
      .at(0, 2)
      .node("masked_fill", "letters_only", {}, {"norm", "filler_steps"})
      .node("mean_pool", "mean")
      .node("linear", "fc", {{"out_features", kLanguages}})
      .node("output", "language");
  s.note(
      "## Attention instead of memory\n"
      "Nothing is read in order here: in each **encoder layer** every letter asks all others, takes what fits "
      "(*attention*) and thinks it over (a small MLP). As attention does not see order, *places* adds a learned vector "
      "for each position. *filler* marks the places behind the word, at which nobody looks.\n\n"
      "A. Vaswani et al.: *Attention is all you need*, 2017, arXiv:1706.03762.",
      180);
  s.trains("cross_entropy", {"accuracy"}, 0.003, 8, 128);
  return s;
}

Sketch digitsInOrder() {
  constexpr int64_t kLength = 8, kSymbols = 11;
  Sketch s(
      "seq2seq-attention", "Sequence to sequence",
      "Digits come in, the same digits in order go out: an encoder, a decoder, and attention that tells the decoder "
      "where to look.");
  s.project.data.source = "digit_order";
  s.project.data.params = {{"order", Text("sorted")}, {"length", kLength}, {"samples", i(10000)}};
  s.project.data.validation = s.project.data.test = 0.1;
  s.node("input", "digits", {{"shape", Ints{kLength}}, {"dtype", Text("int64")}})
      .node("embedding", "symbols", {{"num_embeddings", kSymbols}, {"embedding_dim", i(32)}})
      .node("gru", "encoder", {{"hidden_size", i(64)}})
      .at(0, 1)
      .node("flatten", "summary", {}, {"encoder:h_n"})
      .node("repeat_vector", "steps", {{"n", kLength}})
      .node("gru", "decoder", {{"hidden_size", i(64)}}, {"steps", "h_0=encoder:h_n"})
      .at(0, 2)
      .node("multihead_attention", "attention", {{"num_heads", i(1)}}, {"decoder", "encoder", "encoder"})
      .node("concat", "both", {{"dim", i(2)}}, {"decoder", "attention"})
      .node("linear", "fc", {{"out_features", kSymbols}})
      .node("permute", "scores", {{"dims", Ints{2, 1}}})
      .node("output", "answer");
  s.note(
      "## From one sequence to another\n"
      "The **encoder** reads the digits; what it remembers at the end is handed to the **decoder**, which writes the "
      "answer step by step. One vector is a narrow door for a whole sequence, so at each step **attention** lets the "
      "decoder look at all of the encoder's steps and take those that fit. The loss compares every digit of the "
      "answer.\n\n"
      "D. Bahdanau, K. Cho, Y. Bengio: *Neural machine translation by jointly learning to align and translate*, 2014, "
      "arXiv:1409.0473.",
      196);
  s.trains("cross_entropy", {"accuracy"}, 0.003, 10, 64);
  return s;
}

Sketch spokenDigits() {
  Sketch s("spoken-digits-cnn", "Spoken digits CNN",
           "Which digit was said? A sound becomes a picture of its pitches, and a convolutional network looks at it.");
  s.project.data.source = "sounds";
  s.project.data.path = "builtin:spoken-digits";
  s.project.data.params = {{"length", i(6400)}, {"sample_rate", i(8000)}};
  s.project.data.validation = s.project.data.test = 0.15;
  s.project.data.split = data::SplitMode::Stratified;
  const Attributes conv{{"out_channels", i(16)}, {"kernel_size", Ints{3, 3}}, {"padding", Ints{1, 1}}};
  Attributes wider = conv;
  wider["out_channels"] = i(32);
  s.node("input", "sound", {{"shape", Ints{6400}}})
      .node("mel_spectrogram", "spectrum", {{"n_fft", i(256)}, {"hop_length", i(128)}, {"n_mels", i(32)}})
      .node("log1p", "loudness")
      .node("unsqueeze", "picture", {{"dim", i(1)}})
      .at(0, 1)
      .node("batch_norm2d", "norm")
      .node("conv2d", "conv1", conv)
      .node("relu", "relu1")
      .node("max_pool2d", "pool1")
      .at(0, 2)
      .node("conv2d", "conv2", wider)
      .node("relu", "relu2")
      .node("max_pool2d", "pool2")
      .node("flatten", "flat")
      .at(0, 3)
      .node("dropout", "dropout", {{"p", 0.2}})
      .node("linear", "fc", {{"out_features", i(10)}})
      .node("output", "digit");
  s.note(
      "## Seeing sounds\n"
      "The **MelSpectrogram** cuts the sound into short pieces and tells how strong each pitch is in each, in the "
      "bands "
      "that ears tell apart; *loudness* takes the logarithm, as ears do. What comes out is a picture, time to the "
      "right, "
      "pitch upwards, in which a word has a shape: from here on it is image recognition. The spectrum is a layer, so "
      "that "
      "an exported network takes plain sound.\n\n"
      "O. Abdel-Hamid et al.: *Convolutional neural networks for speech recognition*, IEEE/ACM TASLP 22, 2014.",
      196);
  s.trains("cross_entropy", {"accuracy"}, 0.003, 12, 16);
  return s;
}

Sketch tcn() {
  constexpr int64_t kChannels = 24;
  Sketch s("adding-tcn", "Adding TCN",
           "Two of fifty numbers are marked; their sum is asked for. A temporal convolutional network sees far back by "
           "widening its steps.");
  s.project.data.source = "adding";
  s.project.data.params = {{"length", i(50)}, {"samples", i(4000)}};
  s.project.data.validation = s.project.data.test = 0.1;
  s.node("input", "x", {{"shape", Ints{50, 2}}}).node("permute", "channels", {{"dims", Ints{2, 1}}});
  Text before = "channels";
  for (int64_t level = 0; level < 5; ++level) {
    const int64_t dilation = int64_t{1} << level;
    const Text name = "levels." + std::to_string(level);
    const int row = static_cast<int>(level) + 1;
    s.at(0, row)
        .node("constant_pad1d", name + ".past", {{"padding", Ints{2 * dilation, 0}}}, {before})
        .node("conv1d", name + ".conv", {{"out_channels", kChannels}, {"kernel_size", i(3)}, {"dilation", dilation}})
        .node("relu", name + ".relu");
    Text shortcut = before;
    if (level == 0) {
      s.node("conv1d", name + ".shortcut", {{"out_channels", kChannels}, {"kernel_size", i(1)}}, {before});
      shortcut = name + ".shortcut";
    }
    s.at(4, row).node("add", name + ".sum", {}, {name + ".relu", shortcut});
    before = name + ".sum";
  }
  s.at(0, 6)
      .node("select", "last", {{"dim", i(2)}, {"index", i(-1)}}, {before})
      .node("linear", "fc", {{"out_features", i(1)}})
      .node("output", "sum");
  s.note(
      "## Convolutions that look back\n"
      "A **TCN** reads a sequence with convolutions that are *causal*: padding stands on the left only, so no step "
      "sees "
      "what comes later. Each level doubles the distance between the points of its kernel (*dilation* 1, 2, 4, 8, 16), "
      "so "
      "the last step sees 63 steps back after five levels. Shortcuts carry what a level has no use for. The adding "
      "problem "
      "needs this memory: guessing 1 for every sum leaves an error (MSE) of 0.17.\n\n"
      "S. Bai, J. Z. Kolter, V. Koltun: *An empirical evaluation of generic convolutional and recurrent networks for "
      "sequence modeling*, 2018, arXiv:1803.01271.",
      196, 5);
  s.trains("mse", {"mae", "r2"}, 0.005, 16, 32);
  return s;
}

Sketch gpt() {
  constexpr int64_t kSymbols = 71, kWindow = 64;
  Sketch s("gpt-small", "Small GPT",
           "Learns to write, letter by letter, from Alice in Wonderland: a Transformer that looks only back, as large "
           "language models do.");
  s.project.data.source = "text";
  s.project.data.path = "builtin:alice";
  s.project.data.params = {{"length", kWindow}, {"stride", i(16)}};
  s.project.data.validation = 0.1;
  const Attributes block{{"nhead", i(4)},      {"dim_feedforward", i(256)},  {"dropout", 0.0},
                         {"norm_first", true}, {"activation", Text("gelu")}, {"is_causal", true}};
  s.node("input", "x", {{"shape", Ints{kWindow}}, {"dtype", Text("int64")}})
      .node("embedding", "wte", {{"num_embeddings", kSymbols}, {"embedding_dim", i(64)}})
      .node("positional_encoding", "wpe")
      .at(0, 1)
      .node("transformer_encoder_layer", "h.0", block)
      .node("transformer_encoder_layer", "h.1", block)
      .node("layer_norm", "ln_f")
      .at(0, 2)
      .node("linear", "lm_head", {{"out_features", kSymbols}, {"bias", false}})
      .node("permute", "scores", {{"dims", Ints{2, 1}}})
      .node("output", "next");
  s.note(
      "## A language model\n"
      "For every letter of a text the network tells which letter comes next, from all letters before it: *is_causal* "
      "hides "
      "those behind. So one window of 64 letters is 64 exercises. To write, one takes a likely next letter, puts it "
      "behind "
      "the text, and asks again: see the Try page.\n\n"
      "*wte* and *wpe* are the vectors of letters and places, *h* the blocks, as in GPT-2: A. Radford et al., "
      "*Language "
      "models are unsupervised multitask learners*, 2019.",
      196);
  s.trains("cross_entropy", {"accuracy"}, 0.005, 6, 32);
  return s;
}

Sketch sunspots() {
  Sketch s(
      "sunspots-lstm", "Sunspots LSTM",
      "A time series: an LSTM reads the sunspot numbers of 24 years and predicts the next. Split by time, without a "
      "look into the future.");
  s.project.data.source = "series";
  s.project.data.path = "builtin:sunspots";
  s.project.data.params = {{"horizon", i(1)}, {"target", Text("SUNACTIVITY")}, {"window", i(24)}};
  s.project.data.transforms = {{"standardize", {{"columns", Text("all")}}, ""}};
  s.project.data.validation = s.project.data.test = 0.15;
  s.node("input", "x", {{"shape", Ints{24, 1}}})
      .node("lstm", "lstm", {{"hidden_size", i(32)}})
      .node("flatten", "last", {}, {"lstm:h_n"})
      .at(0, 1)
      .node("linear", "fc", {{"out_features", i(1)}})
      .node("output", "next");
  s.note(
      "## What comes next?\n"
      "The sun's activity rises and falls in about eleven years. The **LSTM** reads 24 years, one after the other, and "
      "from what it remembers at the end a *Linear* layer tells the next year. Training, validation and test follow "
      "each "
      "other in time: a network must not see the future it is tested on.\n\n"
      "S. Hochreiter, J. Schmidhuber: *Long short-term memory*, Neural Computation 9, 1997.",
      196, 3);
  s.trains("mse", {"mae", "r2"}, 0.005, 40, 16);
  return s;
}

}  // namespace

std::vector<Sketch> sequences() {
  return {wordsLstm(), wordsGru(), wordsTransformer(), digitsInOrder(), spokenDigits(), tcn(), gpt(), sunspots()};
}

}  // namespace netwright::templates
