import type { Shape } from "@featuremap/tensor";
import { channelsLast, isPlain, plainOrder } from "../layouts.ts";
import type { OnnxNode } from "../proto/model-proto.ts";
import type { CheckedGraph } from "./check-graph.ts";
import type { Constant } from "./constants.ts";
import type { GraphBudget } from "./graph-budget.ts";
import type { KerasGraph, KerasTensor, WeightValues } from "./keras-graph.ts";

/** What layers here have no words for; the node's name is added where it is caught. */
export class Unreadable extends Error {}

/**
 * A tensor of the file and the one of the Keras model that holds it.
 *
 * Axis `i` there is axis `order[i]` of the file. The batch is axis 0 there, and of the file too but for operators that take the
 * axes of a tensor apart.
 */
export interface Tensor {
  readonly kind: "tensor";
  readonly keras: KerasTensor;
  /** As the file has it, with the batch open. */
  readonly shape: Shape;
  readonly order: readonly number[];
  /** What it is the flattened form of, as long as nothing needs that itself. */
  readonly flatOf?: Tensor | undefined;
  /** Whether no element can be below 0. */
  readonly isPositive?: boolean | undefined;
  /** What it was made of, for operators that together are one layer. */
  readonly from?: Origin | undefined;
}

/** How a tensor came about: the operator as a word, its input, and a number that goes with it. */
export interface Origin {
  readonly word: string;
  readonly input: Tensor;
  readonly number?: number | undefined;
}

/** Steps of `x Phi(x)` that are nothing by themselves here: `erf(x / sqrt 2)`, 1 more, times `x`, or half of it. */
export interface PartOfGelu {
  readonly kind: "gelu";
  readonly step: "erf" | "erf + 1" | "half" | "product";
  readonly input: Tensor;
}

/**
 * A tensor whose first axes are one axis in the file, with the examples: all of them, of which only some of {@link Places} can be
 * taken, or fewer, which must come apart again.
 */
export interface AllElements {
  readonly kind: "all";
  readonly tensor: Tensor;
  /** How many axes of the tensor are the first one. */
  readonly joined: number;
}

/** Numbers that count on from example to example: `offsets + stride * example`, along one axis of length 1 of the offsets. */
export interface Places {
  readonly kind: "places";
  readonly stride: number;
  readonly offsets: Constant;
  readonly axis: number;
}

/** A value of the graph; `null` is one that an earlier refusal has left unknown. */
export type Item = Tensor | Constant | PartOfGelu | AllElements | Places | null;

/** Reads one use of an operator, and gives its outputs. */
export type NodeReader = (use: NodeUse) => Item | readonly Item[];

/** What all nodes of a graph share. */
export interface Reading {
  readonly source: string;
  readonly graph: CheckedGraph;
  readonly keras: KerasGraph;
  readonly budget: GraphBudget;
  readonly opset: number;
  /** Length of the batch axis, where the file fixes it. */
  readonly batch: number | null;
  readonly notes: Set<string>;
  /** Tensors with their axes in another order, by layer and order. */
  readonly turned: Map<string, Tensor>;
  /** All values so far, by name. */
  readonly items: ReadonlyMap<string, Item>;
  /** Nodes that were read with the one before them, and what they give. */
  readonly done: Map<OnnxNode, Item>;
}

/** Lengths, axes and steps that an operator may be given: as many as tensors have axes, or an operator has outputs. */
const mostNumbers = 10_000;

/** One use of an operator while a graph is read: its inputs, attributes, and what to add to the Keras model. */
export class NodeUse {
  readonly node: OnnxNode;
  readonly inputs: readonly (Item | undefined)[];
  readonly reading: Reading;

  constructor(node: OnnxNode, inputs: readonly (Item | undefined)[], reading: Reading) {
    this.node = node;
    this.inputs = inputs;
    this.reading = reading;
  }

  refuse(reason: string): never {
    throw new Unreadable(reason);
  }

  get opset(): number {
    return this.reading.opset;
  }

  /** An input that is computed. */
  tensor(index: number): Tensor {
    const item = this.inputs[index];
    if (item?.kind === "tensor") return item;
    if (item?.kind !== "gelu") return this.refuse(`input ${index} that is no computed tensor`);
    if (item.step !== "erf") return this.refuse("Erf outside of GELU");
    const { keras, order } = this.settled(item.input);
    const scaled = this.operation("Multiply", [keras, Math.SQRT1_2], order);
    return this.operation("Erf", [scaled.keras], order, {}, "math");
  }

  /** An input whose values are known, or nothing. */
  constant(index: number): Constant | undefined {
    const item = this.inputs[index];
    if (item === undefined || item?.kind === "constant") return item;
    return this.refuse(`input ${index} that is computed`);
  }

  /** The values of weights. */
  weight(index: number): Constant {
    const constant = this.constant(index);
    return constant ?? this.refuse(`input ${index} left out`);
  }

  /** Numbers of an input, or of the attribute that older versions have in its place. */
  numbers(index: number, attribute: string): readonly number[] | undefined {
    const constant = this.constant(index);
    if (constant !== undefined) {
      const { length } = constant.values;
      return length <= mostNumbers ? [...constant.values] : this.refuse(`${length} numbers as ${attribute}`);
    }
    const value = this.node.attributes.get(attribute);
    if (value === undefined) return undefined;
    return this.list(attribute);
  }

