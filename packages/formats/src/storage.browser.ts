import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import type { BundleReader } from "./bundle-reader.ts";
import { readFromAddress } from "./fetch-reader.ts";
import type { BundleContent } from "./bundle-content.ts";

/**
 * Opens an address, relative ones against the page or worker.
 *
 * @throws {InvalidConfigError} the text is no address.
 */
export function openLocation(location: string | URL): Promise<BundleReader> {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (!URL.canParse(location, base)) {
    return Promise.reject(new InvalidConfigError("loadBundle", "location", "an address", location));
  }
  return Promise.resolve(readFromAddress(new URL(location, base)));
}

/** @throws {UnavailableError} always: a page has no folders. */
export function writeFolder(directory: string, _content: BundleContent): Promise<void> {
  return Promise.reject(
    new UnavailableError(`A page cannot write the folder ${directory}`, "Offer the files of encodeBundle() instead."),
  );
}
