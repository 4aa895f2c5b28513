import { InvalidConfigError } from "@featuremap/tensor";
import { requireCount, requireNumber } from "./check-values.ts";

/** Where a square covers an image, and with what. */
export interface Squares {
  /** Height and width of the square. */
  readonly size: number;
  readonly value: number;
  /** First rows of the square's places. */
  readonly rows: readonly number[];
  /** First columns of the square's places. */
  readonly columns: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** One place of the square. */
export interface Place {
  readonly top: number;
  readonly left: number;
}

/**
 * @param options as the caller gave them
 * @param image its height and width
 * @throws {InvalidConfigError} an option is out of range.
 */
export function readSquares(
  owner: string,
  options: { readonly size?: unknown; readonly stride?: unknown; readonly value?: unknown },
  { height, width }: { readonly height: number; readonly width: number },
): Squares {
  const shorter = Math.min(height, width);
  const size = requireCount(owner, "size", options.size ?? Math.ceil(shorter / 4));
  if (size > shorter) {
    throw new InvalidConfigError(owner, "size", `at most ${shorter} for an image of ${height} x ${width}`, size);
  }
  const stride = requireCount(owner, "stride", options.stride ?? Math.ceil(size / 2));
  if (stride > size) {
    throw new InvalidConfigError(owner, "stride", `at most size, ${size}, so that no pixel is left out`, stride);
  }
  const value = requireNumber(owner, "value", options.value ?? 0);
  const rows = startsOf(height, size, stride);
  return { size, value, rows, columns: startsOf(width, size, stride), width, height };
}

/** The last place reaches the edge, whatever the stride. */
function startsOf(length: number, size: number, stride: number): readonly number[] {
  const starts: number[] = [];
  for (let start = 0; start < length - size; start += stride) starts.push(start);
  return [...starts, length - size];
}

/** Every place, row by row. */
export function placesOf({ rows, columns }: Squares): readonly Place[] {
  return rows.flatMap((top) => columns.map((left) => ({ top, left })));
}

/** Pixels that the square covers at a place, by their number in the image. */
export function* pixelsAt({ size, width }: Squares, { top, left }: Place): Iterable<number> {
  for (let row = top; row < top + size; row++) {
    for (let column = left; column < left + size; column++) yield row * width + column;
  }
}

/** Covers an image in place. @param isChannelsFirst whether its channels are whole pictures one after another */
export function cover(image: Float32Array, squares: Squares, place: Place, isChannelsFirst: boolean): void {
  const pixels = squares.width * squares.height;
  const channels = image.length / pixels;
  for (const pixel of pixelsAt(squares, place)) {
    for (let channel = 0; channel < channels; channel++) {
      image[isChannelsFirst ? channel * pixels + pixel : pixel * channels + channel] = squares.value;
    }
  }
}
