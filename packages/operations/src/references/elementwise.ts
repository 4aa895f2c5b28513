import { backend_util } from "@tensorflow/tfjs-core";
import {
  geluGrad,
  leakyReluGrad,
  relu6Grad,
  reluGrad,
  seluGrad,
  sigmoidGrad,
  siluGrad,
  softplusGrad,
  tanhGrad,
  tolerance,
} from "../contract/activation-gradients.ts";
import { geluKernel, siluKernel, tolerance as smoothTolerance } from "../contract/smooth-activations.ts";
import { type HostTensor, floats } from "./host-tensor.ts";
import { type Reference, reference } from "./reference.ts";

export const smoothActivationReferences: readonly Reference[] = [
  reference(geluKernel, smoothTolerance, ({ x }) => each(x, x, (value) => value * normal(value))),
  reference(siluKernel, smoothTolerance, ({ x }) => each(x, x, (value) => value * sigmoid(value))),
];

export const activationGradientReferences: readonly Reference[] = [
  reference(reluGrad, tolerance, ({ dy, y }) => each(dy, y, (slope, output) => (output > 0 ? slope : 0))),
  reference(relu6Grad, tolerance, ({ dy, y }) =>
    each(dy, y, (slope, output) => (output > 0 && output < 6 ? slope : 0)),
  ),
  reference(sigmoidGrad, tolerance, ({ dy, y }) => each(dy, y, (slope, output) => slope * output * (1 - output))),
  reference(tanhGrad, tolerance, ({ dy, y }) => each(dy, y, (slope, output) => slope * (1 - output * output))),
  reference(leakyReluGrad, tolerance, ({ dy, x }, { alpha }) =>
    each(dy, x, (slope, input) => (input > 0 ? slope : slope * alpha)),
  ),
  reference(seluGrad, tolerance, ({ dy, x }) =>
    each(dy, x, (slope, input) =>
      input >= 0 ? slope * backend_util.SELU_SCALE : slope * backend_util.SELU_SCALEALPHA * Math.exp(input),
    ),
  ),
  reference(softplusGrad, tolerance, ({ dy, x }) => each(dy, x, (slope, input) => slope * sigmoid(input))),
  reference(geluGrad, tolerance, ({ dy, x }) =>
    each(dy, x, (slope, input) => {
      const density = Math.exp((-input * input) / 2) / Math.sqrt(2 * Math.PI);
      return slope * (normal(input) + input * density);
    }),
  ),
  reference(siluGrad, tolerance, ({ dy, x }) =>
    each(dy, x, (slope, input) => slope * sigmoid(input) * (1 + input * (1 - sigmoid(input)))),
  ),
];

function each(a: HostTensor, b: HostTensor, formula: (a: number, b: number) => number): HostTensor {
  return floats(
    Float64Array.from(a.values, (value, index) => formula(value, b.values[index] ?? 0)),
    a.shape,
  );
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The normal distribution's `F(x)`, by Taylor's series; to 1e-9 for |x| below 6. */
function normal(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}
