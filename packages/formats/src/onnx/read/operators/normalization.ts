import { plainOrder } from "../../layouts.ts";
import type { Constant } from "../constants.ts";
import { expanded, transposed } from "../constant-arrays.ts";
import type { NodeReader, NodeUse } from "../node-use.ts";

const batchNormalization: NodeReader = (use) => {
  if (use.number("training_mode", 0) !== 0) use.refuse("training_mode");
  const input = use.settled(use.tensor(0));
  const [gamma, beta, moving_mean, moving_variance] = [1, 2, 3, 4].map((index) => use.weight(index));
  if (!gamma || !beta || !moving_mean || !moving_variance) return null;
  const config = {
    axis: input.order.indexOf(1),
    epsilon: use.number("epsilon", 1e-5),
    momentum: use.number("momentum", 0.9),
  };
  return use.same("BatchNormalization", config, input, { gamma, beta, moving_mean, moving_variance });
};

const instanceNormalization: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const config = { axis: input.order.indexOf(1), groups: -1, epsilon: use.number("epsilon", 1e-5) };
  return use.same("GroupNormalization", config, input, { gamma: use.weight(1), beta: use.weight(2) });
};

const groupNormalization: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const groups = use.number("num_groups", 1);
  const channels = input.shape[1] ?? use.refuse("an open number of channels");
  const config = { axis: input.order.indexOf(1), groups, epsilon: use.number("epsilon", 1e-5) };
  // Up to version 20, a number for each group.
  const each = (weight: Constant): Constant => {
    if (weight.values.length === channels) return weight;
    if (weight.values.length !== groups) return use.refuse("scale or bias of another length than channels");
    const wide = expanded(use, { ...weight, shape: [groups, 1] }, [groups, channels / groups]);
    return { ...wide, shape: [channels] };
  };
  return use.same("GroupNormalization", config, input, { gamma: each(use.weight(1)), beta: each(use.weight(2)) });
};

/** The last axes of the file from one on, ascending as they lie in the Keras model, and weights along them in that order. */
function alongLast(use: NodeUse): {
  readonly axes: readonly number[];
  readonly turned: (weight: Constant) => Constant;
  readonly input: ReturnType<NodeUse["tensor"]>;
} {
  const input = use.settled(use.tensor(0));
  const rank = input.shape.length;
  const first = use.axis(use.number("axis", -1), rank);
  const axes = [...input.order.entries()].filter(([, axis]) => axis >= first).map(([place]) => place);
  const own = axes.map((place) => (input.order[place] ?? 0) - first);
  const shape = input.shape.slice(first).map((length) => length ?? use.refuse("open lengths"));
  const turned = (weight: Constant): Constant => transposed(expanded(use, weight, shape), own);
  return { axes, turned, input };
}

const layerNormalization: NodeReader = (use) => {
  const { axes, turned, input } = alongLast(use);
  const beta = use.constant(2);
  const config = { axis: axes, epsilon: use.number("epsilon", 1e-5), center: beta !== undefined };
  const weights = { gamma: turned(use.weight(1)), ...(beta === undefined ? {} : { beta: turned(beta) }) };
  return use.same("LayerNormalization", config, input, weights);
};

const rmsNormalization: NodeReader = (use) => {
  const { axes, turned, input } = alongLast(use);
  return use.same("RMSNormalization", { axis: axes, epsilon: use.number("epsilon", 1e-5) }, input, {
    scale: turned(use.weight(1)),
  });
};

/** Over one axis, or before version 13 over all from one on together. */
function softmax(isLogarithm: boolean): NodeReader {
  return (use) => {
    const input = use.settled(use.tensor(0));
    const rank = input.shape.length;
    const first = use.axis(use.number("axis", use.opset < 13 ? 1 : -1), rank);
    const files = use.opset < 13 ? plainOrder(rank).slice(first) : [first];
    const long = files.filter((axis) => input.shape[axis] !== 1);
    const axes = (long.length === 0 ? files.slice(0, 1) : long)
      .map((axis) => input.order.indexOf(axis))
      .toSorted((a, b) => a - b);
    const [axis = -1] = axes;
    if (!isLogarithm) {
      const isLast = axes.length === 1 && axis === rank - 1;
      const output = isLast
        ? use.activation("softmax", input)
        : use.same("Softmax", { axis: axes.length === 1 ? axis : axes }, input);
      return { ...output, isPositive: true };
    }
    if (axes.length > 1) return use.refuse("logarithms over several axes");
    const own = input.order[axis] ?? 0;
    const order = [...input.order.filter((other) => other !== own), own];
    return use.activation("log_softmax", use.turned(input, order));
  };
}

const dropout: NodeReader = (use) => {
  const input = use.tensor(0);
  if (use.inputs[2] !== undefined && use.weight(2).values[0] === 1) use.refuse("training_mode");
  const rate = use.inputs[1] === undefined ? use.number("ratio", 0.5) : (use.weight(1).values[0] ?? 0.5);
  const settled = use.settled(input);
  const output = rate === 0 ? settled : use.same("Dropout", { rate }, settled);
  const kept = { ...output, isPositive: input.isPositive };
  return (use.node.outputs[1] ?? "") === "" ? kept : use.refuse("a mask of what is kept");
};

export const normalizations: Readonly<Record<string, NodeReader>> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  Dropout: dropout,
};
