import { type LoadBundleOptions, type ModelBundle, loadBundle } from "@featuremap/formats";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";

/**
 * Reads a bundle with every check. It needs no device: the weights stay on the host until the model first runs.
 *
 * @param location folder, `model.json` or http address
 * @throws {InvalidConfigError} the location is an address that cannot be read.
 * @throws {UnavailableError} no bundle is there.
 * @throws {FormatError} it is damaged, or its network cannot be built.
 * @throws {AbortedError} the signal was aborted.
 */
export async function readBundle(location: string, options: LoadBundleOptions = {}): Promise<ModelBundle> {
  try {
    return await loadBundle(location, options);
  } catch (error) {
    // What is wrong is the file's content, not what the user asked for.
    if (error instanceof InvalidConfigError && error.option !== "location") {
      throw new FormatError(location, "the model", "a network that can be built", error.message);
    }
    throw error;
  }
}
