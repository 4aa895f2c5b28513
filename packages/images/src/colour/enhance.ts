import type { Pixels } from "../pixels.ts";
import { KernelMemory } from "../kernels/kernel-memory.ts";
import { depthOf } from "./levels.ts";
import { luma, meanLuma } from "./luma.ts";
import { smooth } from "./smooth.ts";

// Pillow's ImageEnhance, which torchvision uses too: a picture is moved away from, or towards, one that has nothing of a
// quality. A factor of 1 leaves it as it is, 0 takes the quality away.

/** Away from black. Source: Pillow's `ImageEnhance.Brightness`. */
export function enhanceBrightness(pixels: Pixels, factor: number): Pixels {
  return blendWithLevel(pixels, factor, () => 0);
}

/** Away from the mean grey. Source: Pillow's `ImageEnhance.Contrast`. */
export function enhanceContrast(pixels: Pixels, factor: number): Pixels {
  return blendWithLevel(pixels, factor, (memory, data) => {
    const count = pixels.width * pixels.height;
    const sum = depthOf(pixels) === 3 ? memory.kernels.sumOfLuma(data, count) : meanLuma(pixels) * count;
    return Math.floor(sum / count + 0.5);
  });
}

function blendWithLevel(
  pixels: Pixels,
  factor: number,
  levelOf: (memory: KernelMemory, data: number) => number,
): Pixels {
  const { data, width, height } = pixels;
  const changed = KernelMemory.use((memory) => {
    const place = memory.store(data);
    memory.kernels.blendWithLevel(place, data.length, levelOf(memory, place), factor);
    return memory.bytes(place, data.length).slice();
  });
  if (depthOf(pixels) === 4) for (let alpha = 3; alpha < data.length; alpha += 4) changed[alpha] = data[alpha] ?? 0;
  return { data: changed, width, height };
}

/** Away from the same picture in grey; a grey one stays. Source: Pillow's `ImageEnhance.Color`. */
export function enhanceColor(pixels: Pixels, factor: number): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  if (depth === 1) return pixels;
  if (depth === 3) {
    const changed = KernelMemory.use((memory) => {
      const place = memory.store(data);
      memory.kernels.blendWithGrey(place, width * height, factor);
      return memory.bytes(place, data.length).slice();
    });
    return { data: changed, width, height };
  }
  const result = new Uint8Array(data);
  for (let at = 0; at < data.length; at += 4) {
    const grey = luma(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    for (let channel = at; channel < at + 3; channel++) {
      result[channel] = byte(grey + factor * ((data[channel] ?? 0) - grey));
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
    result[at] = byte(level + factor * ((data[at] ?? 0) - level));
  }
  return { data: result, width, height };
}

function byte(level: number): number {
  return level <= 0 ? 0 : level >= 255 ? 255 : level;
}
