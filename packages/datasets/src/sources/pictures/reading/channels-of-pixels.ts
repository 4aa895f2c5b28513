import type { Pixels } from "@featuremap/images";

/** Pixels that are stored plain, with the channels wanted: as `decodeImage` gives them of files. */
export function inChannels(pixels: Pixels, channels: 1 | 3 | 4): Pixels {
  const { data, width, height } = pixels;
  const area = width * height;
  const found = data.length / area;
  if (found === channels) return pixels;
  const changed = new Uint8Array(area * channels);
  for (let pixel = 0; pixel < area; pixel++) {
    const [red = 0, green = 0, blue = 0] =
      found === 1 ? Array<number>(3).fill(data[pixel] ?? 0) : data.subarray(pixel * found);
    const alpha = found === 4 ? (data[pixel * 4 + 3] ?? 0) : 255;
    // Pillow's luma: ITU-R BT.601 in 16 bits.
    if (channels === 1) changed[pixel] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    else changed.set(channels === 3 ? [red, green, blue] : [red, green, blue, alpha], pixel * channels);
  }
  return { data: changed, width, height };
}
