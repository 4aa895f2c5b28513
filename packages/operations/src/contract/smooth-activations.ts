import type { Tensor } from "@tensorflow/tfjs-core";
import type { NoAttributes, Kernel, Tolerance } from "./kernel.ts";

type Activation<Name extends string> = Kernel<Name, { readonly x: Tensor }, NoAttributes, Tensor>;

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 4e-6, of: "number" };

/** `x * (1 + erf(x / sqrt(2))) / 2`. A device that offers it has its gradient, `GeluGrad`, too. */
export const geluKernel: Activation<"Gelu"> = { name: "Gelu" };

/** `x * sigmoid(x)`. A device that offers it has its gradient, `SiluGrad`, too. */
export const siluKernel: Activation<"Silu"> = { name: "Silu" };
