import type { Pixels } from "../pixels.ts";
import { depthOf, levelTable, mapLevels } from "./levels.ts";
import { luma, meanLuma } from "./luma.ts";
import { smooth } from "./smooth.ts";

// Pillow's ImageEnhance, which torchvision uses too: a picture is moved away from, or towards, one that has nothing of a
// quality. A factor of 1 leaves it as it is, 0 takes the quality away.

/** Away from black. Source: Pillow's `ImageEnhance.Brightness`. */
export function enhanceBrightness(pixels: Pixels, factor: number): Pixels {
  return mapLevels(
    pixels,
    levelTable((level) => factor * level),
  );
}

/** Away from the mean grey. Source: Pillow's `ImageEnhance.Contrast`. */
export function enhanceContrast(pixels: Pixels, factor: number): Pixels {
  const mean = Math.floor(meanLuma(pixels) + 0.5);
  return mapLevels(
    pixels,
    levelTable((level) => mean + factor * (level - mean)),
  );
}

/** Away from the same picture in grey; a grey one stays. Source: Pillow's `ImageEnhance.Color`. */
export function enhanceColor(pixels: Pixels, factor: number): Pixels {
  const { data, width, height } = pixels;
  const depth = depthOf(pixels);
  if (depth === 1) return pixels;
  const result = new Uint8Array(data);
  for (let at = 0; at < data.length; at += depth) {
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
