import type { Pixels } from "../pixels.ts";
import { KernelMemory } from "../kernels/kernel-memory.ts";
import { depthOf } from "./levels.ts";
import { luma, meanLuma } from "./luma.ts";
import { smooth } from "./smooth.ts";

// Pillow's ImageEnhance, which torchvision uses too: a picture is moved away from, or towards, one that has nothing of a
// quality. A factor of 1 leaves it as it is, 0 takes the quality away.

/** One step of {@link enhance}. */
export interface Enhancement {
  readonly quality: "brightness" | "contrast" | "color";
  readonly factor: number;
}

/** Away from black. Source: Pillow's `ImageEnhance.Brightness`. */
export function enhanceBrightness(pixels: Pixels, factor: number): Pixels {
  return enhance(pixels, [{ quality: "brightness", factor }]);
}

/** Away from the mean grey. Source: Pillow's `ImageEnhance.Contrast`. */
export function enhanceContrast(pixels: Pixels, factor: number): Pixels {
  return enhance(pixels, [{ quality: "contrast", factor }]);
}

/** Away from the same picture in grey; a grey one stays. Source: Pillow's `ImageEnhance.Color`. */
export function enhanceColor(pixels: Pixels, factor: number): Pixels {
  return enhance(pixels, [{ quality: "color", factor }]);
}

/** Enhances a picture step by step. */
export function enhance(pixels: Pixels, steps: readonly Enhancement[]): Pixels {
  if (steps.length === 0) return pixels;
  if (depthOf(pixels) !== 3) return steps.reduce(enhanceOther, pixels);
  const { data, width, height } = pixels;
  const count = width * height;
  const enhanced = KernelMemory.use((memory) => {
    const { blendWithGrey, blendWithLevel, sumOfLuma } = memory.kernels;
    const place = memory.store(data);
    for (const { quality, factor } of steps) {
      if (quality === "color") blendWithGrey(place, count, factor);
      else {
        const level = quality === "contrast" ? Math.floor(sumOfLuma(place, count) / count + 0.5) : 0;
        blendWithLevel(place, data.length, level, factor);
      }
    }
    return memory.bytes(place, data.length).slice();
  });
  return { data: enhanced, width, height };
}

/** A grey picture, or one with alpha, which stays. */
function enhanceOther(pixels: Pixels, { quality, factor }: Enhancement): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  if (quality !== "color") {
    const level = quality === "contrast" ? Math.floor(meanLuma(pixels) + 0.5) : 0;
    const changed = KernelMemory.use((memory) => {
      const place = memory.store(data);
      memory.kernels.blendWithLevel(place, data.length, level, factor);
      return memory.bytes(place, data.length).slice();
    });
    if (depth === 4) for (let alpha = 3; alpha < data.length; alpha += 4) changed[alpha] = data[alpha] ?? 0;
    return { data: changed, width, height };
  }
  if (depth === 1) return pixels;
  const result = new Uint8Array(data);
  for (let at = 0; at < data.length; at += 4) {
    const grey = luma(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    for (let channel = at; channel < at + 3; channel++) {
      result[channel] = blend(grey, data[channel] ?? 0, factor);
    }
  }
  return { data: result, width, height };
}

/** Away from the smoothed picture. Source: Pillow's `ImageEnhance.Sharpness`. */
export function enhanceSharpness(pixels: Pixels, factor: number): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  const smoothed = smooth(pixels).data;
  const result = new Uint8Array(data);
  for (let at = 0; at < data.length; at++) {
    if (depth === 4 && at % 4 === 3) continue;
    const level = smoothed[at] ?? 0;
    result[at] = blend(level, data[at] ?? 0, factor);
  }
  return { data: result, width, height };
}

/** In float32, as Pillow and the kernels compute it; the fraction goes where it is written to bytes. */
function blend(base: number, level: number, factor: number): number {
  const value = Math.fround(base + Math.fround(Math.fround(factor) * Math.fround(level - base)));
  return value <= 0 ? 0 : value >= 255 ? 255 : value;
}
