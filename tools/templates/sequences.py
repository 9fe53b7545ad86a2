# SPDX-License-Identifier: Apache-2.0
"""Networks for what comes one after the other: letters, sounds, numbers in time."""
import transformers
from tables import training

LETTERS, LONGEST, LANGUAGES = 60, 16, 9   # of the words: letters with the filler; places; languages


def words(padding):
    return {"source": "csv", "path": "builtin:words", "transforms": [], "validation": 0.1, "test": 0.1, "split": "stratified",
            "params": {"target": "language", "text": "word", "text_length": LONGEST, "text_padding": padding}}


def letters(d, width):
    word = d.add("input", "word", shape=[LONGEST], dtype="int64")
    d.add("embedding", "letters", num_embeddings=LETTERS, embedding_dim=width, padding_idx=0)
    return word


def sunspots(d):
    with d.frame("Reads year by year"):
        d.add("input", "x", shape=[24, 1])
        d.add("lstm", "lstm", hidden_size=32)
    with d.frame("Tells the next", "violet"):
        d.add("flatten", "last", d.last["h_n"])
        d.add("linear", "fc", out_features=1)
        d.add("output", "next")
    d.note("""
# Sunspots LSTM

*What comes next?* The sun's activity rises and falls in about eleven years. The LSTM reads 24 years, one after the other, and from what it remembers at the end a linear layer tells the next.

Training, validation and test follow each other in time, with a gap between them: a network must not see the future that it is tested on.

Hochreiter, Schmidhuber 1997, *Long short-term memory*, Neural Computation 9
""")


def words_lstm(d):
    with d.frame("Reads the letters one by one"):
        letters(d, 32)
        d.add("lstm", "lstm", hidden_size=96)
    with d.frame("Decides after the last", "violet"):
        d.add("flatten", "last", d.last["h_n"])
        d.add("linear", "fc", out_features=LANGUAGES)
        d.add("output", "language")
    d.note("""
# Words LSTM

*Which language is it?* Each letter becomes a vector that is learnt. The LSTM reads one after the other and keeps in mind what matters: its gates decide what to store, to forget and to tell. What it remembers after the last letter, h_n, is all that the last layer sees.

Short words are filled up in front (`text_padding`), so that the last step is a letter.

**Try** a word of your own on the Try page, also one that is in no dictionary.

Hochreiter, Schmidhuber 1997, *Long short-term memory*, Neural Computation 9
""")


def words_gru(d):
    with d.frame("Reads in both directions"):
        letters(d, 32)
        d.add("gru", "gru", hidden_size=64, bidirectional=True)
    with d.frame("The strongest sign decides", "violet"):
        d.add("max", "strongest", dim=1)
        d.add("dropout", "dropout", p=0.2)
        d.add("linear", "fc", out_features=LANGUAGES)
        d.add("output", "language")
    d.note("""
# Words GRU

*Forwards and backwards.* A GRU does with two gates what an LSTM does with three. Here it reads each word from both ends, so that every step knows the letters on its left and on its right.

Of all steps the largest value of each feature counts: an ending like -ção is found wherever it stands.

Cho et al. 2014, *Learning phrase representations using RNN encoder-decoder*, arXiv:1406.1078; Schuster, Paliwal 1997, *Bidirectional recurrent neural networks*
""")


def words_transformer(d):
    with d.frame("Letters and their places", "grey"):
        word = letters(d, 64)
        embedded = d.last
        filler = d.add("equal", "filler", word, other=0.0, at=(0, 1))
        places = d.add("positional_encoding", "places", embedded)
    with d.frame("Every letter looks at all others"):
        for i in range(2):
            d.add("transformer_encoder_layer", f"layers.{i}", d.last if i else places, src_key_padding_mask=filler, nhead=4,
                  dim_feedforward=128, dropout=0.0, norm_first=True)
        norm = d.add("layer_norm", "norm")
    with d.frame("The mean of the letters decides", "violet"):
        d.add("unsqueeze", "filler_steps", filler, dim=2)
        d.add("masked_fill", "letters_only", norm, d.last)
        d.add("mean_pool", "mean")
        d.add("linear", "fc", out_features=LANGUAGES)
        d.add("output", "language")
    d.note("""
# Words Transformer

*Attention instead of memory.* Nothing is read in order here: in each encoder layer every letter asks all others, takes what fits, and an MLP thinks about it. As attention does not see order, `places` adds a learnt vector for each position.

`filler` marks the places behind the word: nobody looks at them, and they do not count in the mean.

It learns more slowly than the LSTM on words this short; on long texts, with much data, the order is reversed.

Vaswani et al. 2017, *Attention is all you need*, arXiv:1706.03762
""")


