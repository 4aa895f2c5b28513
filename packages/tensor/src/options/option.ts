import { InvalidConfigError } from "../errors.ts";

/** Where saved options are read, key by key. */
export interface SavedOptions {
  /** The value of a key, which then counts as read; undefined where there is none. */
  take(key: string): unknown;
  /** @throws {FormatError} always; it tells the file and the key. */
  fail(key: string, expected: string, received: unknown): never;
}

/** What an option takes, and how saved objects hold it. */
export interface OptionKind<Given, Value> {
  /** @throws {InvalidConfigError} the value is not one of this kind. */
  check(owner: string, name: string, given: Given): Value;
  /** What the constructor gets for a saved value. @throws {FormatError} it cannot be of this kind. */
  read(saved: SavedOptions, key: string): unknown;
  /** The value in JSON. */
  write(value: Value): unknown;
  /** Whether `null` is an error even where there is a default. */
  readonly refusesNull?: boolean;
}

/** What holds for an option beside its kind. */
interface OptionRules {
  readonly usual?: unknown;
  readonly other?: string | undefined;
  readonly key?: string | null | undefined;
}

/** An option whose value is used, and saved, as it is given. */
interface PlainKind {
  /** What errors expect, in words. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** The same for saved values, of which only the type is looked at where the constructor does the rest. */
  readonly saved?: { readonly expected: string; readonly accepts: (value: unknown) => boolean };
  readonly refusesNull?: boolean;
}

/** Which of a few words is meant. */
interface WordRules<Given, Word> {
  readonly find?: (given: Given) => Word | undefined;
  readonly refusesNull?: boolean;
}

/**
 * One option of a class, declared once: what it takes, what it is where it is left out, and how saved objects call and hold it.
 * Its name, type and meaning are those of the config's member, against which {@link Options} checks it.
 */
export class Option<Given, Value = Given> {
  readonly kind: OptionKind<never, Value>;
  /** What stands in where nothing is given. */
  readonly usual: unknown;
  /** The option whose value stands in where nothing is given. */
  readonly other: string | undefined;
  /** The key in saved objects; null where they do not hold it, undefined for the option's name in snake_case. */
  readonly key: string | null | undefined;
  /** The value to work with. @throws {InvalidConfigError} it is not what the option takes. */
  readonly check: (owner: string, name: string, given: Given) => Value;

  constructor(kind: OptionKind<never, Value>, { usual, other, key }: OptionRules = {}) {
    this.kind = kind;
    this.usual = usual;
    this.other = other;
    this.key = key;
    const { refusesNull = false } = kind;
    this.check = (owner, name, given) => {
      const isLeftOut = given === undefined || (given === null && !refusesNull);
      return kind.check(owner, name, (isLeftOut && usual !== undefined ? usual : given) as never);
    };
  }

  /** The same, but this value holds where it is left out; with `undefined` it stays required. */
  default(usual: Given | undefined): Option<Given | undefined, Value> {
    return new Option(this.kind, { usual, key: this.key });
  }

  /** The same, but where it is left out or `null` it is what another option is, which is declared before. */
  defaultTo(other: string): Option<Given | null | undefined, Value> {
    return new Option(this.kind, { other, key: this.key });
  }

  /** The same, but it may be `null`, and is where it is left out. */
  orNull(): Option<Given | null | undefined, Value | null> {
    const inner = this.kind;
    const kind: OptionKind<never, Value | null> = {
      check: (owner, name, given) => ((given ?? null) === null ? null : inner.check(owner, name, given)),
      read: (saved, key) => (saved.take(key) === null ? null : inner.read(saved, key)),
      write: (value) => (value === null ? null : inner.write(value)),
    };
    return new Option(kind, { key: this.key });
  }

  /** The same, but `null` is an error even where there is a default. */
  notNull(): Option<Given, Value> {
    return new Option({ ...this.kind, refusesNull: true }, this);
  }

  /** The same under another key in saved objects; `null` for one that they do not hold. */
  savedAs(key: string | null): Option<Given, Value> {
    return new Option(this.kind, { usual: this.usual, other: this.other, key });
  }

  /** A value that is used and saved as it is given. */
  static plain<Value>({
    expected,
    accepts,
    saved = { expected, accepts },
    refusesNull = false,
  }: PlainKind): Option<Value> {
    return new Option<Value>({
      check: (owner, name, given) => {
        if (accepts(given)) return given;
        throw new InvalidConfigError(owner, name, expected, given);
      },
      read: (from, key) => {
        const value = from.take(key);
        return saved.accepts(value) ? value : from.fail(key, saved.expected, value);
      },
      write: (value) => value,
      refusesNull,
    });
  }

  /** A number in a range, which errors say in words. */
  static within(expected: string, isWithin: (value: number) => boolean): Option<number> {
    return Option.plain({
      expected,
      accepts: (value) => typeof value === "number" && isWithin(value),
      saved: { expected: "a finite number", accepts: Number.isFinite },
    });
  }

  /** A number from `least` to `most`, both included. */
  static range(least: number, most: number): Option<number> {
    return Option.within(`in [${least}, ${most}]`, (value) => value >= least && value <= most);
  }

  /** A finite number. */
  static number(): Option<number> {
    return Option.within("a finite number", Number.isFinite);
  }

  /** A finite number of at least 0. */
  static nonNegative(): Option<number> {
    return Option.within("a number of at least 0", (value) => Number.isFinite(value) && value >= 0);
  }

  /** An integer of at least that much. */
  static integer(least = 1): Option<number> {
    return Option.within(`an integer of at least ${least}`, (value) => Number.isInteger(value) && value >= least);
  }

  /** True or false. */
  static flag(): Option<boolean> {
    const accepts = (value: unknown): boolean => typeof value === "boolean";
    return Option.plain({ expected: "true or false", accepts, refusesNull: true });
  }

  /**
   * One of a few words, in camelCase here and in snake_case in saved objects, where letters of either case are read.
   *
   * @param expected in words, for errors
   */
  static word<Word extends string, Given = Word>(
    words: readonly Word[],
    expected: string,
    {
      find = (given) => words.find((each: unknown) => each === given),
      refusesNull = true,
    }: WordRules<Given, Word> = {},
  ): Option<Given, Word> {
    return new Option<Given, Word>({
      check: (owner, name, given: Given) => {
        const found = find(given);
        if (found !== undefined) return found;
        throw new InvalidConfigError(owner, name, expected, given);
      },
      read: (from, key) => {
        const value = from.take(key);
        const found = words.find((each) => typeof value === "string" && snakeCase(each) === value.toLowerCase());
        return found ?? from.fail(key, words.map(snakeCase).join(" or "), value);
      },
      write: snakeCase,
      refusesNull,
    });
  }
}

/** `poolSize` as Python spells it: `pool_size`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
