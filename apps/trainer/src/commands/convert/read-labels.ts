import { existsSync } from "node:fs";
import { readFileWhole } from "@featuremap/files";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";

/**
 * Names of classes: those in a file, one a line or as a JSON list, or with commas between.
 *
 * @param given a path, or the names
 * @throws {FormatError} the file holds no list of names.
 * @throws {InvalidConfigError} a name is empty.
 */
export async function readLabels(given: string): Promise<readonly string[]> {
  if (!existsSync(given)) return checked(given.split(",").map((name) => name.trim()));
  const text = new TextDecoder().decode(await readFileWhole(given)).trim();
  if (!text.startsWith("[")) return checked(text.split(/\r?\n/).map((line) => line.trim()));
  const list = parse(text);
  if (Array.isArray(list) && list.every((name) => typeof name === "string")) return checked(list);
  throw new FormatError(given, "labels", "a JSON list of texts, or one a line", text.slice(0, 40));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked(names: readonly string[]): readonly string[] {
  if (names.length > 0 && names.every((name) => name !== "")) return names;
  throw new InvalidConfigError("convert", "--labels", "names with commas between, or a file of them", names.join(","));
}
