import type * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "../../contract/kernel.ts";
import { maxPoolWithChoice, maxPoolWithChoiceGrad } from "../../contract/noted-pooling.ts";
import { contractGradient } from "../kernel-gradient.ts";

/** The gradient of a maximum whose kernel has noted where it found the largest values. */
export const notedPoolingGradients: readonly tf.GradConfig[] = [
  contractGradient(maxPoolWithChoice, [], [false, true], (dy, _inputs, [, choice], attributes) => ({
    x: () => runKernel(maxPoolWithChoiceGrad, { dy, choice }, attributes),
  })),
];
