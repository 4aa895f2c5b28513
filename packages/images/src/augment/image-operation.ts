import type { RandomStream } from "@featuremap/tensor";
import type { PixelBox } from "../geometry/resize.ts";
import type { Pixels } from "../pixels.ts";

/**
 * What becomes of a picture each time training sees it; made by a function of this package.
 *
 * It is known by its function's name and arguments, which are plain JSON: a worker makes the same one of them.
 */
export interface ImageOperation extends OperationDescription {
  /** Everything left to chance is drawn from the stream. The picture given is not written to. */
  apply(pixels: Pixels, random: RandomStream): Pixels;
  /**
   * The same where a part of the picture is enough, drawn from its size alone: nothing else has to be decoded. Undefined where it
   * looks at all of the picture.
   */
  readonly ofPart?: (size: Pick<Pixels, "width" | "height">, random: RandomStream) => PartOperation;
}

/** What an operation does to a part of a picture. */
export interface PartOperation {
  /** The part, within the picture. */
  readonly box: PixelBox;
  /** @param place of the part within the pixels given: these may be all of the picture, or more of it than the part */
  apply(pixels: Pixels, place: PixelBox): Pixels;
}

/** An operation in plain JSON; `imageOperation` makes it again. */
export interface OperationDescription {
  readonly name: string;
  readonly arguments: readonly unknown[];
}

const made = new WeakSet<ImageOperation>();

/** Notes that an operation is what its description tells. */
export function operation(each: ImageOperation): ImageOperation {
  made.add(each);
  return each;
}

/** Whether an operation's description makes the same one again; of one with code of the user's own it does not. */
export function isDescribed(each: ImageOperation): boolean {
  return made.has(each);
}
