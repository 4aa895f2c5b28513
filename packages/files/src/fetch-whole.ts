import { FeaturemapError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { RateWatch } from "./rate-watch.ts";
import { type ReadOptions, checkReadOptions, checkSize, throwIfAborted } from "./read-options.ts";

/** How to read over HTTP. */
export interface FetchOptions extends ReadOptions {
  /** Seconds without a byte after which the server is given up. Default: 30. */
  readonly patience?: number | undefined;
  /**
   * Bytes a second, over every `patience` seconds, below which the server is given up too. Default: 128, an eighth of
   * what a bad mobile link carries.
   */
  readonly leastRate?: number | undefined;
}

/**
 * Reads a whole file over HTTP that is not longer than the limit, whatever its server declares or sends.
 *
 * Errors name the address without its query and password, which may hold what others must not read.
 *
 * @throws {InvalidConfigError} the address is not one of http or https, or an option is unknown or not what it may be.
 * @throws {UnavailableError} the server cannot be reached, refuses, breaks off, falls silent or sends too slowly.
 * @throws {FormatError} the file is longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function fetchWhole(address: string | URL, options: FetchOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  checkReadOptions("fetchWhole", options, { patience: true, leastRate: true });
  const { patience = 30, leastRate = 128, ...readOptions } = options;
  const { signal } = readOptions;
  if (!(patience > 0)) throw new InvalidConfigError("fetchWhole", "patience", "seconds above 0", patience);
  if (!(leastRate >= 0))
    throw new InvalidConfigError("fetchWhole", "leastRate", "bytes a second, 0 or more", leastRate);
  const source = nameOfAddress(address);
  throwIfAborted(source, signal);
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  let fault: [what: string, remedy: string] | undefined;
  const watch = new RateWatch(patience, leastRate, (found, remedy) => {
    fault = [`${source} ${found}`, `Check the network and try again. ${remedy}`];
    controller.abort();
  });
  try {
    // Files that belong together change together: a cached one is used only after the server confirmed it.
    const response = await fetch(address, { cache: "no-cache", signal: controller.signal });
    if (!response.ok) {
      throw new UnavailableError(`${source} answered with status ${response.status}`, "Check the address.");
    }
    return await readBody(response, source, readOptions, (bytes) => watch.arrived(bytes));
  } catch (cause) {
    throwIfAborted(source, signal);
    if (cause instanceof FeaturemapError) throw cause;
    const [what, remedy] = fault ?? [
      `Cannot fetch ${source}`,
      "Check the address, the network, and that the server allows this origin.",
    ];
    throw new UnavailableError(what, remedy, { cause });
  } finally {
    watch.end();
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
  onBytes: (count: number) => void,
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
    onBytes(value.length);
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
