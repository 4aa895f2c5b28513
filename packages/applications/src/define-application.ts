import type { Model } from "@featuremap/layers";
import { InvalidConfigError, checkOptions } from "@featuremap/tensor";
import type { Application, BuildOptions } from "./application.ts";
import type { WeightsOptions } from "./construction/backbone.ts";
import { takeWeightsOptions, withoutWeightsOptions } from "./construction/weights-options.ts";
import type { InputShape } from "./input-shape.ts";

/** {@link BuildOptions} checked and complete. */
export interface Settings {
  readonly inputShape: InputShape;
  readonly classes: number;
  readonly seed: number | undefined;
  readonly name: string;
  /** The network's own unless given. */
  readonly filters: readonly number[];
  readonly dropout: number;
}

/** An application without the checks of what its builder is given. */
export interface Definition extends Omit<Application, "build" | "load"> {
  /** Of its convolutions or stages, for an input shape; absent where they cannot be chosen. */
  readonly filters?: (inputShape: InputShape) => readonly number[];
  /** Whether there may be more or fewer `filters` than the network's own. */
  readonly anyDepth?: boolean;
  /** Rate of its dropout layers; absent where it has none. */
  readonly dropout?: number;
  readonly make: (settings: Settings) => Model;
  /** The same with weights for its base; absent where nobody publishes some. */
  readonly load?: (settings: Settings, weights: WeightsOptions) => Promise<Model>;
}

/** Makes an application of its definition: every option is checked before the network is built. */
export function defineApplication(definition: Definition): Application {
  const { filters, anyDepth = false, dropout, make, load, ...facts } = definition;
  const known: Record<string, true> = { inputShape: true, classes: true, seed: true, name: true };
  if (filters !== undefined) known["filters"] = true;
  if (dropout !== undefined) known["dropout"] = true;
  const owner = facts.name;
  const called = `findApplication(${JSON.stringify(owner)})`;
  const settle = (options: BuildOptions): Settings => {
    checkOptions(owner, options, known);
    const inputShape = requireInputShape(owner, options.inputShape ?? facts.inputShape);
    return {
      inputShape,
      classes: requireClasses(facts, options.classes ?? facts.classes),
      seed: options.seed,
      name: options.name ?? facts.name,
      filters: requireFilters(owner, options.filters, filters?.(inputShape) ?? [], anyDepth),
      dropout: requireDropout(owner, options.dropout ?? dropout ?? 0),
    };
  };
  return Object.freeze({
    ...facts,
    build: (options: BuildOptions = {}): Model =>
      make(settle(load === undefined ? options : withoutWeightsOptions(owner, `${called}.load`, options))),
    ...(load !== undefined && {
      load: async (given: BuildOptions & WeightsOptions = {}): Promise<Model> => {
        const { options, weights } = takeWeightsOptions(owner, `${called}.build`, given, known);
        return load(settle(options), weights);
      },
    }),
  });
}

/** A picture's shape as plain JavaScript may pass it. @throws {InvalidConfigError} it is none. */
export function requireInputShape(owner: string, shape: unknown): InputShape {
  const [height, width, channels] = Array.isArray(shape) && shape.length === 3 ? (shape as unknown[]) : [];
  if (isLength(height) && isLength(width) && isCount(channels)) return [height, width, channels];
  throw new InvalidConfigError(owner, "inputShape", "[height, width, channels], as [32, 32, 3]", shape);
}

function requireClasses({ name, outputs }: Pick<Application, "name" | "outputs">, classes: unknown): number {
  const isBinary = outputs === "binaryLogits" || outputs === "binaryProbabilities";
  const expected = isBinary ? "2: this network has a single output" : "an integer of at least 2";
  if (isCount(classes) && (isBinary ? classes === 2 : classes >= 2)) return classes;
  throw new InvalidConfigError(name, "classes", expected, classes);
}

function requireFilters(owner: string, filters: unknown, own: readonly number[], anyDepth: boolean): readonly number[] {
  if (filters === undefined) return own;
  const isList = Array.isArray(filters) && filters.every(isCount);
  if (isList && (anyDepth ? filters.length > 0 : filters.length === own.length)) return filters;
  const count = anyDepth ? "one or more" : own.length;
  throw new InvalidConfigError(owner, "filters", `${count} integers of at least 1`, filters);
}

function requireDropout(owner: string, rate: unknown): number {
  if (typeof rate === "number" && rate >= 0 && rate < 1) return rate;
  throw new InvalidConfigError(owner, "dropout", "a number in [0, 1)", rate);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1;
}

function isLength(value: unknown): value is number | null {
  return value === null || isCount(value);
}
