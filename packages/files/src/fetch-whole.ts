import { FeaturemapError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { type ReadOptions, checkReadOptions, checkSize, throwIfAborted } from "./read-options.ts";

/** How to read over HTTP. */
export interface FetchOptions extends ReadOptions {
  /** Seconds without a byte after which the server is given up. Default: 30. */
  readonly patience?: number | undefined;
}

/**
 * Reads a whole file over HTTP that is not longer than the limit, whatever its server declares or sends.
 *
 * Errors name the address without its query and password, which may hold what others must not read.
 *
 * @throws {InvalidConfigError} the address is not one of http or https, or an option is unknown or not what it may be.
 * @throws {UnavailableError} the server cannot be reached, refuses, breaks off or falls silent.
 * @throws {FormatError} the file is longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function fetchWhole(address: string | URL, options: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  checkReadOptions("fetchWhole", options, { patience: true });
  const { patience = 30, ...readOptions } = options;
  const { signal } = readOptions;
  if (!(patience > 0)) throw new InvalidConfigError("fetchWhole", "patience", "seconds above 0", patience);
  const source = nameOfAddress(address);
  throwIfAborted(source, signal);
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSilent = false;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isSilent = true;
      controller.abort();
    }, patience * 1000);
  };
  try {
    wait();
    // Files that belong together change together: a cached one is used only after the server confirmed it.
    const response = await fetch(address, { cache: "no-cache", signal: controller.signal });
    if (!response.ok) {
      throw new UnavailableError(`${source} answered with status ${response.status}`, "Check the address.");
    }
    return await readBody(response, source, readOptions, wait);
  } catch (cause) {
    throwIfAborted(source, signal);
    if (cause instanceof FeaturemapError) throw cause;
    const [fault, remedy] = isSilent
      ? [`${source} sent nothing for ${patience} seconds`, "Check the network, or try again."]
      : [`Cannot fetch ${source}`, "Check the address, the network, and that the server allows this origin."];
    throw new UnavailableError(fault, remedy, { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    // Ends what was not read to its end.
    controller.abort();
  }
}

/**
 * An address without its query and password, for messages.
 *
 * @throws {InvalidConfigError} it is not one of http or https.
 */
export function nameOfAddress(address: string | URL): string {
  const isAddress = (typeof address === "string" || address instanceof URL) && URL.canParse(address);
  const url = isAddress ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidConfigError("fetchWhole", "address", "an address that starts with http: or https:", address);
  }
  return url.origin + url.pathname;
}

async function readBody(
  response: Response,
  source: string,
  options: ReadOptions,
  onBytes: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const { onProgress } = options;
  const total = declaredLength(response.headers);
  checkSize(source, total ?? 0, options);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  onProgress?.(0, total);
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    onBytes();
    chunks.push(value);
    loaded += value.length;
    checkSize(source, loaded, options);
    onProgress?.(loaded, total === undefined || loaded > total ? undefined : total);
  }
  return join(chunks, loaded);
}

/** Sized by what arrived, not by what the header promised. From the end, so that what was copied need not be kept. */
function join(chunks: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let end = length;
  for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
    end -= chunk.length;
    bytes.set(chunk, end);
  }
  return bytes;
}

/** Length of the body as it is read; a compressed body's header counts other bytes than those. */
function declaredLength(headers: Headers): number | undefined {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const encoding = headers.get("content-encoding") ?? "identity";
  return encoding === "identity" && Number.isSafeInteger(length) ? length : undefined;
}
