# SPDX-License-Identifier: Apache-2.0
"""Repeats every case of layers_test.cpp with torch.nn and prints each difference."""
import json
import sys

import numpy as np
import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
bad = 0


class Concat(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, *tensors):
        return torch.cat(tensors, self.dim)


def first(*states):
    """From samples first to layers first and back."""
    return [s if s is None else s.transpose(0, 1).contiguous() for s in states]


class Recurrent:
    """Samples first, in the states too; a state may be left out."""

    def forward(self, x, h_0=None):
        y, h_n = super().forward(x, first(h_0)[0])
        return y, first(h_n)[0]


class RNN(Recurrent, nn.RNN):
    def __init__(self, **params):
        super().__init__(**params, batch_first=True)


class GRU(Recurrent, nn.GRU):
    def __init__(self, **params):
        super().__init__(**params, batch_first=True)


class LSTM(nn.LSTM):
    def __init__(self, **params):
        super().__init__(**params, batch_first=True)

    def forward(self, x, h_0=None, c_0=None):
        rows = self.num_layers * (2 if self.bidirectional else 1)
        widths = (self.proj_size or self.hidden_size, self.hidden_size)
        states = [x.new_zeros(rows, len(x), w) if s is None else s for s, w in zip(first(h_0, c_0), widths)]
        y, (h_n, c_n) = super().forward(x, states)
        return y, *first(h_n, c_n)


class LSTMCell(nn.LSTMCell):
    def forward(self, x, h_0=None, c_0=None):
        zeros = x.new_zeros(len(x), self.hidden_size)
        return super().forward(x, (zeros if h_0 is None else h_0, zeros if c_0 is None else c_0))


def causal(x, y):
    return torch.ones(x.shape[1], y.shape[1], dtype=torch.bool).triu(1)


class MultiheadAttention(nn.MultiheadAttention):
    def __init__(self, is_causal, need_weights, average_attn_weights, **params):
        super().__init__(**params, batch_first=True)
        self.is_causal, self.need_weights, self.average = is_causal, need_weights, average_attn_weights

    def forward(self, query, key=None, value=None, attn_mask=None, key_padding_mask=None):
        key = query if key is None else key
        value = key if value is None else value
        if attn_mask is not None:   # one for each sample, for all heads
            attn_mask = attn_mask.repeat_interleave(self.num_heads, 0)
        hidden = causal(query, key) if self.is_causal else attn_mask
        y, weights = super().forward(query, key, value, attn_mask=hidden, key_padding_mask=key_padding_mask,
                                     need_weights=self.need_weights, average_attn_weights=self.average)
        return (y, weights) if self.need_weights else y


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, is_causal, **params):
        super().__init__(**params, batch_first=True)
        self.is_causal = is_causal

    def forward(self, src):
        return super().forward(src, src_mask=causal(src, src) if self.is_causal else None)


class TransformerEncoder(nn.TransformerEncoder):
    def __init__(self, num_layers, norm, is_causal, **params):
        layer = nn.TransformerEncoderLayer(**params, batch_first=True)
        super().__init__(layer, num_layers, nn.LayerNorm(params["d_model"]) if norm else None)


class TransformerDecoderLayer(nn.TransformerDecoderLayer):
    def __init__(self, tgt_is_causal, **params):
        super().__init__(**params, batch_first=True)
        self.is_causal = tgt_is_causal

    def forward(self, tgt, memory):
        return super().forward(tgt, memory, tgt_mask=causal(tgt, tgt) if self.is_causal else None)


class TransformerDecoder(nn.TransformerDecoder):
    def __init__(self, num_layers, norm, tgt_is_causal, **params):
        super().__init__(nn.TransformerDecoderLayer(**params, batch_first=True), num_layers)


class Transformer(nn.Transformer):
    def __init__(self, src_is_causal, tgt_is_causal, **params):
        super().__init__(**params, batch_first=True)

    def forward(self, src, tgt):
        return super().forward(src, tgt, tgt_mask=causal(tgt, tgt))


class CTCLoss(nn.CTCLoss):
    def forward(self, x, *rest):
        return super().forward(x.transpose(0, 1), *rest)


class EmbeddingBag(nn.EmbeddingBag):
    def forward(self, x, weights=None):
        if self.scale_grad_by_freq:   # PyTorch's own kernel on the CPU divides by how often another index occurs
            return nn.functional.embedding(x, self.weight, scale_grad_by_freq=True).mean(1)
        return super().forward(x, per_sample_weights=weights)


