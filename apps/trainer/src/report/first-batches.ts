import type { Preprocessing } from "@featuremap/images";
import { type Batch, HostArray } from "@featuremap/tensor";
import { pixelsOfInput } from "../pictures/pixels-of-input.ts";
import type { LearnedBatch, Shown } from "./report-data.ts";
import { shrink } from "./thumbnails.ts";

/** Batches, and pictures of each, that are shown. */
const [mostBatches, mostPictures] = [2, 16];

/** The first pictures as the network learned from them, back from its numbers to colours. */
export function showFirstBatches(
  batches: readonly Batch[],
  classNames: readonly string[],
  preprocessing: Preprocessing,
): Shown<readonly LearnedBatch[]> {
  if (batches.length === 0) return { absent: "No batch that the network learned from was kept." };
  const shown = batches.slice(0, mostBatches).flatMap(({ x, y, size }): LearnedBatch[] => {
    if (!(x instanceof HostArray) || x.rank !== 4) return [];
    const pictures = Array.from({ length: Math.min(size, mostPictures) }, (_, index) => ({
      pixels: shrink(pixelsOfInput(x.entry(index), preprocessing)),
      caption: y instanceof HostArray ? captionOf(y, index, classNames) : "",
    }));
    return [{ pictures }];
  });
  return shown.length > 0
    ? { value: shown }
    : { absent: "The batches that the network learned from are not pictures." };
}

/** The class, or of blended pictures the classes with their shares. */
function captionOf(targets: HostArray, index: number, classNames: readonly string[]): string {
  const width = targets.size / (targets.shape[0] ?? 1);
  const values = Array.from(targets.data.slice(index * width, (index + 1) * width));
  const [value = 0] = values;
  const isIndex = width === 1 && !(targets.data instanceof Float32Array && classNames.length === 2);
  if (isIndex) return classNames[value] ?? "";
  const shares = width === 1 ? [1 - value, value] : values;
  // Smoothed labels give each class a little.
  const named = shares
    .map((share, label) => ({ share, name: classNames[label] ?? String(label) }))
    .filter(({ share }) => share >= 0.1)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, 3);
  if (named.length === 1) return named[0]?.name ?? "";
  return named.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join("\n");
}
