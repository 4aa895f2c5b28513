import type { FeaturemapError } from "@featuremap/tensor";

/** What is found where pictures are looked for. */
export type FoundName =
  | { readonly kind: "picture"; readonly name: string }
  /** A file among others whose name is not that of a picture. */
  | { readonly kind: "foreign"; readonly name: string }
  /** Something was named that gives no picture. */
  | { readonly kind: "wrong"; readonly name: string; readonly error: FeaturemapError }
  /** Nothing more is known yet: what is there should be answered. */
  | { readonly kind: "pause" };

const pictureEnding = /\.(bmp|gif|jpe?g|a?png|avif|svg|tiff?|webp)$/i;

/** Whether a file is a picture, by its ending. */
export function isPictureName(name: string): boolean {
  return pictureEnding.test(name);
}

/** A file that was found and not named: only its ending tells whether it is meant. */
export function foundFile(name: string): FoundName {
  return { kind: isPictureName(name) ? "picture" : "foreign", name };
}
