# SPDX-License-Identifier: Apache-2.0
"""P15's peer: torch.onnx.export of a ResNet-50 written out here. Prints "p15 WAY value ms"; WAY is dynamo (the default of
PyTorch, which needs the package onnxscript) or torchscript (the older one, faster). Usage: export_peer.py FOLDER"""
import sys
import time
import warnings

import torch
from torch import nn

warnings.filterwarnings("ignore")


class Bottleneck(nn.Module):
    def __init__(self, inside, width, stride, first):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inside, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU()
        self.downsample = nn.Sequential(nn.Conv2d(inside, 4 * width, 1, stride, bias=False),
                                        nn.BatchNorm2d(4 * width)) if first else None

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return self.relu(y + (self.downsample(x) if self.downsample else x))


def resnet50():
    parts, inside = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for layer, blocks in enumerate((3, 4, 6, 3)):
        for i in range(blocks):
            width = 64 << layer
            parts.append(Bottleneck(inside, width, 2 if layer > 0 and i == 0 else 1, i == 0))
            inside = 4 * width
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000)).eval()


torch.set_num_threads(2)
net, x = resnet50(), torch.randn(1, 3, 224, 224)
for way in ("torchscript", "dynamo"):
    try:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            torch.onnx.export(net, (x,), f"{sys.argv[1]}/peer.onnx", dynamo=way == "dynamo", verbose=False)
            times.append(time.perf_counter() - start)
        print(f"p15 {way} {1000 * sorted(times)[1]:.1f} ms")
    except Exception as problem:  # a missing package, or a way that this PyTorch no longer has
        print(f"p15 {way} not possible: {type(problem).__name__}: {problem}".split("\n")[0])
