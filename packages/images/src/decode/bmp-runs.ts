/** What of a BMP's header its runs depend on. */
interface RunLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
}

/**
 * Paints a BMP that is stored in runs (RLE8 and RLE4): pairs of a count and a value, where a count of 0 starts a literal
 * run, a new row, a jump or the end.
 *
 * @param paint called with the row in the order of the file
 * @returns whether the picture is whole: it ends with its mark, or with its last pixel
 */
export function paintRuns(
  bytes: Uint8Array,
  { width, height, bits }: RunLayout,
  paint: (x: number, row: number, index: number) => void,
): boolean {
  let x = 0;
  let row = 0;
  let at = 0;
  const put = (index: number): void => {
    if (x < width && row < height) paint(x, row, index);
    x++;
  };
  /** The index in a byte of one pixel, or of two with the first in its upper half. */
  const indexIn = (byte: number, pixel: number): number =>
    bits === 8 ? byte : pixel % 2 === 0 ? byte >> 4 : byte & 15;
  while (at + 1 < bytes.length) {
    const count = bytes[at] ?? 0;
    const value = bytes[at + 1] ?? 0;
    at += 2;
    if (count > 0) {
      for (let pixel = 0; pixel < count; pixel++) put(indexIn(value, pixel));
    } else if (value === 0) {
      x = 0;
      row++;
    } else if (value === 1) return true;
    else if (value === 2) {
      x += bytes[at] ?? 0;
      row += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const length = Math.ceil((value * bits) / 8);
      if (at + length > bytes.length) return false;
      for (let pixel = 0; pixel < value; pixel++) put(indexIn(bytes[at + ((pixel * bits) >> 3)] ?? 0, pixel));
      // Literal runs fill whole words.
      at += length + (length % 2);
    }
  }
  return row >= height || (row === height - 1 && x >= width);
}