class AdaptiveLogSoftmaxWithLoss(nn.AdaptiveLogSoftmaxWithLoss):
    def forward(self, x, target):
        output, loss = super().forward(x, target)
        return loss, output


class TripletMarginWithDistanceLoss(nn.TripletMarginWithDistanceLoss):
    def __init__(self, distance_function, **params):
        cosine = lambda a, b: 1 - nn.functional.cosine_similarity(a, b, -1)   # noqa: E731
        super().__init__(distance_function=cosine if distance_function == "cosine" else None, **params)


class PositionalEncoding(nn.Module):
    def __init__(self, kind, max_len, embed_dim):
        super().__init__()
        if kind == "learned":
            self.weight = nn.Parameter(torch.empty(max_len, embed_dim).normal_(0, 0.02))
            return
        place = torch.arange(max_len, dtype=torch.float64).unsqueeze(1)
        pair = torch.arange(0, embed_dim, 2, dtype=torch.float64) / embed_dim
        angle = place / 10000**pair
        waves = torch.stack([angle.sin(), angle.cos()], 2).flatten(1)[:, :embed_dim]
        self.register_buffer("weight", waves.float())

    def forward(self, x):
        return x + self.weight


def linear(i, o, bias=True):
    return nn.Linear(i, o, bias)


class CrossMapLRN2d(nn.LocalResponseNorm):
    pass


class DepthwiseConv2d(nn.Conv2d):
    def __init__(self, in_channels, depth_multiplier, **params):
        super().__init__(in_channels, in_channels * depth_multiplier, groups=in_channels, **params)


class SeparableConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, depth_multiplier, bias, **params):
        super().__init__()
        inner = in_channels * depth_multiplier
        self.depthwise = nn.Conv2d(in_channels, inner, groups=in_channels, bias=False, **params)
        self.pointwise = nn.Conv2d(inner, out_channels, 1, bias=bias)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class SqueezeExcite(nn.Module):
    def __init__(self, in_channels, squeeze_channels, activation):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(in_channels, squeeze_channels, 1), nn.Conv2d(squeeze_channels, in_channels, 1)
        self.activation = getattr(nn.functional, activation)

    def forward(self, x):
        return x * self.fc2(self.activation(self.fc1(x.mean((2, 3), keepdim=True)))).sigmoid()


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        ones = x.new_ones(len(x), *[1] * (x.dim() - 1))
        return x * nn.functional.dropout(ones, self.p, self.training)


class LayerScale(nn.Module):
    def __init__(self, dim, init_values, channels_first):
        super().__init__()
        self.factors = "layer_scale" if channels_first else "gamma"  # as torchvision's ConvNeXt has them
        setattr(self, self.factors, nn.Parameter(torch.full((dim, 1, 1) if channels_first else (dim,), init_values)))

    def forward(self, x):
        return x * getattr(self, self.factors)


class PatchEmbedding(nn.Module):
    def __init__(self, in_channels, patch_size, embed_dim, bias):
        super().__init__()
        self.proj = nn.Conv2d(in_channels, embed_dim, patch_size, patch_size, bias=bias)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class SwiGLU(nn.Module):
    def __init__(self, features, hidden_features, bias):
        super().__init__()
        self.w1 = nn.Linear(features, hidden_features, bias)
        self.w2 = nn.Linear(hidden_features, features, bias)
        self.w3 = nn.Linear(features, hidden_features, bias)

    def forward(self, x):
        return self.w2(nn.functional.silu(self.w1(x)) * self.w3(x))


class Noise(nn.Module):
    """Of a known deviation in training, none in evaluation."""

    def noise(self, like):
        return torch.randn_like(like) * (1 if self.training else 0)


class GaussianNoise(Noise):
    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * self.noise(x)


class Reparameterize(Noise):
    def forward(self, mean, log_var):
        deviation = (log_var / 2).exp()
        return mean + deviation * self.noise(deviation)


