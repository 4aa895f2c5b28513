import { type Pixels, resizePixels } from "@featuremap/images";

/** Small pictures in whole multiples of their size, so that maps over them are smooth. */
export function enlarge(pixels: Pixels): Pixels {
  const factor = Math.floor(160 / Math.max(pixels.width, pixels.height));
  if (factor <= 1) return pixels;
  return resizePixels(pixels, [pixels.height * factor, pixels.width * factor], { interpolation: "nearest" });
}
