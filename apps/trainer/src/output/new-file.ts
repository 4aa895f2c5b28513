import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";

/**
 * The absolute path of a file that is to be written.
 *
 * @param option its flag, for the error
 * @param force whether it may be there already
 * @throws {InvalidConfigError} it is a folder. @throws {UnavailableError} it is there already.
 */
export async function newFile(owner: string, option: string, path: string, force: boolean): Promise<string> {
  const file = resolve(path);
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && !found.isFile()) throw new InvalidConfigError(owner, option, "the path of a file", path);
  if (found === undefined || force) return file;
  throw new UnavailableError(`${file} is there already`, `Give --force to write over it, or another ${option}.`);
}
