import { InvalidConfigError, type OptionNames, type Shape, checkOptions } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type LayerConfig, layerOptions } from "../layer-config.ts";
import { Layer, type SymbolicTensor } from "../layer.ts";

export interface InputConfig {
  /** Shape of one input, without the batch axis; `null` for lengths that vary. */
  readonly shape: Shape;
  /** Number of inputs at a time, where it is fixed. */
  readonly batchSize?: number | undefined;
  readonly name?: string | undefined;
}

const inputOptions: OptionNames<InputConfig> = { shape: true, batchSize: true, name: true };

export interface InputLayerConfig extends LayerConfig {
  /** Shape with the batch axis first. */
  readonly batchShape: Shape;
}

/**
 * Where data enters a graph.
 *
 * Source: Keras `InputLayer`.
 *
 * @throws {InvalidConfigError} a length is neither `null` nor an integer of at least 1.
 */
export class InputLayer extends Layer<InputLayerConfig> {
  static override readonly className = "InputLayer";
  static override readonly options: OptionNames<InputLayerConfig> = { ...layerOptions, batchShape: true };

  constructor(config: InputLayerConfig) {
    super(config);
    const valid = config.batchShape.every((length) => length === null || (Number.isInteger(length) && length > 0));
    if (!valid || config.batchShape.length === 0) {
      throw new InvalidConfigError("InputLayer", "shape", "lengths of at least 1, or null", config.batchShape);
    }
    this.addNode([], [config.batchShape]);
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
      batch_shape: this.config.batchShape,
      dtype: "float32",
      sparse: false,
      ragged: false,
      name: this.name,
      optional: false,
    };
  }

  static fromConfig(reader: ConfigReader): InputLayer {
    reader.only("sparse", false, null);
    reader.only("ragged", false, null);
    reader.only("optional", false);
    const batchShape = reader.shape("batch_shape") ?? reader.shape("batch_input_shape") ?? [];
    return new InputLayer({ name: reader.string("name"), dtype: reader.dtype(), batchShape });
  }
}

/** A tensor where data enters a graph. Source: Keras `Input`. */
export function Input(config: InputConfig): SymbolicTensor {
  checkOptions("Input", config, inputOptions);
  const { shape, batchSize, name } = config;
  if (!Array.isArray(shape)) throw new InvalidConfigError("Input", "shape", "a list of lengths", shape);
  return new InputLayer({ batchShape: [batchSize ?? null, ...shape], name }).output;
}
