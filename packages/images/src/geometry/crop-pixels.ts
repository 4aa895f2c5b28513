import { KernelMemory } from "../kernels/kernel-memory.ts";
import { depthOf } from "../colour/levels.ts";
import type { Pixels } from "../pixels.ts";
import type { PixelBox } from "./resize.ts";

/** A part of a picture, which lies within it. */
export function cropPixels(
  pixels: Pixels,
  { left, top, width, height }: PixelBox,
): Pixels & { readonly data: Uint8Array<ArrayBuffer> } {
  const depth = depthOf(pixels);
  const data = new Uint8Array(width * height * depth);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * pixels.width + left) * depth;
    data.set(pixels.data.subarray(from, from + width * depth), row * width * depth);
  }
  return { data, width, height };
}

/**
 * A picture with borders of one level.
 *
 * @param alpha how opaque they are where pictures have alpha
 */
export function padPixels(
  pixels: Pixels,
  {
    left,
    right,
    top,
    bottom,
  }: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
  level: number,
  alpha = 255,
): Pixels {
  const depth = depthOf(pixels);
  const width = left + pixels.width + right;
  const height = top + pixels.height + bottom;
  const data = new Uint8Array(width * height * depth).fill(level);
  if (depth === 4) for (let at = 3; at < data.length; at += 4) data[at] = alpha;
  const line = pixels.width * depth;
  for (let row = 0; row < pixels.height; row++) {
    data.set(pixels.data.subarray(row * line, (row + 1) * line), ((top + row) * width + left) * depth);
  }
  return { data, width, height };
}

/** A picture mirrored. Source: `tf.image.flip_left_right`. */
export function mirrorPixels(pixels: Pixels): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  const line = width * depth;
  if (depth === 3) {
    const mirrored = KernelMemory.use((memory) => {
      const source = memory.store(data);
      const target = memory.reserve(data.length);
      memory.kernels.mirrorLines(source, width, height, target);
      return memory.bytes(target, data.length).slice();
    });
    return { data: mirrored, width, height };
  }
  const result = new Uint8Array(data.length);
  for (let start = 0; start < data.length; start += line) {
    for (let column = 0; column < width; column++) {
      const from = start + column * depth;
      const to = start + (width - 1 - column) * depth;
      for (let channel = 0; channel < depth; channel++) result[to + channel] = data[from + channel] ?? 0;
    }
  }
  return { data: result, width, height };
}

/** A picture upside down. Source: `tf.image.flip_up_down`. */
export function turnUpsideDown(pixels: Pixels): Pixels {
  const { data, width, height } = pixels;
  const line = width * depthOf(pixels);
  const result = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    result.set(data.subarray(row * line, (row + 1) * line), (height - 1 - row) * line);
  }
  return { data: result, width, height };
}
