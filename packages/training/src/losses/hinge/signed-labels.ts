import { type Tensor, add, all, cast, equal, logicalOr, mul, sub } from "@tensorflow/tfjs-core";

/** Labels of 0 and 1 as -1 and 1; others, where any is neither, as they are. */
export function signedLabels(labels: Tensor): Tensor {
  const binary = cast(all(logicalOr(equal(labels, 0), equal(labels, 1))), "float32");
  return sub(mul(labels, add(binary, 1)), binary);
}
