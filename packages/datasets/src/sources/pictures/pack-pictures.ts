import { freeBytes, keptBytes } from "#pack-folder";
import { throwIfAborted } from "@featuremap/files";
import { InvalidConfigError, type OptionNames, UnavailableError, checkOptions } from "@featuremap/tensor";
import { contextOf } from "../../pipeline/steps/context.ts";
import { mostOnDisk, picturesOnDisk, placeOnDisk } from "./reading/decoded-pictures.ts";
import type { BatchableFiles, FileExample } from "./files/file-example.ts";
import { type ImageOptions, checkImageOptions, imageOptionNames } from "./files/image-options.ts";
import { mapConcurrently } from "./reading/map-concurrently.ts";
import { fittedRecipe, sharedWorkers } from "./reading/picture-reader.ts";
import type { SkippedFiles } from "./files/skipped-files.ts";

/** Which pictures are packed, and where: the options of the batches that are to take them. */
export interface PackOptions extends Omit<ImageOptions, "augment" | "cache"> {
  /** A folder, or, as by default, the cache folder, where batches look without being told. */
  readonly cache?: string | true;
  /** Hears of each file that was looked at. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops it; what was decoded by then stays. */
  readonly signal?: AbortSignal;
}

/** What is kept by now. */
export interface PackedPictures {
  readonly directory: string;
  /** Pictures there, damaged files left aside. */
  readonly pictures: number;
  /** How many were not there before. */
  readonly added: number;
  /** Of the folder, in which other parts of the same data lie too. */
  readonly bytes: number;
}

const owner = "ImageFiles.pack";
const { augment: _, ...others } = imageOptionNames;
const names: OptionNames<PackOptions> = { ...others, onProgress: true, signal: true };

/** Decodes files into the folder where batches of the same options look for them. */
export async function packPictures(
  files: BatchableFiles,
  options: PackOptions,
  skipped: SkippedFiles,
): Promise<PackedPictures> {
  checkOptions(owner, options, names);
  const { onProgress, signal, cache = true, ...images } = options;
  const checked = checkImageOptions(owner, { ...images, cache });
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new InvalidConfigError(owner, "onProgress", "a function", onProgress);
  }
  if (!files.onDisk) {
    const remedy = "Unpack them into a folder; batches keep them in memory if they are few enough.";
    throw new UnavailableError("Only pictures that are files on the disk can be packed", remedy);
  }
  const recipe = fittedRecipe(checked);
  const [height, width] = checked.imageSize;
  const total = files.basePaths.length * height * width * checked.channels;
  const kept = { recipe: JSON.stringify(recipe), cache };
  const { directory } = await placeOnDisk(files, kept.recipe, cache);
  await checkRoom(directory, total);
  const store = picturesOnDisk(files, { ...kept, total });
  const workers = sharedWorkers(checked.workers);
  const decode = workers.load<FileExample>(recipe);
  const lasting = new AbortController();
  let [done, added, damaged] = [0, 0, 0];
  const packOne = async (place: number): Promise<void> => {
    throwIfAborted(owner, signal);
    const file = files.at(place);
    try {
      const isThere = await store.has(place);
      const context = contextOf(owner, undefined, place, { epoch: 0, signal: lasting.signal });
      // Also that a file is damaged is kept, and told again.
      await store.get(place, async () => (await decode(file, context)).image, lasting.signal);
      if (isThere !== true) added += 1;
      skipped.found(file.path);
    } catch (error) {
      skipped.add(file.path, error);
      damaged += 1;
    }
    done += 1;
    onProgress?.(done, files.size);
  };
  const places = Array.from({ length: files.size }, (_each, place) => place);
  try {
    await mapConcurrently(places, Math.max(1, workers.concurrency), packOne);
  } finally {
    await store.flush();
    lasting.abort();
  }
  return { directory, pictures: files.size - damaged, added, bytes: await keptBytes(directory) };
}

/** @throws {UnavailableError} batches would not look for so many, or the disk has no room for them. */
async function checkRoom(directory: string, total: number): Promise<void> {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  if (total > mostOnDisk) {
    throw new UnavailableError(
      `The pictures would take ${gigabytes(total)}, but batches use at most ${gigabytes(mostOnDisk)}`,
      "Choose a smaller size.",
    );
  }
  const [free, there] = [await freeBytes(directory), await keptBytes(directory)];
  if (total - there <= free / 2) return;
  throw new UnavailableError(
    `The pictures would take ${gigabytes(total - there)}, and ${directory} has room for ${gigabytes(free)}, of which half must stay free`,
    "Make room there, or choose a smaller size.",
  );
}
