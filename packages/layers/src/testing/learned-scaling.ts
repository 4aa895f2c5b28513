import type { Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config/config-reader.ts";
import { Ones } from "../parts/initializers/constant.ts";
import { type LayerConfig, commonOptions } from "../layer/layer-config.ts";
import { Layer } from "../layer/layer.ts";
import type { Weight } from "../layer/weights/weight.ts";

interface LearnedScalingConfig extends LayerConfig {
  readonly power: number;
}

/** A layer as users write their own, and as `tooling/fixtures/layers/graphs.py` has it in Keras. */
export class LearnedScaling extends Layer<LearnedScalingConfig> {
  static override readonly className: string = "LearnedScaling";
  static override readonly options: Readonly<Record<string, unknown>> = { ...commonOptions, power: true };
  #factors: Weight | null = null;

  override outputShape(input: Shape): Shape {
    return input;
  }

  protected override createWeights(input: Shape): void {
    this.#factors = this.addWeight("factors", [input.at(-1) ?? 1], new Ones());
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.mul(input, tf.pow(this.#factors?.variable ?? 1, this.config.power));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), power: this.config.power };
  }

  static override fromConfig(reader: ConfigReader): LearnedScaling {
    return new LearnedScaling({ ...reader.base(), power: reader.number("power") ?? Number.NaN });
  }
}
