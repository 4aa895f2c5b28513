import type { LoadProgress } from "@featuremap/formats";
import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";

/** How a file that Keras publishes is found. */
export interface PublishedOptions {
  /**
   * What takes the place of `https://storage.googleapis.com` in the addresses of published files: for closed networks, and for pages,
   * which need a server that lets them read. Default: `FEATUREMAP_KERAS_MIRROR` of Node's environment, or Google's storage.
   */
  readonly mirror?: string | URL | undefined;
  /** The folder for downloads. Default: `downloads/keras` in the cache folder, which `FEATUREMAP_CACHE` sets. */
  readonly cacheDirectory?: string | undefined;
  /** Ends the download; the next one goes on from there, where the file has a hash. */
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes arrive. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

export const publishedOptionNames: OptionNames<PublishedOptions> = {
  mirror: true,
  cacheDirectory: true,
  signal: true,
  onProgress: true,
};

/** @throws {InvalidConfigError} an option is not what it may be. */
export function checkPublishedOptions(owner: string, options: PublishedOptions): void {
  const { mirror, cacheDirectory, signal, onProgress } = options;
  if (mirror !== undefined && !(mirror instanceof URL) && (typeof mirror !== "string" || mirror === "")) {
    throw new InvalidConfigError(owner, "mirror", "an address", mirror);
  }
  if (cacheDirectory !== undefined && (typeof cacheDirectory !== "string" || cacheDirectory === "")) {
    throw new InvalidConfigError(owner, "cacheDirectory", "the path of a folder", cacheDirectory);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError(owner, "onProgress", "a function", onProgress);
  }
}
