/**
 * CMYK as Pillow and browsers show it where no profile is applied: every ink takes its share of the light away.
 *
 * @param data cyan, magenta, yellow and black in [0, 255], and whatever follows them
 * @param channels bytes of a pixel, 4 or more
 * @param stored `inverted`: 255 is no ink
 * @returns RGB
 */
export function rgbOfInks(data: Uint8Array, channels: number, stored: "plain" | "inverted"): Uint8Array {
  const pixels = Math.floor(data.length / channels);
  const rgb = new Uint8Array(pixels * 3);
  const flip = stored === "plain" ? 255 : 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    const light = (data[from + 3] ?? 0) ^ flip;
    for (let ink = 0; ink < 3; ink++) {
      rgb[pixel * 3 + ink] = Math.round((((data[from + ink] ?? 0) ^ flip) * light) / 255);
    }
  }
  return rgb;
}
