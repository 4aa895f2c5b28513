import type { ImageKind } from "./header/image-kind.ts";

/** A file of a kind that is decoded here. */
export interface ImageName {
  readonly kind: ImageKind;
  /** For errors. */
  readonly name: string;
}

/** In pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Refuses what has too many pixels. */
export type CheckPixels = (size: ImageSize) => void;

/** What a platform's decoder is asked for. */
export interface PlatformRequest extends ImageName {
  /** Called before pixels are decoded, with what the decoder knows of their number. */
  readonly checkPixels: CheckPixels;
  /** Whether alpha is of interest. */
  readonly keepsAlpha: boolean;
}