class Attention(nn.Module):
    def __init__(self, dim, kv_dim, num_heads, num_kv_heads, is_causal, dropout, bias):
        super().__init__()
        self.heads, self.kv, self.causal, self.size = num_heads, num_kv_heads, is_causal, dim // num_heads
        self.q_proj = nn.Linear(dim, dim, bias)
        self.k_proj, self.v_proj = (nn.Linear(kv_dim, num_kv_heads * self.size, bias) for _ in range(2))
        self.o_proj = nn.Linear(dim, dim, bias)

    def forward(self, x, memory=None):
        memory = x if memory is None else memory
        q = self.q_proj(x).unflatten(-1, (self.heads, self.size)).transpose(1, 2)
        k, v = (p(memory).unflatten(-1, (self.kv, self.size)).transpose(1, 2).repeat_interleave(self.heads // self.kv, 1)
                for p in (self.k_proj, self.v_proj))
        scores = q @ k.transpose(-2, -1) / self.size**0.5
        if self.causal:
            scores = scores.masked_fill(causal(x, memory), float("-inf"))
        return self.o_proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class RotaryEncoding(nn.Module):
    def __init__(self, max_len, dim, base):
        super().__init__()
        angle = torch.arange(max_len, dtype=torch.float64)[:, None] / base ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim)
        angle = torch.cat([angle, angle], 1)
        self.register_buffer("cos", angle.cos().float())
        self.register_buffer("sin", angle.sin().float())

    def forward(self, x):
        a, b = x.chunk(2, -1)
        return x * self.cos + torch.cat([-b, a], -1) * self.sin


