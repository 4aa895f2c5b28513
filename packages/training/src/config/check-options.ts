import { InvalidConfigError, checkOptions as checkNames } from "@featuremap/tensor";

/** What an option takes, in words, and how to know it. */
interface Kind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const flag: Kind = { expected: "true or false", fits: (value) => typeof value === "boolean" };
const text: Kind = { expected: "a text", fits: (value) => typeof value === "string" };
const path: Kind = { expected: "a path", fits: (value) => typeof value === "string" && value !== "" };
const axis: Kind = { expected: "an integer", fits: (value) => Number.isInteger(value) };
const number: Kind = { expected: "a number", fits: (value) => typeof value === "number" && !Number.isNaN(value) };
const numbers: Kind = {
  expected: "a number or a list of them",
  fits: (value) => typeof value === "number" || isNumbers(value),
};

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "number");
}

/** An option of one name takes the same in every class; ranges are checked where they are known. */
const kinds: Readonly<Record<string, Kind>> = {
  append: flag,
  applyClassBalancing: flag,
  deleteCheckpoint: flag,
  doubleCheckpoint: flag,
  fromLogits: flag,
  multiLabel: flag,
  raiseError: flag,
  restoreBestWeights: flag,
  saveBestOnly: flag,
  saveWeightsOnly: flag,
  swapOnEpoch: flag,
  writeGraph: flag,
  writeStepsPerSecond: flag,
  monitor: text,
  name: text,
  reduction: text,
  separator: text,
  filename: path,
  filepath: path,
  logDir: path,
  axis,
  alpha: numbers,
  thresholds: numbers,
  baseline: number,
  beta: number,
  cooldown: number,
  delta: number,
  factor: number,
  gamma: number,
  initialValueThreshold: number,
  labelSmoothing: number,
  minDelta: number,
  minLr: number,
  patience: number,
  threshold: number,
};

/**
 * Refuses options that nobody will read, and those that are of another kind than their name says.
 *
 * @throws {InvalidConfigError} the options are not an object, one is unknown, or not what it may be.
 */
export function checkOptions(owner: string, options: unknown, known?: Readonly<Record<string, true>>): void {
  checkNames(owner, options, known);
  for (const [name, value] of Object.entries(options as object)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined || value === undefined || value === null || kind.fits(value)) continue;
    throw new InvalidConfigError(owner, name, kind.expected, value);
  }
}

/** The same options, once they are known to be an object of known names. @throws {InvalidConfigError} they are not. */
export function asOptions<Options extends object>(
  owner: string,
  options: Options,
  known: Readonly<Record<string, true>>,
): Options {
  checkNames(owner, options, known);
  return options;
}
