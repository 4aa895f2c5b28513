import { type ModelLimits, deserializeModel } from "@featuremap/layers";
import { type Shape, sizeOf } from "@featuremap/tensor";
import { NameClaims } from "../name-claims.ts";
import type { Constant } from "./constants.ts";
import type { GraphBudget } from "./graph-budget.ts";

/** A layer as Keras 3's functional config holds it. */
interface Entry {
  readonly module: string;
  readonly class_name: string;
  readonly registered_name: string | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly inbound_nodes: readonly unknown[];
}

/** A tensor of the Keras model in the making. */
export interface KerasTensor {
  readonly layer: string;
  readonly shape: Shape;
}

/** How a layer's weights get values: by their names. */
export type WeightValues = Readonly<Record<string, Constant>>;

/** Puts together a functional model of Keras, layer by layer, as its config. */
export class KerasGraph {
  readonly #entries = new Map<string, Entry>();
  readonly #inputsOf = new Map<string, readonly string[]>();
  readonly #weights = new Map<string, WeightValues>();
  readonly #names = new NameClaims();
  readonly #shapes = new Map<string, Shape>();
  readonly #source: string;
  readonly #limits: ModelLimits;
  readonly #budget: GraphBudget;

  constructor(source: string, limits: ModelLimits, budget: GraphBudget) {
    this.#source = source;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** A name that Keras accepts and no other layer has. */
  claim(wanted: string): string {
    const plain = wanted.replaceAll(/[^\w.-]+/g, "_").replaceAll(/^[_.]+|_+$/g, "") || "layer";
    const short = plain.slice(0, 80);
    return this.#names.claim(short);
  }

  input(name: string, shape: Shape): KerasTensor {
    const layer = this.claim(name);
    this.#add(inputLayer(layer, shape), []);
    return { layer, shape };
  }

  /**
   * Adds a layer that is used once.
   *
   * @throws {FeaturemapError} its options or inputs are not what it takes.
   */
  layer(
    className: string,
    wanted: string,
    config: Readonly<Record<string, unknown>>,
    inputs: readonly KerasTensor[],
    weights: WeightValues = {},
  ): KerasTensor {
    const isList = inputs.length > 1;
    const entry = (name: string, json: (tensor: KerasTensor) => unknown): Entry => ({
      module: "keras.layers",
      class_name: className,
      registered_name: null,
      config: { ...config, name },
      name,
      inbound_nodes: [{ args: isList ? [inputs.map(json)] : inputs.map(json), kwargs: {} }],
    });
    return this.#use(wanted, entry, inputs, weights);
  }

  /**
   * Adds an operation of `keras.ops`.
   *
   * @param args tensors, and numbers or JSON in their place
   * @throws {FeaturemapError} as {@link layer}.
   */
  operation(
    className: string,
    module: string,
    config: Readonly<Record<string, unknown>>,
    args: readonly unknown[],
  ): KerasTensor {
    const entry = (name: string, json: (tensor: KerasTensor) => unknown): Entry => ({
      module: `keras.src.ops.${module}`,
      class_name: className,
      registered_name: className,
      config: { ...config, name },
      name,
      inbound_nodes: [
        { args: args.map((argument) => (isKerasTensor(argument) ? json(argument) : argument)), kwargs: {} },
      ],
    });
    return this.#use(className.toLowerCase(), entry, args.filter(isKerasTensor), {});
  }

  #use(
    wanted: string,
    entry: (name: string, json: (tensor: KerasTensor) => unknown) => Entry,
    inputs: readonly KerasTensor[],
    weights: WeightValues,
  ): KerasTensor {
    this.#budget.addLayer();
    for (const { shape: own } of Object.values(weights)) this.#budget.spend(sizeOf(own));
    const shape = this.#shapeOf(entry, inputs);
    const layer = this.claim(wanted);
    this.#add(
      entry(layer, tensorJson),
      inputs.map((input) => input.layer),
    );
    this.#weights.set(layer, weights);
    return { layer, shape };
  }

  /** From a model of the layer alone, which refuses what the whole would; those that are alike are made once. */
  #shapeOf(
    entry: (name: string, json: (tensor: KerasTensor) => unknown) => Entry,
    inputs: readonly KerasTensor[],
  ): Shape {
    const places = new Map([...new Set(inputs.map(({ layer }) => layer))].map((name, index) => [name, index]));
    const alone = (tensor: KerasTensor): KerasTensor => ({ ...tensor, layer: `input_${places.get(tensor.layer)}` });
    const layer = entry("layer", (tensor) => tensorJson(alone(tensor)));
    const key = JSON.stringify(layer);
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const ends = new Map(inputs.map(alone).map((input) => [input.layer, inputLayer(input.layer, input.shape)]));
    const config = functional("alone", [...ends.values(), layer], [...ends.keys()], ["layer"]);
    const model = deserializeModel(config, this.#source, { limits: this.#limits });
    const shape = model.outputs[0]?.shape ?? [];
    model.dispose();
    this.#shapes.set(key, shape);
    return shape;
  }

  #add(entry: Entry, inputs: readonly string[]): void {
    this.#entries.set(entry.name, entry);
    this.#inputsOf.set(entry.name, inputs);
  }

  /** The config of a model of those inputs and outputs; layers that no output needs are left out. */
  config(name: string, inputs: readonly string[], outputs: readonly string[]): unknown {
    const needed = this.#needed(outputs);
    for (const input of inputs) needed.add(input);
    return functional(
      name,
      [...this.#entries.values()].filter((entry) => needed.has(entry.name)),
      inputs,
      outputs,
    );
  }

  /** The values of the weights of those layers, by `<layer>/<weight>`. */
  weightsOf(outputs: readonly string[]): ReadonlyMap<string, Constant> {
    const needed = this.#needed(outputs);
    const values = new Map<string, Constant>();
    for (const [layer, weights] of this.#weights) {
      if (!needed.has(layer)) continue;
      for (const [weight, constant] of Object.entries(weights)) values.set(`${layer}/${weight}`, constant);
    }
    return values;
  }

  #needed(outputs: readonly string[]): Set<string> {
    const needed = new Set(outputs);
    for (const name of needed) for (const input of this.#inputsOf.get(name) ?? []) needed.add(input);
    return needed;
  }
}

function inputLayer(name: string, shape: Shape): Entry {
  const config = { batch_shape: shape, dtype: "float32", name };
  return { module: "keras.layers", class_name: "InputLayer", registered_name: null, config, name, inbound_nodes: [] };
}

function isKerasTensor(argument: unknown): argument is KerasTensor {
  return typeof argument === "object" && argument !== null && "layer" in argument && "shape" in argument;
}

function tensorJson({ layer, shape }: KerasTensor): unknown {
  return { class_name: "__keras_tensor__", config: { shape, dtype: "float32", keras_history: [layer, 0, 0] } };
}

function functional(
  name: string,
  layers: readonly unknown[],
  inputs: readonly string[],
  outputs: readonly string[],
): unknown {
  const ends = (names: readonly string[]): unknown => names.map((layer) => [layer, 0, 0]);
  return {
    module: "keras.src.models.functional",
    class_name: "Functional",
    registered_name: "Functional",
    config: { name, trainable: true, layers, input_layers: ends(inputs), output_layers: ends(outputs) },
  };
}