class Spectrogram(nn.Module):
    """By PyTorch's own Fourier transform; the states hold ours."""

    def __init__(self, n_fft, hop_length, power):
        super().__init__()
        self.n_fft, self.hop, self.power = n_fft, hop_length, power
        window = torch.hann_window(n_fft, dtype=torch.float64)
        angle = (torch.arange(n_fft // 2 + 1)[:, None] * torch.arange(n_fft) % n_fft).double() * 2 * torch.pi / n_fft
        self.register_buffer("basis", torch.cat([angle.cos() * window, -angle.sin() * window])[:, None].float())

    def forward(self, x):
        window = torch.hann_window(self.n_fft, dtype=x.dtype)
        return torch.stft(x, self.n_fft, self.hop, window=window, return_complex=True).abs() ** self.power


class MelSpectrogram(Spectrogram):
    def __init__(self, sample_rate, n_mels, f_min, f_max, **params):
        super().__init__(**params)
        mel = lambda hz: 2595 * np.log10(1 + hz / 700)   # noqa: E731
        ends = mel(f_min), mel(sample_rate / 2 if f_max is None else f_max)
        edges = 700 * (10 ** (np.linspace(*ends, n_mels + 2) / 2595) - 1)
        hertz = np.linspace(0, sample_rate / 2, self.n_fft // 2 + 1)
        up = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
        down = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
        self.register_buffer("filters", torch.tensor(np.maximum(0, np.minimum(up, down))).float())

    def forward(self, x):
        return self.filters @ super().forward(x)


class Contrastive(nn.Module):
    def __init__(self, margin, reduction):
        super().__init__()
        self.margin = margin

    def forward(self, a, b, target):
        d = nn.functional.pairwise_distance(a, b)
        return (target * d**2 + (1 - target) * (self.margin - d).clamp(min=0) ** 2).mean() / 2


class InfoNCE(nn.Module):
    """By cross entropy."""

    def __init__(self, temperature, symmetric, reduction):
        super().__init__()
        self.temperature, self.symmetric, self.reduction = temperature, symmetric, reduction

    def forward(self, query, key):
        scores = nn.functional.normalize(query) @ nn.functional.normalize(key).T / self.temperature
        own = torch.arange(len(query))
        both = [nn.functional.cross_entropy(s, own, reduction=self.reduction) for s in (scores, scores.T)]
        return sum(both) / 2 if self.symmetric else both[0]


class GaussianKL(nn.Module):
    """By the divergence of torch.distributions."""

    def __init__(self, reduction):
        super().__init__()
        self.reduction = reduction

    def forward(self, mean, log_var):
        normal = torch.distributions.Normal
        kl = torch.distributions.kl_divergence(normal(mean, (log_var / 2).exp()), normal(0.0, 1.0)).flatten(1).sum(1)
        return kl.mean() if self.reduction == "mean" else kl


class ConvLSTM(nn.Module):
    """Step by step, with one convolution of image and state together."""

    def __init__(self, in_channels, hidden_channels, kernel_size, padding, bias):
        super().__init__()
        shapes = {"weight_ih": (4 * hidden_channels, in_channels, *kernel_size),
                  "weight_hh": (4 * hidden_channels, hidden_channels, *kernel_size)}
        if bias:
            shapes["bias"] = (4 * hidden_channels,)
        bound = 1 / (hidden_channels * kernel_size[0] * kernel_size[1]) ** 0.5
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))
        self.hidden, self.padding = hidden_channels, padding
        self.margin = [k // 2 for k in kernel_size]

    def forward(self, x, h=None, c=None):
        bias, outputs = getattr(self, "bias", None), []
        trim = [0, 0] if self.padding == "same" else self.margin
        sizes = [s - 2 * t for s, t in zip(x.shape[3:], trim)]
        h, c = (x.new_zeros(len(x), self.hidden, *sizes) if s is None else s for s in (h, c))
        for image in x.unbind(1):
            # The state with the margin that the image loses without padding, so that both fit one kernel.
            state = nn.functional.pad(h, [trim[1], trim[1], trim[0], trim[0]])
            both = nn.functional.conv2d(torch.cat([image, state], 1), torch.cat([self.weight_ih, self.weight_hh], 1), bias,
                                        padding=self.margin if self.padding == "same" else 0)
            i, f, g, o = both.chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            outputs.append(h)
        return torch.stack(outputs, 1), h, c


class Fourier(nn.Module):
    """By PyTorch's own Fourier transform; the state holds the matrix of ours, for the length of this case's input."""

    def hold(self, length, real, imag, rows, columns, dim):
        angle = (torch.arange(rows)[:, None] * torch.arange(columns) % length).double() * 2 * torch.pi / length
        self.register_buffer("basis", torch.cat([real * angle.cos(), imag * angle.sin()], dim).float())


class RFFT(Fourier):
    def __init__(self, norm):
        super().__init__()
        self.norm, length = norm, inputs[0].shape[-1]
        scale = {"backward": 1, "ortho": length**-0.5, "forward": 1 / length}[norm]
        self.hold(length, scale, -scale, length, length // 2 + 1, 1)

    def forward(self, x):
        y = torch.fft.rfft(x, norm=self.norm)
        return y.real, y.imag


class IRFFT(Fourier):
    def __init__(self, n, norm):
        super().__init__()
        self.n, self.norm, bins = n, norm, inputs[0].shape[-1]
        length = n or 2 * (bins - 1)
        twice = torch.tensor([1.0 if k == 0 or 2 * k == length else 2.0 for k in range(bins)], dtype=torch.float64)[:, None]
        twice = twice * {"backward": 1 / length, "ortho": length**-0.5, "forward": 1}[norm]
        self.hold(length, twice, torch.where(torch.tensor([k in (0, length / 2) for k in range(bins)])[:, None], 0, -twice),
                  bins, length, 0)

    def forward(self, real, imag):
        return torch.fft.irfft(torch.complex(real, imag), n=self.n, norm=self.norm)


class Normalization(nn.Module):
    def __init__(self, num_features, eps):
        super().__init__()
        self.eps = eps
        self.register_buffer("mean", torch.zeros(num_features))
        self.register_buffer("variance", torch.ones(num_features))
        self.register_buffer("count", torch.tensor(0))

    def forward(self, x):
        if self.training:
            values = x.detach().transpose(0, 1).flatten(1)
            self.mean, self.variance = values.mean(1), values.var(1, correction=0)   # the first batch has no other before it
            self.count += values.shape[1]
        mean, variance = (None, None) if self.training else (self.mean, self.variance)
        return nn.functional.batch_norm(x, mean, variance, training=self.training, eps=self.eps)


class Parameter(nn.Module):
    def __init__(self, size, std):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size).normal_(0, std))

    def forward(self):
        return self.weight + 0


def same_pool(pool, kernel_size, stride, padding, ceil_mode, dilation=1, return_indices=False, count_include_pad=None, divisor_override=None):
    """Padded by hand as TensorFlow does, with what no window counts."""
    def forward(x):
        sizes = x.shape[2:]
        each = lambda v: v if isinstance(v, tuple) else (v,) * len(sizes)   # noqa: E731
        kernel, steps, apart = each(kernel_size), each(stride or kernel_size), each(dilation)
        totals = [max(0, ((n + s - 1) // s - 1) * s + d * (k - 1) + 1 - n) for n, k, s, d in zip(sizes, kernel, steps, apart)]
        margins = [m for t in reversed(totals) for m in (t // 2, t - t // 2)]
        pad = lambda v, value: nn.functional.pad(v, margins, value=value)   # noqa: E731
        if count_include_pad is not None:
            mean = pool(kernel, steps)
            values, counted = mean(pad(x, 0.0)), mean(pad(torch.ones_like(x), 0.0))
            return values / counted if divisor_override is None else values * np.prod(kernel) / divisor_override
        y, places = pool(kernel, steps, dilation=dilation, return_indices=True)(pad(x, -torch.inf))
        if not return_indices:
            return y
        there = np.unravel_index(places.numpy(), [n + t for n, t in zip(sizes, totals)])
        return y, torch.from_numpy(np.ravel_multi_index([p - t // 2 for p, t in zip(there, totals)], sizes))
    return forward


def over(dims):
    return lambda f: lambda x, dim, keepdim: f(x, dim=dims(dim), keepdim=keepdim)


def either(f):
    return lambda a, b=None, other=None: f(a, other if b is None else b)


def full(f):
    return lambda a, b=None, other=None: f(a, torch.full_like(a, other) if b is None else b)


# Layers that are functions: of their inputs by place and their parameters by name.
FUNCTIONS = {
    "subtract": either(torch.sub), "divide": either(torch.div), "power": either(torch.pow), "add_number": either(torch.add),
    "scale": either(torch.mul), "maximum": full(torch.maximum), "minimum": full(torch.minimum), "remainder": either(torch.remainder),
    "fmod": either(torch.fmod), "floor_divide": either(lambda a, b: torch.floor_divide(a.detach(), b)), "equal": either(torch.eq), "not_equal": either(torch.ne),
    "less": either(torch.lt), "less_equal": either(torch.le), "greater": either(torch.gt), "greater_equal": either(torch.ge),
    "norm": lambda x, dim, keepdim, ord: torch.linalg.vector_norm(x, ord, dim, keepdim),
    "flip": lambda x, dim: torch.flip(x, [dim]), "roll": lambda x, dim, shifts: torch.roll(x, shifts, dim),
    "masking": lambda x, mask_value: (x * (x != mask_value).any(-1, keepdim=True), (x != mask_value).any(-1)),
    "one_hot": lambda x, num_classes: nn.functional.one_hot(x, num_classes).to(torch.get_default_dtype()),
    "slice": lambda x, dim, start, end, step: x.transpose(0, dim)[start:end:step].transpose(0, dim),
    "permute": lambda x, dims: x.permute(0, *dims), "repeat_vector": lambda x, n: x[:, None].expand(-1, n, -1),
    "expand": lambda x, size: x.expand(-1, *([size] if isinstance(size, int) else size)),
    "pad": lambda x, padding, mode, value: nn.functional.pad(x, padding, mode, value if mode == "constant" else None),
    "tile": lambda x, repeats: torch.tile(x, [1, *repeats]), "stack": lambda *xs, dim: torch.stack(xs, dim),
    "split": lambda x, dim, sizes: torch.split(x, sizes, dim), "einsum": lambda *xs, equation: torch.einsum(equation, *xs),
    "expression": lambda x, code: torch.relu(x),  # its default: y = relu(x)
    "cast": lambda x, dtype: x.to({"float": torch.get_default_dtype(), "int64": torch.int64, "bool": torch.bool}[dtype]),
    "gather": lambda x, index, dim: x.gather(dim, index), "scatter": lambda x, index, src, dim: x.scatter(dim, index, src),
    "scatter_add": lambda x, index, src, dim: x.scatter_add(dim, index, src),
    "lerp": lambda a, b, weight: torch.lerp(a, b, weight),
    "constant": lambda size, value: torch.full(size, value), "arange": lambda start, end, step: torch.arange(float(start), end, step),
    "random": lambda x, distribution: torch.randn_like(x) if distribution == "normal" else torch.rand_like(x),
    "rescale": lambda x, scale, offset: x * scale + offset,
    "global_avg_pool": lambda x, keepdim: x.mean(tuple(range(2, x.dim())), keepdim=keepdim),
    "global_max_pool": lambda x, keepdim: x.amax(tuple(range(2, x.dim())), keepdim=keepdim),
    "mean_pool": lambda x, dim, keepdim: x.mean(dim=dim, keepdim=keepdim),
    "reshape": lambda x, shape: x.reshape(x.shape[0], *([shape] if isinstance(shape, int) else shape)),
    "xlogy": lambda a, b: torch.xlogy(a, b), "detach": lambda x: x.detach(),
    "masked_fill": lambda x, mask, value: x.masked_fill(mask, value),
}


def function(torch_name, layer, **params):
    """A layer that is no module: as it is listed above, or the function of torch of that name with these parameters."""
    f = FUNCTIONS.get(layer)
    if not f:
        f = torch
        for part in torch_name.removeprefix("torch.").split("."):
            f = getattr(f, part)
    return lambda *inputs: f(*inputs, **params)


def differ(name, what, ours, theirs, tolerance):
    global bad
    theirs = theirs.detach()
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        print(f"{name}: {what} is {ours.dtype} {tuple(ours.shape)}, PyTorch has {theirs.dtype} {tuple(theirs.shape)}")
        bad += 1
        return
    if ours.numel() == 0:
        return
    a, b = ours.double(), theirs.double()
    finite = b[b.isfinite()]
    limit = tolerance * max(finite.abs().max().item() if finite.numel() else 0, 1e-3)
    if not torch.allclose(a, b, rtol=0, atol=limit, equal_nan=True):
        print(f"{name}: {what} differs by {(a - b).abs().max().item():.3e} (allowed {limit:.1e})")
        bad += 1


cases = json.load(open(folder + "/cases.json"))
for case in cases:
    name, dtype = case["name"], getattr(torch, case["dtype"])
    tensors = load_file(f"{folder}/{name}.safetensors")
    torch.manual_seed(case["seed"])
    torch.set_default_dtype(torch.float32)
    inputs = [tensors["input:" + i] for i in case["inputs"]]
    module = eval(case["torch"])
    conditions = case["conditions"]
    inputs = [i.requires_grad_(True) if i.is_floating_point() else i for i in inputs]
    state = module.state_dict() if isinstance(module, nn.Module) else {}
    ours = {k.removeprefix("weight:layer."): v for k, v in tensors.items() if k.startswith("weight:")}
    if list(ours) != list(state):
        print(f"{name}: states are {list(ours)}, PyTorch has {list(state)}")
        bad += 1
        continue
    for key, value in state.items():
        value = value.to(dtype) if value.is_floating_point() else value
        if dtype == torch.float32 and not torch.equal(ours[key], value):
            print(f"{name}: initial {key} is not byte-equal to torch.manual_seed({case['seed']})")
            bad += 1
    if isinstance(module, nn.Module):
        module = module.to(dtype).train(case["train"])
        module.load_state_dict(ours)
    torch.set_default_dtype(dtype)
    torch.manual_seed(case["draw"] & 0xFFFFFFFFFFFFFFFF if case["draw"] < 2**63 else case["draw"] - 2**64)
    try:
        outputs = module(*[x > 0 if c else x for x, c in zip(inputs, conditions)])
    except Exception as error:  # noqa: BLE001: told with the case's name, and the others go on
        print(f"{name}: PyTorch says {str(error).splitlines()[0]}")
        bad += 1
        continue
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    if len(outputs) != case["outputs"]:
        print(f"{name}: {case['outputs']} outputs, PyTorch has {len(outputs)}")
        bad += 1
        continue
    total = [(y * tensors[f"output_weight:{i}"]).sum() for i, y in enumerate(outputs) if y.requires_grad]
    if total:
        sum(total).backward()
    tolerance = TOLERANCE[case["dtype"]]
    for i, y in enumerate(outputs):
        differ(name, f"output {i}", tensors[f"output:{i}"], y, tolerance)
    for i, x in zip(case["inputs"], inputs):
        if x.is_floating_point() and x.grad is not None:
            differ(name, f"gradient of {i}", tensors["gradient:" + i], x.grad, tolerance)
    if isinstance(module, nn.Module):
        for key, p in module.named_parameters():
            if p.grad is None:
                continue
            differ(name, f"gradient of {key}", tensors["gradient:layer." + key], p.grad.to_dense(), tolerance)
        for key, value in module.named_buffers():
            differ(name, f"{key} afterwards", tensors["after:layer." + key], value, tolerance)
print(f"{len(cases)} cases, {bad} differences")
sys.exit(1 if bad or not cases else 0)
