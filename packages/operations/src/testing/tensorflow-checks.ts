import type { KernelCheck } from "./check-kernel.ts";
import { channelsFirstConvolution, convolution } from "./tensorflow-cases/convolution.ts";
import { elementwise } from "./tensorflow-cases/elementwise.ts";
import { image } from "./tensorflow-cases/image.ts";
import { product } from "./tensorflow-cases/product.ts";
import { reduction } from "./tensorflow-cases/reduction.ts";
import { scattering } from "./tensorflow-cases/scattering.ts";
import { shaping } from "./tensorflow-cases/shaping.ts";

/** Kernels of TensorFlow.js's own that devices here replace, or have themselves. */
export const tensorflowChecks: readonly KernelCheck[] = [
  ...elementwise,
  ...shaping,
  ...scattering,
  ...reduction,
  ...product,
  ...convolution,
  ...channelsFirstConvolution,
  ...image,
];
