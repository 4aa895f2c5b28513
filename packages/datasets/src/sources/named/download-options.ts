import type { CachedDownloadOptions } from "@featuremap/files";
import { type OptionNames } from "@featuremap/tensor";

/** How a public data set is downloaded that is not on the disk yet. */
export interface DownloadOptions {
  /** The folder for downloads. Default: `downloads` in the cache folder, which `FEATUREMAP_CACHE` sets. */
  readonly cacheDirectory?: string;
  /** Stops the download; the next one goes on from there. */
  readonly signal?: AbortSignal;
  /** Called as bytes arrive; `total` is undefined while the length is not known. */
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
}

export const downloadNames: OptionNames<DownloadOptions> = { cacheDirectory: true, signal: true, onProgress: true };

/** The same for `cachedDownload`, which checks them. */
export function downloadOptionsOf({
  cacheDirectory,
  signal,
  onProgress,
}: DownloadOptions): Omit<CachedDownloadOptions, "sha256"> {
  return { directory: cacheDirectory, signal, onProgress };
}
