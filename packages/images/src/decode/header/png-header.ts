import { ByteReader } from "./byte-reader.ts";
import { orientationOfExif } from "./exif-orientation.ts";
import type { ImageDetails } from "./image-details.ts";

/** Size, orientation and whether it is animated (APNG), of a PNG's chunks. */
export function readPngHeader(bytes: Uint8Array): Partial<ImageDetails> {
  const reader = new ByteReader(bytes);
  const [width, height] = [reader.unsigned(16, 4), reader.unsigned(20, 4)];
  if (reader.hasOverrun) return {};
  let hasMoreFrames = false;
  let orientation: ImageDetails["orientation"] = 1;
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = reader.unsigned(at, 4);
    const type = reader.text(at + 4, 4);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (type === "eXIf") orientation = orientationOfExif(content);
    if (type === "acTL") hasMoreFrames = new ByteReader(content).unsigned(0, 4) > 1;
    if (type === "IEND") break;
    at += 12 + length;
  }
  return { width, height, orientation, hasMoreFrames };
}
