# SPDX-License-Identifier: Apache-2.0
"""Networks for ImageNet as torchvision builds them: names of weights, their sizes and results are the same."""
from drawing import formula

IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
SIZE = 64

HOW = f"""
**Weights from ImageNet** Layers are called as in torchvision, so its file of weights can be read as it is: *Run settings, Start, weights from a file*.
The last layer has ImageNet's 1000 classes. For data of your own set its `out_features` to your number of classes; weights that do not fit then begin at random.

**Data** Coloured shapes made by formula, {SIZE} × {SIZE} pixels, so that an epoch takes minutes on a processor. The authors used 224 × 224: set `size` of the data and `shape` of the input."""


def shapes(samples=1600, **more):
    return {"source": "shapes", "path": "", "params": {"samples": samples, "size": SIZE, **more},
            "transforms": [{"kind": "to_float", "params": {}}, {"kind": "normalize", "params": IMAGENET}],
            "validation": 0.1, "test": 0.1, "split": "stratified"}


def training(optimiser, schedule=None, epochs=10, batch=32, smoothing=0.0, metrics=("accuracy", "top5")):
    objective = {"terms": [{"loss": "cross_entropy", "version": 3, "params": {"label_smoothing": smoothing}}], "optimiser": optimiser}
    if schedule:
        objective["schedule"] = schedule
    return {"epochs": epochs, "batch_size": batch, "metrics": list(metrics), "objectives": [objective]}


SGD = {"kind": "sgd", "params": {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.0001}}
COSINE = {"kind": "cosine", "params": {"warmup_steps": 50}}


def adamw(rate, decay=0.05):
    return {"kind": "adamw", "params": {"lr": rate, "weight_decay": decay}}


def picture(d):
    return d.add("input", "image", shape=[3, SIZE, SIZE])


