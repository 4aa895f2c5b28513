import { hardSigmoidSteps } from "./adapt-activation.ts";
import { adaptKeepingPooling } from "./adapt-layer.ts";
import { type Adapted, type Step, activationStep, lack, note, reluStep, rescalingStep } from "./adapting.ts";

/** Operations that are an activation of TensorFlow.js. */
const activations: Readonly<Record<string, string>> = {
  Gelu: "gelu",
  LogSoftmax: "log_softmax",
  Relu: "relu",
  Relu6: "relu6",
  Selu: "selu",
  Sigmoid: "sigmoid",
  Silu: "swish",
  Softmax: "softmax",
  Softplus: "softplus",
  Softsign: "softsign",
  Tanh: "tanh",
};

const merging: Readonly<Record<string, string>> = {
  Add: "Add",
  Maximum: "Maximum",
  Minimum: "Minimum",
  Multiply: "Multiply",
};

/**
 * An operation of `keras.ops` in layers of TensorFlow.js, which give the same.
 *
 * @param operands its arguments: numbers, and `null` for each tensor; of a list, the list's
 */
export function adaptOperation(layer: Adapted, operands: readonly (number | null)[]): readonly Step[] {
  const steps = stepsOf(layer, operands);
  if (steps === undefined) return lack(layer, "an operation as a node of the graph");
  if (steps.length > 0) note(layer, `is written as ${steps.map(({ className }) => className).join(" and ")}`);
  return steps;
}

function stepsOf(layer: Adapted, operands: readonly (number | null)[]): readonly Step[] | undefined {
  const { className, config, name, inputShape } = layer;
  // What is neither tensor nor number, such as an array.
  if (operands.some(Number.isNaN)) return undefined;
  const tensors = operands.filter((operand) => operand === null).length;
  if (className === "Concatenate") return [{ className, config: { name, trainable: true, axis: config["axis"] } }];
  const merge = Object.hasOwn(merging, className) ? merging[className] : undefined;
  if (tensors === 2) {
    return merge === undefined ? undefined : [{ className: merge, config: { name, trainable: true } }];
  }
  const constant = operands.find((operand) => operand !== null);
  if (operands.length === 2 && typeof constant === "number") {
    return withConstant(className, name, constant, operands[0] === null);
  }
  if (className === "Softmax" || className === "LogSoftmax") {
    const { axis = -1 } = config;
    if (axis !== -1 && axis !== (inputShape?.length ?? 0) - 1) return undefined;
  }
  if (className === "Gelu" && config["approximate"] !== false) return undefined;
  const activation = Object.hasOwn(activations, className) ? activations[className] : undefined;
  if (activation !== undefined) return [activationStep(name, activation)];
  if (className === "Elu") return config["alpha"] === 1 ? [activationStep(name, "elu")] : undefined;
  if (className === "Negative") return [rescalingStep(name, -1, 0)];
  if (className === "LeakyRelu") {
    const { negative_slope: slope } = config;
    return [{ className: "LeakyReLU", config: { name, trainable: true, negative_slope: slope } }];
  }
  if (className === "HardSigmoid") return [activationStep(name), ...hardSigmoidSteps(name)];
  if (className === "HardSilu") {
    const product = { className: "Multiply", config: { name: `${name}_product`, trainable: true }, from: [0, 2] };
    return [activationStep(name), ...hardSigmoidSteps(name), product];
  }
  if (className === "Clip" && config["x_min"] === 0 && typeof config["x_max"] === "number") {
    return [reluStep(name, config["x_max"])];
  }
  if (className === "Mean" || className === "Max") return adaptReduction(layer);
  return undefined;
}

function withConstant(className: string, name: string, value: number, isSecond: boolean): readonly Step[] | undefined {
  if (className === "Add") return [rescalingStep(name, 1, value)];
  if (className === "Multiply") return [rescalingStep(name, value, 0)];
  if (className === "Subtract") return [isSecond ? rescalingStep(name, 1, -value) : rescalingStep(name, -1, value)];
  const isQuotient = (className === "Divide" || className === "TrueDivide") && isSecond && value !== 0;
  if (isQuotient) return [rescalingStep(name, 1 / value, 0)];
  return className === "Maximum" && value === 0 ? [reluStep(name, null)] : undefined;
}

/** The mean or largest value of height and width. */
function adaptReduction(layer: Adapted): readonly Step[] | undefined {
  const { className, config, name, inputShape } = layer;
  const axes = [config["axis"]].flat().map((axis) => (Number(axis) < 0 ? Number(axis) + 4 : Number(axis)));
  if (inputShape?.length !== 4 || axes.length !== 2 || !axes.includes(1) || !axes.includes(2)) return undefined;
  const pooling = className === "Mean" ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D";
  if (config["keepdims"] === true) return adaptKeepingPooling({ ...layer, className: pooling });
  return [{ className: pooling, config: { name, trainable: true, data_format: "channels_last" } }];
}
