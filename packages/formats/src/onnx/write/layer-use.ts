import type { Layer } from "@featuremap/layers";
import { type HostArray, type Shape, describeValue } from "@featuremap/tensor";
import { transpose } from "../../tensors/fill-from-store.ts";
import type { JsonObject } from "../../reading/json.ts";
import { type GraphBuilder, type Value } from "./graph-builder.ts";
import { channelsFirst, plainOrder } from "../layouts.ts";

/** What ONNX has no words for; the layer's name is added where it is caught. */
export class Unsayable extends Error {}

/** Writes one use of a layer, and gives its output. */
export type LayerWriter = (use: LayerUse) => Value;

/** The values of weights by the layer and the weight's name, and the tensors that they have become. */
export interface StoredWeights {
  readonly values: ReadonlyMap<object, HostArray<Float32Array>>;
  readonly written: Map<object, Map<string, string>>;
}

/** One use of a layer while a model is written: its options, weights, inputs, and the shape of its output. */
export class LayerUse {
  readonly layer: Layer;
  readonly builder: GraphBuilder;
  readonly options: JsonObject;
  readonly inputs: readonly Value[];
  /** Of the output, in a prediction. */
  readonly shape: Shape;
  readonly #weights: StoredWeights;

  constructor(layer: Layer, builder: GraphBuilder, inputs: readonly Value[], weights: StoredWeights) {
    this.layer = layer;
    this.builder = builder;
    this.options = layer.getConfig();
    this.inputs = inputs;
    this.shape = layer.measure(inputs.map(({ shape }) => shape)).outputs[0] ?? [];
    this.#weights = weights;
  }

  /** The same for a layer inside this one, of the same inputs. */
  inside(layer: Layer): LayerUse {
    return new LayerUse(layer, this.builder, this.inputs, this.#weights);
  }

  get input(): Value {
    return this.inputs[0] ?? this.refuse("a layer without input");
  }

  refuse(reason: string): never {
    throw new Unsayable(reason);
  }

  number(option: string): number {
    const value = this.options[option];
    return typeof value === "number" ? value : this.refuse(`${option}: ${describeValue(value)}`);
  }

  /** Numbers of a list, or one alone. */
  numbers(option: string): readonly number[] {
    const values = [this.options[option]].flat();
    return values.every((value) => typeof value === "number")
      ? values
      : this.refuse(`${option}: ${describeValue(values)}`);
  }

  text(option: string): string {
    const value = this.options[option];
    return typeof value === "string" ? value : this.refuse(`${option}: ${describeValue(value)}`);
  }

  isOn(option: string): boolean {
    return this.options[option] === true;
  }

  /** The order of axes that puts the channels second, for an input of that rank in the layer's own format. */
  spatialOrder(rank: number = this.input.shape.length): readonly number[] {
    return this.options["data_format"] === "channels_first" ? plainOrder(rank) : channelsFirst(rank);
  }

  weightValues(name: string): HostArray<Float32Array> | undefined {
    const weight = this.layer.weights.find((entry) => entry.name === name);
    return weight && this.#weights.values.get(weight);
  }

  /**
   * A weight as a tensor of the file, which layers that are used twice share.
   *
   * @param as tells apart the forms in which one weight is written
   * @param change axes in another order, another shape, or the rows of a matrix in another order
   */
  weight(
    name: string,
    as = "",
    change: {
      readonly axes?: readonly number[];
      readonly shape?: readonly number[];
      readonly rows?: readonly number[];
    } = {},
  ): string | undefined {
    const weight = this.layer.weights.find((entry) => entry.name === name);
    const values = this.weightValues(name);
    if (weight === undefined || values === undefined) return undefined;
    const forms = this.#weights.written.get(weight) ?? new Map<string, string>();
    this.#weights.written.set(weight, forms);
    const known = forms.get(as);
    if (known !== undefined) return known;
    const { axes, shape, rows } = change;
    const stored = rows === undefined ? values.data : rowsOf(values, rows);
    const data = axes === undefined ? stored : transpose(stored, values.shape, axes);
    const turned = axes?.map((axis) => values.shape[axis] ?? 1) ?? values.shape;
    const tensor = this.builder.tensor(`${this.builder.path}/${name}`, data, shape ?? turned);
    forms.set(as, tensor);
    return tensor;
  }

  /** A weight that broadcasts along some axes of the input, where the file has them. */
  weightAlong(name: string, axes: readonly number[], order: readonly number[]): string | undefined {
    const values = this.weightValues(name);
    if (values === undefined) return undefined;
    const shape = order.map((axis) => (axes.includes(axis) ? (this.input.shape[axis] ?? 1) : 1));
    const ascending = order.filter((axis) => axes.includes(axis)).map((axis) => axes.indexOf(axis));
    return this.weight(name, `along ${shape.join()} ${ascending.join()}`, { axes: ascending, shape });
  }

  /** An output whose axes lie in the file as the input's do. */
  like(input: Value, name: string): Value {
    return { name, shape: this.shape, order: input.order };
  }

  /** An output whose axes lie as in the model. */
  plainly(name: string): Value {
    return { name, shape: this.shape, order: plainOrder(this.shape.length) };
  }
}

/** The rows of a matrix in another order. */
function rowsOf({ data, shape }: HostArray<Float32Array>, rows: readonly number[]): Float32Array<ArrayBuffer> {
  const columns = shape[1] ?? 1;
  const result = new Float32Array(data.length);
  for (const [to, from] of rows.entries())
    result.set(data.subarray(from * columns, (from + 1) * columns), to * columns);
  return result;
}
