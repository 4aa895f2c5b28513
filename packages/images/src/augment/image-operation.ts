import { InvalidConfigError, type RandomStream } from "@featuremap/tensor";
import type { PixelBox } from "../geometry/resize.ts";
import { type Pixels, bytesPerPixel } from "../pixels.ts";

/**
 * What becomes of a picture each time training sees it; made by a function of this package.
 *
 * It is known by its function's name and arguments, which are plain JSON: a worker makes the same one of them.
 */
export interface ImageOperation extends OperationDescription {
  /**
   * Everything left to chance is drawn from the stream. The picture given is not written to.
   *
   * @throws {InvalidConfigError | ShapeError} of an operation of this package: what is given is not a picture, or no stream.
   */
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

/** An operation that checks what it is given, and is what its description tells. */
export function operation(each: ImageOperation): ImageOperation {
  const checked: ImageOperation = {
    ...each,
    apply(pixels, random) {
      bytesPerPixel(pixels, each.name);
      if (typeof random?.uniform !== "function") {
        throw new InvalidConfigError(each.name, "random", "a RandomStream, such as new RandomStream(1)", random);
      }
      return each.apply(pixels, random);
    },
  };
  made.add(checked);
  return checked;
}

/** Whether an operation's description makes the same one again; of one with code of the user's own it does not. */
export function isDescribed(each: ImageOperation): boolean {
  return made.has(each);
}
