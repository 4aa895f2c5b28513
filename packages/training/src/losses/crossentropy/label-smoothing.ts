import { InvalidConfigError } from "@featuremap/tensor";
import { type Tensor, add, mul } from "@tensorflow/tfjs-core";

/** The share, if it is in [0, 1]. @throws {InvalidConfigError} it is not. */
export function checkSmoothing(owner: string, share: number): number {
  if (share >= 0 && share <= 1) return share;
  throw new InvalidConfigError(owner, "labelSmoothing", "in [0, 1]", share);
}

/** Labels of which a share is spread evenly over so many classes. */
export function smoothLabels(labels: Tensor, share: number, classes: number): Tensor {
  return share === 0 ? labels : add(mul(labels, 1 - share), share / classes);
}
