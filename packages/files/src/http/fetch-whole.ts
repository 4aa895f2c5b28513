import { type FetchOptions, declaredLength, followResponse, refused } from "./follow-response.ts";
import { type ReadOptions, checkReadOptions, checkSize } from "../read/read-options.ts";

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
  const { patience, leastRate, ...readOptions } = options;
  const request = { owner: "fetchWhole", patience, leastRate, signal: options.signal };
  return followResponse(address, request, (response, source, arrived) => {
    if (!response.ok) throw refused(source, response);
    return readBody(response, source, readOptions, arrived);
  });
}

async function readBody(
  response: Response,
  source: string,
  options: ReadOptions,
  arrived: (count: number) => void,
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
    arrived(value.length);
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
