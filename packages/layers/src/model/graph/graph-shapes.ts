import { type Shape, ShapeError, shapesEqual } from "@featuremap/tensor";
import type { Graph } from "./graph.ts";
import type { Layer, LayerNode, SymbolicTensor } from "../../layer/layer.ts";
import { countElements } from "../../config/element-counts.ts";
import { type PassShapes, callsOf, emptyPass, joinPasses } from "../../layer/pass-shapes.ts";
import { spentValues } from "./spent-values.ts";

/** Elements, 16 MB, that may stay until a pass is done: to free one value after another takes small models 5 % longer. */
const fewElements = 2 ** 22;

/** Input shapes whose passes are kept. */
const mostKept = 64;

/**
 * What passes through a graph give and hold, worked out once for each input shape: models in models, each used twice, would
 * otherwise double the work with every level.
 */
export class GraphShapes {
  readonly #graph: Graph;
  readonly #uses: readonly LayerNode[];
  /** What nobody needs after each use. */
  readonly #spent: readonly (readonly SymbolicTensor[])[];
  readonly #known = new Map<string, PassShapes>();
  #madeForOne: number | null = null;
  /** Calls of layers in one pass, those within nested models too. */
  readonly callCount: number;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#uses = graph.levels.flat().filter((node) => node.inputs.length > 0);
    this.#spent = spentValues(this.#uses, [...graph.inputs, ...graph.outputs]);
    this.callCount = callsOf(this.#uses.map(({ layer }) => layer));
  }

  /**
   * For inputs of these shapes.
   *
   * @param training whether shapes are those that layers promise, as a step that trains gives them; a prediction may differ, and
   * ends at the first layer that cannot take what it is given
   * @throws {ShapeError} a layer cannot take what others promise.
   */
  measure(inputs: readonly Shape[], training: boolean): PassShapes {
    const key = JSON.stringify([training, inputs]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= mostKept) this.#known.clear();
    // A prediction is measured of what could be trained.
    if (!training) this.measure(inputs, true);
    const pass = this.#walk(inputs, training);
    this.#known.set(key, pass);
    return pass;
  }

  /** Whether a prediction for so many pictures makes more than may stay until it is done, as it may where lengths are open. */
  makesMuch(batch = 1): boolean {
    this.#madeForOne ??= this.#countMadeForOne();
    return batch * this.#madeForOne > fewElements;
  }

  #countMadeForOne(): number {
    const inputs = this.#graph.inputs.map(({ shape }) => shape);
    const isOpen = inputs.some((shape) => shape.includes(null, 1));
    return isOpen ? Number.POSITIVE_INFINITY : this.measure(inputs, false).made;
  }

  #walk(inputs: readonly Shape[], training: boolean): PassShapes {
    const graph = this.#graph;
    const shapes = new Map<SymbolicTensor, Shape>();
    graph.inputs.forEach((tensor, index) => shapes.set(tensor, inputs[index] ?? tensor.shape));
    const shapeOf = (tensor: SymbolicTensor): Shape => shapes.get(tensor) ?? tensor.shape;
    const elements = (tensors: Iterable<SymbolicTensor>): number => countElements([...tensors].map(shapeOf));
    let pass = emptyPass(graph.inputs.map(shapeOf));
    let held = elements(new Set(graph.inputs));
    for (const [use, { layer, inputs: given, outputs }] of this.#uses.entries()) {
      const step = training
        ? layer.measure(given.map(shapeOf), { training })
        : measurePrediction(layer, given.map(shapeOf));
      if (step === null) break;
      outputs.forEach((tensor, index) => shapes.set(tensor, step.outputs[index] ?? tensor.shape));
      pass = joinPasses(pass, step, held - elements(new Set(given)));
      held += elements(outputs) - elements(this.#spent[use] ?? []);
    }
    return { ...pass, outputs: graph.outputs.map(shapeOf) };
  }

  /** Whether these are the shapes that the graph was made with. */
  isOwn(inputs: readonly Shape[]): boolean {
    return this.#graph.inputs.every((tensor, index) => shapesEqual(tensor.shape, inputs[index] ?? []));
  }
}

/** `null` where the layer cannot take such inputs, and a prediction ends. */
function measurePrediction(layer: Layer, inputs: readonly Shape[]): PassShapes | null {
  try {
    return layer.measure(inputs);
  } catch (error) {
    if (error instanceof ShapeError) return null;
    throw error;
  }
}
