import type { Tensor } from "@tensorflow/tfjs-core";
import type { NoAttributes, Kernel, Tolerance } from "./kernel.ts";

/*
 * `dx`, each in place of two or three passes over the data; all tensors have one shape. TensorFlow.js's own `EluGrad` is
 * of the same form.
 */

/** The slope by the activation's output `y`. */
type ByOutput<Name extends string> = Kernel<Name, { readonly dy: Tensor; readonly y: Tensor }, NoAttributes, Tensor>;

/** The slope by the activation's input `x`. */
type ByInput<Name extends string, Attributes extends object = NoAttributes> = Kernel<
  Name,
  { readonly dy: Tensor; readonly x: Tensor },
  Attributes,
  Tensor
>;

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 4e-6, of: "number" };

/** `dy` where y > 0. */
export const reluGrad: ByOutput<"ReluGrad"> = { name: "ReluGrad" };

/** `dy` where 0 < y < 6. */
export const relu6Grad: ByOutput<"Relu6Grad"> = { name: "Relu6Grad" };

/** `dy y (1 - y)`. */
export const sigmoidGrad: ByOutput<"SigmoidGrad"> = { name: "SigmoidGrad" };

/** `dy (1 - y^2)`. */
export const tanhGrad: ByOutput<"TanhGrad"> = { name: "TanhGrad" };

/** `dy` where x > 0, `alpha dy` elsewhere. */
export const leakyReluGrad: ByInput<"LeakyReluGrad", { readonly alpha: number }> = { name: "LeakyReluGrad" };

/** `scale dy` where x >= 0, `scale alpha dy exp(x)` elsewhere, with the numbers of TensorFlow.js's Selu. */
export const seluGrad: ByInput<"SeluGrad"> = { name: "SeluGrad" };

/** `dy sigmoid(x)`. */
export const softplusGrad: ByInput<"SoftplusGrad"> = { name: "SoftplusGrad" };

/** `dy (F(x) + x f(x))`, F and f the normal distribution's. */
export const geluGrad: ByInput<"GeluGrad"> = { name: "GeluGrad" };

/** `dy s (1 + x (1 - s))`, s = sigmoid(x). */
export const siluGrad: ByInput<"SiluGrad"> = { name: "SiluGrad" };
