import { InvalidConfigError, checkOptions } from "@featuremap/tensor";
import { isArrayData, isRecord } from "./array-data.ts";
import { withoutMap } from "./by-name.ts";

/** What a method was called with. */
export interface CallArguments {
  /** As `toSource` takes them. */
  readonly data: unknown;
  readonly options: object;
}

/**
 * Tells `(data, options)` from Keras's `(x, y, options)`, whose options may have a `sampleWeight`.
 *
 * @param known names of the options
 * @throws {InvalidConfigError} an option is unknown.
 */
export function callArguments(
  owner: string,
  given: readonly unknown[],
  known: Readonly<Record<string, true>>,
): CallArguments {
  const [first, second, third] = [withoutMap(given[0]), given[1], given[2]];
  const isPair = given.length >= 3 ? (second ?? undefined) !== undefined : holdsArrays(first, second, known);
  const options: unknown = isPair || given.length >= 3 ? third : second;
  if (options !== undefined) checkOptions(owner, options, known);
  const { sampleWeight, ...others } = (options ?? {}) as { readonly sampleWeight?: unknown };
  if (isPair) return { data: { x: first, y: second, ...(sampleWeight ? { sampleWeight } : {}) }, options: others };
  if ((sampleWeight ?? undefined) === undefined) return { data: first, options: others };
  throw new InvalidConfigError(owner, "sampleWeight", "in the data, or an option beside (x, y)", sampleWeight);
}

/** Whether the second of two is labels: arrays, or a record of them beside inputs alone, whose names are not options. */
function holdsArrays(first: unknown, second: unknown, known: Readonly<Record<string, true>>): boolean {
  const given = withoutMap(second);
  if (isArrayData(given) || Array.isArray(given)) return true;
  const isInputs = isArrayData(first) || Array.isArray(first) || (isRecord(first) && !("x" in first && "y" in first));
  if (!isRecord(given) || !isInputs) return false;
  const entries = Object.entries(given);
  return (
    entries.length > 0 && entries.every(([name, each]) => !(name in known) && (each === null || isArrayData(each)))
  );
}
