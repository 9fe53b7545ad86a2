# SPDX-License-Identifier: Apache-2.0
import numpy
import torch


def read(path):
    """The arrays of an archive or a folder; a validation set is put behind the training set."""
    arrays = dict(numpy.load(path)) if path.is_file() else {p.stem: numpy.load(p) for p in path.glob("*.npy")}
    in_sets = X not in arrays and X + "_train" in arrays
    x, y = pair(arrays, "_train" if in_sets else "")
    suffix = "_val" if X + "_val" in arrays else "_validation"
    sets = Sets(has_test=in_sets and X + "_test" in arrays)
    if in_sets and X + suffix in arrays:
        more_x, more_y = pair(arrays, suffix)
        sets = Sets(len(x), len(more_x), sets.has_test)
        x, y = torch.cat([x, more_x]), torch.cat([y, more_y])
    return {"x": x, "y": y}, sets


def pair(arrays, suffix):
    x, y = arrays[X + suffix], arrays[Y + suffix]
    is_bytes = x.dtype.itemsize == 1 and x.dtype.kind != "i"
    x = torch.from_numpy(numpy.ascontiguousarray(x.astype("uint8" if is_bytes else "float32")))
    if x.dim() == 1:
        x = x.unsqueeze(1)
    if IMAGES == "add_channel":
        x = x.unsqueeze(1)
    if IMAGES == "channels_last":
        x = x.permute(0, 3, 1, 2).contiguous()
    if CLASSES:
        return x, torch.from_numpy(y.astype("int64")).reshape(-1)
    y = torch.from_numpy(numpy.ascontiguousarray(y.astype("float32")))
    return x, y.unsqueeze(1) if y.dim() == 1 else y
