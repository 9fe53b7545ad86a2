# SPDX-License-Identifier: Apache-2.0
"""Networks that take their way by what a batch holds: loops, branches, early exit."""
from drawing import PITCH
from pictures import DIGITS
from pictures import training as picture_training
from tables import STANDARD, training


def code(d, name, text, *sources, at=None, **wires):
    """An expression; its ports go by the names in the text."""
    layer = d.layers["expression"]
    ports = {"inputs": [{"name": n, "when": ""} for n in wires], "outputs": [{"name": text.rsplit("\n", 1)[-1].split(" =")[0].strip(), "when": ""}]}
    d.layers["expression"] = {**layer, **ports}
    node = d.add("expression", name, at=at, code=text, **wires)
    d.layers["expression"] = layer
    return node


def dynamic_depth(d):
    def fold(b):
        h = b.add("block_input", "h")
        b.add("linear", "fc", out_features=48)
        b.add("relu", "relu")
        b.add("add", "sum", b.last, h)
        b.add("block_output", "folded")

    d.define("Fold", "One step of the loop: a layer that adds to what it gets.", fold)
    with d.frame("How deep? The batch says", "amber"):
        x = d.add("input", "x", shape=[2])
        depth = code(d, "depth", "steps = (3 + 3 * x.abs().mean()).int()", x=x)
    with d.frame("The same layer, so many times", "blue"):
        d.add("linear", "into", x, out_features=48)
        d.add("loop", "loop", d.last, bodies=["Fold"], count=depth)
        d.nodes[-1]["params"]["count"] = None  # the wire tells
        d.add("layer_norm", "norm")
    with d.frame("Which arm of the spiral?", "violet", at=(3 * PITCH + 60, d.y)):
        d.add("linear", "scores", out_features=3)
        d.add("output", "arm")
    d.note("""
# Dynamic depth

*A network that is as deep as its batch asks for.* The expression `depth` looks at the numbers of the batch: the further out its points lie on the spiral, the more steps. The Loop runs its body so often, forwards and backwards; each step uses the same weights, so a deeper network has no more of them.

Double-click the loop to see its body. With *Activity* on, below the loop stands how many steps the last batch took.

**Try** another formula in `depth`, or take its wire away and set `count` of the loop to a fixed number.

Graves 2016, *Adaptive computation time for recurrent neural networks*, arXiv:1603.08983
""", above=True)


def early_exit(d):
    def think(b):
        h = b.add("block_input", "h")
        scores = b.add("block_input", "scores", at=(-1, 3))
        seen = b.add("block_input", "seen", at=(-1, 1))
        b.add("concat", "both", h, seen, dim=1)
        b.add("linear", "fc", out_features=64)
        b.add("tanh", "tanh")
        new = b.add("add", "next", b.last, h)
        said = b.add("linear", "answer", new, out_features=10)
        total = b.add("add", "gathered", said, scores)
        b.add("block_output", "thought", new)
        b.add("block_output", "said", total, at=(-1, 1))
        code(b, "unsure", "again = s.softmax(dim=1).amax(dim=1).mean() < 0.9", s=total, at=(-2, 2))
        b.add("block_output", "again", b.last, at=(-1, 2))

    d.define("Think", "One step: thinks on, adds to the scores, and says whether it is worth another.", think)
    with d.frame("Looks once", "blue"):
        d.add("input", "image", shape=[1, 28, 28])
        d.add("flatten", "pixels")
        d.add("linear", "look", out_features=64)
        seen = d.add("relu", "seen")
        none = code(d, "nothing", "scores = seen[:, 0:10] * 0", seen=seen, at=(-1, 1))
    with d.frame("Thinks until it is sure, at most eight times", "green", at=(4 * PITCH + 60, 0)):
        d.add("loop", "loop", h=seen, seen=seen, scores=none, bodies=["Think"], carried=2, count=8)
        d.add("output", "digit", d.last["said"])
    d.note("""
# Early exit

*Stop when it is clear.* Each step of the loop thinks on about what was seen and adds to the scores. Its body has an output `again`: while the batch's digits are told with less than 90 % certainty on average, another step follows, up to eight. Early in training all eight run; once the network is sure, few do.

Double-click the loop to see `again`. With *Activity* on, the number of steps stands below the loop.

**Try** another threshold in the expression `unsure`: what does certainty cost, what does it bring?

Graves 2016, arXiv:1603.08983; Teerapittayanon et al. 2016, *BranchyNet: fast inference via early exiting*, arXiv:1709.01686
""", above=True)


