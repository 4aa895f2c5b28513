import { InvalidConfigError } from "@featuremap/tensor";
import { readFromAddress } from "./address-reader.ts";
import type { ModelReader } from "./model-reader.ts";

/**
 * Opens an address, relative ones against the page or worker.
 *
 * @throws {InvalidConfigError} the text is not an address.
 */
export function openLocation(location: string | URL): Promise<ModelReader> {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const address = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    const expected = "an address that starts with http: or https:, or one relative to the page";
    return Promise.reject(new InvalidConfigError("bundle", "location", expected, String(location)));
  }
  return Promise.resolve(readFromAddress(address));
}
