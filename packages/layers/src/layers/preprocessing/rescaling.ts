import { Option, type Options, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { withFirstOption } from "../../config/first-option.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

export interface RescalingConfig extends LayerConfig {
  /** A factor, or one for each entry of the last axis. */
  readonly scale: number | readonly number[];
  /** A number to add afterwards, or one for each entry of the last axis. Default: 0. */
  readonly offset?: number | readonly number[] | undefined;
}

/** A number, or one for each entry of the last axis. */
function numbersOption(): Option<number | readonly number[]> {
  const accepts = (value: unknown): boolean => [value].flat().every(Number.isFinite);
  return Option.plain({ expected: "a finite number, or a list of them", accepts, refusesNull: true });
}

const declared = { scale: numbersOption(), offset: numbersOption().default(0) };

/**
 * `y = x * scale + offset`, in training and prediction alike.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `Rescaling`.
 *
 * @throws {InvalidConfigError} scale or offset is not finite.
 */
export class Rescaling extends Layer<RescalingConfig> {
  static override readonly className: string = "Rescaling";
  static override readonly options: Options<RescalingConfig> = { ...declared, ...commonOptions };
  readonly #scale: number | readonly number[];
  readonly #offset: number | readonly number[];

  /**
   * @param config the config, or the scale alone
   * @param options the other options, after a scale alone
   */
  constructor(config: RescalingConfig | number | readonly number[], options?: Omit<RescalingConfig, "scale">) {
    super(
      withFirstOption<RescalingConfig>(
        "Rescaling",
        "scale",
        config,
        typeof config === "number" || Array.isArray(config),
        options,
      ),
    );
    ({ scale: this.#scale, offset: this.#offset } = this.settle(declared));
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    const scaled = tf.mul(input, asOperand(this.#scale));
    return this.#offset === 0 ? scaled : tf.add(scaled, asOperand(this.#offset));
  }
}

function asOperand(value: number | readonly number[]): number | number[] {
  return typeof value === "number" ? value : [...value];
}
