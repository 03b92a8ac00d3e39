"""Records what torchvision's networks give for weights that both sides draw, for src/torchvision.test.ts:
/usr/bin/python3 scripts/record-torchvision.py > fixtures/torchvision.json; npx prettier --write fixtures

Everything is computed in float64 from float32 weights. Neither weights nor images are stored: a tensor's values follow from its name in the state
dict and its shape (drawn.py).
"""

import json
import sys

import torch
import torchvision
from drawn import draw, images, recording
from torchvision import models

CLASSES = 10
TOLERANCE = 1e-4  # of the test, relative to the largest output
SIZE = [64, 96]  # height and width differ, so that an exchange is seen


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


def record(make, size):
    model = make(size).eval()
    shapes = {name: list(tensor.shape) for name, tensor in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    model.load_state_dict({name: draw(name, shape) for name, shape in shapes.items()}, strict=False)
    with torch.no_grad():
        return recording(shapes, size, model.double()(images(*size)), TOLERANCE)


def parameters(make):
    return sum(parameter.numel() for parameter in make.parameters())


chosen = sys.argv[1:] or MODELS
recorded = {name: record(*MODELS[name]) for name in chosen}
# The parameters at other widths, whose channels are rounded.
widths = {
    "mobilenetv2": {width: parameters(models.mobilenet_v2(width_mult=width)) for width in [0.1, 0.35, 0.5, 0.75, 1.4]},
    "mobilenetv3large": {width: parameters(models.mobilenet_v3_large(width_mult=width)) for width in [0.35, 0.75, 1.25]},
    "mobilenetv3small": {width: parameters(models.mobilenet_v3_small(width_mult=width)) for width in [0.35, 0.75, 1.25]},
}
origin = f"scripts/record-torchvision.py; torchvision {torchvision.__version__}, PyTorch {torch.__version__} (Debian), float64"
print(json.dumps({"origin": origin, "classes": CLASSES, "widths": widths, "models": recorded}))
