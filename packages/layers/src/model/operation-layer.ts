import { type HostArray, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasObject } from "../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../layer/layer-config.ts";
import { MultiInputLayer } from "../layer/multi-input-layer.ts";

/** A tensor, or a number that stands in its place. */
export type Operand = tf.Tensor | number;

/** What an operation of `keras.ops` does, its options being read. */
export interface Computation {
  /** How many tensors or numbers it takes; `list` for one list of tensors. */
  readonly operands: 1 | 2 | 3 | "list" | "tensor and items";
  /** Shape of the output; a number has the shape `[]`. @throws {ShapeError} the operands do not fit. */
  outputShape(operands: readonly Shape[]): Shape;
  compute(operands: readonly Operand[]): tf.Tensor;
}

/** An operand that a config holds, and how it is written there; `null` stands for a tensor of the graph. */
export type ConstantOperand = { readonly value: number | HostArray; readonly json: unknown } | null;

/** An operation as Keras's JSON holds it. */
export interface OperationObject extends KerasObject {
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * An operation of `keras.ops` as a node of a graph: `a + 1.0` in Keras's functional style.
 *
 * Its operands broadcast as in NumPy, batch axis and all, other than those of a merging layer of the same name. Models that are
 * read hold such nodes; they count as layers of the graph, but not of the model, as in Keras.
 */
export class OperationLayer extends MultiInputLayer {
  static override readonly className: string = "Operation";
  static override readonly options: Options<LayerConfig> = commonOptions;
  readonly #object: OperationObject;
  readonly #computation: Computation;
  readonly #constants: readonly ConstantOperand[];

  /** @param constants all operands in order, with `null` where a tensor of the graph goes */
  constructor(object: OperationObject, computation: Computation, constants: readonly ConstantOperand[]) {
    const { name } = object.config;
    super(name === undefined ? {} : { name: name as string });
    this.#object = object;
    this.#computation = computation;
    this.#constants = constants;
  }

  override get className(): string {
    return this.#object.class_name;
  }

  /** All operands in order, with `null` where a tensor of the graph goes. */
  get operands(): readonly ConstantOperand[] {
    return this.#constants;
  }

  override get takesList(): boolean {
    return this.#computation.operands === "list";
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override inferShapes(inputs: readonly Shape[]): readonly Shape[] {
    const shapes = this.#fill<Shape>(inputs, (value) => (typeof value === "number" ? [] : value.shape), formatShape);
    return [this.#computation.outputShape(shapes)];
  }

  override callAll(inputs: readonly tf.Tensor[]): readonly tf.Tensor[] {
    const constant = (value: number | HostArray): Operand =>
      typeof value === "number" ? value : tf.tensor(Float32Array.from(value.data), [...value.shape]);
    return [this.#computation.compute(this.#fill<Operand>(inputs, constant, String))];
  }

  /** All operands in order. @throws {ShapeError} there are more or fewer inputs than places for them. */
  #fill<Item>(
    inputs: readonly Item[],
    constant: (value: number | HostArray) => Item,
    print: (input: Item) => string,
  ): readonly Item[] {
    const places = this.#constants.filter((entry) => entry === null).length;
    if (inputs.length !== places) {
      throw new ShapeError(this.name, "inputs", `${places} tensors`, inputs.map(print).join(" and "));
    }
    const rest = inputs.values();
    return this.#constants.map((entry) => (entry === null ? (rest.next().value as Item) : constant(entry.value)));
  }

  override serializeArguments(tensors: readonly unknown[]): readonly unknown[] {
    const rest = tensors.values();
    const operands = this.#constants.map((entry) => (entry === null ? rest.next().value : entry.json));
    return this.takesList ? [operands] : operands;
  }

  override getConfig(): Record<string, unknown> {
    const { config } = this.#object;
    return { ...config, name: this.name };
  }

  override serialize(): KerasObject & Record<string, unknown> {
    return { ...this.#object, config: this.getConfig() };
  }
}
