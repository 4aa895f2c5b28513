import { describeValue } from "../text/describe-value.ts";
import { InvalidConfigError } from "../errors.ts";

/**
 * The names of all options that a config type has; the compiler finds one that is missing or too many.
 *
 * In Keras's order: an error shows by the first how a value is given that came without a name.
 */
export type OptionNames<Config> = { readonly [Name in keyof Required<Config>]: true };

/**
 * Refuses options that nobody will read, as plain JavaScript may pass them: misspelt ones would be ignored silently.
 *
 * @param owner who takes the options, for the error
 * @param known the names that may be used; any, if it is absent
 * @throws {InvalidConfigError} the options are not an object, or have another name; the message tells the nearest known one.
 */
export function checkOptions(owner: string, options: unknown, known?: Readonly<Record<string, unknown>>): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InvalidConfigError(owner, "options", `an object${exampleOf(options, known)}`, options);
  }
  // A Map, a Date or a promise has nothing under the names that are read.
  if (!isPlain(options) && Object.prototype.toString.call(options) !== "[object Object]") {
    throw new InvalidConfigError(owner, "options", `a plain object${exampleOf(options, known)}`, options);
  }
  if (known === undefined) return;
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  // A tensor or a layer: its members say nothing to who meant it as an argument.
  if (!isPlain(options))
    throw new InvalidConfigError(owner, "options", `an object${exampleOf(options, known)}`, options);
  const names = Object.keys(known);
  const near = presentName(unknown, names) ?? nearestName(unknown, names);
  const among = names.length === 0 ? "none" : `among ${names.join(", ")}`;
  const expected = near === undefined ? among : `among those it has (did you mean ${near}?)`;
  throw new InvalidConfigError(owner, "options", expected, unknown);
}

/** How an argument without a name, as in Python's `Dense(10)`, is written with one; where it is not a number or text, names alone. */
function exampleOf(argument: unknown, known: Readonly<Record<string, unknown>> = {}): string {
  const names = Object.keys(known);
  const [first] = names;
  if (first === undefined) return "";
  const isShown = [argument].flat().every((each) => typeof each === "number" || typeof each === "string");
  const shown = isShown ? [`${first}: ${describeValue(argument)}`] : names.slice(0, 2);
  return `, as { ${[...shown, ...(names.length > shown.length ? ["..."] : [])].join(", ")} }`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Options as older releases of Keras and tutorials call them, lower case without underscores, and what they may be here. */
const formerNames: Readonly<Record<string, readonly string[]>> = {
  alpha: ["negativeSlope"],
  archive: ["directory"],
  bias: ["useBias"],
  bordermode: ["padding"],
  dimordering: ["dataFormat"],
  epsilon: ["minDelta"],
  init: ["kernelInitializer"],
  inputdim: ["inputShape"],
  kernel: ["kernelSize"],
  lr: ["learningRate"],
  nbepoch: ["epochs"],
  nbfilter: ["filters"],
  outputdim: ["units"],
  p: ["rate"],
  numparallelcalls: ["concurrency"],
  period: ["saveFreq"],
  samplesperepoch: ["stepsPerEpoch"],
  subsample: ["strides"],
  weightregularizer: ["kernelRegularizer"],
  wregularizer: ["kernelRegularizer"],
  xcol: ["pathColumn"],
  ycol: ["labelColumn"],
};

/** What an option of an older name is called here, among those that there are. */
function presentName(name: string, known: readonly string[]): string | undefined {
  const plain = name.replaceAll("_", "").toLowerCase();
  const present = Object.hasOwn(formerNames, plain) ? formerNames[plain] : undefined;
  return present?.find((each) => known.includes(each));
}

/** Share of a name that may be wrong for another name to be meant. */
const misspelt = 0.4;
/** Characters of a name; nobody misspells a longer one. */
const longestName = 100;

/**
 * The name that is meant, if one is near; case and underscores do not count.
 *
 * @throws {InvalidConfigError} a name is not text.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (!(Array.isArray(known) && [name, ...known].every((each) => typeof each === "string"))) {
    throw new InvalidConfigError("nearestName", "names", "texts", known);
  }
  if (name.length > longestName) return undefined;
  const plain = (text: string): string => text.replaceAll("_", "").toLowerCase();
  let nearest: string | undefined;
  let least = misspelt * name.length;
  for (const candidate of known) {
    const distance = editDistance(plain(name), plain(candidate));
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/**
 * Letters to insert, remove, replace or swap with their neighbour to make one text of the other.
 *
 * Source: Damerau, 1964; Levenshtein, 1966.
 */
function editDistance(from: string, to: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row++) {
    const line = [row + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (above[column] ?? 0) + (from[row] === to[column] ? 0 : 1);
      const isSwap = row > 0 && column > 0 && from[row] === to[column - 1] && from[row - 1] === to[column];
      const swapped = isSwap ? (twoAbove[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      line.push(Math.min(replaced, swapped, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    twoAbove = above;
    above = line;
  }
  return above.at(-1) ?? 0;
}
