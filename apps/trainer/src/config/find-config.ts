import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../terminal/exit-codes.ts";

/** What the config file may be called, in the folder where the command runs. */
export const configNames: readonly string[] = ["ts", "mts", "js", "mjs", "json", "yaml", "yml"].map(
  (extension) => `featuremap.config.${extension}`,
);

/**
 * The config file of a folder, as its name.
 *
 * @throws {UsageError} There are two, and nothing says which is meant.
 */
export async function findConfig(folder: string): Promise<string | undefined> {
  const there = await Promise.all(configNames.map((name) => isFile(join(folder, name))));
  const [first, second] = configNames.filter((_, index) => there[index]);
  if (second === undefined) return first;
  throw new UsageError(`There are ${first} and ${second}. Keep one, or name one with --config.`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
