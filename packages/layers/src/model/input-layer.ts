import { InvalidConfigError, type OptionNames, type Shape, checkOptions } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { readConfig } from "../config/config-reader.ts";
import { type LayerConfig, commonOptions } from "../layer/layer-config.ts";
import { Layer, type SymbolicTensor } from "../layer/layer.ts";

/** What an input looks like: `shape` and perhaps `batchSize`, or `batchShape` in place of both. */
interface InputShapes {
  /** Shape of one input, without the batch axis; `null` for lengths that vary. */
  readonly shape?: Shape | undefined;
  /** Number of inputs at a time, where it is fixed. */
  readonly batchSize?: number | null | undefined;
  /** Shape with the batch axis first. */
  readonly batchShape?: Shape | undefined;
}

export interface InputConfig extends InputShapes {
  readonly dtype?: "float32" | undefined;
  readonly name?: string | undefined;
}

const shapeOptions: OptionNames<InputShapes> = { shape: true, batchSize: true, batchShape: true };
const inputOptions: OptionNames<InputConfig> = { ...shapeOptions, dtype: true, name: true };

export interface InputLayerConfig extends LayerConfig, InputShapes {}

/** @throws {InvalidConfigError} there is no shape, or more than one, or a length is neither `null` nor at least 1. */
function requireBatchShape(owner: string, { shape, batchSize, batchShape }: InputShapes): Shape {
  if (batchShape !== undefined && (shape !== undefined || (batchSize ?? null) !== null)) {
    throw new InvalidConfigError(owner, "batchShape", "absent where shape or batchSize is given", batchShape);
  }
  const option = batchShape === undefined ? "shape" : "batchShape";
  const given: unknown = batchShape ?? shape;
  if (!Array.isArray(given)) throw new InvalidConfigError(owner, option, "a list of lengths", given);
  const whole: Shape = batchShape ?? [batchSize ?? null, ...(shape ?? [])];
  const valid = whole.every((length) => length === null || (Number.isInteger(length) && length > 0));
  if (!valid || whole.length === 0) {
    throw new InvalidConfigError(owner, option, "lengths of at least 1, or null", whole);
  }
  return whole;
}

/**
 * Where data enters a graph.
 *
 * Source: Keras `InputLayer`.
 *
 * @throws {InvalidConfigError} there is no shape, or more than one, or a length is neither `null` nor an integer of at least 1.
 */
export class InputLayer extends Layer<InputLayerConfig> {
  static override readonly className: string = "InputLayer";
  static override readonly options: Readonly<Record<string, unknown>> = { ...shapeOptions, ...commonOptions };
  readonly batchShape: Shape;

  constructor(config: InputLayerConfig) {
    super(config);
    this.batchShape = requireBatchShape("InputLayer", config);
    this.addNode([], [this.batchShape]);
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
    return {
      batch_shape: this.batchShape,
      dtype: "float32",
      sparse: false,
      ragged: false,
      name: this.name,
      optional: false,
    };
  }

  static override fromConfig(config: object): InputLayer {
    return readConfig(InputLayer.className, config, (reader) => {
      for (const key of ["sparse", "ragged"]) reader.only(key, false, null);
      reader.only("optional", false);
      const batchShape = reader.shape("batch_shape") ?? reader.shape("batch_input_shape") ?? [];
      return new InputLayer({ name: reader.string("name"), dtype: reader.dtype(), batchShape });
    });
  }
}

/** A tensor where data enters a graph. Source: Keras `Input`. */
export function Input(config: InputConfig): SymbolicTensor {
  checkOptions("Input", config, inputOptions);
  const { dtype, name } = config;
  return new InputLayer({ batchShape: requireBatchShape("Input", config), dtype, name }).output;
}
