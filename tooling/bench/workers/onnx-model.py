"""Writes network N1 with its prepared weights as an ONNX file: `python onnx-model.py <cache> <file>`."""

import json
import math
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

cache, target = map(pathlib.Path, sys.argv[1:3])
repository = pathlib.Path(__file__).resolve().parents[3]
network = json.loads((repository / "apps/trainer/src/networks/networks.json").read_text())["n1"]
values = np.fromfile(cache / "data" / "n1-weights.f32", np.float32)
height, width, channels = network["input"]
nodes, weights = [], []


def take(shape):
    """The next weights of that shape."""
    global values
    size = math.prod(shape)
    taken, values = values[:size].reshape(shape), values[size:]
    return taken


def weight(name, array):
    weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
    return name


def add(operation, inputs, **attributes):
    """Appends a node and gives the name of its output."""
    output = f"x{len(nodes)}"
    nodes.append(helper.make_node(operation, inputs, [output], **attributes))
    return output


x = "images"
rows = None
for index, layer in enumerate(network["layers"]):
    if layer["kind"] == "convolution":
        # ONNX has H, W after the channels, in kernels as in images.
        kernel = take([3, 3, channels, layer["filters"]]).transpose(3, 2, 0, 1)
        bias = take([layer["filters"]])
        x = add("Conv", [x, weight(f"kernel{index}", kernel), weight(f"bias{index}", bias)])
        x = add("Relu", [x])
        height, width, channels = height - 2, width - 2, layer["filters"]
    elif layer["kind"] == "pooling":
        x = add("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
        height, width = height // 2, width // 2
    elif layer["kind"] == "flatten":
        x = add("Flatten", [x])
        rows = (height, width, channels)
        channels = height * width * channels
    else:
        kernel, bias = take([channels, layer["units"]]), take([layer["units"]])
        if rows is not None:
            kernel, rows = kernel.reshape(*rows, -1).transpose(2, 0, 1, 3).reshape(channels, -1), None
        x = add("Gemm", [x, weight(f"kernel{index}", kernel), weight(f"bias{index}", bias)])
        x = add("Softmax", [x], axis=1)
        channels = layer["units"]
nodes[-1].output[0] = "probabilities"

parameters = sum(math.prod(each.dims) for each in weights)
if parameters != network["parameters"]:
    raise SystemExit(f"the network has {parameters} weights instead of {network['parameters']}")
height, width, channels = network["input"]
graph = helper.make_graph(
    nodes,
    "n1",
    [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", channels, height, width])],
    [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 10])],
    weights,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, target)
