# SPDX-License-Identifier: Apache-2.0
"""The networks of torchvision that have a template, for torchvision_test.cpp: how many parameters, names and sizes of all states, and random
weights with what comes out for them. VGG-11, whose classifier is most of it, computes with a narrow one."""
import json
import math
import pathlib
import sys

import torch
from safetensors.torch import save_file

try:
    import torchvision
except RuntimeError:
    # The wheel of PyPI is made for CUDA. Beside a PyTorch without it, its own operators are missing; declaring two is enough for the models.
    for name in [n for n in sys.modules if n.startswith("torchvision")]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

NETWORKS = {"vgg11": "vgg11", "resnet18": "resnet18", "resnet50": "resnet50", "mobilenet-v2": "mobilenet_v2", "densenet121": "densenet121",
            "efficientnet-b0": "efficientnet_b0", "convnext-t": "convnext_tiny"}
NARROW = 32
folder = pathlib.Path(sys.argv[1])
torch.set_num_threads(1)
random = torch.Generator().manual_seed(1)


def drawn(name, like):
    """Values at which every layer matters: no factor near 0, no statistics of a network that was never trained."""
    if not like.is_floating_point():
        return torch.full_like(like, 3)
    uniform, normal = torch.rand(like.shape, generator=random), torch.randn(like.shape, generator=random)
    if name.endswith(("running_var", "layer_scale")) or (name.endswith("weight") and like.dim() == 1):
        return 0.5 + uniform
    if like.dim() > 1:
        return normal * math.sqrt(1.5 / like[0].numel())
    return normal * 0.1


def narrowed(network):
    network.classifier[0] = torch.nn.Linear(512 * 7 * 7, NARROW)
    network.classifier[3] = torch.nn.Linear(NARROW, NARROW)
    network.classifier[6] = torch.nn.Linear(NARROW, 1000)


cases = []
x = torch.randn(2, 3, 64, 64, generator=random)
for template, name in NETWORKS.items():
    make = getattr(torchvision.models, name)
    with torch.device("meta"):
        network = make()
    case = {"template": template, "narrow": NARROW if name == "vgg11" else 0, "parameters": sum(p.numel() for p in network.parameters()),
            "states": [[key, list(value.shape)] for key, value in network.state_dict().items()]}
    cases.append(case)
    if case["narrow"]:
        narrowed(network)
    network = network.to_empty(device="cpu").eval()
    weights = {key: drawn(key, value) for key, value in network.state_dict().items()}
    network.load_state_dict(weights)
    save_file(weights, folder / f"{template}.safetensors")
    with torch.no_grad():
        save_file({"x": x, "y": network(x)}, folder / f"{template}.values.safetensors")
(folder / "cases.json").write_text(json.dumps(cases))
