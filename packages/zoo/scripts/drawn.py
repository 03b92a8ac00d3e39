"""Weights and images that both sides of a recording draw: test/torchvision.ts computes the same."""

import math

import numpy as np
import torch


def values(count, seed):
    """Multiples of 2^-20 in [0, 1): the integer hash lowbias32 of C. Wellons, of an index and a seed."""
    h = np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x9E3779B1) ^ np.uint32((seed + 1) * 0x85EBCA6B & 0xFFFFFFFF)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x7FEB352D)
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x846CA68B)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(12)) / 2.0**20


def hash_of(text):
    """FNV-1a, 32 bits."""
    h = 0x811C9DC5
    for byte in text.encode():
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return h


def draw(name, shape):
    """Weights of He's variance for their inputs; scales and variances around 1, everything else around 0."""
    u = values(math.prod(shape), hash_of(name))
    if len(shape) > 1 and name.endswith("weight"):
        x = (2 * u - 1) * math.sqrt(6 / math.prod(shape[1:]))
    else:
        x = u + (0.5 if name.endswith("weight") or name.endswith("running_var") else -0.5)
    return torch.tensor(x.astype(np.float32)).reshape(shape)


def images(height, width, channels=3):
    """Two images, [2, channels, height, width] in float64."""
    x = torch.tensor(2 * values(2 * height * width * channels, 1000) - 1).reshape(2, height, width, channels)
    return x.permute(0, 3, 1, 2)


def recording(shapes, size, outputs, tolerance):
    """What the test reads: of the names and shapes one number, so that a difference is seen even where it changes no output."""
    spread = ((outputs[0] - outputs[1]).abs().max() / outputs.abs().max()).item()
    assert spread > 20 * tolerance, f"the outputs of two images differ by {spread} of their size: they show little of the network"
    names = sorted(shapes)
    listed = "".join(f"{name}:{','.join(map(str, shapes[name]))};" for name in names)
    return {"size": size, "tensors": len(names), "fingerprint": hash_of(listed), "outputs": outputs.tolist()}
