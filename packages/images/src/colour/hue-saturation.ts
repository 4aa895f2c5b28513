import type { Pixels } from "../pixels.ts";
import { depthOf } from "./levels.ts";

/**
 * Turns the hue by `delta` of a full circle, and multiplies the saturation; a grey picture stays.
 *
 * Computed in HSV as TensorFlow does. Source: `tf.image.adjust_hue` and `tf.image.adjust_saturation`.
 */
export function adjustHueSaturation(pixels: Pixels, delta: number, saturationFactor: number): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  if (depth === 1) return pixels;
  const result = new Uint8Array(data);
  for (let at = 0; at < data.length; at += depth) {
    const red = (data[at] ?? 0) / 255;
    const green = (data[at + 1] ?? 0) / 255;
    const blue = (data[at + 2] ?? 0) / 255;
    const value = Math.max(red, green, blue);
    const chroma = value - Math.min(red, green, blue);
    if (chroma === 0) continue;
    const saturation = Math.min(1, Math.max(0, (chroma / value) * saturationFactor));
    const turned = hueOf(red, green, blue, value, chroma) / 6 + delta;
    const hue = (turned - Math.floor(turned)) * 6;
    result[at] = byteOf(value, saturation, hue + 5);
    result[at + 1] = byteOf(value, saturation, hue + 3);
    result[at + 2] = byteOf(value, saturation, hue + 1);
  }
  return { data: result, width, height };
}

/** In [0, 6): red at 0, green at 2, blue at 4. */
function hueOf(red: number, green: number, blue: number, value: number, chroma: number): number {
  if (value === red) return ((green - blue) / chroma + 6) % 6;
  return value === green ? (blue - red) / chroma + 2 : (red - green) / chroma + 4;
}

/** One channel; `place` is the hue seen from it. As `tf.image.convert_image_dtype`: times 255.5, the fraction dropped. */
function byteOf(value: number, saturation: number, place: number): number {
  const turn = place % 6;
  const share = Math.max(0, Math.min(turn, 4 - turn, 1));
  return Math.min(255, Math.max(0, Math.floor((value - value * saturation * share) * 255.5)));
}
