# SPDX-License-Identifier: Apache-2.0
"""Small networks for pictures that train within a minute, and the vision transformer."""
import convolutional
import transformers
from convolutional import conv
from drawing import formula

DIGITS = {"source": "idx", "path": "builtin:mnist", "transforms": [{"kind": "to_float", "params": {}}], "validation": 0.05}
NORMAL_DIGITS = {**DIGITS, "transforms": DIGITS["transforms"] + [{"kind": "normalize", "params": {"mean": 0.1307, "std": 0.3081}}]}


def training(loss, metrics, epochs, batch, rate=0.001, **term):
    return {"epochs": epochs, "batch_size": batch, "metrics": metrics,
            "objectives": [{"terms": [{"loss": loss, "params": {}, **term}], "optimiser": {"kind": "adam", "params": {"lr": rate}},
                            "schedule": {"kind": "one_cycle", "params": {}}}]}


def lenet(d):
    with d.frame("Features: 5 × 5 filters, then half the size"):
        d.add("input", "image", shape=[1, 28, 28])
        conv(d, "conv1", 6, 5, bias=True)
        d.add("tanh", "tanh1")
        d.add("avg_pool2d", "pool1", kernel_size=[2, 2])
        d.row()
        d.skip(1)
        conv(d, "conv2", 16, 5, padding=0, bias=True)
        d.add("tanh", "tanh2")
        d.add("avg_pool2d", "pool2", kernel_size=[2, 2])
    with d.frame("Classifier", "violet"):
        d.add("flatten", "flatten")
        d.add("linear", "fc1", out_features=120)
        d.add("tanh", "tanh3")
        d.add("linear", "fc2", out_features=84)
        d.row()
        d.skip(1)
        d.add("tanh", "tanh4")
        d.add("linear", "fc3", out_features=10)
        d.add("output", "digit")
    d.note("""
# LeNet-5

*Where it began.* The same small filter looks everywhere in the picture, so a stroke is found wherever it is, with few weights (61,706 in all). Pooling halves the picture and forgives small shifts.
Two such stages, then three linear layers: a machine of this kind read the cheques of American banks.

As in the paper: tanh, average pooling. Two things are of today: the second convolution sees all six channels, and the end is a plain layer of ten scores for cross entropy.

LeCun, Bottou, Bengio, Haffner 1998, *Gradient-based learning applied to document recognition*, Proceedings of the IEEE 86

**Try** ReLU instead of tanh, max pooling instead of average: what became usual later.
""")


def autoencoder(d):
    with d.frame("Encoder: 784 numbers become 16", "blue"):
        d.add("input", "image", shape=[1, 28, 28])
        conv(d, "encoder.0", 16, 3, 2, bias=True)
        d.add("relu", "encoder.1")
        conv(d, "encoder.2", 32, 3, 2, bias=True)
        d.row()
        d.skip(1)
        d.add("relu", "encoder.3")
        d.add("flatten", "encoder.4")
        d.add("linear", "encoder.5", out_features=16)
    with d.frame("Decoder: 16 numbers become a picture", "green"):
        d.add("linear", "decoder.0", out_features=32 * 7 * 7)
        d.add("relu", "decoder.1")
        d.add("unflatten", "decoder.2", unflattened_size=[32, 7, 7])
        d.add("conv_transpose2d", "decoder.3", out_channels=16, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1], output_padding=[1, 1])
        d.row()
        d.add("relu", "decoder.4")
        d.add("conv_transpose2d", "decoder.5", out_channels=1, kernel_size=[3, 3], stride=[2, 2], padding=[1, 1], output_padding=[1, 1])
        d.add("sigmoid", "decoder.6")
        d.add("output", "again")
    d.note("""
# Convolutional autoencoder

*Say it in sixteen numbers.* The encoder must press a digit through a narrow layer, from which the decoder draws it again. Nobody gives labels: the target of the loss is the input itself (*Run settings, Loss, target: image*).
What the narrow layer learns is a code: alike pictures get alike numbers. It serves to compress, to find what is unusual (it comes back badly), and to begin other networks.

The decoder mirrors the encoder: transposed convolutions double the size where the others halved it.

Hinton, Salakhutdinov 2006, *Reducing the dimensionality of data with neural networks*, Science 313

**Try** `out_features` of `encoder.5`: 2 numbers are enough to see which digit it was, 64 to see whose hand wrote it.
""")


def double(d):
    """Two convolutions of 3 × 3, as every level of a U-Net has them."""
    d.add("block_input", "x", form="(N, C, H, W)")
    for i in (0, 3):
        if i:
            d.row()
            d.x = 210
        conv(d, f"{i}", formula("channels"))
        d.add("batch_norm2d", f"{i + 1}")
        d.add("relu", f"{i + 2}")
    d.add("block_output", "y", form="(N, C, H, W)")


