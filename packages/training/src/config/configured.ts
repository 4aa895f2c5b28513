import {
  type AnyOptions,
  InvalidConfigError,
  Option,
  type SavedOptions,
  type Settled,
  checkOptions,
  describeValue,
  readOptions,
  settleOptions,
  writeOptions,
} from "@featuremap/tensor";
import { classNameOf } from "./class-name.ts";
import { snakeCase } from "./resolve-name.ts";

/**
 * A declaration of each option that a config type has, whose value is of the type that the config says.
 *
 * `Defaulted` names the options that have a value where none is given, which is all unless others are named.
 */
export type PlainOptions<Config, Defaulted extends keyof Config = keyof Config> = {
  readonly [Name in keyof Required<Config>]: Option<
    Config[Name],
    Name extends Defaulted ? Exclude<Config[Name], undefined> : Config[Name] | undefined
  >;
};

/** A class of {@link Configured} objects, as its static members describe it. */
export interface ConfiguredClass<Instance> {
  new (config: never): Instance;
  readonly className: string;
  readonly options?: AnyOptions;
  readonly constants: Readonly<Record<string, unknown>>;
}

/** What is made of options that its class declares once: their checks, defaults and place in a Keras config come from that. */
export abstract class Configured {
  /** What it is called in errors and saved states. Give your own subclasses one: minifiers rename classes. */
  static readonly className: string = "object";
  /** Every option that the class takes; others are refused. A class that does not declare them takes any. */
  static readonly options?: AnyOptions;
  /** What Keras's configs hold beside the options, where only one value of it is known here. */
  static readonly constants: Readonly<Record<string, unknown>> = {};
  /** The options settled so far, and their values. */
  readonly #settled: (readonly [AnyOptions, object])[] = [];

  /**
   * The values of declared options, which {@link getConfig} then writes if the class has them. Where the class declares one
   * of them anew, as with another default, that holds.
   *
   * @throws {InvalidConfigError} an option is unknown, or not what it may be.
   */
  protected settle<Declared extends AnyOptions>(config: object, declared: Declared): Settled<Declared> {
    const { options } = this.constructor as typeof Configured;
    const owner = classNameOf(this);
    checkOptions(owner, config, options);
    const entries = Object.entries(declared).map(
      ([name, option]) => [name, ownOption(options, name) ?? option] as const,
    );
    const held = Object.fromEntries(entries) as Declared;
    const { name } = config as { readonly name?: unknown };
    const usual = held["name"] && { name: name ?? held["name"].usual ?? this.usualName(config) };
    const values = settleOptions(owner, { ...config, ...usual }, held);
    const written = entries.filter(([each]) => options === undefined || Object.hasOwn(options, each));
    this.#settled.push([Object.fromEntries(written), values]);
    return values;
  }

  /** What it is called where its config has no name. */
  protected usualName(_config: object): string {
    return snakeCase(classNameOf(this));
  }

  /**
   * Keras's own keys and values: what makes an equal one again, by `fromConfig`.
   *
   * @throws {InvalidConfigError} a class has an option that it neither settles nor writes, and that saving would lose.
   */
  getConfig(): Record<string, unknown> {
    const { className, options = {}, constants, prototype } = this.constructor as typeof Configured;
    const { options: inherited = {} } = Object.getPrototypeOf(this.constructor) as typeof Configured;
    const settled = this.#settled.flatMap(([held]) => Object.keys(held));
    const known = new Set([...settled, ...Object.keys(inherited)]);
    const lost = Object.keys(options).find((name) => !known.has(name));
    if (lost !== undefined && !Object.hasOwn(prototype, "getConfig"))
      throw new InvalidConfigError(className, "getConfig", "the class's own, or its options settled", lost);
    const written = this.#settled.map(([held, values]) => writeOptions(held, values));
    return Object.assign({}, ...written, constants) as Record<string, unknown>;
  }

  /**
   * One with the options that {@link getConfig}, here or in Keras, has written.
   *
   * @throws {InvalidConfigError} the config has an unknown key, or a value that cannot be.
   */
  static fromConfig<Instance extends Configured>(this: ConfiguredClass<Instance>, config: object): Instance {
    return fromConfig(this, config);
  }
}

/** What a class declares of an option; a class of one's own may have its name alone. */
function ownOption(options: AnyOptions | undefined, name: string): Option<never, unknown> | undefined {
  const own: unknown = options?.[name];
  return own instanceof Option ? own : undefined;
}

/** One of a class, with the options of a Keras config. @throws {InvalidConfigError} it has an unknown key, or a value that cannot be. */
export function fromConfig<Instance>(type: ConfiguredClass<Instance>, config: object): Instance {
  const { className, options, constants } = type;
  if (options === undefined) throw new InvalidConfigError(className, "static options", "declared", options);
  checkOptions(className, config);
  const saved = new SavedConfig(className, config as Readonly<Record<string, unknown>>);
  const given = readOptions(options, saved);
  // Keras's metrics have a dtype; where one class is a loss and a metric, its config may be either's.
  for (const [key, only] of Object.entries({ dtype: "float32", ...constants })) saved.expect(key, only);
  saved.finish();
  return new type(given as never);
}

/** A Keras config in memory, and which of its keys were read. */
class SavedConfig implements SavedOptions {
  readonly #owner: string;
  readonly #entries: Readonly<Record<string, unknown>>;
  readonly #known: Record<string, true> = {};

  constructor(owner: string, entries: Readonly<Record<string, unknown>>) {
    this.#owner = owner;
    this.#entries = entries;
  }

  take(key: string): unknown {
    this.#known[key] = true;
    return this.#entries[key];
  }

  /** @throws {InvalidConfigError} always. */
  fail(key: string, expected: string, received: unknown): never {
    throw new InvalidConfigError(this.#owner, key, expected, received);
  }

  /** @throws {InvalidConfigError} there is such a key, of another value. */
  expect(key: string, only: unknown): void {
    const value = this.take(key);
    if (value !== undefined && value !== only) this.fail(key, describeValue(only), value);
  }

  /** @throws {InvalidConfigError} there are keys that nobody has read. */
  finish(): void {
    checkOptions(this.#owner, this.#entries, this.#known);
  }
}
