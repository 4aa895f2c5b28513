import type { IntegerOption, NumberOption, PixelSize, PlainOption } from "./option.ts";

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const duration = /^(?:(\d{1,9}(?:\.\d{1,9})?)h)?(?:(\d{1,9}(?:\.\d{1,9})?)m)?(?:(\d{1,9}(?:\.\d{1,9})?)s)?$/;
const size = /^(\d{1,6})(?:x(\d{1,6}))?$/;
/** Pixels of a picture at most: whoever opens a saved model takes no more. */
const mostPixels = 2 ** 22;
const secondsAnHour = 3600;
const secondsAMinute = 60;

/**
 * An option's value from text: of the command line or of the environment.
 *
 * @returns undefined for text that the option cannot have
 */
export function plainFromText(option: PlainOption, text: string): unknown {
  switch (option.kind) {
    case "integer":
    case "number":
      if (option.words?.includes(text) === true) return text;
      // Nobody who types -0 means another zero than 0.
      return isNumber(text) ? inRange(option, Number(text) || 0) : undefined;
    case "flag":
      if (text === "true" || text === "1") return true;
      return text === "false" || text === "0" ? false : undefined;
    case "list":
      return plainFromFile(option, text.split(","));
    case "size":
      return option.words?.includes(text) === true ? text : sizeOf(text);
    default:
      return plainFromFile(option, text);
  }
}

/**
 * An option's value from what the config file holds, where numbers are numbers.
 *
 * @returns undefined for what the option cannot be
 */
export function plainFromFile(option: PlainOption, value: unknown): unknown {
  const words = "words" in option ? option.words : undefined;
  if (typeof value === "string" && words?.includes(value)) return value;
  switch (option.kind) {
    case "integer":
    case "number":
      return typeof value === "number" ? inRange(option, value) : undefined;
    case "text":
      return typeof value === "string" && value !== "" ? value : undefined;
    case "choice":
      return option.choices.find((choice) => choice === value);
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "list":
      return isList(value, option.choices) ? value : undefined;
    case "duration":
      return typeof value === "string" ? secondsOf(value) : undefined;
    default:
      return typeof value === "string" || typeof value === "number" ? sizeOf(String(value)) : undefined;
  }
}

/** Whether text is a number as an option has it; JavaScript takes "0x10" and " 3 " for numbers, too. */
export function isNumber(text: string): boolean {
  return number.test(text);
}

/** What an option must be, after "must be": "an integer of at least 1, or auto". */
export function expectedPlain(option: PlainOption): string {
  switch (option.kind) {
    case "integer":
      return orWords(`an integer ${integerRange(option)}`, option.words);
    case "number":
      return orWords(`a number ${numberRange(option)}`.trimEnd(), option.words);
    case "text":
      return "text that is not empty";
    case "choice":
      return `one of ${option.choices.join(", ")}`;
    case "flag":
      return "true or false";
    case "list":
      return option.choices === undefined
        ? "a list of texts, none empty and none with a comma"
        : `a list of some of ${option.choices.join(", ")}`;
    case "duration":
      return "a time of at least 1 second, as 90s, 10m or 1h30m";
    default:
      return orWords(`a size in pixels, as 64 or 64x48 (across, down), ${mostPixels} of them at most`, option.words);
  }
}

/** What stands for an option's value in texts. */
export function placeholderOfPlain(option: PlainOption): string {
  if (option.placeholder !== undefined) return option.placeholder;
  if (option.kind === "integer") return option.words === undefined ? "n" : `n|${option.words.join("|")}`;
  if (option.kind === "number") return option.words === undefined ? "x" : `x|${option.words.join("|")}`;
  return { text: "text", choice: "name", flag: "", list: "names", duration: "time", size: "pixels" }[option.kind];
}

/** A value as it would be typed: what {@link plainFromText} makes the same value of. */
export function textOfPlain(option: PlainOption, value: unknown): string {
  if (option.kind === "duration" && typeof value === "number") return durationText(value);
  if (option.kind === "size" && isSize(value)) return sizeText(value);
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** A value as the config file holds it: what {@link plainFromFile} makes the same value of. */
export function writtenPlain(option: PlainOption, value: unknown): unknown {
  return option.kind === "duration" || option.kind === "size" ? textOfPlain(option, value) : value;
}

function inRange(option: IntegerOption | NumberOption, value: number): number | undefined {
  if (option.kind === "integer") {
    const { minimum, maximum = Number.MAX_SAFE_INTEGER } = option;
    return Number.isInteger(value) && value >= minimum && value <= maximum ? value : undefined;
  }
  const { above = -Infinity, minimum = -Infinity, below = Infinity, maximum = Infinity } = option;
  return value > above && value >= minimum && value < below && value <= maximum ? value : undefined;
}

function integerRange({ minimum, maximum }: IntegerOption): string {
  return maximum === undefined ? `of at least ${minimum}` : `in [${minimum}, ${maximum}]`;
}

function numberRange({ above, minimum, below, maximum }: NumberOption): string {
  const lower = above ?? minimum;
  const upper = below ?? maximum;
  if (lower !== undefined && upper !== undefined) {
    return `in ${above === undefined ? "[" : "("}${lower}, ${upper}${below === undefined ? "]" : ")"}`;
  }
  if (lower !== undefined) return above === undefined ? `of at least ${lower}` : `above ${lower}`;
  if (upper !== undefined) return below === undefined ? `of at most ${upper}` : `below ${upper}`;
  return "";
}

function orWords(what: string, words: readonly string[] = []): string {
  return words.length === 0 ? what : `${what}, or ${words.join(" or ")}`;
}

function isList(value: unknown, choices: readonly string[] | undefined): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every(
    (entry) => typeof entry === "string" && entry !== "" && !entry.includes(",") && (choices?.includes(entry) ?? true),
  );
}

function secondsOf(text: string): number | undefined {
  const [, hours = "0", minutes = "0", seconds = "0"] = duration.exec(text) ?? [];
  const total = Number(hours) * secondsAnHour + Number(minutes) * secondsAMinute + Number(seconds);
  return Number.isFinite(total) && total >= 1 ? total : undefined;
}

function durationText(seconds: number): string {
  if (!Number.isSafeInteger(seconds)) return `${seconds}s`;
  const hours = Math.floor(seconds / secondsAnHour);
  const minutes = Math.floor(seconds / secondsAMinute) % 60;
  const rest = seconds % 60;
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest > 0 ? `${rest}s` : ""}`;
}

function sizeOf(text: string): PixelSize | undefined {
  const [, across, down] = size.exec(text) ?? [];
  if (across === undefined) return undefined;
  const [width, height] = [Number(across), Number(down ?? across)];
  return width > 0 && height > 0 && width * height <= mostPixels ? { width, height } : undefined;
}

function sizeText({ width, height }: PixelSize): string {
  return width === height ? `${width}` : `${width}x${height}`;
}

function isSize(value: unknown): value is PixelSize {
  return typeof value === "object" && value !== null && "width" in value && "height" in value;
}
