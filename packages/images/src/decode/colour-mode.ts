import type { DecodedImage } from "./decoded-image.ts";

/** The bytes of a pixel: 1, 3 or 4 of them. Keras's `color_mode`. */
export type ColorMode = "grayscale" | "rgb" | "rgba";

export const colorModes: Readonly<Record<ColorMode, 1 | 3 | 4>> = { grayscale: 1, rgb: 3, rgba: 4 };

/**
 * The bytes in another colour mode, as Pillow's `convert` gives them.
 *
 * Grey is `(19595 red + 38470 green + 7471 blue + 2^15) / 2^16` (ITU-R BT.601), rounded down. Without alpha, a pixel has
 * the colour that is stored for it, however transparent it is.
 */
export function inColorMode({ data, channels }: DecodedImage, mode: ColorMode): Uint8Array {
  const wanted = colorModes[mode];
  if (wanted === channels) return data;
  const pixels = data.length / channels;
  const result = new Uint8Array(pixels * wanted);
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++, from += channels, to += wanted) {
    const red = data[from] ?? 0;
    const green = channels === 1 ? red : (data[from + 1] ?? 0);
    const blue = channels === 1 ? red : (data[from + 2] ?? 0);
    if (wanted === 1) {
      result[to] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
      continue;
    }
    result[to] = red;
    result[to + 1] = green;
    result[to + 2] = blue;
    if (wanted === 4) result[to + 3] = 255;
  }
  return result;
}
