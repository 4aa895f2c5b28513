import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { L1L2 } from "../../parts/regularizers.ts";

export interface ActivityRegularizationConfig extends Omit<LayerConfig, "activityRegularizer"> {
  /** Factor of the sum of magnitudes. Default: 0. */
  readonly l1?: number | undefined;
  /** Factor of the sum of squares. Default: 0. */
  readonly l2?: number | undefined;
}

const { activityRegularizer: _own, ...sharedOptions } = commonOptions;
const declared = { l1: Option.nonNegative().default(0), l2: Option.nonNegative().default(0) };

/**
 * Adds the cost of its input, divided by the batch size, to the training loss, and gives the input unchanged.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `ActivityRegularization`.
 *
 * @throws {InvalidConfigError} a factor is negative or not finite.
 */
export class ActivityRegularization extends Layer<ActivityRegularizationConfig> {
  static override readonly className: string = "ActivityRegularization";
  static override readonly options: Options<ActivityRegularizationConfig> = { ...declared, ...sharedOptions };
  override readonly activityRegularizer: L1L2;

  constructor(config: ActivityRegularizationConfig = {}) {
    super(config);
    this.activityRegularizer = new L1L2(this.settle(declared));
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return input;
  }

  override getConfig(): Record<string, unknown> {
    const { activity_regularizer: _regularizer, ...config } = super.getConfig();
    return config;
  }
}
