import { readPackSync } from "#pack-folder";
import type { PixelBox, Pixels } from "@featuremap/images";
import { CacheError } from "../pipeline/packed/cache-error.ts";
import { keptElement } from "../pipeline/packed/lazy-store.ts";
import type { PackedPlace } from "../pipeline/packed/packed-store.ts";

/** Where a kept picture's pixels lie, once its bytes were found to be whole. */
interface Layout {
  /** Of the first pixel, from the pack's beginning. */
  readonly start: number;
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel. */
  readonly depth: number;
  /** When the pack was changed last. */
  readonly changed: number;
  /** Of which element it is. */
  readonly place: number;
}

/** Pictures whose layout is remembered, 100 bytes each; others are checked again. */
const mostKnown = 2 ** 18;

/** By pack, then by offset. */
const layouts = new Map<string, Map<number, Layout>>();
let known = 0;

/** Memory for what is read, used again and again. */
let scratch = new Uint8Array(0);

function scratchOf(bytes: number): Uint8Array<ArrayBuffer> {
  if (scratch.length < bytes) scratch = new Uint8Array(2 ** Math.ceil(Math.log2(bytes)));
  return scratch.subarray(0, bytes);
}

/**
 * Lends a picture from where it was kept. All of its bytes are checked when this thread reads it for the first time, and when its pack has
 * changed since; after that, only lines are read that the part has.
 *
 * @param part asked once for the part that is needed
 * @param use called once; the pixels count until it returns, and hold the part at the place that it is told
 * @throws {WorkerError} the picture could not be made when it was kept.
 * @throws {CacheError} the bytes are not those that were kept, or cannot be read.
 */
export function lendKeptPicture<Result>(
  { path, offset, length, place }: PackedPlace,
  part: ((size: Pick<Pixels, "width" | "height">) => PixelBox) | undefined,
  use: (pixels: Pixels, place?: PixelBox) => Result,
): Result {
  const layout = layouts.get(path)?.get(offset);
  if (layout?.place === place) {
    const { start, width, height, depth, changed } = layout;
    const box = part?.(layout);
    const { top, height: lines } = box ?? { top: 0, height };
    const data = scratchOf(lines * width * depth);
    const last = attempt(path, () => readPackSync(path, start + top * width * depth, data));
    if (last === changed) return use({ data, width, height: lines }, box && { ...box, top: 0 });
    forget(path);
    // What was drawn stays drawn.
    return lendWhole({ path, offset, length, place }, box && (() => box), use);
  }
  return lendWhole({ path, offset, length, place }, part, use);
}

function lendWhole<Result>(
  { path, offset, length, place }: PackedPlace,
  part: ((size: Pick<Pixels, "width" | "height">) => PixelBox) | undefined,
  use: (pixels: Pixels, place?: PixelBox) => Result,
): Result {
  const bytes = scratchOf(length);
  const changed = attempt(path, () => readPackSync(path, offset, bytes));
  const pixels = keptElement(path, place, () => bytes) as Pixels;
  const { data, width, height } = pixels;
  const start = offset + data.byteOffset - bytes.byteOffset;
  remember(path, offset, { start, width, height, depth: data.length / (width * height), changed, place });
  return use(pixels, part?.(pixels));
}

function attempt<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new CacheError(path, error);
  }
}

function remember(path: string, offset: number, layout: Layout): void {
  if (known >= mostKnown) {
    layouts.clear();
    known = 0;
  }
  const ofPack = layouts.get(path) ?? new Map<number, Layout>();
  if (!ofPack.has(offset)) known++;
  layouts.set(path, ofPack.set(offset, layout));
}

function forget(path: string): void {
  known -= layouts.get(path)?.size ?? 0;
  layouts.delete(path);
}
