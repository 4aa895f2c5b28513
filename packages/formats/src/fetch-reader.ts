import { UnavailableError } from "@featuremap/tensor";
import { type BundleReader, type ReadOptions, throwIfAborted } from "./bundle-reader.ts";
import { documentName } from "./model-document.ts";

/**
 * Reads over HTTP.
 *
 * @param address the bundle's `model.json`, or its folder
 */
export function readFromAddress(address: URL): BundleReader {
  const document = new URL(address);
  if (!document.pathname.endsWith(".json")) {
    document.pathname = `${document.pathname.replace(/\/$/, "")}/${documentName}`;
  }
  const locate = (file: string): URL => (file === documentName ? document : new URL(file, document));
  return {
    describe: (file) => locate(file).href,
    read: (file, options) => fetchBytes(locate(file), options),
  };
}

async function fetchBytes(address: URL, { signal, onProgress }: ReadOptions): Promise<Uint8Array> {
  throwIfAborted(signal);
  try {
    // Both files of a bundle change together: a cached one is used only after the server confirmed it.
    const response = await fetch(address, { cache: "no-cache", ...(signal && { signal }) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new UnavailableError(`${address.href} answered with status ${response.status}`, "Check the address.");
    }
    return await readBody(response, onProgress);
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof UnavailableError) throw error;
    const remedy = "Check the address, the network, and that the server allows this origin.";
    throw new UnavailableError(`Cannot fetch ${address.href}`, remedy, { cause: error });
  }
}

async function readBody(response: Response, onProgress: ReadOptions["onProgress"]): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const total = declaredLength(response.headers);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  onProgress?.(0, total);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    onProgress?.(loaded, total === undefined || loaded > total ? undefined : total);
  }
  // Sized by what arrived, not by what the header promised.
  const bytes = new Uint8Array(loaded);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Length of the body as it is read; a compressed body's header counts other bytes than those. */
function declaredLength(headers: Headers): number | undefined {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const encoding = headers.get("content-encoding") ?? "identity";
  return encoding === "identity" && Number.isSafeInteger(length) ? length : undefined;
}
