import type { Option } from "./option.ts";
import {
  expectedPlain,
  isNumber,
  placeholderOfPlain,
  plainFromFile,
  plainFromText,
  textOfPlain,
  writtenPlain,
} from "./read-plain-value.ts";
import { type Fault, expectedSpace, isSpace, spaceFromFile, spaceFromText, spaceText, writtenSpace } from "./space.ts";

/**
 * An option's value from text: of the command line or of the environment.
 *
 * @returns undefined for text that the option cannot have
 */
export function valueFromText(option: Option, text: string): unknown {
  if (option.kind !== "space") return plainFromText(option, text);
  const read = spaceFromText(option, text);
  return isSpace(read) ? read.space : undefined;
}

/**
 * An option's value from what the config file holds, where numbers are numbers.
 *
 * @returns undefined for what the option cannot be
 */
export function valueFromFile(option: Option, value: unknown): unknown {
  if (option.kind !== "space") return plainFromFile(option, value);
  const read = spaceFromFile(option, value);
  return isSpace(read) ? read.space : undefined;
}

/** What is wrong with text that {@link valueFromText} gives nothing for. */
export function faultOfText(option: Option, text: string): Fault {
  const read = option.kind === "space" ? spaceFromText(option, text) : undefined;
  if (read !== undefined && !isSpace(read)) return read;
  // A number is told as one.
  const received = isNumber(text) && Number.isFinite(Number(text)) ? Number(text) : text;
  return { expected: expectedValue(option), received };
}

/** What is wrong with what {@link valueFromFile} gives nothing for. */
export function faultOfWritten(option: Option, value: unknown): Fault {
  const read = option.kind === "space" ? spaceFromFile(option, value) : undefined;
  return read !== undefined && !isSpace(read) ? read : { expected: expectedValue(option), received: value };
}

/** What an option must be, after "must be": "an integer of at least 1, or auto". */
export function expectedValue(option: Option): string {
  return option.kind === "space" ? expectedSpace(option) : expectedPlain(option);
}

/** What stands for an option's value in texts. */
export function placeholderOf(option: Option): string {
  return option.kind === "space" ? (option.placeholder ?? "name=values") : placeholderOfPlain(option);
}

/** A value as it would be typed: what {@link valueFromText} makes the same value of. */
export function textOfValue(option: Option, value: unknown): string {
  return option.kind === "space" ? spaceText(option, value) : textOfPlain(option, value);
}

/** A value as the config file holds it: what {@link valueFromFile} makes the same value of. */
export function writtenValue(option: Option, value: unknown): unknown {
  return option.kind === "space" ? writtenSpace(option, value) : writtenPlain(option, value);
}
