import {
  type FixedShape,
  HostArray,
  InvalidConfigError,
  NotReadyError,
  OutOfMemoryError,
  ShapeError,
  formatShape,
  shapesEqual,
  sizeOf,
} from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Constraint } from "../../parts/constraints.ts";
import { requireDevice } from "../device.ts";
import { requireName } from "../../config/paths.ts";
import type { Regularizer } from "../../parts/regularizers.ts";

/** What a layer may say about a weight beyond its shape and first values. */
export interface WeightOptions {
  /** Whether optimizers may change it. Default: true. */
  readonly trainable?: boolean | undefined;
  /** Adds to the loss what the weight's size costs. */
  readonly regularizer?: Regularizer | null | undefined;
  /** Projects the weight after each update. */
  readonly constraint?: Constraint | null | undefined;
}

/**
 * One float32 array that a layer learns or keeps, such as a kernel or a bias.
 *
 * Its values stay on the host until `variable` is first asked for, so that a model can be built, described, loaded
 * and saved before any device is open.
 */
export class Weight {
  /** Unique within the layer: `kernel`, `bias`. */
  readonly name: string;
  readonly shape: FixedShape;
  readonly regularizer: Regularizer | null;
  readonly constraint: Constraint | null;
  /** Whether optimizers may change it while its layer is trainable too. */
  trainable: boolean;
  #pending: () => Float32Array;
  #generated: Float32Array | null = null;
  #variable: tf.Variable | null = null;
  #disposed = false;

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** @param initial makes the first values, row-major; called at most once, and not at all if values are assigned first. */
  constructor(name: string, shape: FixedShape, initial: () => Float32Array, options: WeightOptions = {}) {
    this.name = requireName("Weight", name);
    this.shape = shape;
    this.trainable = options.trainable ?? true;
    this.regularizer = options.regularizer ?? null;
    this.constraint = options.constraint ?? null;
    this.#pending = initial;
  }

  /**
   * The values on the device in use when they are first asked for; owned by this weight.
   *
   * @throws {NotReadyError} the weight was disposed.
   * @throws {NotReadyError} no device is open.
   */
  get variable(): tf.Variable {
    if (this.#variable === null) {
      requireDevice(`weight ${this.name}`);
      const initial = tf.tensor(this.#hostValues(), [...this.shape], "float32");
      this.#variable = tf.variable(initial, this.trainable);
      initial.dispose();
      this.#generated = null;
    }
    return this.#variable;
  }

  #hostValues(): Float32Array {
    if (this.#disposed) throw new NotReadyError(this.name, "the weight is disposed", "Make its layer anew.");
    try {
      this.#generated ??= this.#pending();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Thrown where no array of that length can be had.
      const what = `Weight ${this.name} of shape ${formatShape(this.shape)} does not fit into memory`;
      throw new OutOfMemoryError(what, 4 * this.size, 0, "Use a smaller layer.", { cause: error });
    }
    return this.#generated;
  }

  /** Other first values; does nothing once the values were read or written. */
  replaceInitial(initial: () => Float32Array): void {
    this.#pending = initial;
  }

  /** A copy of the values. */
  async read(): Promise<HostArray<Float32Array>> {
    const values = this.#variable === null ? this.#hostValues() : await this.#variable.data<"float32">();
    return new HostArray(Float32Array.from(values), this.shape);
  }

  /** Whether values fit. @throws {ShapeError} the shapes differ. */
  check(values: HostArray): void {
    if (!(values instanceof HostArray)) throw new InvalidConfigError("Weight", this.name, "a HostArray", values);
    if (!shapesEqual(values.shape, this.shape)) {
      throw new ShapeError("Weight", this.name, formatShape(this.shape), formatShape(values.shape));
    }
  }

  /**
   * Replaces the values.
   *
   * @throws {ShapeError} the shapes differ.
   */
  assign(values: HostArray): void {
    this.check(values);
    const data = Float32Array.from(values.data);
    if (this.#variable === null) {
      this.#generated = data;
      return;
    }
    const tensor = tf.tensor(data, [...this.shape], "float32");
    this.#variable.assign(tensor);
    tensor.dispose();
  }

  /** Frees the device's memory; the weight cannot be used afterwards. */
  dispose(): void {
    this.#variable?.dispose();
    this.#variable = null;
    this.#generated = null;
    this.#disposed = true;
  }
}
