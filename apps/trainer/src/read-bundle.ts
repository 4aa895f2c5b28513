import { existsSync } from "node:fs";
import { join } from "node:path";
import { type LoadBundleOptions, type ModelBundle, loadBundle } from "@featuremap/formats";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";

/**
 * Reads a bundle with every check. It needs no device: the weights stay on the host until the model first runs.
 *
 * @param location folder, also one of a run that `train` wrote, `model.json` or http address
 * @throws {InvalidConfigError} the location is an address that cannot be read.
 * @throws {UnavailableError} no bundle is there.
 * @throws {FormatError} it is damaged, or its network cannot be built.
 * @throws {AbortedError} the signal was aborted.
 */
export async function readBundle(location: string, options: LoadBundleOptions = {}): Promise<ModelBundle> {
  try {
    return await loadBundle(bundlePath(location), options);
  } catch (error) {
    // What is wrong is the file's content, not what the user asked for.
    if (error instanceof InvalidConfigError && error.option !== "location") {
      throw new FormatError(location, "the model", "a network that can be built", error.message);
    }
    throw error;
  }
}

/** Where the bundle is: in the folder itself, or in `model/`, where `train` puts that of its run. */
export function bundlePath(location: string): string {
  const inRun = join(location, "model");
  const isRun = !existsSync(join(location, "model.json")) && existsSync(join(inRun, "model.json"));
  return isRun ? inRun : location;
}
