"""PyTorch on the CPU, in its fastest layout there: channels_last.

Symmetric padding on an even size leaves the padding of the far side unused where the stride is 2, Keras's "same" that of
the near side: one is the other's mirror image. So where a network has such strides, kernels and images are mirrored here
once, and every convolution is PyTorch's own with its own padding, where "same" would cost a copy of every padded map.
"""

import numpy as np
import torch
from peer import NETWORKS, THREADS, endlessly, read_images, read_labels, read_weights, serve
from torch import nn

torch.set_num_threads(THREADS)


def turned(name):
    """The axes of H and W to mirror."""
    return (0, 1) if any(node.get("stride", 1) > 1 for node in NETWORKS[name]["nodes"]) else ()


class EverySecond(nn.Module):
    """The positions that a 1x1 convolution with stride 2 takes, seen in the mirror."""

    def forward(self, images):
        return images[:, :, 1::2, 1::2]


def make_module(node):
    kind = node["kind"]
    channels = node["from"][2]
    if kind == "convolution":
        if node["size"] == 1 and node["stride"] == 2:
            return nn.Sequential(EverySecond(), nn.Conv2d(channels, node["filters"], 1, bias=node["bias"]))
        padding = (node["size"] - 1) // 2 if node["padding"] == "same" else 0
        convolution = nn.Conv2d(channels, node["filters"], node["size"], node["stride"], padding, bias=node["bias"])
        return with_relu(convolution, node)
    if kind == "depthwise":
        padding = (node["size"] - 1) // 2
        return nn.Conv2d(channels, channels, node["size"], node["stride"], padding, groups=channels, bias=False)
    if kind == "normalization":
        return nn.BatchNorm2d(channels, node["epsilon"], 1 - node["momentum"])
    if kind == "relu":
        return nn.ReLU6(inplace=True) if node["max"] == 6 else nn.ReLU(inplace=True)
    if kind == "pooling":
        return nn.MaxPool2d(2)
    if kind == "average":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if kind == "flatten":
        return nn.Flatten()
    if kind == "dense":
        # The loss takes logits.
        return with_relu(nn.Linear(channels, node["units"]), node)
    raise ValueError(f"unknown kind {kind}")


def with_relu(module, node):
    return nn.Sequential(module, nn.ReLU(inplace=True)) if node["activation"] == "relu" else module


class Network(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.steps = []
        for node in NETWORKS[name]["nodes"]:
            if node["kind"] == "add":
                self.steps.append((None, node["inputs"], node["name"]))
            else:
                module = make_module(node)
                self.add_module(node["name"], module)
                self.steps.append((module, node["inputs"], node["name"]))
        self.load(name)

    def forward(self, images):
        results = {"input": images}
        for module, inputs, name in self.steps:
            if module is None:
                results[name] = results[inputs[0]] + results[inputs[1]]
            else:
                results[name] = module(results[inputs[0]])
        return results[self.steps[-1][2]]

    @torch.no_grad()
    def load(self, name):
        """From Keras's layout: kernels turned, and the rows of a dense layer after Flatten from H, W, C to C, H, W."""
        weights = read_weights(name)
        flattened = None
        for node in NETWORKS[name]["nodes"]:
            values = [torch.from_numpy(value) for value in weights[node["name"]]]
            if node["kind"] == "flatten":
                flattened = node["from"]
            if not values:
                continue
            module = getattr(self, node["name"])
            module = next(each for each in module.modules() if hasattr(each, "weight"))
            if node["kind"] == "normalization":
                targets = [module.weight, module.bias, module.running_mean, module.running_var]
            else:
                targets = [module.weight, module.bias]
                if node["kind"] == "convolution":
                    values[0] = values[0].flip(turned(name)).permute(3, 2, 0, 1)
                elif node["kind"] == "depthwise":
                    values[0] = values[0].flip(turned(name)).permute(2, 3, 0, 1)
                elif flattened is not None:
                    values[0] = values[0].reshape(*flattened, -1).permute(3, 2, 0, 1).flatten(1)
                    flattened = None
                else:
                    values[0] = values[0].T
            for target, value in zip(targets, values):
                target.copy_(value)


def count(module):
    """Moments too, as Keras counts."""
    buffers = (buffer for name, buffer in module.named_buffers() if not name.endswith("num_batches_tracked"))
    return sum(values.numel() for values in (*module.parameters(), *buffers))


def read_batches(name, batch_size):
    # N, H, W, C in memory is what channels_last means.
    mirrored = np.flip(read_images(name), [axis + 1 for axis in turned(name)])
    images = torch.from_numpy(np.ascontiguousarray(mirrored)).permute(0, 3, 1, 2)
    labels = torch.from_numpy(read_labels(name)).long()
    return list(zip(images.split(batch_size), labels.split(batch_size)))[: len(labels) // batch_size]


def build(name, kind, batch_size):
    module = Network(name).to(memory_format=torch.channels_last)
    parameters = count(module)
    batches = read_batches(name, batch_size)
    if kind == "predict":
        images = batches[0][0]
        module.eval()
        softmax = not NETWORKS[name]["logits"]

        def predict(times):
            with torch.inference_mode():
                for _ in range(times):
                    outputs = module(images)
                    if softmax:
                        outputs = torch.softmax(outputs, 1)
            return outputs.flatten()

        return parameters, predict

    if NETWORKS[name]["optimizer"] == "adam":
        optimizer = torch.optim.Adam(module.parameters(), lr=0.001, eps=1e-7)
    else:
        optimizer = torch.optim.RMSprop(module.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
    loss_function = nn.CrossEntropyLoss()
    rest = endlessly(batches)

    def train(times):
        total = torch.zeros(())
        for _ in range(times):
            images, labels = next(rest)
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(module(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.detach()
        return total.item() / times

    return parameters, train


serve({"torch": torch.__version__}, build)
