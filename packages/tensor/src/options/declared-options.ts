import { InvalidConfigError } from "../errors.ts";
import { Option, type SavedOptions, snakeCase } from "./option.ts";

/** A declaration of each option that a config type has; the compiler finds one that is missing, or takes less than its type. */
export type Options<Config> = { readonly [Name in keyof Required<Config>]: Option<Config[Name], unknown> };

/** Declared options of any types. Those under a symbol are keys of saved objects that no option's name leads to. */
export type AnyOptions = Readonly<Record<string, Option<never, unknown>>>;

/** The values to work with. */
export type Settled<Declared extends AnyOptions> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Option<never, infer Value> ? Value : never;
};

/** The values of all options, checked and with defaults. @throws {InvalidConfigError} one is not what it may be. */
export function settleOptions<Declared extends AnyOptions>(
  owner: string,
  config: object,
  options: Declared,
): Settled<Declared> {
  const given = requireObject("settleOptions", "config", config) as Readonly<Record<string, never>>;
  const values: Record<string, unknown> = {};
  for (const [name, option] of entriesOf(options, "settleOptions")) {
    const { other } = option;
    const value = copyLists(given[name]);
    const isOther = other !== undefined && (value ?? undefined) === undefined;
    values[name] = isOther ? values[other] : option.check(owner, name, value as never);
  }
  return values as Settled<Declared>;
}

/** A config from saved options; those that are not there are left to their defaults. @throws {FormatError} one cannot be right. */
export function readOptions(options: AnyOptions, saved: SavedOptions): Record<string, unknown> {
  const taking = requireObject("readOptions", "saved", saved);
  if (!("take" in taking && typeof taking.take === "function"))
    throw new InvalidConfigError("readOptions", "saved", "what options are read from", saved);
  const config: Record<string, unknown> = {};
  for (const [name, option] of entriesOf(options, "readOptions")) {
    const key = keyOf(name, option);
    if (key !== null && saved.take(key) !== undefined) config[name] = option.kind.read(saved, key);
  }
  return config;
}

/** What saved objects hold of these values. */
export function writeOptions(options: AnyOptions, values: object): Record<string, unknown> {
  const held = requireObject("writeOptions", "values", values) as Readonly<Record<string, unknown>>;
  const keys = entriesOf(options, "writeOptions").flatMap(([name, option]) => {
    const key = keyOf(name, option);
    return key === null || !Object.hasOwn(held, name) ? [] : [[key, copyLists(option.kind.write(held[name]))]];
  });
  return Object.fromEntries(keys) as Record<string, unknown>;
}

/** Whether a class's options are declared, and not only named. */
export function areDeclared(options: unknown): options is AnyOptions {
  if (typeof options !== "object" || options === null) return false;
  return Object.values(options).every((option) => option instanceof Option);
}

type Entry = readonly [name: string, option: Option<never, unknown>];

/** What was found in options, as each object of a class asks for the same ones. */
const known = new WeakMap<object, readonly Entry[]>();

function entriesOf(options: AnyOptions, owner: string): readonly Entry[] {
  const found = known.get(options);
  if (found !== undefined) return found;
  if (!areDeclared(options)) throw new InvalidConfigError(owner, "options", "an Option by each name", options);
  const entries = Reflect.ownKeys(options).flatMap((name): Entry[] => {
    const option: unknown = Reflect.get(options, name);
    return option instanceof Option ? [[name as string, option]] : [];
  });
  known.set(options, entries);
  return entries;
}

/** A list that nobody else can change, and without holes, which `every` and `map` do not see; lists inside it too. */
function copyLists(value: unknown, depth = 0): unknown {
  return Array.isArray(value) && depth < 3 ? Array.from(value, (each) => copyLists(each, depth + 1)) : value;
}

function requireObject(owner: string, option: string, value: unknown): object {
  if (typeof value === "object" && value !== null) return value;
  throw new InvalidConfigError(owner, option, "an object", value);
}

/** An option's key in saved objects: its name in snake_case, unless Keras calls it otherwise. */
function keyOf(name: string, { key }: Option<never, unknown>): string | null {
  return key === undefined ? snakeCase(name) : key;
}