  number(attribute: string, usual: number): number {
    const value = this.node.attributes.get(attribute) ?? usual;
    return typeof value === "number" ? value : this.refuse(`${attribute} that is no number`);
  }

  text(attribute: string, usual: string): string {
    const value = this.node.attributes.get(attribute) ?? usual;
    return typeof value === "string" ? value : this.refuse(`${attribute} that is no text`);
  }

  list(attribute: string, usual: readonly number[] = []): readonly number[] {
    const value = this.node.attributes.get(attribute) ?? usual;
    if (Array.isArray(value) && value.every((entry) => typeof entry === "number")) return value;
    return this.refuse(`${attribute} that is no list of numbers`);
  }

  /** The name for a layer: that of its weights, or of the node. */
  get wanted(): string {
    const weights = this.node.inputs.slice(1).find((name) => /[./](weight|kernel|gamma|scale)$/.test(name));
    if (weights !== undefined) return weights.replace(/[./]\w+$/, "");
    const { name, operator } = this.node;
    const parts = name.split("/").filter((part) => part !== "");
    const last = parts.at(-1) ?? "";
    return (parts.length > 1 && last.startsWith(operator) ? parts.at(-2) : last) || operator.toLowerCase();
  }

  /**
   * Adds a layer.
   *
   * @param order of the output's axes
   * @param suffix tells the name from that of the layer that has the node's weights
   */
  layer(
    className: string,
    config: Readonly<Record<string, unknown>>,
    inputs: readonly Tensor[],
    order: readonly number[],
    weights: WeightValues = {},
    suffix = "",
  ): Tensor {
    const tensors = inputs.map((input) => this.settled(input).keras);
    return seen(this.reading.keras.layer(className, `${this.wanted}${suffix}`, config, tensors, weights), order);
  }

  /** Adds an operation of `keras.ops` on tensors and numbers. */
  operation(
    className: string,
    args: readonly unknown[],
    order: readonly number[],
    config: Readonly<Record<string, unknown>> = {},
    module = "numpy",
  ): Tensor {
    return seen(this.reading.keras.operation(className, module, config, args), order);
  }

  /** A layer that changes no axis. */
  same(
    className: string,
    config: Readonly<Record<string, unknown>>,
    input: Tensor,
    weights: WeightValues = {},
  ): Tensor {
    const settled = this.settled(input);
    return this.layer(className, config, [settled], settled.order, weights);
  }

  activation(name: string, input: Tensor): Tensor {
    return this.same("Activation", { activation: name }, input);
  }

  /** The tensor itself, flattened if that was only promised. */
  settled(tensor: Tensor): Tensor {
    const { flatOf } = tensor;
    if (flatOf === undefined) return tensor;
    return this.once(`${flatOf.keras.layer} flat`, () => {
      const plain = this.turned(flatOf, plainOrder(flatOf.shape.length));
      return seen(this.reading.keras.layer("Flatten", "flatten", {}, [plain.keras]), [0, 1]);
    });
  }

  /** The tensor with its axes in another order. */
  turned(tensor: Tensor, order: readonly number[]): Tensor {
    const settled = this.settled(tensor);
    const turn = order.map((axis) => settled.order.indexOf(axis));
    if (isPlain(turn)) return settled;
    if (turn[0] !== 0) return this.refuse("moving the batch axis");
    const made = this.once(`${settled.keras.layer} ${turn.join()}`, () => ({
      ...seen(this.reading.keras.layer("Permute", "permute", { dims: turn.slice(1) }, [settled.keras]), order),
    }));
    return { ...made, order, shape: settled.shape, isPositive: settled.isPositive };
  }

  /** With the channels last, as layers of images want them. */
  image(tensor: Tensor): Tensor {
    const rank = tensor.shape.length;
    if (rank < 3 || rank > 5) return this.refuse(`input of ${rank} axes`);
    return this.turned(tensor, channelsLast(rank));
  }

  /** Lengths of the spatial axes. */
  spatial(tensor: Tensor): Shape {
    return tensor.shape.slice(2);
  }

  /** What was made before by that key, or is now. */
  once(key: string, make: () => Tensor): Tensor {
    const made = this.reading.turned.get(key) ?? make();
    this.reading.turned.set(key, made);
    return made;
  }

  /** An axis counted from the start, other than that of the batch. @param batch the latter */
  axis(axis: number, rank: number, batch = 0): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (!(Number.isInteger(counted) && counted >= 0 && counted < rank)) return this.refuse(`axis ${axis} of ${rank}`);
    return counted === batch ? this.refuse("work along the batch axis") : counted;
  }

  /** The only node that uses this one's output. */
  get onlyUser(): OnnxNode | undefined {
    const [output = ""] = this.node.outputs;
    const users = this.reading.graph.users.get(output) ?? [];
    return this.reading.graph.uses.get(output) === 1 && users.length === 1 ? users[0] : undefined;
  }
}

/** A tensor of the Keras model, as the file would have it. */
export function seen(keras: KerasTensor, order: readonly number[]): Tensor {
  const shape = plainOrder(order.length).map((axis) => keras.shape[order.indexOf(axis)] ?? null);
  return { kind: "tensor", keras, shape, order };
}
