import type { Pixels } from "../pixels.ts";
import { type LevelTable, colourChannels, depthOf, histogram, levelTable, mapChannels, mapLevels } from "./levels.ts";

/** A negative. Source: Pillow's `ImageOps.invert`. */
export function invert(pixels: Pixels): Pixels {
  return mapLevels(
    pixels,
    levelTable((level) => 255 - level),
  );
}

/** Keeps the `bits` highest bits of each level, 1 to 8. Source: Pillow's `ImageOps.posterize`. */
export function posterize(pixels: Pixels, bits: number): Pixels {
  const mask = 256 - 2 ** (8 - bits);
  return mapLevels(
    pixels,
    levelTable((level) => level & mask),
  );
}

/** Inverts the levels of at least `threshold`. Source: Pillow's `ImageOps.solarize`. */
export function solarize(pixels: Pixels, threshold: number): Pixels {
  return mapLevels(
    pixels,
    levelTable((level) => (level < threshold ? level : 255 - level)),
  );
}

/** `255 * gain * (level / 255) ** gamma`, rounded. Source: torchvision's `adjust_gamma`. */
export function adjustGamma(pixels: Pixels, gamma: number, gain = 1): Pixels {
  return mapLevels(
    pixels,
    levelTable((level) => (255 + 1 - 1e-3) * gain * (level / 255) ** gamma),
  );
}

/** Stretches each channel so that its darkest level is 0 and its brightest 255. Source: Pillow's `ImageOps.autocontrast`. */
export function autoContrast(pixels: Pixels): Pixels {
  return perChannel(pixels, (counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) return undefined;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    return levelTable((level) => level * scale + offset);
  });
}

/** Spreads each channel's levels so that all are equally frequent. Source: Pillow's `ImageOps.equalize`. */
export function equalize(pixels: Pixels): Pixels {
  return perChannel(pixels, (counts) => {
    const present = counts.filter((count) => count > 0);
    if (present.length <= 1) return undefined;
    const step = Math.floor((present.reduce((sum, count) => sum + count, 0) - (present.at(-1) ?? 0)) / 255);
    if (step === 0) return undefined;
    let sum = Math.floor(step / 2);
    const table = new Uint8Array(256);
    for (let level = 0; level < 256; level++) {
      table[level] = Math.min(255, Math.floor(sum / step));
      sum += counts[level] ?? 0;
    }
    return table;
  });
}

/** Maps each channel by a table made of its histogram; undefined leaves the channel as it is. */
function perChannel(pixels: Pixels, tableFor: (counts: Uint32Array) => LevelTable | undefined): Pixels {
  const depth = depthOf(pixels);
  const same = levelTable((level) => level);
  const tables = Array.from(
    { length: colourChannels(depth) },
    (_, channel) => tableFor(histogram(pixels, channel, depth)) ?? same,
  );
  return mapChannels(pixels, tables);
}
