import { type Shape, shapesEqual } from "@featuremap/tensor";
import type { Graph } from "./graph.ts";
import type { SymbolicTensor } from "./layer.ts";
import { type LargestOutput, type PassShapes, callsOf, larger } from "./pass-shapes.ts";

/** Input shapes whose passes are kept. */
const mostKept = 64;

/**
 * What passes through a graph give and hold, worked out once for each input shape: models in models, each used twice, would
 * otherwise double the work with every level.
 */
export class GraphShapes {
  readonly #graph: Graph;
  readonly #known = new Map<string, PassShapes>();
  /** Calls of layers in one pass, those within nested models too. */
  readonly callCount: number;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.callCount = callsOf(usesIn(graph).map(({ layer }) => layer));
  }

  /** For inputs of these shapes. @throws {ShapeError} a layer cannot take them. */
  measure(inputs: readonly Shape[]): PassShapes {
    const key = JSON.stringify(inputs);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= mostKept) this.#known.clear();
    const pass = this.#walk(inputs);
    this.#known.set(key, pass);
    return pass;
  }

  #walk(inputs: readonly Shape[]): PassShapes {
    const graph = this.#graph;
    const shapes = new Map<SymbolicTensor, Shape>();
    graph.inputs.forEach((tensor, index) => shapes.set(tensor, inputs[index] ?? tensor.shape));
    const shapeOf = (tensor: SymbolicTensor): Shape => shapes.get(tensor) ?? tensor.shape;
    let largest: LargestOutput = { elements: 0, layer: "" };
    for (const { layer, inputs: given, outputs } of usesIn(graph)) {
      const pass = layer.measure(given.map(shapeOf));
      outputs.forEach((tensor, index) => shapes.set(tensor, pass.outputs[index] ?? tensor.shape));
      largest = larger(largest, pass.largest);
    }
    return { outputs: graph.outputs.map(shapeOf), largest };
  }

  /** Whether these are the shapes that the graph was made with. */
  isOwn(inputs: readonly Shape[]): boolean {
    return this.#graph.inputs.every((tensor, index) => shapesEqual(tensor.shape, inputs[index] ?? []));
  }
}

function usesIn(graph: Graph) {
  return graph.levels.flat().filter((node) => node.inputs.length > 0);
}
