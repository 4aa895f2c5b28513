import type { ImageFiles } from "@featuremap/datasets";
import { type Pixels, type Preprocessing, resizePixels } from "@featuremap/images";
import { AbortedError } from "@featuremap/tensor";
import { loadSharp } from "../drawing/load-sharp.ts";
import { readingFor } from "../pictures/model-inputs.ts";
import type { Thumbnail } from "./report-data.ts";

/** Pixels of the longer side of a picture in a report. */
export const thumbnailSide = 96;

/** No larger than `side`, in its own proportions. */
export function shrink(pixels: Pixels, side: number = thumbnailSide): Pixels {
  const factor = side / Math.max(pixels.width, pixels.height);
  if (factor >= 1) return pixels;
  const scaled = (length: number): number => Math.max(Math.round(length * factor), 1);
  return resizePixels(pixels, [scaled(pixels.height), scaled(pixels.width)], { interpolation: "area" });
}

/** A WebP file. */
export async function encodeWebp({ data, width, height }: Pixels, quality = 85): Promise<Uint8Array> {
  const channels = data.length / (width * height);
  const raw = { width, height, channels: channels as 1 | 3 | 4 };
  const sharp = await loadSharp();
  return sharp(data, { raw }).webp({ quality, smartSubsample: true }).toBuffer();
}

export async function thumbnailOf(pixels: Pixels, side?: number): Promise<Thumbnail> {
  const small = shrink(pixels, side);
  return { pixels: small, file: await encodeWebp(small) };
}

/**
 * Reads the pictures at some places, in the size that the network sees, in the order of the places.
 *
 * @throws {AbortedError} the signal was raised.
 */
export async function* readPictures(
  files: ImageFiles,
  places: readonly number[],
  { preprocessing, workers, signal }: ReadingSettings,
): AsyncGenerator<{ readonly place: number; readonly image: Pixels; readonly label: number; readonly path: string }> {
  if (places.length === 0) return;
  const chosen = files.select(places);
  let at = 0;
  for await (const { image, label, path } of chosen.images(readingFor(preprocessing, workers)).prefetch(8)) {
    if (signal?.aborted === true) throw new AbortedError("collectReport");
    // Files that cannot be read are left out.
    while (at < chosen.size && chosen.filePaths[at] !== path) at += 1;
    yield { place: places[at] ?? -1, image, label, path };
    at += 1;
  }
}

export interface ReadingSettings {
  readonly preprocessing: Preprocessing;
  readonly workers: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Works on the items of a stream, some at once; the results come in their order. */
export async function mapSome<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let running: Promise<Result>[] = [];
  for await (const item of items) {
    running.push(work(item));
    if (running.length < 16) continue;
    results.push(...(await Promise.all(running)));
    running = [];
  }
  return [...results, ...(await Promise.all(running))];
}
