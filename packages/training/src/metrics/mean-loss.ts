import { choiceOption } from "../config/kinds.ts";
import type { PlainOptions } from "../config/configured.ts";
import { objectOption } from "../config/object-option.ts";
import { type LogitActivation, Loss } from "../losses/loss.ts";
import { knownLosses } from "../losses/resolve-loss.ts";
import { LossMetric } from "./loss-metric.ts";
import { type Direction, type MetricConfig, metricOptions } from "./metric.ts";

export interface MeanLossConfig extends MetricConfig {
  /** Its reduction does not matter. */
  readonly loss: Loss;
  /** Key in logs and histories. Default: the loss's name. */
  readonly name?: string;
  /** Which way it changes when a model improves; `null` or undefined if unknown. Default if left out: `down`. */
  readonly direction?: Direction | null | undefined;
}

/**
 * A loss as a metric: its mean over all examples that it does not mask out.
 *
 * Source: Keras 3 `MeanSquaredError`, `BinaryCrossentropy` and the other metrics that are losses.
 */
export class MeanLoss extends LossMetric {
  static override readonly className: string = "MeanLoss";
  static override readonly options: PlainOptions<MeanLossConfig> = {
    loss: objectOption("a loss, such as new Huber()", Loss, () => knownLosses),
    direction: choiceOption<Direction>("up", "down").orNull(),
    ...metricOptions,
  };
  override readonly loss: Loss;
  override readonly direction: Direction | undefined;
  override readonly activation: LogitActivation | undefined;

  /** @throws {InvalidConfigError} an option is unknown, or not what it may be. */
  constructor(config: MeanLossConfig) {
    super(config, undefined);
    const { loss, direction } = this.settle({ direction: "down", ...config }, MeanLoss.options);
    this.loss = loss;
    this.direction = direction ?? undefined;
    this.activation = loss.activation;
  }

  protected override usualName({ loss }: Partial<MeanLossConfig>): string {
    return loss instanceof Loss ? loss.name : "mean_loss";
  }
}
