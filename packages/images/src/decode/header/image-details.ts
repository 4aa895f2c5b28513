import type { Orientation } from "../orientation.ts";

/** What is known of a picture before it is decoded. */
export interface ImageDetails {
  /** As it is stored; undefined where the bytes at hand do not say it. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** How it lies in its file. What stands at a file's end may be missing where only its beginning is at hand. */
  readonly orientation: Orientation;
  /** Whether more frames or pages follow the first. */
  readonly hasMoreFrames: boolean;
}
