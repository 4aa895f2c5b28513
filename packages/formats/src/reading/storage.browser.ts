import type { ReadOptions } from "@featuremap/files";
import { InvalidConfigError } from "@featuremap/tensor";
import { besideAddress, openAddress, readFromAddress } from "./address-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import type { ModelReader } from "./model-reader.ts";

/**
 * Opens an address, relative ones against the page or worker.
 *
 * @throws {InvalidConfigError} the text is not an address.
 */
export async function openLocation(location: string | URL): Promise<ModelReader> {
  return readFromAddress(addressOf(location));
}

/** The file at an address, which comes into memory whole; errors as in Node. */
export async function openSource(location: string | URL, options: ReadOptions): Promise<ByteSource> {
  return openAddress(addressOf(location), options);
}

/** Where a file in the same folder is. @throws {InvalidConfigError} the text is not an address. */
export async function besideLocation(location: string | URL, file: string): Promise<URL> {
  return besideAddress(addressOf(location), file);
}

function addressOf(location: string | URL): URL {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const address = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (address !== undefined && /^https?:$/.test(address.protocol)) return address;
  const expected = "an address that starts with http: or https:, or one relative to the page";
  throw new InvalidConfigError("bundle", "location", expected, String(location));
}
