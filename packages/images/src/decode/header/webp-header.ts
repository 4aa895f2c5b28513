import { ByteReader } from "./byte-reader.ts";
import { orientationOfExif } from "./exif-orientation.ts";
import type { ImageDetails } from "./image-details.ts";

/** Size, orientation and whether it is animated, of a WebP's chunks. */
export function readWebpHeader(bytes: Uint8Array): Partial<ImageDetails> {
  const reader = new ByteReader(bytes, true);
  const size = sizeOf(reader);
  if (reader.hasOverrun) return {};
  if (reader.text(12, 4) !== "VP8X") return size;
  const flags = reader.unsigned(20, 1);
  let orientation: ImageDetails["orientation"] = 1;
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = reader.unsigned(at + 4, 4);
    if (reader.text(at, 4) === "EXIF") orientation = orientationOfExif(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  return { ...size, orientation, hasMoreFrames: (flags & 2) !== 0 };
}

function sizeOf(reader: ByteReader): { readonly width: number; readonly height: number } {
  const chunk = reader.text(12, 4);
  if (chunk === "VP8X") return { width: reader.unsigned(24, 3) + 1, height: reader.unsigned(27, 3) + 1 };
  if (chunk === "VP8L") {
    const bits = reader.unsigned(21, 4);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return { width: reader.unsigned(26, 2) & 0x3fff, height: reader.unsigned(28, 2) & 0x3fff };
}
