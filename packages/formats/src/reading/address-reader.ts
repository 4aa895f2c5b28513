import { type ReadOptions, fetchWhole, nameOfAddress } from "@featuremap/files";
import { type ByteSource, bytesSource } from "./byte-source.ts";
import { type ModelReader, documentName } from "./model-reader.ts";

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
  const locate = (file: string): URL => {
    if (file === documentName) return document;
    const place = new URL(file, document);
    if (place.origin === document.origin) place.search = document.search;
    return place;
  };
  return {
    describe: (file) => nameOfAddress(locate(file)),
    read: (file, options) => fetchWhole(locate(file), options),
  };
}

/** One file over HTTP, in memory whole. @throws as `fetchWhole`. */
export async function openAddress(address: URL, options: ReadOptions): Promise<ByteSource> {
  return bytesSource(await fetchWhole(address, options), nameOfAddress(address));
}
