import { Option, type Options, type Shape, ShapeError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { MergingLayer, formatShapes } from "../../layer/merging-layer.ts";

export interface CustomScaleLayerConfig extends LayerConfig {
  /** Factor of the second input. */
  readonly scale: number;
}

const declared = { scale: Option.number() };

/**
 * Adds a share of its second input to the first: `y = a + b * scale`. Small shares keep deep residual networks stable.
 *
 * Shape: two of one shape, to the same shape.
 * Source: Szegedy et al., AAAI 2017; Keras `CustomScaleLayer`, which it keeps private to InceptionResNetV2.
 *
 * @throws {InvalidConfigError} `scale` is not a finite number.
 */
export class CustomScaleLayer extends MergingLayer<CustomScaleLayerConfig> {
  static override readonly className: string = "CustomScaleLayer";
  static override readonly options: Options<CustomScaleLayerConfig> = { ...declared, ...commonOptions };
  readonly scale: number;

  constructor(config: CustomScaleLayerConfig) {
    super(config);
    ({ scale: this.scale } = this.settle(declared));
  }

  protected override get privateModule(): string {
    return "keras.src.applications.inception_resnet_v2";
  }

  protected override mergedShape(inputs: readonly Shape[]): Shape {
    this.requireCount(inputs, 2);
    const [first = [], second = []] = inputs;
    const lengths = first.map((length, axis) => length ?? second[axis] ?? null);
    const fits =
      first.length === second.length && second.every((length, axis) => (length ?? lengths[axis]) === lengths[axis]);
    if (fits) return lengths;
    throw new ShapeError(this.name, "inputs", "two of one shape", formatShapes(inputs));
  }

  protected override merge([first = tf.scalar(0), second = tf.scalar(0)]: readonly tf.Tensor[]): tf.Tensor {
    return tf.add(first, tf.mul(second, this.scale));
  }
}
