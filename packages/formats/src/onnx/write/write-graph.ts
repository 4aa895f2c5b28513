import { type Layer, Model, Pipeline, type SymbolicTensor } from "@featuremap/layers";
import type { HostArray } from "@featuremap/tensor";
import { type GraphBuilder, type Value } from "./graph-builder.ts";
import { writerOf } from "./layer-table.ts";
import { LayerUse, type StoredWeights, Unsayable } from "./layer-use.ts";
import { plainOrder } from "../layouts.ts";

/** Writes models into one graph, and notes what cannot be said. */
export class ModelWriter {
  readonly problems: Set<string> = new Set();
  readonly #builder: GraphBuilder;
  readonly #weights: StoredWeights;

  constructor(builder: GraphBuilder, values: ReadonlyMap<object, HostArray<Float32Array>>) {
    this.#builder = builder;
    this.#weights = { values, written: new Map() };
  }

  /**
   * The outputs of a model for some inputs.
   *
   * @param path of the models around it, with a `/` at its end
   */
  model(model: Model, inputs: readonly Value[], path: string): readonly Value[] {
    const made = new Map<SymbolicTensor, Value>(model.inputs.map((tensor, index) => [tensor, inputs[index] ?? none]));
    for (const node of model.graph.levels.flat()) {
      if (node.inputs.length === 0) continue;
      const given = node.inputs.map((tensor) => made.get(tensor) ?? none);
      const outputs = this.#layer(node.layer, given, path, node.training === true);
      node.outputs.forEach((tensor, index) => made.set(tensor, outputs[index] ?? none));
    }
    return model.outputs.map((tensor) => made.get(tensor) ?? none);
  }

  #layer(layer: Layer, inputs: readonly Value[], path: string, training: boolean): readonly Value[] {
    const own = `${path}${layer.name}`;
    if (training) this.problems.add(`${own}: training: true`);
    if (layer instanceof Model) return this.model(layer, inputs, `${own}/`);
    if (layer instanceof Pipeline) {
      return layer.layers.reduce((values, inner) => this.#layer(inner, values, `${own}/`, false), inputs);
    }
    this.#builder.path = own;
    const use = new LayerUse(layer, this.#builder, inputs, this.#weights);
    const used =
      layer.className === "SpectralNormalization" && "layer" in layer ? use.inside(layer.layer as Layer) : use;
    try {
      return [writerOf(used)(used)];
    } catch (error) {
      if (!(error instanceof Unsayable)) throw error;
      this.problems.add(`${own}: ${error.message}`);
      return [{ name: "", shape: use.shape, order: plainOrder(use.shape.length) }];
    }
  }
}

const none: Value = { name: "", shape: [], order: [] };
