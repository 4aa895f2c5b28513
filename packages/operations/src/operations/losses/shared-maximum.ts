import { type Tensor, cast, div, equal, expandDims, max, mul, squeeze, sum } from "@tensorflow/tfjs-core";
import { withGradient } from "../custom-gradient.ts";

/**
 * The largest element of each row. Several that are equally large share the gradient, as in TensorFlow; with the `max` of
 * tfjs each gets the whole.
 *
 * Shape: `[..., n]` to `[...]`.
 */
export function sharedMaximum(x: Tensor): Tensor {
  return withGradient(
    x,
    (values) => {
      const largest = max(values, -1, true);
      const chosen = cast(equal(values, largest), "float32");
      return { value: squeeze(largest, [-1]), saved: [div(chosen, sum(chosen, -1, true))] };
    },
    (gradient, saved) => mul(expandDims(gradient, -1), saved[0] as Tensor),
  );
}
