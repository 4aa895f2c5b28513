import {
  Add,
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  ReLU,
} from "@featuremap/layers";
import { networks } from "../works/networks.mjs";
import { evaluateGraph } from "./evaluate-graph.mjs";

/** @import { Node } from "../works/graph.mjs" */
/** @import { NetworkName } from "../works/networks.mjs" */

/** A network in our layers; each layer has its node's name. @param {NetworkName} name */
export function buildModel(name) {
  const { input, nodes } = networks[name];
  const inputs = Input({ shape: input });
  return new Model({ inputs, outputs: evaluateGraph(nodes, inputs, makeLayer), seed: 1 });
}

/** @param {Node} node */
function makeLayer(node) {
  const { name } = node;
  switch (node.kind) {
    case "convolution": {
      const { filters, stride: strides, padding, bias: useBias, activation } = node;
      return new Conv2D({ name, filters, kernelSize: node.size, strides, padding, useBias, activation });
    }
    case "depthwise":
      return new DepthwiseConv2D({
        name,
        kernelSize: node.size,
        strides: node.stride,
        padding: "same",
        useBias: false,
      });
    case "normalization":
      return new BatchNormalization({ name, epsilon: node.epsilon, momentum: node.momentum });
    case "relu":
      return new ReLU({ name, maxValue: node.max });
    case "pooling":
      return new MaxPooling2D({ name, poolSize: 2 });
    case "average":
      return new GlobalAveragePooling2D({ name });
    case "flatten":
      return new Flatten({ name });
    case "add":
      return new Add({ name });
    default:
      return new Dense({ name, units: node.units, activation: node.activation });
  }
}
