import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { L1L2 } from "../../parts/regularizers.ts";

export interface ActivityRegularizationConfig extends Omit<LayerConfig, "activityRegularizer"> {
  /** Factor of the sum of magnitudes. Default: 0. */
  readonly l1?: number | undefined;
  /** Factor of the sum of squares. Default: 0. */
  readonly l2?: number | undefined;
}

const { activityRegularizer: _own, ...sharedOptions } = layerOptions;

/**
 * Adds to the training loss what its input costs, divided by the batch size, and gives the input unchanged.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `ActivityRegularization`.
 *
 * @throws {InvalidConfigError} a factor is negative or not finite.
 */
export class ActivityRegularization extends Layer<ActivityRegularizationConfig> {
  static override readonly className = "ActivityRegularization";
  static override readonly options: OptionNames<ActivityRegularizationConfig> = {
    l1: true,
    l2: true,
    ...sharedOptions,
  };
  override readonly activityRegularizer: L1L2;

  constructor(config: ActivityRegularizationConfig = {}) {
    super(config);
    this.activityRegularizer = new L1L2({ l1: config.l1, l2: config.l2 });
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
    return { ...config, l1: this.activityRegularizer.l1, l2: this.activityRegularizer.l2 };
  }

  static fromConfig(reader: ConfigReader): ActivityRegularization {
    return new ActivityRegularization({ ...reader.base(), l1: reader.number("l1"), l2: reader.number("l2") });
  }
}
