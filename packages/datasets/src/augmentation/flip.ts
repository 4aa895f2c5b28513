import type { HostArray } from "@featuremap/tensor";
import { frameOf, redraw } from "./image-frame.ts";

/**
 * Mirrors an image, or each of several: its first column becomes the last.
 *
 * Source: `tf.image.flip_left_right`.
 *
 * @param image uint8 `[height, width, channels]`, or `[count, height, width, channels]`
 * @throws {ShapeError} the image has another rank.
 */
export function flipLeftRight(image: HostArray<Uint8Array>): HostArray<Uint8Array> {
  const frame = frameOf("flipLeftRight", image);
  const { data, height, width, channels } = frame;
  return redraw(image, frame, [height, width], (index, pixels) => {
    for (let y = 0; y < height; y++) {
      const line = (index * height + y) * width * channels;
      for (let x = 0; x < width; x++) {
        const from = line + (width - 1 - x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          pixels[(y * width + x) * channels + channel] = data[from + channel] ?? 0;
        }
      }
    }
  });
}
