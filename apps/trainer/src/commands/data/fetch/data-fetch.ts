import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cacheFolder, throwIfAborted } from "@featuremap/files";
import { InvalidConfigError } from "@featuremap/tensor";
import type { PartName } from "../../../data/training-data.ts";
import { findPreset, presetNames } from "../../../data/presets/find-preset.ts";

/** What to download, and where to. */
export interface DataFetchOptions {
  /** Name of a data set. */
  readonly dataset: string;
  /** Folder; default `downloads` in the cache folder. */
  readonly out?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDownload?: (loaded: number, total: number | undefined) => void;
}

/** What is there by now. */
export interface DataFetch {
  readonly dataset: string;
  /** Absolute path of the file or the folder; absent where nothing needs to be downloaded. */
  readonly path?: string;
  /** What `--data-folder` of `train` needs; absent where it looks by itself. */
  readonly dataFolder?: string;
  /** Of the download; 0 where there is none. */
  readonly bytes: number;
  /** Whether anything had to be downloaded now. */
  readonly isNew: boolean;
  readonly parts: Partial<Record<PartName, number>>;
  readonly classes: number;
}

/**
 * Downloads a data set, or goes on with a download that broke off, checks it by its checksum, and opens it.
 *
 * @throws {InvalidConfigError} there is none of that name.
 * @throws {UnavailableError} it cannot be downloaded, or must be got by hand; the message says which file to put where.
 * @throws {FormatError} what is there is another file. @throws {AbortedError} the signal was raised; what has come stays.
 */
export async function dataFetch({ dataset, out, signal, onDownload }: DataFetchOptions): Promise<DataFetch> {
  const owner = "data fetch";
  const preset = findPreset(dataset);
  if (preset === undefined) throw new InvalidConfigError(owner, "dataset", `one of ${presetNames.join(", ")}`, dataset);
  const { download } = preset;
  const downloadFolder = out === undefined ? undefined : resolve(out);
  let isNew = false;
  const { train, validation, test } = await preset.open({
    downloadFolder,
    signal,
    onDownload(loaded, total) {
      isNew = true;
      onDownload?.(loaded, total);
    },
  });
  throwIfAborted(owner, signal);
  const path = download === undefined ? undefined : join(downloadFolder ?? join(cacheFolder(), "downloads"), download);
  return {
    dataset,
    ...(path === undefined ? {} : { path }),
    ...(path === undefined || out === undefined ? {} : { dataFolder: path }),
    bytes: path === undefined ? 0 : await bytesOf(path),
    isNew,
    parts: {
      train: train.size,
      ...(validation === undefined ? {} : { validation: validation.size }),
      ...(test === undefined ? {} : { test: test.size }),
    },
    classes: train.classNames.length,
  };
}

/** Of a file, or of the files in a folder. */
async function bytesOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const names = await readdir(path, { withFileTypes: true });
  const sizes = names.filter((name) => name.isFile()).map(async ({ name }) => (await stat(join(path, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
