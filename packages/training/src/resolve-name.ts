import { InvalidConfigError } from "@featuremap/tensor";

/** A name in camelCase, and the same in Python's snake_case: Keras users write either. */
export type EitherCase<Name extends string> = Name | SnakeCase<Name>;

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${SnakeCase<Rest>}`
    : `_${Lowercase<First>}${SnakeCase<Rest>}`
  : Name;

/**
 * What a name stands for; case and underscores do not matter, so Keras's class names work too.
 *
 * @param table by lower-case names without underscores
 * @param known the names to tell the user
 * @throws {InvalidConfigError} there is none of that name.
 */
export function resolveName<Value>(
  owner: string,
  option: string,
  name: string,
  table: ReadonlyMap<string, Value>,
  known: readonly string[],
): Value {
  const value = table.get(name.replaceAll("_", "").toLowerCase());
  if (value === undefined)
    throw new InvalidConfigError(owner, option, `one of ${known.join(", ")}, or an object`, name);
  return value;
}
