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
} from "../../contract/activation-gradients.ts";
import { geluKernel, siluKernel } from "../../contract/smooth-activations.ts";
import type { KernelCheck } from "../check-kernel.ts";
import { checkOf } from "../check-of-reference.ts";
import { anyShape, draw } from "../draw.ts";

export const activationChecks: readonly KernelCheck[] = [
  ...[reluGrad, relu6Grad, sigmoidGrad, tanhGrad].map((kernel) =>
    checkOf(kernel, (random) => {
      const shape = anyShape(random);
      return { inputs: { dy: draw(random, shape), y: draw(random, shape) }, attributes: {} };
    }),
  ),
  checkOf(leakyReluGrad, (random) => {
    const shape = anyShape(random);
    return { inputs: { dy: draw(random, shape), x: draw(random, shape) }, attributes: { alpha: 0.2 } };
  }),
  ...[seluGrad, softplusGrad, geluGrad, siluGrad].map((kernel) =>
    checkOf(kernel, (random) => {
      const shape = anyShape(random);
      return { inputs: { dy: draw(random, shape), x: draw(random, shape) }, attributes: {} };
    }),
  ),
  ...[geluKernel, siluKernel].map((kernel) =>
    checkOf(kernel, (random) => ({ inputs: { x: draw(random, anyShape(random)) }, attributes: {} })),
  ),
];
