import { type LoadBundleOptions, type ModelBundle, loadBundle } from "@featuremap/formats";
import { asFileFault } from "./as-file-fault.ts";
import { explainFormat } from "./explain-format.ts";

/**
 * Reads a bundle with every check. It needs no device: the weights stay on the host until the model first runs.
 *
 * @param location folder, `model.json` or http address
 * @throws {InvalidConfigError} the location is an address that cannot be read.
 * @throws {UnavailableError} no bundle is there, or a model of another format, which the message says how to convert.
 * @throws {FormatError} it is damaged, or its network cannot be built.
 * @throws {AbortedError} the signal was aborted.
 */
export async function readBundle(location: string, options: LoadBundleOptions = {}): Promise<ModelBundle> {
  try {
    return await asFileFault(location, () => loadBundle(location, options));
  } catch (error) {
    throw await explainFormat(location, error);
  }
}
