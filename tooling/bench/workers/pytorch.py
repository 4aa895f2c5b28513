"""PyTorch on the CPU, in its fastest layout there: channels_last."""

import math

import torch
from peer import NETWORKS, THREADS, endlessly, read, serve, weight_shapes
from torch import nn

torch.set_num_threads(THREADS)


def build_module(name):
    """The network with the prepared weights; it ends in logits, as PyTorch's loss wants them."""
    network = NETWORKS[name]
    height, width, channels = network["input"]
    stack = []
    for layer in network["layers"]:
        if layer["kind"] == "convolution":
            stack += [nn.Conv2d(channels, layer["filters"], 3), nn.ReLU()]
            height, width, channels = height - 2, width - 2, layer["filters"]
        elif layer["kind"] == "pooling":
            stack.append(nn.MaxPool2d(2))
            height, width = height // 2, width // 2
        elif layer["kind"] == "flatten":
            stack.append(nn.Flatten())
            flattened = (height, width, channels)
            channels = height * width * channels
        else:
            stack.append(nn.Linear(channels, layer["units"]))
            if layer["activation"] == "relu":
                stack.append(nn.ReLU())
            channels = layer["units"]
    module = nn.Sequential(*stack)
    load_weights(module, name, flattened)
    return module.to(memory_format=torch.channels_last)


@torch.no_grad()
def load_weights(module, name, flattened):
    """From Keras's layout: kernels turned, and the first dense layer's rows from H, W, C to C, H, W."""
    values = torch.frombuffer(read(f"{name}-weights.f32"), dtype=torch.float32)
    shapes = weight_shapes(NETWORKS[name])
    tensors = [
        part.reshape(shape) for part, shape in zip(values.split([math.prod(shape) for shape in shapes]), shapes)
    ]
    layers = [layer for layer in module if isinstance(layer, (nn.Conv2d, nn.Linear))]
    after_flatten = next(layer for layer in layers if isinstance(layer, nn.Linear))
    for layer, kernel, bias in zip(layers, tensors[::2], tensors[1::2]):
        if isinstance(layer, nn.Conv2d):
            kernel = kernel.permute(3, 2, 0, 1)
        elif layer is after_flatten:
            kernel = kernel.reshape(*flattened, -1).permute(3, 2, 0, 1).flatten(1)
        else:
            kernel = kernel.T
        layer.weight.copy_(kernel)
        layer.bias.copy_(bias)


def read_batches(name, batch_size):
    network = NETWORKS[name]
    images = torch.frombuffer(read(f"{network['images']}-images.f32"), dtype=torch.float32)
    # N, H, W, C in memory is what channels_last means.
    images = images.reshape(-1, *network["input"]).permute(0, 3, 1, 2)
    labels = torch.frombuffer(read(f"{network['images']}-labels.i32"), dtype=torch.int32).long()
    count = len(labels) // batch_size
    return [
        (images[batch * batch_size : (batch + 1) * batch_size], labels[batch * batch_size : (batch + 1) * batch_size])
        for batch in range(count)
    ]


def build(name, kind, batch_size):
    module = build_module(name)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    batches = read_batches(name, batch_size)
    if kind == "predict":
        images = batches[0][0]
        module.eval()

        def predict(times):
            with torch.inference_mode():
                for _ in range(times):
                    probabilities = torch.softmax(module(images), 1)
            return probabilities.flatten()

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
