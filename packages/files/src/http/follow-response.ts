import { FeaturemapError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { RateWatch } from "./rate-watch.ts";
import { type ReadOptions, throwIfAborted } from "../read/read-options.ts";
import { codeOf } from "../system-error.ts";

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

/** What is asked of a server, and on whose behalf. */
export interface FetchRequest extends FetchOptions {
  /** For errors: `fetchWhole`. */
  readonly owner: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks a server, and gives it up where it falls silent or sends too slowly while its answer is read.
 *
 * @param read takes the answer, whatever its status; `arrived` hears of every byte
 * @throws {InvalidConfigError} the address is not one of http or https, or an option is not what it may be.
 * @throws {UnavailableError} the server cannot be reached, breaks off, falls silent or sends too slowly.
 * @throws {AbortedError} the signal was raised.
 */
export async function followResponse<Result>(
  address: string | URL,
  { owner, headers = {}, patience = 30, leastRate = 128, signal }: FetchRequest,
  read: (response: Response, source: string, arrived: (bytes: number) => void) => Promise<Result>,
): Promise<Result> {
  if (!(patience > 0)) throw new InvalidConfigError(owner, "patience", "a number of seconds above 0", patience);
  if (!(leastRate >= 0)) throw new InvalidConfigError(owner, "leastRate", "bytes per second, 0 or more", leastRate);
  const source = checkAddress(owner, address);
  throwIfAborted(source, signal);
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  let fault: [what: string, remedy: string] | undefined;
  const watch = new RateWatch(owner, { patience, leastRate }, (found, remedy) => {
    fault = [`${source} ${found}`, `Check the network and try again. ${remedy}`];
    controller.abort();
  });
  try {
    // Files that belong together change together: a cached one is used only after the server confirmed it.
    const response = await fetch(address, { cache: "no-cache", headers, signal: controller.signal });
    return await read(response, source, (bytes) => watch.arrived(bytes));
  } catch (cause) {
    throwIfAborted(source, signal);
    if (cause instanceof FeaturemapError) throw cause;
    const [what, remedy] = fault ?? unreached(source, cause);
    throw new UnavailableError(what, remedy, { cause });
  } finally {
    watch.end();
    signal?.removeEventListener("abort", stop);
    // Ends what was not read to its end.
    controller.abort();
  }
}

/** What is said of an address to which no connection comes about. */
function unreached(source: string, cause: unknown): [what: string, remedy: string] {
  // A page or its worker hears nothing of the reason, and a server has to let other sites read from it.
  if ("location" in globalThis) {
    return [`Cannot fetch ${source}`, "Check the address, the network, and that the server allows this origin."];
  }
  const reason = codeOf(cause instanceof Error ? cause.cause : undefined);
  return [`Cannot fetch ${source}${reason === "" ? "" : `: ${reason}`}`, "Check the address and the network."];
}

/** The error of a server that refuses. */
export function refused(source: string, { status }: Response): UnavailableError {
  return new UnavailableError(`${source} answered with status ${status}`, "Check the address.");
}

/** Length of the body as it is read; a compressed body's header counts other bytes than those. */
export function declaredLength(headers: Headers): number | undefined {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const encoding = headers.get("content-encoding") ?? "identity";
  return encoding === "identity" && Number.isSafeInteger(length) ? length : undefined;
}

/**
 * An address without its query and password, for messages.
 *
 * @throws {InvalidConfigError} it is not one of http or https.
 */
export function nameOfAddress(address: string | URL): string {
  return checkAddress("fetchWhole", address);
}

/** {@link nameOfAddress} in the name of another function. */
export function checkAddress(owner: string, address: string | URL): string {
  const isAddress = (typeof address === "string" || address instanceof URL) && URL.canParse(address);
  const url = isAddress ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidConfigError(owner, "address", "an address that starts with http: or https:", address);
  }
  return url.origin + url.pathname;
}
