import type { Orientation } from "../orientation.ts";
import { readTiffTags } from "./tiff-tags.ts";

const orientationTag = 0x112;

/** The orientation that an EXIF tells; 1 where it tells none, or one that does not exist. */
export function orientationOfExif(exif: Uint8Array): Orientation {
  // Some programs write into other containers what a JPEG has before it.
  const prefix = String.fromCharCode(...exif.subarray(0, 6)) === "Exif\0\0" ? 6 : 0;
  return asOrientation(readTiffTags(exif.subarray(prefix))?.numbers.get(orientationTag));
}

export function asOrientation(value: number | undefined): Orientation {
  return value !== undefined && value >= 1 && value <= 8 ? (value as Orientation) : 1;
}