def unet(d):
    widths, kept, step, right = (16, 32, 64), [], 340, 3 * 210
    d.define("DoubleConv", "Two convolutions of 3 × 3 with batch norm and ReLU.", double, channels=16)
    for level, width in enumerate(widths):
        with d.frame(f"Down {level + 1}: {width} channels", "blue", at=(0, level * step)):
            if level == 0:
                d.add("input", "image", shape=[3, 64, 64])
            else:
                d.add("max_pool2d", f"pool{level}", kernel_size=[2, 2])
            kept.append(d.add("DoubleConv", f"down{level + 1}", channels=width))
    with d.frame("Bottom: 128 channels, an eighth of the size", "violet", at=(2 * 210, 3 * step)):
        d.add("max_pool2d", "pool3", kernel_size=[2, 2])
        d.add("DoubleConv", "bottom", channels=128)
    for level in (2, 1, 0):
        with d.frame(f"Up {level + 1}: twice the size, and what was seen there on the way down", "green", at=(right, level * step)):
            up = d.add("conv_transpose2d", f"up{level + 1}.up", out_channels=widths[level], kernel_size=[2, 2], stride=[2, 2])
            d.add("concat", f"up{level + 1}.concat", kept[level], up)
            d.add("DoubleConv", f"up{level + 1}", channels=widths[level])
            if level == 0:
                conv(d, "head", 4, 1, bias=True, at=(-1, -1))
                d.add("output", "classes", at=(0, -1))
    d.note("""
# U-Net

*What, and where.* Going down, the picture shrinks and the channels learn what is to be seen. Going up, it grows again, and at each size the wires from the left bring back where exactly it was.
The result says for each pixel what it belongs to: here background, circle, square or triangle.

The loss is cross entropy over all pixels; F1 (macro), the mean over the classes of 2 · overlap / (size of both), is what segmentation calls the Dice score.

The original was drawn for cells under a microscope, with 64 to 1024 channels and 31 million weights. This one is small and has batch norm.

Ronneberger, Fischer, Brox 2015, *U-Net: convolutional networks for biomedical image segmentation*, arXiv:1505.04597

**Try** to cut the three wires from down to up (give `concat` the same wire twice): it still finds the shapes, but no sharp edges.
""")


def vit_tiny(d):
    with d.frame("Patches become words", "grey"):
        d.add("input", "image", shape=[3, 64, 64])
        d.add("patch_embedding", "patch_embed", patch_size=[8, 8], embed_dim=192)
        d.add("positional_encoding", "pos_embed")
    with d.frame("Encoder: 12 layers of attention and MLP"):
        transformers.define(d, heads=3, embed=192, width=768, causal=False)
        d.add("TransformerBlock", "blocks", repeat=12)
    with d.frame("Classifier", "violet"):
        d.add("layer_norm", "norm")
        d.add("mean", "pool", dim=[1])
        d.add("linear", "head", out_features=8)
        d.add("output", "scores")
    d.note("""
# ViT-Tiny

*A picture is worth 8 × 8 words.* The picture is cut into patches of 8 × 8 pixels; each becomes a vector of 192 numbers, as a word of a sentence would, and gets a learnt mark for its place.
Then a transformer's encoder: in each layer every patch looks at all others (3 heads) and an MLP thinks about what it found. The mean over the patches is classified.

Nothing here knows that neighbours belong together; it must be learnt from many pictures. On little data convolutional networks are better: compare with ResNet-18 on the same shapes.

Width, depth and heads are those of the smallest DeiT. The mean replaces its class token (Beyer et al. 2022, arXiv:2205.01580).

Dosovitskiy et al. 2020, *An image is worth 16x16 words*, arXiv:2010.11929; Touvron et al. 2020, *Training data-efficient image transformers*, arXiv:2012.12877
""")


TEMPLATES = {
    "lenet": ("LeNet-5", "The network that read cheques in 1998: two convolutions, three linear layers, 61,706 weights.", lenet,
              NORMAL_DIGITS, training("cross_entropy", ["accuracy"], 5, 64, 0.005)),
    "autoencoder": ("Autoencoder", "Presses a digit through sixteen numbers and draws it again: learning without labels.", autoencoder,
                    DIGITS, training("bce", ["r2", "rmse"], 5, 64, 0.005, target="image")),
    "unet": ("U-Net", "Tells for each pixel of a picture what it belongs to: segmentation.", unet,
             {"source": "shapes", "path": "", "params": {"samples": 1000, "size": 64, "classes": 3, "target": "mask"},
              "transforms": [{"kind": "to_float", "params": {}}, {"kind": "normalize", "params": {"mean": 0.5, "std": 0.25}}],
              "validation": 0.1, "test": 0.1},
             training("cross_entropy", ["f1", "accuracy"], 4, 8, 0.01)),
    "vit-tiny": ("ViT-Tiny", "Patches as words: a transformer that looks at pictures.", vit_tiny,
                 convolutional.shapes(4000), convolutional.training(convolutional.adamw(0.0005), convolutional.COSINE, 20, 64, metrics=("accuracy",))),
}
