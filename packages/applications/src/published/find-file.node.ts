import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder, cachedDownload } from "@featuremap/files";
import { InvalidConfigError } from "@featuremap/tensor";
import { checkHdf5 } from "./check-hdf5.ts";
import type { PublishedFile } from "./published-file.ts";
import type { PublishedOptions } from "./published-options.ts";

/** Bytes: more than the longest file has, and less than what fills a disk. */
const limit = 2 ** 31;

/** A published file on the disk: downloaded before, by Keras or here, or now. */
export async function findFile(
  owner: string,
  { path, name, hash }: PublishedFile,
  { mirror, cacheDirectory, signal, onProgress }: PublishedOptions,
): Promise<string> {
  const origin = String(mirror ?? (process.env["FEATUREMAP_KERAS_MIRROR"] || "https://storage.googleapis.com"));
  const address = `${origin.replace(/\/$/, "")}/${path}`;
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new InvalidConfigError(owner, "mirror", "an address that starts with http: or https:", origin);
  }
  return cachedDownload(address, {
    ...(hash?.length === 32 ? { md5: hash } : { sha256: hash ?? null }),
    directory: cacheDirectory ?? join(cacheFolder(), "downloads", "keras"),
    name,
    alsoAt: [join(process.env["KERAS_HOME"] || join(homedir(), ".keras"), "models", name)],
    check: name.endsWith(".h5") ? checkHdf5 : undefined,
    limit,
    signal,
    onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
  });
}
