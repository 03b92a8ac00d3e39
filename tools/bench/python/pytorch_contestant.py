"""PyTorch, eager, or optimised for inference if the setting asks for it."""

import torch
import torch.nn.functional as F
from contestant import serve

OPTIMIZERS = {
    "adam": lambda parameters, o: torch.optim.Adam(parameters, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"]),
    "momentum": lambda parameters, o: torch.optim.SGD(parameters, o["learningRate"], o["momentum"]),
}


class Contestant:
    def __init__(self, run, check):
        self.engine = f"PyTorch {torch.__version__}"
        self.run = run
        self.check = check


def prepare(job, arrays):
    torch.set_num_threads(job["threads"])
    task = job["task"]
    tensors = {name: torch.from_numpy(values) for name, values in arrays.items()}
    layout = torch.channels_last if job["setting"].get("channelsLast") else torch.contiguous_format
    return TASKS[task["kind"]](task, tensors, layout, job["setting"])


def images(x, layout):
    """A channels-last array as PyTorch's [batch, channels, height, width], with the given memory layout."""
    return x.permute(0, 3, 1, 2).contiguous(memory_format=layout)


def filters(kernel, layout):
    return kernel.permute(3, 2, 0, 1).contiguous(memory_format=layout)


def add(task, tensors, layout, setting):
    a, b = tensors["a"], tensors["b"]
    torch.set_grad_enabled(False)
    return Contestant(lambda: a + b, lambda: {"y": a + b})


def matmul(task, tensors, layout, setting):
    a = tensors["a"].t() if task["transposeA"] else tensors["a"]
    b = tensors["b"].t() if task["transposeB"] else tensors["b"]
    return Contestant(lambda: torch.mm(a, b), lambda: {"y": torch.mm(a, b)})


def conv_forward(task, tensors, layout, setting):
    form = task["convolution"]
    x, w = images(tensors["x"], layout), filters(tensors["filter"], layout)

    def run():
        return F.conv2d(x, w, None, form["stride"], form["padding"], 1, form["groups"])

    return Contestant(run, lambda: {"y": run().permute(0, 2, 3, 1).contiguous()})


def conv_gradients(task, tensors, layout, setting):
    form = task["convolution"]
    x, w, dy = images(tensors["x"], layout), filters(tensors["filter"], layout), images(tensors["dy"], layout)
    stride, padding = [form["stride"]] * 2, [form["padding"]] * 2

    def run():
        both = [True, True, False]
        return torch.ops.aten.convolution_backward(dy, x, w, None, stride, padding, [1, 1], False, [0, 0], form["groups"], both)

    def check():
        dx, dw, _ = run()
        return {"dx": dx.permute(0, 2, 3, 1).contiguous(), "dfilter": dw.permute(2, 3, 1, 0).contiguous()}

    return Contestant(run, check)


class Network(torch.nn.Module):
    """A network built from the benchmark's description, with the given weights."""

    def __init__(self, steps, tensors, layout):
        super().__init__()
        self.steps = torch.nn.ModuleList([module(step, tensors, layout) for step in steps])

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x


class Residual(torch.nn.Module):
    def __init__(self, step, tensors, layout):
        super().__init__()
        self.body = Network(step["body"], tensors, layout)
        self.shortcut = Network(step["shortcut"], tensors, layout)

    def forward(self, x):
        return self.body(x).add_(self.shortcut(x))


class Concat(torch.nn.Module):
    def __init__(self, step, tensors, layout):
        super().__init__()
        self.branches = torch.nn.ModuleList([Network(branch, tensors, layout) for branch in step["branches"]])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class Subsample(torch.nn.Module):
    """Every n-th pixel, and zeros for new channels."""

    def __init__(self, step):
        super().__init__()
        self.stride, self.channels = step["stride"], step["channels"]

    def forward(self, x):
        n = self.stride
        return F.pad(x[:, :, ::n, ::n], (0, 0, 0, 0, 0, self.channels - x.shape[1]))


def module(step, tensors, layout):
    weight = lambda role: torch.nn.Parameter(tensors[f"{step['name']}/{role}"].clone())
    op = step["op"]
    if op == "conv":
        kernel = filters(tensors[f"{step['name']}/kernel"], layout)
        shape = kernel.shape
        groups = step["groups"]
        made = torch.nn.Conv2d(
            shape[1] * groups, shape[0], shape[2], step["stride"], step["padding"], groups=groups, bias=step["bias"]
        )
        made.weight = torch.nn.Parameter(kernel.clone(memory_format=layout))
        if step["bias"]:
            made.bias = weight("bias")
        return made
    if op == "batchNorm":
        made = torch.nn.BatchNorm2d(len(tensors[f"{step['name']}/scale"]), step["epsilon"])
        made.weight, made.bias = weight("scale"), weight("offset")
        made.running_mean.copy_(tensors[f"{step['name']}/mean"])
        made.running_var.copy_(tensors[f"{step['name']}/variance"])
        return made
    if op == "relu":
        return torch.nn.ReLU(inplace=True)
    if op == "maxPool":
        return torch.nn.MaxPool2d(step["window"], step["stride"], step["padding"], ceil_mode=step["over"] > 0)
    if op == "relu6":
        return torch.nn.ReLU6(inplace=True)
    if op == "avgPool":
        return torch.nn.AvgPool2d(step["window"], step["stride"])
    if op == "concat":
        return Concat(step, tensors, layout)
    if op == "globalAvgPool":
        return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
    if op == "dense":
        return dense(step, tensors, weight)
    if op == "residual":
        return Residual(step, tensors, layout)
    return Subsample(step)


def dense(step, tensors, weight):
    kernel = tensors[f"{step['name']}/kernel"]
    if "image" in step:  # an image is flattened channels first here: the rows follow
        height, width, channels = step["image"]
        kernel = kernel.reshape(height, width, channels, -1).permute(2, 0, 1, 3).reshape(kernel.shape)
    made = torch.nn.Linear(*kernel.shape)
    made.weight = torch.nn.Parameter(kernel.t().contiguous())
    made.bias = weight("bias")
    return torch.nn.Sequential(torch.nn.Flatten(), made) if "image" in step else made


def training(task, tensors, layout, setting):
    x = images(tensors["x"], layout) if tensors["x"].dim() == 4 else tensors["x"]
    labels = tensors["labels"].long()

    def start():
        network = Network(task["network"]["steps"], tensors, layout).train()
        optimizer = OPTIMIZERS[task["optimizer"]["name"]](network.parameters(), task["optimizer"])
        return network, optimizer

    def step(network, optimizer, count):
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(network(x[:count]), labels[:count])
        loss.backward()
        optimizer.step()
        return loss.detach()

    def check():
        network, optimizer = start()
        return {"losses": [step(network, optimizer, task["checkBatch"]).item() for _ in range(task["checkSteps"])]}

    network, optimizer = start()
    return Contestant(lambda: step(network, optimizer, task["batch"]), check)


def inference(task, tensors, layout, setting):
    x = images(tensors["x"], layout)
    network = Network(task["network"]["steps"], tensors, layout).eval()
    with torch.no_grad():
        if setting.get("optimized"):
            network = torch.jit.optimize_for_inference(torch.jit.trace(network, x))

    def run():
        with torch.no_grad():
            return network(x)

    return Contestant(run, lambda: {"logits": run()})


MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def recurrent(network, tensors):
    """A recurrent module, time first; its second bias is trained only where the network has one."""
    made = MODULES[network["cell"]](network["inputs"], network["units"])
    with torch.no_grad():
        made.weight_ih_l0.copy_(tensors["kernel"].t())
        made.weight_hh_l0.copy_(tensors["recurrentKernel"].t())
        made.bias_ih_l0.copy_(tensors["bias"])
        made.bias_hh_l0.copy_(tensors.get("recurrentBias", torch.zeros_like(tensors["bias"])))
    made.bias_hh_l0.requires_grad_("recurrentBias" in tensors)
    return made


def sequence_training(task, tensors, layout, setting):
    def start():
        module = recurrent(task["network"], tensors)
        trained = [p for p in module.parameters() if p.requires_grad]
        return module, OPTIMIZERS["adam"](trained, task["optimizer"])

    def step(module, optimizer, x, target):
        optimizer.zero_grad(set_to_none=True)
        loss = F.mse_loss(module(x)[0], target)
        loss.backward()
        optimizer.step()
        return loss.detach()

    time_first = lambda name: tensors[name].transpose(0, 1).contiguous()

    def check():
        module, optimizer = start()
        x, target = time_first("xCheck"), time_first("targetCheck")
        return {"losses": [step(module, optimizer, x, target).item() for _ in range(task["checkSteps"])]}

    module, optimizer = start()
    x, target = time_first("x"), time_first("target")
    return Contestant(lambda: step(module, optimizer, x, target), check)


def sequence_steps(task, tensors, layout, setting):
    module = recurrent(task["network"], tensors).eval()
    x = tensors["x"].unsqueeze(1)

    def run():
        state = None
        with torch.no_grad():
            for t in range(task["time"]):
                y, state = module(x[t : t + 1], state)
        return y.reshape(1, -1)

    return Contestant(run, lambda: {"h": run()})


TASKS = {
    "add": add,
    "matmul": matmul,
    "convForward": conv_forward,
    "convGradients": conv_gradients,
    "training": training,
    "inference": inference,
    "sequenceTraining": sequence_training,
    "sequenceSteps": sequence_steps,
}

serve(prepare)
