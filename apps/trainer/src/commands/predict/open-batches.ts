import { FeaturemapError } from "@featuremap/tensor";
import type { OpenPicture } from "../../pictures/open-picture.ts";

/** A picture to classify, which is opened when its turn comes. */
export interface NamedPicture {
  /** The file, or "mnist test 17". */
  readonly image: string;
  /** The right label, where the picture comes from a dataset. */
  readonly truth?: string;
  open(): Promise<OpenPicture>;
}

/** A picture that is open, or why it cannot be opened. */
export type OpenedPicture = { readonly picture: NamedPicture } & (
  | { readonly opened: OpenPicture }
  | { readonly error: FeaturemapError }
);

/** Stands among pictures where the next one is not known yet. */
export const pause: unique symbol = Symbol("pause");

/** Bytes that the pictures of a batch may take together: 128 MB. */
const usualBytes = 2 ** 27;

/**
 * Opens pictures one after another, and parts them into batches that fit into memory.
 *
 * A batch ends after `size` pictures, before the one with which it would take more than `bytes`, or at a pause; what takes
 * more by itself is alone in its batch.
 */
export async function* openBatches(
  pictures: Iterable<NamedPicture | typeof pause> | AsyncIterable<NamedPicture | typeof pause>,
  { size, bytes = usualBytes }: { readonly size: number; readonly bytes?: number },
): AsyncGenerator<readonly OpenedPicture[]> {
  let batch: OpenedPicture[] = [];
  let taken = 0;
  for await (const picture of pictures) {
    const entry = picture === pause ? undefined : await openOne(picture);
    const needed = entry !== undefined && "opened" in entry ? entry.opened.bytes : 0;
    const isFull = batch.length === size || taken + needed > bytes;
    if (batch.length > 0 && (entry === undefined || isFull)) {
      yield batch;
      batch = [];
      taken = 0;
    }
    if (entry !== undefined) batch.push(entry);
    taken += needed;
  }
  if (batch.length > 0) yield batch;
}

async function openOne(picture: NamedPicture): Promise<OpenedPicture> {
  try {
    return { picture, opened: await picture.open() };
  } catch (error) {
    // Anything else is a mistake in this program, and not in the picture.
    if (error instanceof FeaturemapError) return { picture, error };
    throw error;
  }
}
