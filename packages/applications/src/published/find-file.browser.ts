import { fetchWhole, nameOfAddress } from "@featuremap/files";
import { FormatError, InvalidConfigError, UnavailableError, shorten } from "@featuremap/tensor";
import { checkHdf5 } from "./check-hdf5.ts";
import type { PublishedFile } from "./published-file.ts";
import type { PublishedOptions } from "./published-options.ts";

/** Bytes: more than the longest file has. */
const limit = 2 ** 31;

/**
 * A published file's bytes. No hash is compared: pages have no MD5, and what reads the file checks each weight's shape, while HTTPS
 * keeps others from changing it on its way.
 */
export async function findFile(
  owner: string,
  { path, name }: PublishedFile,
  { mirror, signal, onProgress }: PublishedOptions,
): Promise<Uint8Array> {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const given = `${String(mirror ?? "https://storage.googleapis.com").replace(/\/$/, "")}/${path}`;
  if (!URL.canParse(given, base)) throw new InvalidConfigError(owner, "mirror", "an address", mirror);
  const address = new URL(given, base);
  try {
    const bytes = await fetchWhole(address, {
      limit,
      signal,
      onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
    });
    const file = { size: bytes.length, read: (begin: number, end: number) => Promise.resolve(bytes.slice(begin, end)) };
    const wrong = name.endsWith(".h5") ? await checkHdf5(file) : undefined;
    if (wrong === undefined) return bytes;
    throw new FormatError(nameOfAddress(address), "the file", wrong.expected, wrong.found);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const reason = shorten(error.message.replaceAll(/\s+/g, " "), 300);
    const remedy = `Put ${name} at ${path} of a server that lets this page read, and name that as mirror. The reason: ${reason}`;
    throw new UnavailableError(`Cannot download ${address.href}`, remedy, { cause: error });
  }
}
