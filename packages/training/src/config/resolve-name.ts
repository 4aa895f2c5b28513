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

/** @throws {InvalidConfigError} a function is a class, of which an object was meant: `new Huber()` for `Huber`. */
export function refuseClass(
  option: string,
  given: { readonly prototype?: unknown; readonly name: string; readonly className?: unknown },
  base: abstract new (...parameters: never) => object,
): void {
  if (!(given.prototype instanceof base)) return;
  const name = typeof given.className === "string" ? given.className : given.name;
  throw new InvalidConfigError("Trainer", option, `an object of the class: new ${name}()`, name);
}

/** A class's name as Keras writes it: `MeanSquaredError` as `mean_squared_error`. Source: Keras `to_snake_case`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
