import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { settleConfig } from "../config/settle-config.ts";
import { Callback } from "../run/callback.ts";

export interface TerminateOnNaNConfig {
  /** Whether `fit` throws the error anyway, as it does without this callback. Default: false. */
  readonly raiseError?: boolean;
}

/**
 * Ends training when a loss becomes NaN or infinite, instead of failing with an error: `fit` then gives the history of
 * the epochs before, with `stopped: "nonFinite"` and the step in `abortedAt`.
 *
 * The weights are what the step has made of them, mostly NaN. Training waits for every loss, as in Keras; without this
 * callback the error names the same step, and devices that work asynchronously are faster.
 * Source: Keras 3 `TerminateOnNaN`.
 * @differs the history leaves out the broken epoch; without this callback `fit` throws an error that names the step
 */
export class TerminateOnNaN extends Callback {
  static override readonly className: string = "TerminateOnNaN";
  static readonly options: PlainOptions<TerminateOnNaNConfig> = { raiseError: Option.flag().default(false) };
  readonly raiseError: boolean;

  /** @throws {InvalidConfigError} an option is unknown. */
  constructor(config: TerminateOnNaNConfig = {}) {
    super();
    this.raiseError = settleConfig(TerminateOnNaN, config).raiseError;
  }

  /** Makes training read the loss of every step, so that it ends at that very step, before others are under way. */
  override onTrainBatchEnd(): void {}

  override onNonFiniteLoss(): boolean {
    return !this.raiseError;
  }
}