def adding_tcn(d):
    channels = 24
    with d.frame("Steps as columns", "grey"):
        d.add("input", "x", shape=[50, 2])
        before = d.add("permute", "channels", dims=[2, 1])
    with d.frame("Five levels: each looks back twice as far"):
        for level in range(5):
            if level:
                d.row()
            name, dilation = f"levels.{level}", 2**level
            d.add("constant_pad1d", f"{name}.past", before, padding=[2 * dilation, 0])
            d.add("conv1d", f"{name}.conv", out_channels=channels, kernel_size=3, dilation=dilation)
            relu = d.add("relu", f"{name}.relu")
            if level == 0:
                before = d.add("conv1d", f"{name}.shortcut", before, out_channels=channels, kernel_size=1)
            else:
                d.skip(1)
            before = d.add("add", f"{name}.sum", relu, before)
    with d.frame("The last step answers", "violet"):
        d.add("select", "last", before, dim=2, index=-1)
        d.add("linear", "fc", out_features=1)
        d.add("output", "sum")
    d.note("""
# Adding TCN

*Convolutions that look back.* A temporal convolutional network is causal: what is padded stands on the left, so no step sees what comes later. Each level doubles the distance between the points of its kernels (`dilation` 1, 2, 4, 8, 16): the last step sees 62 steps back with five levels of three points each. Shortcuts carry on what a level has no use for.

*The adding problem* asks for the sum of two numbers that are marked among fifty. Who guesses 1 every time has a squared error of 0.17; to do better one must remember.

Bai, Kolter, Koltun 2018, *An empirical evaluation of generic convolutional and recurrent networks for sequence modeling*, arXiv:1803.01271; Hochreiter, Schmidhuber 1997
""")


def spoken_digits(d):
    with d.frame("A sound becomes a picture", "grey"):
        d.add("input", "sound", shape=[6400])
        d.add("mel_spectrogram", "spectrum", n_fft=256, hop_length=128, n_mels=32)
        d.add("log1p", "loudness")
        d.add("unsqueeze", "picture", dim=1)
        d.add("batch_norm2d", "norm")
    with d.frame("Looks for shapes in it"):
        for i, width in enumerate((16, 32), 1):
            if i > 1:
                d.row()
            d.add("conv2d", f"conv{i}", out_channels=width, kernel_size=[3, 3], padding=[1, 1])
            d.add("relu", f"relu{i}")
            d.add("max_pool2d", f"pool{i}")
    with d.frame("Classifier", "violet"):
        d.add("flatten", "flatten")
        d.add("dropout", "dropout", p=0.2)
        d.add("linear", "fc", out_features=10)
        d.add("output", "digit")
    d.note("""
# Spoken digits CNN

*Seeing sounds.* The mel spectrogram cuts the sound into short pieces and tells how strong each pitch is in each, in the bands that ears tell apart; `loudness` takes the logarithm, as ears do. Out comes a picture, time to the right and pitch downwards, in which every word has a shape: the rest is image recognition.

The spectrum is a layer of the network, so that an exported network takes plain sound: 0.8 s at 8,000 samples a second.

**Try** a WAV file of your own on the Try page.

Abdel-Hamid et al. 2014, *Convolutional neural networks for speech recognition*, IEEE/ACM TASLP 22
""")


def digit_order(d):
    length, symbols = 8, 11
    with d.frame("Encoder: reads the digits"):
        d.add("input", "digits", shape=[length], dtype="int64")
        d.add("embedding", "symbols", num_embeddings=symbols, embedding_dim=32)
        encoder = d.add("gru", "encoder", hidden_size=64)
    with d.frame("Decoder: begins with what the encoder remembers", "green"):
        d.add("flatten", "summary", encoder["h_n"])
        d.add("repeat_vector", "steps", n=length)
        decoder = d.add("gru", "decoder", h_0=encoder["h_n"], hidden_size=64)
    with d.frame("Attention: looks back at all digits, then writes", "violet"):
        d.add("multihead_attention", "attention", decoder, encoder, encoder, num_heads=1)
        d.add("concat", "both", decoder, d.last, dim=2)
        d.add("linear", "fc", out_features=symbols)
        d.add("permute", "scores", dims=[2, 1])
        d.add("output", "answer")
    d.note("""
# Sequence to sequence

*From one row of digits to another:* the same digits in order. The encoder reads them; the decoder begins with what the encoder remembers at the end and takes a step for each digit of the answer. One vector is a narrow door for a whole sequence, so at each step attention lets the decoder look at all of the encoder's steps and take what fits.

Here the decoder is not told what it wrote before, so that one pass gives the whole answer.

**Try** to set `order` of the data to reversed; and type digits of your own on the Try page.

Bahdanau, Cho, Bengio 2014, *Neural machine translation by jointly learning to align and translate*, arXiv:1409.0473
""")


