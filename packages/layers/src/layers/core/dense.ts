import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { dense, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { type KernelConfig, KernelLayer, kernelOptions, quantization } from "../../layer/kernel-layer.ts";

export interface DenseConfig extends KernelConfig {
  /** Number of outputs. */
  readonly units: number;
}

const declared = { units: Option.integer(), ...quantization };

/**
 * Connects every input with every output: `y = activation(x kernel + bias)` over the last axis.
 *
 * Shape: `[batch, ..., inputs]` to `[batch, ..., units]`; the kernel is `[inputs, units]`.
 * Source: Keras `Dense`.
 *
 * @throws {InvalidConfigError} `units` is not an integer of at least 1.
 */
export class Dense extends KernelLayer<DenseConfig> {
  static override readonly className: string = "Dense";
  static override readonly options: Options<DenseConfig> = { ...declared, ...kernelOptions };
  readonly units: number;

  constructor(config: DenseConfig) {
    super(config);
    this.units = this.settle(declared).units;
  }

  override outputShape(input: Shape): Shape {
    const last = input.at(-1) ?? null;
    const expected = this.kernelShape?.[0] ?? null;
    if (input.length < 2 || last === null || (expected !== null && last !== expected)) {
      const wanted = expected === null ? "(batch, ..., inputs) with known inputs" : `of last axis ${expected}`;
      throw new ShapeError(this.name, "input", wanted, formatShape(input));
    }
    return [...input.slice(0, -1), this.units];
  }

  protected override createWeights(input: Shape): void {
    this.addKernel([input.at(-1) ?? 0, this.units], this.units);
  }

  protected override innerWork([input = []]: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    return { operations: elementsOf(output) * (input.at(-1) ?? 1), elements: 0 };
  }

  override call(input: tf.Tensor): tf.Tensor {
    // A layer before may have given another shape than it promised, as RandomCrop does where Keras's does.
    if (input.shape.at(-1) !== this.kernelShape?.[0]) this.outputShape(input.shape);
    const kernel = this.kernel.variable as tf.Tensor as tf.Tensor2D;
    return dense(input, kernel, (this.bias?.variable ?? null) as tf.Tensor1D | null, this.activation);
  }
}
