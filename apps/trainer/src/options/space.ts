import { nearestName } from "@featuremap/tensor";
import { didYouMean, flagName } from "./names.ts";
import type { PlainOption, Space, SpaceEntry, SpaceOption, SpaceRange } from "./option.ts";
import { expectedPlain, plainFromFile, plainFromText, textOfPlain, writtenPlain } from "./read-plain-value.ts";

/** What is wrong with a value. */
export interface Fault {
  /** Which part of it, as a name; absent for all of it. */
  readonly part?: string;
  /** What it must be. */
  readonly expected: string;
  readonly received: unknown;
}

type Read = { readonly space: Space } | Fault;
type ReadEntry = { readonly entry: SpaceEntry } | Fault;

const range = /^(.+?)\.\.(.+?)(?::(log|linear))?$/;

/** Whether a space was read, and nothing is wrong. */
export function isSpace(read: Read): read is { readonly space: Space } {
  return "space" in read;
}

/** Reads "learningRate=0.01,0.05 model=small,resnet"; options by their keys or as flags are written. */
export function spaceFromText(option: SpaceOption, text: string): Read {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  return readAll(
    option,
    parts.map((part) => {
      const end = part.indexOf("=");
      return end < 0 ? ([part, ""] as const) : ([part.slice(0, end), part.slice(end + 1)] as const);
    }),
    (of, values) => entryFromText(option, of, values),
  );
}

/** Reads what the config file holds: an object of lists, or of ranges. */
export function spaceFromFile(option: SpaceOption, value: unknown): Read {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { expected: expectedSpace(option), received: value };
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return readAll(option, entries, (of, written) => entryFromFile(option, of, written));
}

export function expectedSpace({ ranges = false }: SpaceOption): string {
  return `values of options, as learningRate=0.01,0.05${ranges ? " or learningRate=1e-4..1e-1:log" : ""}`;
}

/** As it would be typed. */
export function spaceText({ of }: SpaceOption, space: unknown): string {
  return entriesOf(space)
    .map(([key, entry]) => {
      const option = of[key];
      const texts = isRange(entry)
        ? `${entry.min}..${entry.max}${entry.scale === "log" ? ":log" : ""}`
        : entry.map((value) => (option === undefined ? String(value) : textOfPlain(option, value))).join(",");
      return `${key}=${texts}`;
    })
    .join(" ");
}

/** As the config file holds it. */
export function writtenSpace({ of }: SpaceOption, space: unknown): unknown {
  return Object.fromEntries(
    entriesOf(space).map(([key, entry]) => {
      const option = of[key];
      const written = isRange(entry) || option === undefined ? entry : entry.map((each) => writtenPlain(option, each));
      return [key, written];
    }),
  );
}

/** Whether an entry is a range rather than a list of values. */
export function isRange(entry: SpaceEntry): entry is SpaceRange {
  return !Array.isArray(entry);
}

function entriesOf(space: unknown): [string, SpaceEntry][] {
  return Object.entries((space ?? {}) as Space);
}

function readAll<Given>(
  option: SpaceOption,
  given: readonly (readonly [name: string, given: Given])[],
  read: (of: PlainOption, given: Given) => ReadEntry,
): Read {
  const space: Record<string, SpaceEntry> = {};
  if (given.length === 0) return { expected: expectedSpace(option), received: "" };
  for (const [name, values] of given) {
    const key = Object.keys(option.of).find((each) => each === name || flagName(each) === name);
    const of = key === undefined ? undefined : option.of[key];
    if (key === undefined || of === undefined) return unknownName(option, name);
    if (space[key] !== undefined) return { part: key, expected: "given once", received: name };
    const found = read(of, values);
    if (!("entry" in found)) return { part: key, ...found };
    space[key] = found.entry;
  }
  return { space };
}

function unknownName({ of }: SpaceOption, name: string): Fault {
  const known = Object.keys(of);
  const near = didYouMean(nearestName(name, [...known, ...known.map(flagName)]));
  return { expected: `values of options that can be tried (${known.join(", ")})${near}`, received: name };
}

function entryFromText(option: SpaceOption, of: PlainOption, text: string): ReadEntry {
  const [, min, max, scale] = range.exec(text) ?? [];
  if (min !== undefined && isNumber(of)) {
    return checkedRange(option, of, { min: plainFromText(of, min), max: plainFromText(of, max ?? ""), scale }, text);
  }
  const texts = text.split(",");
  return checkedList(
    of,
    texts.map((each) => plainFromText(of, each)),
    texts,
  );
}

function entryFromFile(option: SpaceOption, of: PlainOption, written: unknown): ReadEntry {
  if (Array.isArray(written)) {
    const values = [...written] as unknown[];
    return checkedList(
      of,
      values.map((each) => plainFromFile(of, each)),
      values,
    );
  }
  if (typeof written !== "object" || written === null) {
    const expected = option.ranges === true ? "a list of values, or a range { min, max, scale }" : "a list of values";
    return { expected, received: written };
  }
  const stray = Object.keys(written).find((key) => !["min", "max", "scale"].includes(key));
  if (stray !== undefined) return { expected: "a range of min, max and scale", received: stray };
  const { min, max, scale } = written as Readonly<Record<string, unknown>>;
  return checkedRange(option, of, { min: plainFromFile(of, min), max: plainFromFile(of, max), scale }, written);
}

function checkedList(of: PlainOption, values: readonly unknown[], given: readonly unknown[]): ReadEntry {
  const wrong = values.indexOf(undefined);
  if (wrong >= 0 || values.length === 0) return { expected: expectedPlain(of), received: given[wrong] ?? "" };
  const texts = values.map((value) => textOfPlain(of, value));
  const twice = texts.find((text, index) => texts.indexOf(text) < index);
  return twice === undefined ? { entry: values } : { expected: "values that differ", received: given };
}

function checkedRange(
  { ranges = false }: SpaceOption,
  of: PlainOption,
  { min, max, scale = "linear" }: Readonly<Record<string, unknown>>,
  received: unknown,
): ReadEntry {
  if (!ranges) return { expected: "a list of values (a range is for random draws)", received };
  if (!isNumber(of)) return { expected: `a list of values, each ${expectedPlain(of)}`, received };
  if (scale !== "linear" && scale !== "log") return { expected: 'a range whose scale is "linear" or "log"', received };
  if (typeof min !== "number" || typeof max !== "number") {
    return { expected: `a range, each end ${expectedPlain({ ...of, words: [] })}`, received };
  }
  if (!(min < max)) return { expected: "a range whose first end is below its second", received };
  if (scale === "log" && min <= 0) return { expected: "a range above 0, for its scale is log", received };
  return { entry: { min, max, scale } };
}

function isNumber(option: PlainOption): option is Extract<PlainOption, { readonly kind: "integer" | "number" }> {
  return option.kind === "integer" || option.kind === "number";
}
