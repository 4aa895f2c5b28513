import { InvalidConfigError, type Shape } from "@featuremap/tensor";
import { InputLayer, type Layer, type LayerNode, Model, Sequential, type SymbolicTensor } from "@featuremap/layers";

/** One computation: a layer that is not a model, from numbered values to numbered values. */
export interface Step {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** One use of a layer, or of a model within the model. */
export interface LayerUse {
  /** The layer's name; inside other models `<model>/<layer>`. */
  readonly path: string;
  readonly layer: Layer;
  /** Which use of the layer at this path it is, counted from 0 in the order in which the layer was applied. */
  readonly use: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * A model as single steps over numbered values, models within models opened.
 *
 * Run step by step, every layer gives its own output, also where a prediction computes two layers in one kernel.
 */
export interface Network {
  readonly model: Model;
  /** In the order in which they are computed. */
  readonly steps: readonly Step[];
  /** Models within included, input layers too. */
  readonly uses: readonly LayerUse[];
  /** Values that are given. */
  readonly inputs: readonly number[];
  /** Values that the model gives. */
  readonly outputs: readonly number[];
  /** Of every value, as the graph promises it: batch axis first, `null` where only data tell. */
  readonly shapes: readonly Shape[];
}

/**
 * Opens a model.
 *
 * @param owner who asks, for errors
 * @throws {InvalidConfigError} it is not a model, does not know its input shape yet, or computes something else than its graph.
 */
export function openNetwork(owner: string, model: unknown): Network {
  if (!(model instanceof Model)) throw new InvalidConfigError(owner, "model", "a Model or Sequential", model);
  if (!followsItsGraph(model)) {
    throw new InvalidConfigError(
      owner,
      "model",
      "one that computes what its graph says",
      `own class ${model.className}`,
    );
  }
  return new NetworkReader().read(model);
}

/** A class of the user's own may call its layers in another way than its graph says. */
function followsItsGraph(model: Model): boolean {
  const same = (name: "call" | "callAll", owner: { readonly prototype: object }): boolean =>
    Reflect.get(model, name) === Reflect.get(owner.prototype, name);
  return same("call", Model) && (same("callAll", Model) || same("callAll", Sequential));
}

class NetworkReader {
  readonly #steps: Step[] = [];
  readonly #uses: LayerUse[] = [];
  readonly #shapes: Shape[] = [];

  read(model: Model): Network {
    const inputs = model.graph.inputs.map(({ shape }) => this.#newValue(shape));
    const outputs = this.#open(model, inputs, "", 0);
    return { model, steps: this.#steps, uses: this.#uses, inputs, outputs, shapes: this.#shapes };
  }

  #newValue(shape: Shape): number {
    this.#shapes.push(shape);
    return this.#shapes.length - 1;
  }

  /** @param use which use of the model it is */
  #open(model: Model, inputs: readonly number[], prefix: string, use: number): readonly number[] {
    const { graph } = model;
    const values = new Map<SymbolicTensor, number>();
    const valueOf = (tensor: SymbolicTensor): number => {
      const value = values.get(tensor) ?? this.#newValue(tensor.shape);
      values.set(tensor, value);
      return value;
    };
    graph.inputs.forEach((tensor, index) => values.set(tensor, inputs[index] ?? valueOf(tensor)));
    const nodes = graph.levels.flat();
    const useOf = countUses(nodes, use);
    for (const node of nodes) {
      const { layer } = node;
      const about = { path: `${prefix}${layer.name}`, layer, use: useOf(node) };
      const taken = node.inputs.map(valueOf);
      if (layer instanceof InputLayer || taken.length === 0) {
        if (prefix === "") this.#uses.push({ ...about, inputs: [], outputs: node.outputs.map(valueOf) });
        continue;
      }
      const isOpen = layer instanceof Model && followsItsGraph(layer);
      const given = isOpen ? this.#open(layer, taken, `${about.path}/`, about.use) : node.outputs.map(valueOf);
      node.outputs.forEach((tensor, index) => values.set(tensor, given[index] ?? valueOf(tensor)));
      if (!isOpen) this.#steps.push({ layer, inputs: taken, outputs: given });
      this.#uses.push({ ...about, inputs: taken, outputs: given });
    }
    return graph.outputs.map(valueOf);
  }
}

/** Numbers the uses of each layer of a model as it was applied, going on where the model is used once more. */
function countUses(nodes: readonly LayerNode[], use: number): (node: LayerNode) => number {
  const here = new Set(nodes);
  const used = new Map<Layer, readonly LayerNode[]>();
  return (node) => {
    const all = used.get(node.layer) ?? node.layer.nodes.filter((each) => here.has(each));
    used.set(node.layer, all);
    return use * all.length + all.indexOf(node);
  };
}

/** The steps that lead from values that are there to values that are wanted, in order. */
export function stepsBetween(
  steps: readonly Step[],
  given: Iterable<number>,
  wanted: Iterable<number>,
): readonly Step[] {
  const known = new Set(given);
  const needed = new Set(wanted);
  const found = steps.toReversed().filter((step) => {
    if (!step.outputs.some((value) => needed.has(value) && !known.has(value))) return false;
    for (const value of step.inputs) needed.add(value);
    return true;
  });
  return found.toReversed();
}

/** The steps that change with a value, in order. */
export function stepsAfter(steps: readonly Step[], value: number): readonly Step[] {
  const changed = new Set([value]);
  return steps.filter((step) => {
    if (!step.inputs.some((input) => changed.has(input))) return false;
    for (const output of step.outputs) changed.add(output);
    return true;
  });
}
