"""Records what networks that torchvision does not have give for weights that both sides draw, for src/torchvision.test.ts:
/usr/bin/python3 scripts/record-pytorch-networks.py > fixtures/pytorch-networks.json; npx prettier --write fixtures

The networks are written here from their papers' tables, with PyTorch's operations, in float64. A tensor is drawn where it is used (drawn.py); its name is
the path of the layer in Sinapse, with points, and `.norm` for the normalisation of a convolution.
"""

import json

import torch
import torch.nn.functional as F
from drawn import draw, images, recording

CLASSES = 3
TOLERANCE = 1e-4


class Drawn:
    """Layers whose weights are drawn; remembers their shapes."""

    def __init__(self):
        self.shapes = {}

    def tensor(self, name, *shape):
        self.shapes[name] = list(shape)
        return draw(name, shape).double()

    def conv(self, name, x, filters, size, bias=False, groups=1, **options):
        weight = self.tensor(f"{name}.weight", filters, x.shape[1] // groups, size, size)
        return F.conv2d(x, weight, self.tensor(f"{name}.bias", filters) if bias else None, groups=groups, **options)

    def up(self, name, x, filters):
        return F.conv_transpose2d(x, self.tensor(f"{name}.weight", x.shape[1], filters, 2, 2), self.tensor(f"{name}.bias", filters), stride=2)

    def norm(self, name, x, eps=1e-5):
        mean, variance, weight, bias = (self.tensor(f"{name}.norm.{part}", x.shape[1]) for part in ["running_mean", "running_var", "weight", "bias"])
        return F.batch_norm(x, mean, variance, weight, bias, eps=eps)

    def dense(self, name, x, units=CLASSES):
        return F.linear(x, self.tensor(f"{name}.weight", units, x.shape[1]), self.tensor(f"{name}.bias", units))


def unet(drawn, x, width=1 / 16):
    """Figure 1 of Ronneberger et al. 2015."""
    channels = [round(c * width) for c in [64, 128, 256, 512, 1024]]

    def convolutions(level, x, filters):
        for name in ["conv1", "conv2"]:
            x = F.relu(drawn.conv(f"{level}_{name}", x, filters, 3, bias=True))
        return x

    found = []
    for level, filters in enumerate(channels, 1):
        if level > 1:
            x = F.max_pool2d(x, 2)
        x = convolutions(f"down{level}", x, filters)
        found.append(x)
    for level in [4, 3, 2, 1]:
        x = drawn.up(f"up{level}", x, channels[level - 1])
        skipped = found[level - 1]
        border = (skipped.shape[2] - x.shape[2]) // 2
        cut = skipped[:, :, border : border + x.shape[2], border : border + x.shape[3]]
        x = convolutions(f"up{level}", torch.cat([cut, x], 1), channels[level - 1])
    return drawn.conv("classifier", x, CLASSES, 1, bias=True).permute(0, 2, 3, 1).flatten(1)


def mobilenetv1(drawn, x, width=0.25):
    """Table 1 of Howard et al. 2017, with the padding of TensorFlow: for even sizes and strides of 2, one row and column behind the last."""

    def convolution(name, x, filters, size, strides, groups=1):
        if size == 3:
            x = F.pad(x, (0, 1, 0, 1)) if strides == 2 else F.pad(x, (1, 1, 1, 1))
        return F.relu6(drawn.norm(name, drawn.conv(name, x, filters, size, stride=strides, groups=groups), eps=1e-3))

    x = convolution("conv1", x, round(32 * width), 3, 2)
    rows = [(1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512)] + 5 * [(1, 512)] + [(2, 1024), (1, 1024)]
    for i, (strides, filters) in enumerate(rows, 2):
        x = convolution(f"depthwise{i}", x, x.shape[1], 3, strides, groups=x.shape[1])
        x = convolution(f"pointwise{i}", x, round(filters * width), 1, 1)
    return drawn.dense("classifier", x.mean((2, 3)))


def preactivation_resnet(drawn, x, blocks, bottleneck, width=0.25):
    """Figure 4 e of He et al. 2016, "Identity mappings in deep residual networks"; the first block's input is activated by what is before it."""
    x = F.relu(drawn.norm("conv1", drawn.conv("conv1", x, round(64 * width), 7, stride=2, padding=3)))
    x = F.max_pool2d(x, 3, 2, 1)
    for stage, count in enumerate(blocks):
        inner = round(64 * 2**stage * width)
        filters = 4 * inner if bottleneck else inner
        for i in range(count):
            strides = 2 if stage > 0 and i == 0 else 1
            projects = i == 0 and (stage > 0 or bottleneck)
            outer = f"conv{stage + 2}_{i + 1}"
            name = f"{outer}.block" if projects else outer
            y = x if stage == 0 and i == 0 else F.relu(drawn.norm(f"{outer}.norm", x))
            shortcut = drawn.conv(f"{name}.shortcut", y, filters, 1, stride=strides) if projects else x

            def convolution(part, y, filters, size, strides=1):
                y = drawn.conv(f"{name}.{part}", y, filters, size, stride=strides, padding=size // 2)
                return F.relu(drawn.norm(f"{name}.{part}", y))

            if bottleneck:
                y = convolution("conv2", convolution("conv1", y, inner, 1), inner, 3, strides)
                y = drawn.conv(f"{name}.conv3", y, filters, 1)
            else:
                y = drawn.conv(f"{name}.conv2", convolution("conv1", y, filters, 3, strides), filters, 3, padding=1)
            x = y + shortcut
    return drawn.dense("classifier", F.relu(drawn.norm("norm", x)).mean((2, 3)))


def cifar_resnet(drawn, x, n):
    """Section 4.2 of He et al. 2015, with projections (option B)."""

    def convolution(name, x, filters, size, strides=1):
        return drawn.norm(name, drawn.conv(name, x, filters, size, stride=strides, padding=size // 2))

    x = F.relu(convolution("conv1", x, 16, 3))
    for stage, filters in enumerate([16, 32, 64]):
        for i in range(n):
            strides = 2 if stage > 0 and i == 0 else 1
            name = f"conv{stage + 2}_{i + 1}"
            y = F.relu(convolution(f"{name}.conv1", x, filters, 3, strides))
            shortcut = convolution(f"{name}.shortcut", x, filters, 1, strides) if strides > 1 else x
            x = F.relu(convolution(f"{name}.conv2", y, filters, 3) + shortcut)
    return drawn.dense("classifier", x.mean((2, 3)))


def densenetbc(drawn, x, layers, growth):
    """Section 3 of Huang et al. 2016: three blocks of `layers` layers."""
    x = drawn.conv("conv0", x, 2 * growth, 3, padding=1)
    for block in [1, 2, 3]:
        if block > 1:
            name = f"transition{block - 1}"
            x = drawn.conv(f"{name}.conv", F.relu(drawn.norm(f"{name}.norm", x)), x.shape[1] // 2, 1)
            x = F.avg_pool2d(x, 2)
        for layer in range(1, layers + 1):
            name = f"block{block}_{layer}"
            y = drawn.conv(f"{name}.conv1", F.relu(drawn.norm(f"{name}.norm1", x)), 4 * growth, 1)
            y = drawn.conv(f"{name}.conv2", F.relu(drawn.norm(f"{name}.conv1", y)), growth, 3, padding=1)
            x = torch.cat([x, y], 1)
    return drawn.dense("classifier", F.relu(drawn.norm("norm4", x)).mean((2, 3)))


def alexnet(drawn, x, width=1 / 8):
    """Section 3.5 of Krizhevsky et al. 2012; the last windows of the first convolution reach over the border. PyTorch divides alpha by the size."""

    def convolution(name, x, filters, size, groups=1, **options):
        return F.relu(drawn.conv(name, x, round(filters * width), size, bias=True, groups=groups, **{"padding": size // 2, **options}))

    def normalized_pool(x):
        return F.max_pool2d(F.local_response_norm(x, 5, alpha=5e-4, beta=0.75, k=2), 3, 2)

    x = normalized_pool(convolution("conv1", F.pad(x, (0, 3, 0, 3)), 96, 11, stride=4, padding=0))
    x = normalized_pool(convolution("conv2", x, 256, 5, groups=2))
    x = convolution("conv4", convolution("conv3", x, 384, 3), 384, 3, groups=2)
    x = F.max_pool2d(convolution("conv5", x, 256, 3, groups=2), 3, 2).flatten(1)
    for name in ["fc6", "fc7"]:
        x = F.relu(drawn.dense(name, x, round(4096 * width)))
    return drawn.dense("fc8", x)


def nin(drawn, x):
    """The authors' published network for CIFAR-10."""
    for block, size, filters in [(1, 5, [192, 160, 96]), (2, 5, [192, 192, 192]), (3, 3, [192, 192, CLASSES])]:
        for i, count in enumerate(filters):
            x = F.relu(drawn.conv(f"conv{block}_{i + 1}", x, count, 1 if i else size, bias=True, padding=0 if i else size // 2))
        if block < 3:
            x = (F.max_pool2d if block == 1 else F.avg_pool2d)(x, 3, 2, ceil_mode=True)
    return x.mean((2, 3))


# Table 1 of Szegedy et al. 2014: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool.
MODULES = {
    "3a": [64, 96, 128, 16, 32, 32],
    "3b": [128, 128, 192, 32, 96, 64],
    "4a": [192, 96, 208, 16, 48, 64],
    "4b": [160, 112, 224, 24, 64, 64],
    "4c": [128, 128, 256, 24, 64, 64],
    "4d": [112, 144, 288, 32, 64, 64],
    "4e": [256, 160, 320, 32, 128, 128],
    "5a": [256, 160, 320, 32, 128, 128],
    "5b": [384, 192, 384, 48, 128, 128],
}


def googlenet(drawn, x, width=1 / 4):
    """Without auxiliary classifiers. The constants of the response normalisation are Caffe's."""

    def convolution(name, x, filters, size, strides=1):
        return F.relu(drawn.conv(name, x, round(filters * width), size, bias=True, stride=strides, padding=size // 2))

    def pool(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    def normalized(x):
        return F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=1)

    x = normalized(pool(convolution("conv1", x, 64, 7, 2)))
    x = pool(normalized(convolution("conv2", convolution("conv2_reduce", x, 64, 1), 192, 3)))
    for module, (ones, reduce3, threes, reduce5, fives, pooled) in MODULES.items():
        if module in ["4a", "5a"]:
            x = pool(x)
        name = f"inception{module}"
        branches = [
            convolution(f"{name}.1x1.conv", x, ones, 1),
            convolution(f"{name}.3x3.conv", convolution(f"{name}.3x3.reduce", x, reduce3, 1), threes, 3),
            convolution(f"{name}.5x5.conv", convolution(f"{name}.5x5.reduce", x, reduce5, 1), fives, 5),
            convolution(f"{name}.pool.conv", F.max_pool2d(x, 3, 1, 1), pooled, 1),
        ]
        x = torch.cat(branches, 1)
    return drawn.dense("classifier", x.mean((2, 3)))


# For each: the model of the zoo and its options but for the classes and the input, the size of the images, and the network.
NETWORKS = [
    ("alexnet", {"width": 1 / 8}, [64, 96], alexnet),
    ("nin", {}, [32, 40], nin),
    ("googlenet", {"width": 1 / 4}, [64, 96], googlenet),
    ("unet", {"width": 1 / 16}, [188, 204], unet),
    ("mobilenetv1", {"width": 0.25}, [64, 96], mobilenetv1),
    ("resnet18", {"width": 0.25, "variant": "v2"}, [64, 96], lambda drawn, x: preactivation_resnet(drawn, x, [2, 2, 2, 2], False)),
    ("resnet50", {"width": 0.25, "variant": "v2"}, [64, 96], lambda drawn, x: preactivation_resnet(drawn, x, [3, 4, 6, 3], True)),
    ("resnet32", {"shortcut": "projection"}, [32, 40], lambda drawn, x: cifar_resnet(drawn, x, 5)),
    ("densenetbc", {"depth": 22, "growth": 6}, [24, 32], lambda drawn, x: densenetbc(drawn, x, 3, 6)),
]


def record(name, options, size, network):
    drawn = Drawn()
    outputs = network(drawn, images(*size))
    return {"name": name, "options": options, **recording(drawn.shapes, size, outputs, TOLERANCE)}


origin = f"scripts/record-pytorch-networks.py; PyTorch {torch.__version__} (Debian), float64"
print(json.dumps({"origin": origin, "classes": CLASSES, "models": [record(*network) for network in NETWORKS]}))