def gpt(d):
    symbols, window = 71, 64
    with d.frame("Letters and their places", "grey"):
        d.add("input", "x", shape=[window], dtype="int64")
        d.add("embedding", "wte", num_embeddings=symbols, embedding_dim=64)
        d.add("positional_encoding", "wpe")
    with d.frame("Blocks: each letter looks at those before it"):
        transformers.define(d, heads=4, embed=64, width=256, causal=True)
        d.add("TransformerBlock", "h", repeat=2)
        d.add("layer_norm", "ln_f")
    with d.frame("Scores for the next letter", "violet"):
        d.add("linear", "lm_head", out_features=symbols, bias=False)
        d.add("permute", "scores", dims=[2, 1])
        d.add("output", "next")
    d.note("""
# Small GPT

*A language model.* For every letter of a text the network tells which comes next, from the letters before it: `is_causal` hides those behind. So one window of 64 letters is 64 exercises at once. Layers are called as in GPT-2.

To write, one takes a likely next letter, puts it behind the text and asks again: *Write on* on the Try page does that. After one epoch it has found out about words; after six it writes something like English.

The text is *Alice's Adventures in Wonderland*. Choose another file as the data's path, and set `num_embeddings` of wte and `out_features` of lm_head to its number of letters.

Radford et al. 2019, *Language models are unsupervised multitask learners*; Vaswani et al. 2017, arXiv:1706.03762
""")


TEMPLATES = {
    "sunspots-lstm": ("Sunspots LSTM", "A time series: an LSTM reads the sunspot numbers of 24 years and predicts the next. Split by time, "
                      "without a look into the future.", sunspots,
                      {"source": "series", "path": "builtin:sunspots", "params": {"horizon": 1, "target": "SUNACTIVITY", "window": 24},
                       "transforms": [{"kind": "standardize", "params": {"columns": "all"}}], "validation": 0.15, "test": 0.15},
                      training("mse", ["mae", "r2"], 40, 16, 0.005)),
    "words-lstm": ("Words LSTM", "Which of nine languages is it? An LSTM reads a word letter by letter.", words_lstm, words("start"),
                   training("cross_entropy", ["accuracy"], 6, 128, 0.005)),
    "words-gru": ("Words GRU", "Which of nine languages is it? A GRU reads a word from both ends.", words_gru, words("end"),
                  training("cross_entropy", ["accuracy"], 6, 128, 0.005)),
    "words-transformer": ("Words Transformer", "Which of nine languages is it? Every letter of a word looks at all others at once.",
                          words_transformer, words("end"), training("cross_entropy", ["accuracy"], 8, 128, 0.003)),
    "adding-tcn": ("Adding TCN", "Two of fifty numbers are marked, their sum is asked for: convolutions that look far back.", adding_tcn,
                   {"source": "adding", "path": "", "params": {"length": 50, "samples": 4000}, "transforms": [], "validation": 0.1, "test": 0.1},
                   training("mse", ["mae", "r2"], 16, 32, 0.005)),
    "spoken-digits-cnn": ("Spoken digits CNN", "Which digit was said? A sound becomes a picture of its pitches, and a convolutional network "
                          "looks at it.", spoken_digits,
                          {"source": "sounds", "path": "builtin:spoken-digits", "params": {"length": 6400, "sample_rate": 8000},
                           "transforms": [], "validation": 0.15, "test": 0.15, "split": "stratified"},
                          training("cross_entropy", ["accuracy"], 12, 16, 0.003)),
    "seq2seq-attention": ("Sequence to sequence", "Digits come in, the same digits in order go out: encoder, decoder, and attention between "
                          "them.", digit_order,
                          {"source": "digit_order", "path": "", "params": {"length": 8, "order": "sorted", "samples": 10000},
                           "transforms": [], "validation": 0.1, "test": 0.1},
                          training("cross_entropy", ["accuracy"], 10, 64, 0.003)),
    "gpt-small": ("Small GPT", "Learns to write, letter by letter, from Alice in Wonderland: a Transformer that looks only back.", gpt,
                  {"source": "text", "path": "builtin:alice", "params": {"length": 64, "stride": 16}, "transforms": [], "validation": 0.1},
                  training("cross_entropy", ["accuracy"], 6, 32, 0.005)),
}
