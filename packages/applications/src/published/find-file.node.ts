import { join } from "node:path";
import { cacheFolder, cachedDownload, homeFolder } from "@featuremap/files";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
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
  const models = modelsOfKeras();
  return cachedDownload(address, {
    ...(hash?.length === 32 ? { md5: hash } : { sha256: hash ?? null }),
    directory: cacheDirectory ?? usualFolder(models),
    name,
    alsoAt: models === undefined ? [] : [join(models, name)],
    check: name.endsWith(".h5") ? checkHdf5 : undefined,
    limit,
    signal,
    onProgress: (loadedBytes, totalBytes) => onProgress?.({ loadedBytes, totalBytes }),
  });
}

/** Where Keras keeps what it downloads; undefined where the user has no home, and `KERAS_HOME` does not name one. */
function modelsOfKeras(): string | undefined {
  const { KERAS_HOME: chosen } = process.env;
  const home = homeFolder();
  if (chosen) return join(chosen, "models");
  return home === undefined ? undefined : join(home, ".keras", "models");
}

/** In the cache; where there is none, beside what Keras has. */
function usualFolder(models: string | undefined): string {
  try {
    return join(cacheFolder(), "downloads", "keras");
  } catch (error) {
    if (!(error instanceof UnavailableError) || models === undefined) throw error;
    return models;
  }
}
