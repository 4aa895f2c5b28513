import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Layer } from "./layer.ts";
import type { Model } from "./model.ts";

/** How much work a model that comes from a file may ask for; what asks for more is refused from its shapes alone. */
export interface ModelLimits {
  /** Calls of layers in one pass, those within nested models too; 100,000 unless said otherwise. */
  readonly calls?: number | undefined;
  /** Elements of any one weight, and of any one layer's output for one picture; 2^26 unless said otherwise. */
  readonly elements?: number | undefined;
}

/** The limits that hold where some are not given. */
export interface ResolvedLimits {
  readonly calls: number;
  readonly elements: number;
}

const limitNames: OptionNames<ModelLimits> = { calls: true, elements: true };

/** @throws {InvalidConfigError} a limit is unknown, or is not a number of at least 1. */
export function resolveLimits(limits: ModelLimits = {}): ResolvedLimits {
  checkOptions("limits", limits, limitNames);
  const { calls = 100_000, elements = 2 ** 26 } = limits;
  for (const [option, value] of Object.entries({ calls, elements })) {
    if (!(typeof value === "number" && value >= 1)) {
      throw new InvalidConfigError("limits", option, "a number of at least 1", value);
    }
  }
  return { calls, elements };
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
 * Holds a model to the limit on elements.
 *
 * @param source the file it comes from, as errors name it
 * @throws {FormatError} an output or a weight is larger; the message names the layer.
 */
export function checkElements(model: Model, { elements }: ResolvedLimits, source: string): void {
  const expected = `of at most ${elements} elements (limits.elements)`;
  if (model.connected) {
    const { largest } = model.measure(model.inputs.map(({ shape }) => shape));
    if (!(largest.elements <= elements)) {
      throw new FormatError(source, `the output of layer ${largest.layer}`, expected, String(largest.elements));
    }
  }
  for (const [path, { size }] of model.namedWeights()) {
    if (!(size <= elements)) throw new FormatError(source, `weight ${path}`, expected, String(size));
  }
}
