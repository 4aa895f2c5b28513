import {
  FormatError,
  InvalidConfigError,
  type OptionNames,
  type Shape,
  ShapeError,
  checkOptions,
  formatShape,
} from "@featuremap/tensor";
import type { Layer } from "../layer/layer.ts";
import type { Model } from "./model.ts";
import type { PassShapes } from "../layer/pass-shapes.ts";

/** How much work a model that comes from a file may ask for; what asks for more is refused from its shapes alone. */
export interface ModelLimits {
  /** Calls of layers in one pass, those within nested models too. Default: 100,000. */
  readonly calls?: number | undefined;
  /**
   * Elements of all that is in memory at once for one picture, weights apart. Default: 1.2e8, which is 480 MB.
   */
  readonly elements?: number | undefined;
  /** Elements of all weights of a model that comes without them. Default: 2^28, of which VGG19 needs half. */
  readonly weights?: number | undefined;
  /**
   * Operations of one pass for one picture: products of kernels, reads of windows, and one for each element that a layer takes
   * or gives. Default: 1e11. ResNet-152 needs 1.1e10, EfficientNetB7 3.7e10.
   */
  readonly operations?: number | undefined;
}

/** The limits that hold where some are not given. */
export interface ResolvedLimits {
  readonly calls: number;
  readonly elements: number;
  readonly weights: number;
  readonly operations: number;
}

const limitNames: OptionNames<ModelLimits> = { calls: true, elements: true, weights: true, operations: true };

/** @throws {InvalidConfigError} a limit is unknown, or is not a number of at least 1. */
export function resolveLimits(limits: ModelLimits = {}): ResolvedLimits {
  checkOptions("limits", limits, limitNames);
  const { calls = 100_000, elements = 1.2e8, weights = 2 ** 28, operations = 1e11 } = limits;
  for (const [option, value] of Object.entries({ calls, elements, weights, operations })) {
    if (!(typeof value === "number" && value >= 1)) {
      throw new InvalidConfigError("limits", option, "a number of at least 1", value);
    }
  }
  return { calls, elements, weights, operations };
}

/** Counts the calls of layers while a model is read, before any of their shapes is worked out. */
export class CallCounter {
  readonly #most: number;
  readonly #source: string;
  /** Shapes are worked out for each model on the way, too. */
  #inAllModels = 0;

  constructor({ calls }: ResolvedLimits, source: string) {
    this.#most = calls;
    this.#source = source;
  }

  /**
   * Begins a model.
   *
   * @returns counts one use of a layer in it; throws a `FormatError` that names the layer once they are too many
   */
  ofModel(): (layer: Layer) => void {
    let calls = 0;
    return (layer) => {
      calls += layer.callCount;
      this.#inAllModels += layer.callCount;
      if (calls <= this.#most && this.#inAllModels <= 10 * this.#most) return;
      const expected = `at most ${this.#most} in one pass (limits.calls)`;
      throw new FormatError(this.#source, "calls of layers", expected, `${calls} with those of ${layer.name}`);
    };
  }
}

/**
 * Holds a model to the limits.
 *
 * @param source the file it comes from, as errors name it
 * @param picture lengths of an input, batch axis first, for those that the model leaves open
 * @throws {FormatError} it asks for more; the message names the layer. Or it cannot take such an input.
 */
export function checkWork(model: Model, limits: ResolvedLimits, source: string, picture: Shape = []): void {
  if (model.connected) {
    const shapes = shapesOfOne(model, picture);
    // Those of a step that trains first: where they do not fit, a prediction has none.
    for (const training of [true, false]) checkPass(measureOne(model, shapes, training, source), limits, source);
  }
  let size = 0;
  for (const [path, weight] of model.namedWeights()) {
    size += weight.size;
    if (size <= limits.weights) continue;
    const expected = `of at most ${limits.weights} elements (limits.weights)`;
    throw new FormatError(source, "weights", expected, `${size} with those of ${path}`);
  }
}

function checkPass(
  { largest, held, busiest, operations }: PassShapes,
  { elements, operations: most }: ResolvedLimits,
  source: string,
): void {
  const expected = `of at most ${elements} elements (limits.elements)`;
  if (!(largest.amount <= elements)) {
    throw new FormatError(source, `the output of layer ${largest.layer}`, expected, String(largest.amount));
  }
  if (!(held.amount <= elements)) {
    throw new FormatError(source, `what is in memory at layer ${held.layer}`, expected, String(held.amount));
  }
  if (!(operations <= most)) {
    const found = `${operations}, of which ${busiest.amount} in layer ${busiest.layer}`;
    throw new FormatError(source, "operations of one pass", `at most ${most} (limits.operations)`, found);
  }
}

/** Shapes of inputs for one picture, or for as many as the model always takes. */
function shapesOfOne(model: Model, picture: Shape): readonly Shape[] {
  const own = model.inputs.map(({ shape }) => shape);
  const batch = own.map(([length]) => length).find((length) => typeof length === "number") ?? 1;
  return own.map((shape) => shape.map((length, axis) => length ?? (axis === 0 ? batch : (picture[axis] ?? null))));
}

function measureOne(model: Model, shapes: readonly Shape[], training: boolean, source: string): PassShapes {
  try {
    return model.measure(shapes, { training });
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new FormatError(source, "model", `one for inputs ${shapes.map(formatShape).join(", ")}`, error.message);
  }
}
