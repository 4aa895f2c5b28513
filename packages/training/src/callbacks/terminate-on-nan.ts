import { Callback } from "./callback.ts";

/**
 * Ends training where a loss becomes NaN or infinite, instead of failing with an error: `fit` then gives the history of
 * the epochs before, with `stopped: "nonFinite"`.
 *
 * Weights are what the step has made of them, mostly NaN.
 * Source: Keras 3 `TerminateOnNaN`.
 */
export class TerminateOnNaN extends Callback {
  override onNonFiniteLoss(): boolean {
    return true;
  }
}
