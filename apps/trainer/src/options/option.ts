/**
 * How an option of the command is declared: once, as data. Its flag, its environment variable, its key in the config file,
 * its line of `--help`, its completions and its type all come from here, and importing it costs nothing.
 */
interface Declared {
  /** What it is for, without a full stop; the choices and the default are added. */
  readonly description: string;
  /** Heading of `--help` under which it stands. */
  readonly group: string;
  /** What stands for the value in `--help`, where the usual word does not say enough: "folder". */
  readonly placeholder?: string;
  /** What holds without the option, where no value can say it, or more is to be said: "the preset's". */
  readonly defaultIs?: string;
}

/** What may stand instead of a number: "auto". */
interface WithWords {
  readonly words?: readonly string[];
}

/** A whole number in [minimum, maximum]. */
export interface IntegerOption extends Declared, WithWords {
  readonly kind: "integer";
  readonly minimum: number;
  readonly maximum?: number;
  readonly default?: number | string;
}

/** A finite number; `above` and `below` are not part of the range, `minimum` and `maximum` are. */
export interface NumberOption extends Declared, WithWords {
  readonly kind: "number";
  readonly above?: number;
  readonly minimum?: number;
  readonly below?: number;
  readonly maximum?: number;
  readonly default?: number | string;
}

/** Any text but none. */
export interface TextOption extends Declared {
  readonly kind: "text";
  /** Words that a shell offers. */
  readonly suggestions?: readonly string[];
  /** What else a shell offers. */
  readonly completes?: Completion;
  /** What holds where nothing follows the flag. */
  readonly bare?: string;
  readonly default?: string;
}

/** One of some words. */
export interface ChoiceOption extends Declared {
  readonly kind: "choice";
  readonly choices: readonly string[];
  readonly default?: string;
}

/** Yes or no: `--name`, `--no-name`. */
export interface FlagOption extends Declared {
  readonly kind: "flag";
  /** Default: false. */
  readonly default?: boolean;
}

/** Texts: with commas between on the command line, an array in the config file. */
export interface ListOption extends Declared {
  readonly kind: "list";
  /** The only entries there may be. */
  readonly choices?: readonly string[];
  readonly default?: readonly string[];
}

/** A time: "90s", "10m", "1h30m". Its value is in seconds. */
export interface DurationOption extends Declared {
  readonly kind: "duration";
  /** In seconds. */
  readonly default?: number;
}

/** Pixels: "64" for a square, "64x48" for 64 across and 48 down. */
export interface SizeOption extends Declared, WithWords {
  readonly kind: "size";
  readonly default?: PixelSize | string;
}

/** Values of other options that are to be tried: "learningRate=0.01,0.05 model=small,resnet". */
export interface SpaceOption extends Declared {
  readonly kind: "space";
  /** Those whose values may stand there. */
  readonly of: Readonly<Record<string, PlainOption>>;
  /** Whether numbers may be drawn from a range: "learningRate=1e-4..1e-1:log". */
  readonly ranges?: boolean;
  readonly default?: Space;
}

/** Where numbers are drawn from. */
export interface SpaceRange {
  readonly min: number;
  readonly max: number;
  /** Whether all numbers are as likely, or all their logarithms. */
  readonly scale: "linear" | "log";
}

/** What is tried for one option. */
export type SpaceEntry = readonly unknown[] | SpaceRange;

/** What is tried, by the names of options. */
export type Space = Readonly<Record<string, SpaceEntry>>;

/** An option with one value. */
export type PlainOption =
  | IntegerOption
  | NumberOption
  | TextOption
  | ChoiceOption
  | FlagOption
  | ListOption
  | DurationOption
  | SizeOption;

/** Any option. */
export type Option = PlainOption | SpaceOption;

/** Options by the names that their values have in code and in the config file: "batchSize" for `--batch-size`. */
export type Options = Readonly<Record<string, Option>>;

/** A word that follows a command's name: "preset". */
export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** Takes all the words that are left. */
  readonly rest?: boolean;
  /** The only words there may be. */
  readonly choices?: readonly string[];
  /** Words that a shell offers. */
  readonly suggestions?: readonly string[];
  /** What else a shell offers. */
  readonly completes?: Completion;
}

/** Which names of the file system a shell offers. */
export type Completion = "file" | "folder";

/** Picture elements across and down. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

type WordOf<O> = O extends { readonly words: readonly (infer Word)[] } ? Word : never;

type PlainValue<O> = O extends { readonly choices: readonly (infer Choice)[] }
  ? O extends { readonly kind: "list" }
    ? readonly Choice[]
    : Choice
  : O extends { readonly kind: "integer" | "number" | "duration" }
    ? number
    : O extends { readonly kind: "flag" }
      ? boolean
      : O extends { readonly kind: "list" }
        ? readonly string[]
        : O extends { readonly kind: "size" }
          ? PixelSize
          : O extends { readonly kind: "space" }
            ? Space
            : string;

/** What a command gets for an option that was given. */
export type OptionValue<O> = PlainValue<O> | WordOf<O>;

/** What a command gets: a value for every option that was given or has a default. */
export type OptionValues<O> = {
  readonly [Name in keyof O]:
    | OptionValue<O[Name]>
    | (O[Name] extends { readonly kind: "flag" } | { readonly default: unknown } ? never : undefined);
};

type Written<O> = O extends { readonly kind: "duration" }
  ? string
  : O extends { readonly kind: "size" }
    ? number | string
    : O extends { readonly kind: "space"; readonly of: infer Of }
      ? WrittenSpace<Of, O extends { readonly ranges: true } ? WrittenRange : never>
      : PlainValue<O>;

/** Default of the scale: "linear". */
interface WrittenRange {
  readonly min: number;
  readonly max: number;
  readonly scale?: "linear" | "log" | undefined;
}

type WrittenSpace<Of, Range> = {
  readonly [Name in keyof Of]?:
    | readonly (Written<Of[Name]> | WordOf<Of[Name]>)[]
    | (Of[Name] extends { readonly kind: "integer" | "number" } ? Range : never)
    | undefined;
};

/** What the config file may hold. */
export type WrittenOptions<O> = { readonly [Name in keyof O]?: Written<O[Name]> | WordOf<O[Name]> | undefined };

/** The words of a command as the config file holds them. */
export type WrittenArguments<A extends readonly Argument[]> = {
  readonly [Entry in A[number] as Entry["name"]]?:
    | (Entry extends { readonly rest: true } ? readonly string[] : PlainValue<Entry>)
    | undefined;
};
