import { type LoadBundleOptions, type ModelBundle, loadBundle } from "@featuremap/formats";
import { asFileFault } from "./as-file-fault.ts";

/**
 * Reads a bundle with every check. It needs no device: the weights stay on the host until the model first runs.
 *
 * @param location folder, `model.json` or http address
 * @throws {InvalidConfigError} the location is an address that cannot be read.
 * @throws {UnavailableError} no bundle is there.
 * @throws {FormatError} it is damaged, or its network cannot be built.
 * @throws {AbortedError} the signal was aborted.
 */
export function readBundle(location: string, options: LoadBundleOptions = {}): Promise<ModelBundle> {
  return asFileFault(location, () => loadBundle(location, options));
}
