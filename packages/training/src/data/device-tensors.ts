import type { HostArray } from "@featuremap/tensor";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

/** Inputs on the device: float32 whatever the host has. The caller owns the tensor. */
export function inputTensor(x: HostArray): Tensor {
  const data = x.data instanceof Float32Array ? x.data : Float32Array.from(x.data);
  return tensor(data, [...x.shape], "float32");
}

/** Labels on the device: float32 or int32, as the host has them. The caller owns the tensor. */
export function labelTensor(y: HostArray): Tensor {
  if (y.data instanceof Float32Array) return tensor(y.data, [...y.shape], "float32");
  return tensor(y.data instanceof Int32Array ? y.data : Int32Array.from(y.data), [...y.shape], "int32");
}
