import { FormatError, InvalidConfigError, type Shape, checkOptions, describeValue } from "@featuremap/tensor";
import type { Size, SpatialRank } from "./spatial.ts";

/**
 * Reads a Keras config key by key, checks each value's type, and knows which keys nobody asked for.
 *
 * A missing key reads as `undefined`, so that the layer's own default holds.
 */
export class ConfigReader {
  readonly #entries: Readonly<Record<string, unknown>>;
  readonly #owner: string;
  readonly #source: string;
  readonly #read = new Set<string>();

  /**
   * @param owner the object the config belongs to, as errors name it: `Conv2D conv2d_1`
   * @param source the file or document, as errors name it
   * @throws {FormatError} the config is not an object.
   */
  constructor(config: unknown, owner: string, source: string) {
    for (const [option, text] of Object.entries({ owner, source })) {
      if (typeof text !== "string") throw new InvalidConfigError("ConfigReader", option, "text", text);
    }
    this.#owner = owner;
    this.#source = source;
    if (!isRecord(config)) throw new FormatError(source, `config of ${owner}`, "an object", describeFound(config));
    this.#entries = config;
  }

  /** The raw value, marked as read. */
  take(key: string): unknown {
    this.#read.add(key);
    return this.#entries[key];
  }

  number(key: string): number | undefined {
    return this.#typed(key, "a finite number", (value): value is number => Number.isFinite(value));
  }

  boolean(key: string): boolean | undefined {
    return this.#typed(key, "true or false", (value): value is boolean => typeof value === "boolean");
  }

  string(key: string): string | undefined {
    return this.#typed(key, "text", (value): value is string => typeof value === "string");
  }

  /** A number, or `null` where Keras writes that. */
  numberOrNull(key: string): number | null | undefined {
    return this.#typed(key, "a number or null", (value) => value === null || Number.isFinite(value)) as
      | number
      | null
      | undefined;
  }

  /** One of a few words, in letters of either case, as Keras keeps what it was given. */
  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const find = (value: unknown): Word | undefined =>
      words.find((word) => typeof value === "string" && word.toLowerCase() === value.toLowerCase());
    const value = this.#typed(key, words.join(" or "), (given) => find(given) !== undefined);
    return value === undefined ? undefined : find(value);
  }

  /** One number, or two of them in a list. */
  pair(key: string): number | readonly [number, number] | undefined {
    return this.size(key, 2);
  }

  /** One number, or as many in a list as there are spatial axes. */
  size<Rank extends SpatialRank>(key: string, rank: Rank): Size<Rank> | undefined {
    return this.#typed(
      key,
      `a number${["", "", " or two", " or three"][rank]}`,
      (value): value is Size<Rank> =>
        Number.isFinite(value) || (Array.isArray(value) && value.length === rank && value.every(Number.isFinite)),
    );
  }

  /** A number or a list of numbers. */
  numbers(key: string): number | readonly number[] | undefined {
    return this.#typed(
      key,
      "a number or a list of numbers",
      (value): value is number | number[] =>
        Number.isFinite(value) || (Array.isArray(value) && value.every(Number.isFinite)),
    );
  }

  shape(key: string): Shape | undefined {
    return this.#typed(key, "a list of lengths and nulls", isShape);
  }

  /** Keras's `dtype`: a string or a serialized policy; only float32 is known here. */
  dtype(): "float32" | undefined {
    const value = this.take("dtype");
    if (value === undefined || value === null) return undefined;
    const policy = isRecord(value) && isRecord(value["config"]) ? value["config"]["name"] : value;
    return policy === "float32" ? "float32" : this.fail("dtype", "float32", value);
  }

  /** An option that only has these values here. */
  only(key: string, ...allowed: readonly unknown[]): void {
    const value = this.take(key);
    if (value === undefined || allowed.some((entry) => entry === value)) return;
    this.fail(key, allowed.map(describeValue).join(" or "), value);
  }

  /** What every layer's config holds. */
  base(): { name: string | undefined; trainable: boolean | undefined; dtype: "float32" | undefined } {
    return { name: this.string("name"), trainable: this.boolean("trainable"), dtype: this.dtype() };
  }

  /** @throws {FormatError} there are keys that nobody has read. */
  finish(): void {
    const unknown = Object.keys(this.#entries).filter((key) => !this.#read.has(key));
    if (unknown.length > 0) {
      throw new FormatError(this.#source, `config of ${this.#owner}`, "known options only", unknown.join(", "));
    }
  }

  /** A reader for an object inside this config. */
  inner(key: string, config: unknown): ConfigReader {
    return new ConfigReader(config, `${this.#owner}.${key}`, this.#source);
  }

  fail(key: string, expected: string, received: unknown): never {
    throw new FormatError(this.#source, `${key} of ${this.#owner}`, expected, describeFound(received));
  }

  #typed<Value>(key: string, expected: string, accepts: (value: unknown) => value is Value): Value | undefined;
  #typed(key: string, expected: string, accepts: (value: unknown) => boolean): unknown;
  #typed(key: string, expected: string, accepts: (value: unknown) => boolean): unknown {
    const value = this.take(key);
    if (value === undefined) return undefined;
    return accepts(value) ? value : this.fail(key, expected, value);
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as errors show what a file has, which is nothing where a key is missing. */
export function describeFound(value: unknown): string {
  return value === undefined ? "nothing" : describeValue(value);
}

function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && value.every((length) => length === null || (Number.isInteger(length) && length >= 0));
}

/**
 * Reads a whole config; a reader that is given instead is the caller's to finish.
 *
 * @throws {InvalidConfigError} it is not a plain object.
 * @throws {FormatError} there are keys that nobody has read.
 */
export function readConfig<Made>(owner: string, config: object, read: (reader: ConfigReader) => Made): Made {
  if (config instanceof ConfigReader) return read(config);
  checkOptions(owner, config);
  const reader = new ConfigReader(config, owner, "fromConfig");
  const made = read(reader);
  reader.finish();
  return made;
}
