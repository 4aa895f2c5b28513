import { type FixedShape, Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { isList } from "../../config/options.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface ReshapeConfig extends LayerConfig {
  /** Lengths after the batch axis; one may be -1, and takes what the others leave. */
  readonly targetShape: readonly number[];
}

const isTarget = (shape: unknown): boolean =>
  isList(shape) &&
  shape.every((length) => Number.isInteger(length) && length >= -1) &&
  shape.filter((length) => length === -1).length <= 1;

const declared = {
  targetShape: Option.plain<readonly number[]>({ expected: "lengths, of which one may be -1", accepts: isTarget }),
};

/**
 * Gives each input another shape of as many elements, in the same order.
 *
 * Shape: `[batch, ...]` to `[batch, ...targetShape]`. Source: Keras `Reshape`.
 *
 * @throws {InvalidConfigError} a length is neither an integer of at least 0 nor the only -1.
 */
export class Reshape extends Layer<ReshapeConfig> {
  static override readonly className: string = "Reshape";
  static override readonly options: Options<ReshapeConfig> = { ...declared, ...commonOptions };
  readonly targetShape: readonly number[];

  /**
   * @param config the config, or just the target shape
   * @param options the others, after the target shape alone
   */
  constructor(config: ReshapeConfig | FixedShape, options?: Omit<ReshapeConfig, "targetShape">) {
    super(withFirstOption<ReshapeConfig>("Reshape", "targetShape", config, isList(config), options));
    this.targetShape = this.settle(declared).targetShape;
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    const { targetShape } = this;
    const [batch = null, ...rest] = input;
    const known = rest.filter((length) => length !== null);
    const open = known.length < rest.length;
    const size = product(known);
    const fixed = product(targetShape.filter((length) => length !== -1));
    const fits = targetShape.includes(-1) ? fixed > 0 && size % fixed === 0 : size === fixed;
    if (input.length === 0 || (!open && !fits)) {
      const expected = `of as many elements as ${formatShape([null, ...targetShape])}`;
      throw new ShapeError(this.name, "input", expected, formatShape(input));
    }
    return [batch, ...targetShape.map((length) => (length !== -1 ? length : open ? null : size / fixed))];
  }

  override call(input: tf.Tensor): tf.Tensor {
    const [batch = 1, ...rest] = this.outputShape(input.shape);
    return tf.reshape(input, [batch ?? 1, ...rest.map((length) => length ?? -1)]);
  }
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((size, length) => size * length, 1);
}