def conv(d, name, channels, kernel=3, stride=1, padding=None, groups=1, bias=False, **place):
    return d.add("conv2d", name, out_channels=channels, kernel_size=[kernel] * 2, stride=[stride] * 2,
                 padding=[kernel // 2 if padding is None else padding] * 2, groups=groups, bias=bias, **place)


def vgg11(d):
    features = iter(range(100))
    stages = [(64,), (128,), (256, 256), (512, 512), (512, 512)]
    for i, channels in enumerate(stages):
        with d.frame(f"Stage {i + 1}: {len(channels)} × {channels[0]} channels, then half the size", "blue"):
            if i == 0:
                picture(d)
            for c in channels:
                conv(d, f"features.{next(features)}", c, bias=True)
                d.add("relu", f"features.{next(features)}")
            d.add("max_pool2d", f"features.{next(features)}", kernel_size=[2, 2], stride=[2, 2])
    with d.frame("Classifier: 90 % of all weights", "violet"):
        d.add("adaptive_avg_pool2d", "avgpool", output_size=[7, 7])
        d.add("flatten", "flatten")
        for i in (0, 3):
            d.add("linear", f"classifier.{i}", out_features=4096)
            d.add("relu", f"classifier.{i + 1}")
            if i == 0:
                d.add("dropout", "classifier.2", p=0.5)
                d.row()
                d.skip(1)
        d.add("dropout", "classifier.5", p=0.5)
        d.add("linear", "classifier.6", out_features=1000)
        d.add("output", "scores")
    d.note("""
# VGG-11

*Small convolutions, many of them.* Every convolution is 3 × 3; two in a row see 5 × 5, three see 7 × 7, with fewer weights and more bends between them than one large one.
After each stage the picture is halved and the channels are doubled, until three linear layers name what is seen.

It shows the idea most plainly and costs the most: 133 million weights, nearly all in the classifier. What came after (ResNet) drops those layers.

**Start** Eleven layers without normalisation leave little of the signal where weights begin as PyTorch draws them: the loss stays near 2.08, which is guessing among eight, for hundreds of steps.
Begin with ImageNet's weights, or put a `BatchNorm2d` behind each convolution.

Simonyan, Zisserman 2014, *Very deep convolutional networks for large-scale image recognition*, arXiv:1409.1556
""" + HOW)


def residual_block(d, bottleneck, shortcut):
    """conv - bn - relu ... + x, as torchvision's BasicBlock and Bottleneck; with a convolution on the shortcut where size or channels change."""
    channels, wide = formula("channels"), formula("channels * 4") if bottleneck else formula("channels")
    widths = [(channels, 1), (channels, 3), (wide, 1)] if bottleneck else [(channels, 3), (channels, 3)]
    strided = 1 if bottleneck else 0
    x = d.add("block_input", "x", form="(N, C, H, W)")
    begin = d.x
    for i, (width, kernel) in enumerate(widths):
        if i:
            d.row()
            d.x = begin
        conv(d, f"conv{i + 1}", width, kernel, stride=1)
        if shortcut and i == strided:
            d.nodes[-1]["params"]["stride"] = formula("(stride, stride)")
        d.add("batch_norm2d", f"bn{i + 1}")
        if i < len(widths) - 1:
            d.add("relu", f"relu{i + 1}")
    main, end, y = d.last, d.x, x
    if shortcut:
        d.x, d.last = begin, x
        conv(d, "downsample.0", wide, 1, at=(0, 1))
        d.nodes[-1]["params"]["stride"] = formula("(stride, stride)")
        y = d.add("batch_norm2d", "downsample.1", at=(1, 1))
        d.x = end
    d.add("add", "add", main, y)
    d.add("relu", f"relu{len(widths)}")
    d.add("block_output", "y", form="(N, C, H, W)")


def resnet(d, blocks, bottleneck):
    plain, down = ("Bottleneck", "DownBlock") if bottleneck else ("BasicBlock", "DownBlock")
    d.define(plain, "Adds what its convolutions find to what comes in.", lambda b: residual_block(b, bottleneck, False), channels=64)
    d.define(down, "The first block of a stage: brings the shortcut to its size and channels.",
             lambda b: residual_block(b, bottleneck, True), channels=64, stride=2)
    with d.frame("Stem: a quarter of the size", "grey"):
        picture(d)
        conv(d, "conv1", 64, 7, 2)
        d.add("batch_norm2d", "bn1")
        d.add("relu", "relu")
        d.add("max_pool2d", "maxpool", kernel_size=[3, 3], stride=[2, 2], padding=[1, 1])
    with d.frame("Four stages of residual blocks: double click one to see inside", "blue"):
        for stage, count in enumerate(blocks):
            channels, name = 64 * 2 ** stage, f"layer{stage + 1}"
            if stage == 2:
                d.row()
            if stage or bottleneck:
                d.add(down, f"{name}.0", channels=channels, stride=2 if stage else 1)
                d.add(plain, f"{name}.1", channels=channels, repeat=count - 1)
            else:
                d.add(plain, name, channels=channels, repeat=count)
    with d.frame("Classifier", "violet"):
        d.add("adaptive_avg_pool2d", "avgpool", output_size=[1, 1])
        d.add("flatten", "flatten")
        d.add("linear", "fc", out_features=1000)
        d.add("output", "scores")


RESIDUAL = """
*Learn the change, not the thing.* Each block adds what its convolutions find to what came in. The shortcut carries gradients to the first layers unchanged, so that
networks of a hundred layers train as easily as one of ten. Where size or channels change, a 1 × 1 convolution (`downsample`) brings the shortcut to the same shape.
"""
HE = "\nHe, Zhang, Ren, Sun 2015, *Deep residual learning for image recognition*, arXiv:1512.03385\n"


def resnet18(d):
    resnet(d, (2, 2, 2, 2), False)
    d.note("# ResNet-18\n" + RESIDUAL + "\nTwo convolutions of 3 × 3 a block; 11.7 million weights. A good first choice for pictures.\n" + HE + HOW, above=True)


def resnet50(d):
    resnet(d, (3, 4, 6, 3), True)
    d.note("# ResNet-50\n" + RESIDUAL + """
Its blocks are bottlenecks: 1 × 1 to a quarter of the channels, 3 × 3 there, 1 × 1 back. So 50 layers cost hardly more than ResNet-34's: 25.6 million weights, 4.1 billion multiplications at 224 × 224.
As torchvision does it, the 3 × 3 convolution has the stride (ResNet V1.5).
""" + HE + HOW, above=True)


def inverted_residual(d, i, x, channels, width, stride, expand):
    name, begin, inner = f"features.{i}.conv", x, channels * expand
    d.last, part = x, 0
    if expand > 1:
        conv(d, f"{name}.0.0", inner, 1)
        d.add("batch_norm2d", f"{name}.0.1")
        d.add("relu6", f"{name}.0.2")
        part = 1
    else:
        d.skip(3)
    conv(d, f"{name}.{part}.0", inner, 3, stride, groups=inner)
    d.add("batch_norm2d", f"{name}.{part}.1")
    d.add("relu6", f"{name}.{part}.2")
    conv(d, f"{name}.{part + 1}", width, 1)
    x = d.add("batch_norm2d", f"{name}.{part + 2}")
    return d.add("add", f"features.{i}.add", begin, x) if stride == 1 and channels == width else x


def mobilenet_v2(d):
    with d.frame("Stem: half the size", "grey"):
        picture(d)
        conv(d, "features.0.0", 32, 3, 2)
        d.add("batch_norm2d", "features.0.1")
        x = d.add("relu6", "features.0.2")
    index, channels = 1, 32
    for expand, width, count, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
        with d.frame(f"{count} block{'s' if count > 1 else ''}, {width} channels, inside {expand} times as many" + (", half the size" if stride == 2 else "")):
            for i in range(count):
                if i and i % 2 == 0:
                    d.row()
                elif i:
                    d.x = 9 * 210
                x = inverted_residual(d, index, x, channels, width, stride if i == 0 else 1, expand)
                index, channels = index + 1, width
    with d.frame("Classifier", "violet"):
        d.last = x
        conv(d, "features.18.0", 1280, 1)
        d.add("batch_norm2d", "features.18.1")
        d.add("relu6", "features.18.2")
        d.add("adaptive_avg_pool2d", "avgpool", output_size=[1, 1])
        d.add("flatten", "flatten")
        d.add("dropout", "classifier.0", p=0.2)
        d.add("linear", "classifier.1", out_features=1000)
        d.add("output", "scores")
    d.note("""
# MobileNetV2

*Wide inside, narrow outside.* Each block widens its channels six times (1 × 1), filters every channel on its own (3 × 3, `groups` equal to the channels), and goes back to few channels (1 × 1).
The filter costs a ninth of a full convolution; the shortcut joins the narrow ends, where there is no ReLU because it would lose what few channels hold.

3.5 million weights and 0.3 billion multiplications at 224 × 224: for telephones and small machines.

Sandler, Howard, Zhu, Zhmoginov, Chen 2018, *MobileNetV2: inverted residuals and linear bottlenecks*, arXiv:1801.04381
""" + HOW)


def densenet121(d):
    with d.frame("Stem: a quarter of the size", "grey"):
        picture(d)
        conv(d, "features.conv0", 64, 7, 2)
        d.add("batch_norm2d", "features.norm0")
        d.add("relu", "features.relu0")
        x = d.add("max_pool2d", "features.pool0", kernel_size=[3, 3], stride=[2, 2], padding=[1, 1])
    channels = 64
    for block, count in enumerate((6, 12, 24, 16)):
        with d.frame(f"denseblock{block + 1}: {count} layers, from {channels} to {channels + 32 * count} channels"):
            for i in range(count):
                if i and i % 4 == 0:
                    d.row(1.8)
                name, before = f"features.denseblock{block + 1}.denselayer{i + 1}", x
                d.add("batch_norm2d", f"{name}.norm1", x)
                d.add("relu", f"{name}.relu1")
                conv(d, f"{name}.conv1", 128, 1)
                d.add("batch_norm2d", f"{name}.norm2")
                d.add("relu", f"{name}.relu2")
                new = conv(d, f"{name}.conv2", 32)
                x = d.add("concat", f"{name}.concat", before, new)
        channels += 32 * count
        if block == 3:
            continue
        channels //= 2
        with d.frame(f"transition{block + 1}: {channels} channels, half the size", "green"):
            name = f"features.transition{block + 1}"
            d.add("batch_norm2d", f"{name}.norm", x)
            d.add("relu", f"{name}.relu")
            conv(d, f"{name}.conv", channels, 1)
            x = d.add("avg_pool2d", f"{name}.pool", kernel_size=[2, 2], stride=[2, 2])
    with d.frame("Classifier", "violet"):
        d.add("batch_norm2d", "features.norm5", x)
        d.add("relu", "relu")
        d.add("adaptive_avg_pool2d", "avgpool", output_size=[1, 1])
        d.add("flatten", "flatten")
        d.add("linear", "classifier", out_features=1000)
        d.add("output", "scores")
    d.note("""
# DenseNet-121

*Nothing is forgotten.* Each layer sees everything that the layers before it in its block have found, and adds 32 channels of its own; `concat` puts them behind the others.
Features are reused instead of learnt again, so few weights are needed: 8 million, as good as a ResNet with three times as many. The price is memory: every concat is kept for the gradients.

Between two blocks a transition halves channels and size. A layer is norm, ReLU, 1 × 1 to 128 channels, norm, ReLU, 3 × 3.

Huang, Liu, van der Maaten, Weinberger 2016, *Densely connected convolutional networks*, arXiv:1608.06993
""" + HOW)


def mbconv(d, stage, i, x, channels, width, kernel, stride, expand, drop):
    name, begin, inner, part = f"features.{stage}.{i}", x, channels * expand, 0
    d.last = x
    if expand > 1:
        conv(d, f"{name}.block.0.0", inner, 1)
        d.add("batch_norm2d", f"{name}.block.0.1")
        d.add("silu", f"{name}.block.0.2")
        part = 1
    else:
        d.skip(3)
    conv(d, f"{name}.block.{part}.0", inner, kernel, stride, groups=inner)
    d.add("batch_norm2d", f"{name}.block.{part}.1")
    d.add("silu", f"{name}.block.{part}.2")
    d.add("squeeze_excite", f"{name}.block.{part + 1}", squeeze_channels=max(1, channels // 4), activation="silu")
    conv(d, f"{name}.block.{part + 2}.0", width, 1)
    x = d.add("batch_norm2d", f"{name}.block.{part + 2}.1")
    if stride > 1 or channels != width:
        return x
    x = d.add("drop_path", f"{name}.stochastic_depth", p=drop)
    return d.add("add", f"{name}.add", begin, x)


def efficientnet_b0(d):
    with d.frame("Stem: half the size", "grey"):
        picture(d)
        conv(d, "features.0.0", 32, 3, 2)
        d.add("batch_norm2d", "features.0.1")
        x = d.add("silu", "features.0.2")
    channels, block, blocks = 32, 0, 16
    settings = ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1))
    for stage, (expand, kernel, stride, width, count) in enumerate(settings, 1):
        with d.frame(f"features.{stage}: {count} block{'s' if count > 1 else ''}, {width} channels, {kernel} × {kernel}" + (", half the size" if stride == 2 else "")):
            for i in range(count):
                if i and i % 2 == 0:
                    d.row()
                elif i:
                    d.x = 11 * 210
                x = mbconv(d, stage, i, x, channels, width, kernel, stride if i == 0 else 1, expand, 0.2 * block / blocks)
                channels, block = width, block + 1
    with d.frame("Classifier", "violet"):
        d.last = x
        conv(d, "features.8.0", 1280, 1)
        d.add("batch_norm2d", "features.8.1")
        d.add("silu", "features.8.2")
        d.add("adaptive_avg_pool2d", "avgpool", output_size=[1, 1])
        d.add("flatten", "flatten")
        d.add("dropout", "classifier.0", p=0.2)
        d.add("linear", "classifier.1", out_features=1000)
        d.add("output", "scores")
    d.note("""
# EfficientNet-B0

*A design found by search, made to grow evenly.* Its blocks are MobileNetV2's with SiLU and a gate (SqueezeExcite) that turns channels up and down by what the whole picture shows.
The larger ones of the family, B1 to B7, scale depth, width and size of the picture together by one number.

5.3 million weights and 0.4 billion multiplications at 224 × 224, and better than ResNet-50. DropPath leaves out whole blocks for random samples while training, later ones more often.

Tan, Le 2019, *EfficientNet: rethinking model scaling for convolutional neural networks*, arXiv:1905.11946
""" + HOW)


def convnext_norm(d, name):
    """LayerNorm over the channels of (N, C, H, W)."""
    d.add("permute", f"{name}.last", dims=[2, 3, 1])
    d.add("layer_norm", name, eps=1e-6)
    return d.add("permute", f"{name}.first", dims=[3, 1, 2])


def convnext_tiny(d):
    with d.frame("Stem: patches of 4 × 4 pixels", "grey"):
        picture(d)
        conv(d, "features.0.0", 96, 4, 4, 0, bias=True)
        x = convnext_norm(d, "features.0.1")
    block = 0
    for stage, (channels, count) in enumerate(((96, 3), (192, 3), (384, 9), (768, 3))):
        if stage:
            with d.frame(f"features.{2 * stage}: {channels} channels, half the size", "green"):
                d.last = x
                convnext_norm(d, f"features.{2 * stage}.0")
                x = conv(d, f"features.{2 * stage}.1", channels, 2, 2, 0, bias=True)
        with d.frame(f"features.{2 * stage + 1}: {count} blocks, {channels} channels"):
            for i in range(count):
                if i and i % 2 == 0:
                    d.row()
                name, begin = f"features.{2 * stage + 1}.{i}", x
                d.last = x
                conv(d, f"{name}.block.0", channels, 7, groups=channels, bias=True)
                d.add("permute", f"{name}.block.1", dims=[2, 3, 1])
                d.add("layer_norm", f"{name}.block.2", eps=1e-6)
                d.add("linear", f"{name}.block.3", out_features=4 * channels)
                d.add("gelu", f"{name}.block.4")
                d.add("linear", f"{name}.block.5", out_features=channels)
                d.add("permute", f"{name}.block.6", dims=[3, 1, 2])
                d.add("layer_scale", name, init_values=1e-6, channels_first=True)
                d.add("drop_path", f"{name}.stochastic_depth", p=round(0.1 * block / 17, 6))
                x = d.add("add", f"{name}.add", begin, d.last)
                block += 1
    with d.frame("Classifier", "violet"):
        d.add("adaptive_avg_pool2d", "avgpool", x, output_size=[1, 1])
        convnext_norm(d, "classifier.0")
        d.add("flatten", "classifier.1")
        d.add("linear", "classifier.2", out_features=1000)
        d.add("output", "scores")
    d.note("""
# ConvNeXt-T

*A convolutional network dressed as a transformer.* Step by step its authors gave a ResNet what makes vision transformers good: patches as stem, large 7 × 7 filters for each channel alone (the part of attention),
then an MLP of two linear layers with GELU, LayerNorm instead of batch norm, one activation a block. What came out needs no attention and is as good.

Each block ends in a learnt factor for each channel that begins near 0 (LayerScale), and is left out at random while training (DropPath). 28.6 million weights, 4.5 billion multiplications at 224 × 224.

Liu, Mao, Wu, Feichtenhofer, Darrell, Xie 2022, *A ConvNet for the 2020s*, arXiv:2201.03545
""" + HOW)


TEMPLATES = {
    "vgg11": ("VGG-11", "Stacks of 3 × 3 convolutions, then three large linear layers: the plainest deep network for pictures.", vgg11,
              shapes(), training({"kind": "sgd", "params": {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.0005}}, COSINE)),
    "resnet18": ("ResNet-18", "Blocks that add what they find to what came in. A good first choice for pictures.", resnet18, shapes(), training(SGD, COSINE)),
    "resnet50": ("ResNet-50", "Fifty layers of residual bottlenecks: the usual measure for all others.", resnet50, shapes(), training(SGD, COSINE)),
    "mobilenet-v2": ("MobileNetV2", "Inverted residuals with filters for each channel alone: small and quick, for telephones.", mobilenet_v2, shapes(),
                     training({"kind": "sgd", "params": {"lr": 0.02, "momentum": 0.9, "weight_decay": 0.00004}}, COSINE)),
    "densenet121": ("DenseNet-121", "Each layer sees what all before it have found: few weights, nothing learnt twice.", densenet121, shapes(), training(SGD, COSINE)),
    "efficientnet-b0": ("EfficientNet-B0", "Blocks with gates for channels, found by search: much for little work.", efficientnet_b0, shapes(),
                        training(adamw(0.001, 0.01), COSINE, smoothing=0.1)),
    "convnext-t": ("ConvNeXt-T", "What transformers taught convolutions: large filters, LayerNorm and an MLP in each block.", convnext_tiny, shapes(),
                   training(adamw(0.0005), COSINE, smoothing=0.1)),
}
