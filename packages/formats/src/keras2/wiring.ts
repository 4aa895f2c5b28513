import type { JsonObject } from "../reading/json.ts";
import type { Place } from "./read-nodes.ts";
import { type Entry, isGraph, isModel, plainLayerName } from "./reading.ts";

/** What connecting a graph needs to know of a layer. */
export interface WiredLayer {
  readonly entry: Entry;
  readonly name: string;
  /** How often it is used. */
  readonly uses: number;
  /** The layer of Keras 3 whose output is this one's. */
  readonly output: string;
}

/** Who is connected to whom, in the names and numbers of Keras 3. */
export class Wiring {
  readonly #layers: ReadonlyMap<string, WiredLayer>;
  /** The number of a model's first use in the graph: Keras 2 counts the model's own input and output as use 0. */
  readonly #first = new Map<string, number>();

  /** @param places all that the graph refers to */
  constructor(layers: readonly WiredLayer[], places: readonly Place[]) {
    this.#layers = new Map(layers.map((layer) => [layer.name, layer]));
    for (const { layer: name, node } of places) {
      const layer = this.#layers.get(name);
      if (layer === undefined || !isModel(layer.entry)) continue;
      // A Sequential that knew no input when it was made has no such use.
      const first =
        node >= layer.uses || this.#first.get(name) === 1 ? 1 : node === 0 ? 0 : Number(knowsInput(layer.entry));
      this.#first.set(name, first);
    }
  }

  /** A tensor among a layer's arguments. */
  tensor({ layer: name, node, tensor }: Place): JsonObject {
    return kerasTensor(this.#outputOf(name), node - (this.#first.get(name) ?? 0), tensor);
  }

  /** A tensor where the graph begins or ends: there Keras 3 counts a graph's own use too. */
  end({ layer: name, node, tensor }: Place): readonly [string, number, number] {
    const entry = this.#layers.get(name)?.entry;
    const own = entry !== undefined && isGraph(entry) ? 1 : 0;
    return [this.#outputOf(name), node - (this.#first.get(name) ?? 0) + own, tensor];
  }

  #outputOf(name: string): string {
    return plainLayerName(this.#layers.get(name)?.output ?? name);
  }
}

function knowsInput(entry: Entry): boolean {
  if (isGraph(entry)) return true;
  const { layers } = entry.config;
  const first: unknown = Array.isArray(layers) ? layers[0] : undefined;
  const { class_name: className, config } = (first ?? {}) as { class_name?: unknown; config?: JsonObject };
  return (
    className === "InputLayer" ||
    className === "Functional" ||
    className === "Model" ||
    config?.["batch_input_shape"] !== undefined
  );
}

/** A tensor of the graph in Keras 3's JSON. */
export function kerasTensor(layer: string, node: number, tensor: number): JsonObject {
  return {
    class_name: "__keras_tensor__",
    config: { shape: null, dtype: "float32", keras_history: [layer, node, tensor] },
  };
}
