import { readJpegHeader } from "../jpeg/jpeg-header.ts";
import { readAvifHeader } from "./avif-header.ts";
import { ByteReader } from "./byte-reader.ts";
import { asOrientation, orientationOfExif } from "./exif-orientation.ts";
import { requireFileBytes } from "./file-bytes.ts";
import { readGifHeader } from "./gif-header.ts";
import type { ImageDetails } from "./image-details.ts";
import { type FileKind, type ImageKind, kindOfFile } from "./image-kind.ts";
import { readPngHeader } from "./png-header.ts";
import { readTiffTags } from "./tiff-tags.ts";
import { readWebpHeader } from "./webp-header.ts";

/** Kind and details of a picture. */
export interface ImageHeader extends ImageDetails {
  /** Undefined where the bytes are of no kind that is known here. */
  readonly kind: FileKind | undefined;
}

/**
 * Reads what a picture says of itself without decoding it, from as many of its first bytes as are at hand.
 *
 * Sources: PNG (third edition) 11.2.1, GIF89a 18 and 20, Windows BITMAPINFOHEADER, WebP RFC 9649, TIFF 6.0, T.81 B.2.2,
 * ISO 23008-12.
 *
 * @throws {InvalidConfigError} it is not given bytes.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  requireFileBytes("readImageHeader", bytes);
  const kind = kindOfFile(bytes);
  const details = kind?.isRead === true ? readers[kind.name](bytes) : undefined;
  return { kind, ...plain, ...details };
}

const plain: ImageDetails = { orientation: 1, hasMoreFrames: false };

const readers: Readonly<Record<ImageKind, (bytes: Uint8Array) => Partial<ImageDetails>>> = {
  PNG: readPngHeader,
  WebP: readWebpHeader,
  AVIF(bytes) {
    // Of sequences, the first frame stands as a picture too.
    const isSequence = String.fromCharCode(...bytes.subarray(8, 12)) === "avis";
    return { ...readAvifHeader(bytes), hasMoreFrames: isSequence };
  },
  JPEG(bytes) {
    const header = readJpegHeader(bytes);
    if (header === undefined) return {};
    const { width, height, exifAt } = header;
    return { width, height, orientation: exifAt === undefined ? 1 : orientationOfExif(bytes.subarray(exifAt)) };
  },
  GIF: readGifHeader,
  BMP(bytes) {
    const reader = new ByteReader(bytes, true);
    const isOld = reader.unsigned(14, 4) === 12;
    const side = (at: number): number => Math.abs(reader.unsigned(at, 4) | 0);
    const [width, height] = isOld ? [reader.unsigned(18, 2), reader.unsigned(20, 2)] : [side(18), side(22)];
    return reader.hasOverrun ? {} : { width, height };
  },
  TIFF(bytes) {
    const tags = readTiffTags(bytes);
    if (tags === undefined) return {};
    const { numbers, hasMore } = tags;
    const orientation = asOrientation(numbers.get(0x112));
    return { width: numbers.get(0x100), height: numbers.get(0x101), orientation, hasMoreFrames: hasMore };
  },
  SVG: () => ({}),
};
