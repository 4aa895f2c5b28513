import { InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { Theme } from "./theme.ts";

/** What every drawing takes. */
export interface PlotOptions {
  /** Above the drawing. */
  readonly title?: string | undefined;
  /** Pixels, 200 to 4000. Default: 640. The height follows. */
  readonly width?: number | undefined;
  /** Default: `auto`, which follows the reader's system. */
  readonly theme?: Theme | undefined;
}

/** Those, checked. */
export interface DrawingOptions {
  readonly title: string | undefined;
  readonly width: number;
  readonly theme: Theme;
}

export const plotOptions: OptionNames<PlotOptions> = { title: true, width: true, theme: true };

const themes: readonly unknown[] = ["auto", "light", "dark"] satisfies readonly Theme[];
const [leastWidth, mostWidth] = [200, 4000];

/**
 * @param names all options that the drawing takes
 * @throws {InvalidConfigError} an option is unknown, or one that every drawing takes is not what it may be.
 */
export function readPlotOptions(
  owner: string,
  options: PlotOptions,
  names: Readonly<Record<string, true>>,
): DrawingOptions {
  checkOptions(owner, options, names);
  const { title, width = 640, theme = "auto" } = options;
  if (title !== undefined) requireText(owner, "title", title);
  requireNumber(owner, "width", width, leastWidth, mostWidth);
  if (!themes.includes(theme)) throw new InvalidConfigError(owner, "theme", '"auto", "light" or "dark"', theme);
  return { title, width, theme };
}

/** @throws {InvalidConfigError} it is not text. */
export function requireText(owner: string, option: string, value: unknown): asserts value is string {
  if (typeof value !== "string") throw new InvalidConfigError(owner, option, "text", value);
}

/** @throws {InvalidConfigError} it is not a number within the bounds. */
export function requireNumber(owner: string, option: string, value: unknown, least: number, most: number): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  throw new InvalidConfigError(owner, option, `a number from ${least} to ${most}`, value);
}

/** @throws {InvalidConfigError} it is not an integer within the bounds. */
export function requireInteger(owner: string, option: string, value: unknown, least: number, most: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return;
  throw new InvalidConfigError(owner, option, `an integer from ${least} to ${most}`, value);
}

/**
 * A list of numbers or a typed array as it is, for reading.
 *
 * @throws {InvalidConfigError} it is neither, or an entry is not a number.
 */
export function requireNumbers(owner: string, option: string, value: unknown): ArrayLike<number> {
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView) && !isOfBigInts(value);
  const isNumbers = isTyped || (Array.isArray(value) && [...value].every((each) => typeof each === "number"));
  if (!isNumbers) throw new InvalidConfigError(owner, option, "a list of numbers or a typed array", value);
  return value as ArrayLike<number>;
}

function isOfBigInts(view: ArrayBufferView): boolean {
  return view instanceof BigInt64Array || view instanceof BigUint64Array;
}

/** @throws {InvalidConfigError} it is not a list of texts. */
export function requireTexts(owner: string, option: string, value: unknown): readonly string[] {
  if (!(Array.isArray(value) && [...value].every((each) => typeof each === "string"))) {
    throw new InvalidConfigError(owner, option, "a list of strings", value);
  }
  return value as readonly string[];
}

/** @throws {InvalidConfigError} it is not an object of named values. */
export function requireRecord(
  owner: string,
  option: string,
  expected: string,
  value: unknown,
): Record<string, unknown> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
  if (!isRecord) throw new InvalidConfigError(owner, option, expected, value);
  return value as Record<string, unknown>;
}
