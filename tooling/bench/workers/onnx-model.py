"""Writes every network with its prepared weights as an ONNX file: `python onnx-model.py <cache> <folder>`."""

import json
import math
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

cache, folder = map(pathlib.Path, sys.argv[1:3])


class Graph:
    """Nodes and weights of one network; ONNX has H, W after the channels, in kernels as in images."""

    def __init__(self, values):
        self.values = values
        self.nodes, self.weights = [], []

    def take(self, shape):
        """The next weights of that shape."""
        size = math.prod(shape)
        taken, self.values = self.values[:size].reshape(shape), self.values[size:]
        return taken

    def weight(self, array):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float32), name))
        return name

    def add(self, operation, inputs, **attributes):
        """Appends a node and gives the name of its output."""
        output = f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [output], **attributes))
        return output


def pads(node):
    """Begin of H and W, then their end; "same" puts what is odd at the end."""
    if node.get("padding", "same") == "valid":
        return [0, 0, 0, 0]
    needed = [
        max(0, (after - 1) * node["stride"] + node["size"] - before)
        for before, after in zip(node["from"][:2], node["to"][:2])
    ]
    return [*(each // 2 for each in needed), *(each - each // 2 for each in needed)]


def activate(graph, x, node):
    if node["activation"] == "relu":
        return graph.add("Relu", [x])
    return graph.add("Softmax", [x], axis=1) if node["activation"] == "softmax" else x


def append(graph, node, inputs, flattened):
    """Appends what a node of ours is in ONNX, and gives the name of its result."""
    kind = node["kind"]
    weights = [graph.take(shape) for shape in node["weights"]]
    if kind == "convolution":
        names = [graph.weight(weights[0].transpose(3, 2, 0, 1)), *map(graph.weight, weights[1:])]
        x = graph.add("Conv", [*inputs, *names], strides=[node["stride"]] * 2, pads=pads(node))
        return activate(graph, x, node)
    if kind == "depthwise":
        kernel = graph.weight(weights[0].transpose(2, 3, 0, 1))
        return graph.add("Conv", [*inputs, kernel], strides=[node["stride"]] * 2, pads=pads(node), group=node["from"][2])
    if kind == "normalization":
        return graph.add("BatchNormalization", [*inputs, *map(graph.weight, weights)], epsilon=node["epsilon"])
    if kind == "relu":
        if node["max"] is None:
            return graph.add("Relu", inputs)
        return graph.add("Clip", [*inputs, graph.weight(np.float32(0)), graph.weight(np.float32(node["max"]))])
    if kind == "pooling":
        return graph.add("MaxPool", inputs, kernel_shape=[2, 2], strides=[2, 2])
    if kind == "average":
        return graph.add("Flatten", [graph.add("GlobalAveragePool", inputs)])
    if kind == "flatten":
        return graph.add("Flatten", inputs)
    if kind == "add":
        return graph.add("Add", inputs)
    kernel = weights[0]
    if flattened is not None:
        kernel = kernel.reshape(*flattened, -1).transpose(2, 0, 1, 3).reshape(len(kernel), -1)
    x = graph.add("Gemm", [*inputs, graph.weight(kernel), graph.weight(weights[1])])
    return activate(graph, x, node)


def write(name, network):
    graph = Graph(np.fromfile(cache / "data" / f"{name}-weights.f32", np.float32))
    results = {"input": "images"}
    flattened = None
    for node in network["nodes"]:
        results[node["name"]] = append(graph, node, [results[each] for each in node["inputs"]], flattened)
        flattened = node["from"] if node["kind"] == "flatten" else None
    if len(graph.values) > 0:
        raise SystemExit(f"{name}: {len(graph.values)} weights are left over")
    graph.nodes[-1].output[0] = "outputs"
    height, width, channels = network["input"]
    described = helper.make_graph(
        graph.nodes,
        name,
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", channels, height, width])],
        [helper.make_tensor_value_info("outputs", TensorProto.FLOAT, ["batch", 10])],
        graph.weights,
    )
    model = helper.make_model(described, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, folder / f"{name}.onnx")


folder.mkdir(parents=True, exist_ok=True)
for each, description in json.loads((cache / "data" / "networks.json").read_text()).items():
    write(each, description)
