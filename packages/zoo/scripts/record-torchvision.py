"""Records what torchvision's networks give for weights that both sides draw, for src/torchvision.test.ts:
/usr/bin/python3 scripts/record-torchvision.py > fixtures/torchvision.json; npx prettier --write fixtures

Everything is computed in float64 from float32 weights. Neither weights nor images are stored: a tensor's values follow from its name in the state
dict and its shape (`draw`). Of the names and shapes one number is recorded, so that a difference is seen even where it changes no output.
"""

import json
import math
import sys

import numpy as np
import torch
import torchvision
from torchvision import models

CLASSES = 10
TOLERANCE = 1e-4  # of the test, relative to the largest output
SIZE = [64, 96]  # height and width differ, so that an exchange is seen


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


def vision_transformer(heads):
    return lambda size: models.VisionTransformer(
        image_size=size[0], patch_size=16, num_layers=12, num_heads=heads, hidden_dim=64 * heads, mlp_dim=256 * heads, num_classes=CLASSES
    )


def plain(name, **options):
    return lambda size: getattr(models, name)(num_classes=CLASSES, **options)


VGGS = {f"vgg{depth}{bn}": (plain(f"vgg{depth}{bn and '_bn'}"), SIZE) for depth in [11, 13, 16, 19] for bn in ["", "bn"]}
RESNETS = {f"resnet{depth}": (plain(f"resnet{depth}"), SIZE) for depth in [18, 34, 50, 101, 152]}
DENSENETS = {f"densenet{depth}": (plain(f"densenet{depth}"), SIZE) for depth in [121, 169, 201]}

# The names are those of Sinapse's zoo.
MODELS = {
    "alexnet_torchvision": (plain("alexnet"), SIZE),
    **VGGS,
    "googlenet_torchvision": (plain("googlenet", aux_logits=False, transform_input=False, init_weights=False), SIZE),
    "inceptionv3": (plain("inception_v3", aux_logits=False, transform_input=False, init_weights=False), [80, 96]),
    **RESNETS,
    "resnext50": (plain("resnext50_32x4d"), SIZE),
    **DENSENETS,
    "squeezenet10": (plain("squeezenet1_0"), SIZE),
    "squeezenet11": (plain("squeezenet1_1"), SIZE),
    "mobilenetv2": (plain("mobilenet_v2"), SIZE),
    "mobilenetv3large": (plain("mobilenet_v3_large"), SIZE),
    "mobilenetv3small": (plain("mobilenet_v3_small"), SIZE),
    "efficientnetb0": (plain("efficientnet_b0"), SIZE),
    "vittiny": (vision_transformer(3), [64, 64]),
    "vitsmall": (vision_transformer(6), [64, 64]),
}


def images(height, width):
    return torch.tensor(2 * values(2 * height * width * 3, 1000) - 1).reshape(2, height, width, 3)


def record(make, size):
    model = make(size).eval()
    names = sorted(name for name in model.state_dict() if not name.endswith("num_batches_tracked"))
    shapes = {name: list(model.state_dict()[name].shape) for name in names}
    model.load_state_dict({name: draw(name, shapes[name]) for name in names}, strict=False)
    model.double()
    with torch.no_grad():
        outputs = model(images(*size).permute(0, 3, 1, 2))
    spread = ((outputs[0] - outputs[1]).abs().max() / outputs.abs().max()).item()
    assert spread > 20 * TOLERANCE, f"the outputs of two images differ by {spread} of their size: they show little of the network"
    listed = "".join(f"{name}:{','.join(map(str, shapes[name]))};" for name in names)
    return {"size": size, "tensors": len(names), "fingerprint": hash_of(listed), "outputs": outputs.tolist()}, spread


chosen = sys.argv[1:] or MODELS
recorded = {}
for name in chosen:
    recorded[name], spread = record(*MODELS[name])
    print(f"{name}: {recorded[name]['tensors']} tensors, largest {max(map(abs, recorded[name]['outputs'][0])):.3g}, spread {spread:.2g}", file=sys.stderr)
origin = f"scripts/record-torchvision.py; torchvision {torchvision.__version__}, PyTorch {torch.__version__} (Debian), float64"
print(json.dumps({"origin": origin, "classes": CLASSES, "models": recorded}))
