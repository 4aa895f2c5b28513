import { type AnyOptions, InvalidConfigError, type Settled, checkOptions, settleOptions } from "@featuremap/tensor";
import { isArrayData, isRecord } from "./array-data.ts";
import { withoutMap } from "./by-name.ts";

/** What a method was called with. */
export interface CallArguments<Declared extends AnyOptions> {
  /** As `toSource` takes them. */
  readonly data: unknown;
  /** Checked, and with defaults; of `sampleWeight` nothing, which is with the data. */
  readonly options: Settled<Declared>;
}

/**
 * Tells `(data, options)` from Keras's `(x, y, options)`, whose options may have a `sampleWeight`.
 *
 * @throws {InvalidConfigError} an option is unknown, or not what it may be.
 */
export function callArguments<Declared extends AnyOptions>(
  owner: string,
  given: readonly unknown[],
  declared: Declared,
): CallArguments<Declared> {
  const [first, second, third] = [withoutMap(given[0]), given[1], given[2]];
  const isPair = given.length >= 3 ? (second ?? undefined) !== undefined : holdsArrays(first, second, declared);
  const options: unknown = isPair || given.length >= 3 ? third : second;
  if (options !== undefined) checkOptions(owner, options, declared);
  const { sampleWeight, ...others } = (options ?? {}) as { readonly sampleWeight?: unknown };
  const settled = settleOptions(owner, others, declared);
  if (isPair) return { data: { x: first, y: second, ...(sampleWeight ? { sampleWeight } : {}) }, options: settled };
  if ((sampleWeight ?? undefined) === undefined) return { data: first, options: settled };
  throw new InvalidConfigError(owner, "sampleWeight", "in the data, or an option beside (x, y)", sampleWeight);
}

/** Whether the second of two is labels: arrays, or a record of them beside inputs alone, whose names are not options. */
function holdsArrays(first: unknown, second: unknown, known: AnyOptions): boolean {
  const given = withoutMap(second);
  if (isArrayData(given) || Array.isArray(given)) return true;
  const isInputs = isArrayData(first) || Array.isArray(first) || (isRecord(first) && !("x" in first && "y" in first));
  if (!isRecord(given) || !isInputs) return false;
  const entries = Object.entries(given);
  return (
    entries.length > 0 && entries.every(([name, each]) => !(name in known) && (each === null || isArrayData(each)))
  );
}
