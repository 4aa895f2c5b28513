import { type ReadOptions, fetchWhole, nameOfAddress } from "@featuremap/files";
import { type ByteSource, bytesSource } from "./byte-source.ts";
import { type ModelReader, documentName } from "./model-reader.ts";

/** Bytes that are loaded from addresses where no limit is given. */
export const mostLoaded: number = 2 ** 31 - 1;

/**
 * Reads over HTTP.
 *
 * The query of the address, which may be a key, goes along to the files beside the document: they are of the same origin.
 *
 * @param address a model's `model.json`, its folder, or a file of weights alone
 */
export function readFromAddress(address: URL): ModelReader {
  const document = new URL(address);
  if (!/\.(json|safetensors)$/.test(document.pathname)) {
    document.pathname = `${document.pathname.replace(/\/$/, "")}/${documentName}`;
  }
  const locate = (file: string): URL => (file === documentName ? document : besideAddress(document, file));
  return {
    describe: (file) => nameOfAddress(locate(file)),
    read: (file, options) => fetchWhole(locate(file), options),
    open: (file, options) => openAddress(locate(file), options),
  };
}

/** The address of a file in the same folder, with the query where the origin is the same. */
export function besideAddress(document: URL, file: string): URL {
  const place = new URL(file, document);
  if (place.origin === document.origin) place.search = document.search;
  return place;
}

/** One file over HTTP, in memory whole; without a limit at most 2 GiB less one. @throws as `fetchWhole`. */
export async function openAddress(address: URL, options: ReadOptions): Promise<ByteSource> {
  const { limit = mostLoaded } = options;
  return bytesSource(await fetchWhole(address, { ...options, limit }), nameOfAddress(address));
}
