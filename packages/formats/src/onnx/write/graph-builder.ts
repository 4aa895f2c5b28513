import { type Shape, sizeOf } from "@featuremap/tensor";
import { type OnnxAttribute, type OnnxNode, type OnnxTensor, floatType, int64Type } from "../proto/model-proto.ts";
import { NameClaims } from "../name-claims.ts";
import { isPlain, orderedLengths, plainOrder } from "../layouts.ts";

/**
 * A tensor of the ONNX graph that stands for one of the model.
 *
 * Its axes may lie in another order there: axis `i` in the file is axis `order[i]` of the model. So channels move to where ONNX
 * wants them once, and layers that do not care leave them there.
 */
export interface Value {
  readonly name: string;
  /** As in the model. */
  readonly shape: Shape;
  readonly order: readonly number[];
  /** What it is the flattened form of, which nothing in the graph computes until somebody needs it. */
  readonly flatOf?: Value | undefined;
}

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Largest and smallest end of a slice. */
export const farEnd: number = 2 ** 53 - 1;

/** Collects the nodes and tensors of an ONNX graph. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  /** Begins the names of what is added: the layer at work. */
  path = "";
  readonly #names = new NameClaims();
  readonly #constants = new Map<string, string>();
  readonly #turned = new Map<string, string>();

  /** That name, or one like it that is not taken. */
  claim(name: string): string {
    return this.#names.claim(name);
  }

  /** Adds a node and gives the name of its first output. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const [output = ""] = this.nodeOf(operator, inputs, attributes, 1);
    return output;
  }

  /** Adds a node of several outputs. */
  nodeOf(operator: string, inputs: readonly string[], attributes: Attributes, outputs: number): string[] {
    const name = this.claim(`${this.path}/${operator}`);
    const results = Array.from({ length: outputs }, (_, index) => this.claim(`${name}:${index}`));
    const entries = new Map(Object.entries(attributes));
    this.nodes.push({ name, operator, domain: "", inputs, outputs: results, attributes: entries });
    return results;
  }

  number(value: number): string {
    return this.floats([value], []);
  }

  /** A constant; those that are alike are one. */
  floats(values: ArrayLike<number>, shape: readonly number[]): string {
    const data = Float32Array.from(values);
    const add = (): string => this.tensor(`${this.path}/constant`, data, shape);
    if (data.length > 64) return add();
    return this.#once(`f ${shape.join()} ${data.join()}`, add);
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#once(`i ${shape.join()} ${values.join()}`, () => {
      const name = this.claim(`${this.path}/integers`);
      const bytes = new Uint8Array(8 * values.length);
      const view = new DataView(bytes.buffer);
      for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true);
      this.initializers.push({ name, shape, type: int64Type, bytes });
      return name;
    });
  }

  #once(key: string, add: () => string): string {
    const name = this.#constants.get(key) ?? add();
    this.#constants.set(key, name);
    return name;
  }

  /** A tensor with values, such as a weight. */
  tensor(name: string, values: Float32Array, shape: readonly number[]): string {
    const free = this.claim(name);
    const bytes = new Uint8Array(new Float32Array(values).buffer);
    if (bytes.length !== 4 * sizeOf(shape)) throw new RangeError(`${name} has ${values.length} values`);
    this.initializers.push({ name: free, shape, type: floatType, bytes });
    return free;
  }

  /** The tensor with its axes in an order: those of the model that the file's are to be. */
  ordered(value: Value, order: readonly number[]): string {
    const settled = this.settled(value);
    const turn = order.map((axis) => settled.order.indexOf(axis));
    if (isPlain(turn)) return settled.name;
    const movesNothing = isMovingOnlyOnes(orderedLengths(settled.shape, settled.order), turn);
    const key = `${settled.name} ${turn.join()}`;
    const name =
      this.#turned.get(key) ??
      (movesNothing
        ? this.reshaped(settled.name, orderedLengths(settled.shape, order))
        : this.node("Transpose", [settled.name], { perm: turn }));
    this.#turned.set(key, name);
    return name;
  }

  /** The tensor with its axes as in the model. */
  plain(value: Value): string {
    return this.ordered(value, plainOrder(value.shape.length));
  }

  /** The same value, computed if it was only promised. */
  settled(value: Value): Value {
    const { flatOf } = value;
    if (flatOf === undefined) return value;
    const key = `${flatOf.name} flat`;
    const name = this.#turned.get(key) ?? this.node("Flatten", [this.plain(flatOf)], { axis: 1 });
    this.#turned.set(key, name);
    return { name, shape: value.shape, order: value.order };
  }

  /** A tensor in another shape, of which the batch and one length more may be open. */
  reshaped(name: string, lengths: Shape): string {
    const open = lengths.slice(1).filter((length) => length === null).length;
    if (open > 1) throw new RangeError("several open lengths");
    return this.node("Reshape", [name, this.integers(lengths.map((length, axis) => length ?? (axis === 0 ? 0 : -1)))]);
  }

  /** Gives the names of outputs to the tensors that they are. */
  finish(
    outputs: readonly { readonly name: string; readonly wanted: string }[],
    inputs: ReadonlySet<string>,
  ): string[] {
    const renamed = new Map<string, string>();
    const names = outputs.map(({ name, wanted }) => {
      const isInput = inputs.has(name) || !this.nodes.some((node) => node.outputs.includes(name));
      if (!isInput && !renamed.has(name)) {
        const free = this.claim(wanted);
        renamed.set(name, free);
        return free;
      }
      const copy = this.node("Identity", [name]);
      const free = this.claim(wanted);
      renamed.set(copy, free);
      return free;
    });
    const rename = (name: string): string => renamed.get(name) ?? name;
    for (const [index, node] of this.nodes.entries()) {
      this.nodes[index] = { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
    }
    return names;
  }
}

/** Whether a turn leaves all axes longer than 1 as they follow each other, and the batch in its place. */
function isMovingOnlyOnes(lengths: Shape, turn: readonly number[]): boolean {
  if (turn[0] !== 0 || lengths.slice(1).includes(null)) return false;
  const long = turn.slice(1).filter((axis) => lengths[axis] !== 1);
  return long.every((axis, index) => index === 0 || axis > (long[index - 1] ?? 0));
}
