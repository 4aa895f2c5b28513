import type { PackedPictures } from "@featuremap/datasets";
import { UnavailableError } from "@featuremap/tensor";
import { findData, prepareData } from "../../../data/open-data.ts";
import type { LeftOut } from "../../../data/part.ts";
import { partsOf } from "../../../data/split-table.ts";
import type { PartName } from "../../../data/training-data.ts";
import type { dataPackOptions } from "../../../options/commands/data.ts";
import type { OptionValues } from "../../../options/option.ts";
import { readingFor } from "../../../pictures/model-inputs.ts";
import { decideNetwork } from "../../../training/network/network.ts";

/** What to decode. */
export interface DataPackOptions extends Partial<OptionValues<typeof dataPackOptions>> {
  /** What `train` would be given. */
  readonly data: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onDownload?: (loaded: number, total: number | undefined) => void;
}

/** What is decoded by now. */
export interface DataPack {
  readonly data: string;
  readonly imageSize: readonly [height: number, width: number];
  readonly imageSizeReason: string;
  /** Of all parts together. */
  readonly pictures: number;
  /** How many of them were not there before. */
  readonly added: number;
  readonly parts: readonly ({ readonly name: PartName } & PackedPictures)[];
  readonly leftOut: readonly LeftOut[];
}

const owner = "data pack";

/**
 * Decodes all pictures as `train` would in its first epoch, into the cache folder, where it finds them.
 *
 * @throws {InvalidConfigError} there are no such data, or an option does not fit them.
 * @throws {UnavailableError} they cannot be read, are not files on the disk, or it has no room.
 * @throws {AbortedError} the signal was raised; what was decoded by then stays.
 */
export async function dataPack(options: DataPackOptions): Promise<DataPack> {
  const { seed = 1, valFraction, dataFolder, workers, signal, onDownload, onProgress } = options;
  const found = await findData(options.data, { owner, dataFolder, signal, onDownload });
  const parts = partsOf(found);
  if (parts.some(([{ files }]) => files.at(0).file === undefined)) {
    throw new UnavailableError(
      `The pictures of ${options.data} are not files on the disk, and train keeps them in memory`,
      "There is nothing to do ahead of training; pictures of an archive can be unpacked into a folder.",
    );
  }
  const data = prepareData(found, { owner, seed, valFraction });
  const { preprocessing, reasons } = await decideNetwork(owner, data, options);
  const total = parts.reduce((sum, [{ size }]) => sum + size, 0);
  let before = 0;
  const packed: DataPack["parts"][number][] = [];
  for (const [{ files, size }, name] of parts) {
    const done = await files.pack({
      ...readingFor(preprocessing, workers),
      onProgress: (each) => onProgress?.(before + each, total),
      ...(signal === undefined ? {} : { signal }),
    });
    packed.push({ name, ...done });
    before += size;
  }
  return {
    data: data.name,
    imageSize: preprocessing.size,
    imageSizeReason: reasons.imageSize,
    pictures: packed.reduce((sum, { pictures }) => sum + pictures, 0),
    added: packed.reduce((sum, { added }) => sum + added, 0),
    parts: packed,
    leftOut: parts.flatMap(([{ leftOut }]) => leftOut),
  };
}