def mixture(d):
    def expert(b):
        b.add("block_input", "x")
        b.add("linear", "fc1", out_features=32)
        b.add("relu", "relu1")
        b.add("linear", "fc2", out_features=32)
        b.add("relu", "relu2")
        b.add("linear", "fc3", out_features=3)
        b.add("block_output", "y")

    def point(b):
        x = b.add("block_input", "x")
        b.add("linear", "gate", out_features=3)
        p = b.add("softmax", "p", dim=1)
        which = code(b, "which", "expert = p.argmax(dim=1)", p=p)
        b.row()
        b.skip(3)
        told = b.add("switch", "expert", x=x, index=which, bodies=["Expert"] * 3)
        code(b, "weighted", "y = e * p.amax()", e=told, p=p)
        b.add("block_output", "scores")

    d.define("Expert", "A small network that becomes good at a part of the plane.", expert)
    d.define("Point", "One point: the gate chooses the expert, and how much it counts.", point)
    with d.frame("Every point goes to the expert that its gate chooses", "blue"):
        d.add("input", "x", shape=[2])
        d.add("map", "each", bodies=["Point"], dim=0, keepdim=True)
        d.add("output", "arm")
    d.note("""
# Mixture of experts

*Who knows about this one?* A gate scores three experts for each point; the best runs, the others do not. A Map takes the batch point by point, and inside it a Switch runs the chosen expert: a way of its own for each sample, in one pass.

A choice has no gradient, so the gate could not learn by it. The chosen expert's answer is therefore multiplied by the gate's probability, and through that the gate learns.

Double-click `each`, then `expert`. With *Activity* on you see how many points of the batch each expert got.

Shazeer et al. 2017, *Outrageously large neural networks: the sparsely-gated mixture-of-experts layer*, arXiv:1701.06538
""", above=True)


def decoder(d):
    length, symbols, width = 8, 11, 64

    def write(b):
        h = b.add("block_input", "h")
        last = b.add("block_input", "last", at=(-1, 1))
        memory = b.add("block_input", "memory", at=(-1, 2))
        word = b.add("embedding", "symbol", last, num_embeddings=symbols, embedding_dim=32, at=(0, 1))
        found = code(b, "look", "w = (memory @ h.unsqueeze(2)).squeeze(2).softmax(dim=1)\nfound = (w.unsqueeze(1) @ memory).squeeze(1)",
                     h=h, memory=memory, at=(0, 2))
        b.add("concat", "both", word, found, dim=1, at=(1, 1))
        b.skip(2)
        new = b.add("gru_cell", "cell", b.last, h, hidden_size=width)
        scores = b.add("linear", "fc", out_features=symbols)
        chosen = b.add("argmax", "best", dim=1)
        b.add("block_output", "state", new)
        b.add("block_output", "written", chosen, at=(-1, 1))
        b.add("block_output", "scores", scores, at=(-1, 2))

    d.define("Write", "One step of the decoder: looks at what was read, writes a symbol and remembers.", write)
    with d.frame("Encoder: reads the digits"):
        digits = d.add("input", "digits", shape=[length], dtype="int64")
        d.add("embedding", "symbols", num_embeddings=symbols, embedding_dim=32)
        memory = d.add("gru", "encoder", hidden_size=width)
        d.row()
        d.skip(2)
        begin = code(d, "begin", "start = digits[:, 0] * 0 + 10", digits=digits)
    with d.frame("Decoder: each step reads what the last one wrote", "green"):
        state = d.add("flatten", "summary", memory["h_n"])
        d.add("loop", "decoder", h=state, last=begin, memory=memory["y"], bodies=["Write"], carried=2, count=length)
        d.add("permute", "scores", d.last["scores"], dims=[2, 1])
        d.add("output", "answer")
    d.note("""
# Recursive decoder

*A sequence that is written symbol by symbol:* each step sees what the step before has written, as a person who writes a number does. The Loop carries the state of the GRU and the last symbol; the scores of all steps are stacked, (N, 8, 11), and compared with the digits in order.

At each step the decoder looks back at what was read: attention, written out as an expression of two lines.

**Try** to set `order` of the data to reversed. Compare *Sequence to sequence*, whose decoder does not know what it wrote.

Sutskever, Vinyals, Le 2014, *Sequence to sequence learning with neural networks*, arXiv:1409.3215
""", above=True)


SPIRALS = {"source": "spirals", "path": "", "params": {"classes": 3, "noise": 0.03, "samples": 1500, "turns": 1.0},
           "transforms": [STANDARD], "validation": 0.1, "test": 0.2, "split": "stratified"}

TEMPLATES = {
    "dynamic-depth": ("Dynamic depth", "How many layers run is decided by the numbers of each batch.", dynamic_depth, SPIRALS,
                      training("cross_entropy", ["accuracy"], 40, 32, 0.01)),
    "early-exit": ("Early exit", "Thinks about a digit until it is sure: a loop that the network ends itself.", early_exit,
                   DIGITS, picture_training("cross_entropy", ["accuracy"], 5, 64, 0.001)),
    "mixture-of-experts": ("Mixture of experts", "Each point is sent to the expert that its gate chooses; the others do not run.", mixture,
                           SPIRALS, training("cross_entropy", ["accuracy"], 25, 32, 0.01)),
    "recursive-decoder": ("Recursive decoder", "Writes a row of digits symbol by symbol, each step on what the last one wrote.", decoder,
                          {"source": "digit_order", "path": "", "params": {"length": 8, "order": "sorted", "samples": 10000},
                           "transforms": [], "validation": 0.1, "test": 0.1},
                          training("cross_entropy", ["accuracy"], 10, 64, 0.003)),
}
