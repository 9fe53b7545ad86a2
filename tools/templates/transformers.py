# SPDX-License-Identifier: Apache-2.0
"""The block that transformers are made of, as torch.nn.TransformerEncoderLayer with norm_first computes it and calls its weights."""
from drawing import formula


def block(d):
    x = d.add("block_input", "x", form="(N, T, E)")
    d.add("layer_norm", "norm1")
    d.add("multihead_attention", "self_attn", d.last, d.last, d.last, num_heads=formula("heads"), is_causal=formula("causal"))
    between = d.add("add", "add1", x, d.last)
    d.row()
    d.skip(1)
    d.add("layer_norm", "norm2", between)
    d.add("linear", "linear1", out_features=formula("width"))
    d.add("gelu", "gelu")
    d.add("linear", "linear2", out_features=formula("embed"))
    d.add("add", "add2", between, d.last)
    d.add("block_output", "y", form="(N, T, E)")


def define(d, **params):
    d.define("TransformerBlock", "Attention, then an MLP at every place; each adds to what comes in.", block, **params)
