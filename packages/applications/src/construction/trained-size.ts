import type { InputShape } from "../input-shape.ts";

/** Sides of the pictures that MobileNet's published weights have learned from. */
export const mobileNetSizes: readonly number[] = [128, 160, 192, 224];

/** The same of MobileNetV2. */
export const mobileNetV2Sizes: readonly number[] = [96, ...mobileNetSizes];

/** The side of the pictures whose published weights a network takes: its own one, or 224 where there are none for that. */
export function trainedSize([height, width]: InputShape, sizes: readonly number[]): number {
  return height !== null && height === width && sizes.includes(height) ? height : 224;
}
