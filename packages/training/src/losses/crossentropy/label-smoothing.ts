import { type Tensor, add, mul } from "@tensorflow/tfjs-core";

/** Labels of which a share is spread evenly over so many classes. */
export function smoothLabels(labels: Tensor, share: number, classes: number): Tensor {
  return share === 0 ? labels : add(mul(labels, 1 - share), share / classes);
}
