import { FormatError } from "@featuremap/tensor";

/** What a JPEG says before its first scan. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 colour, 4 inks; others are not read. */
  readonly components: number;
  /** Bits of a value. */
  readonly precision: number;
  /** The second byte of its frame's marker, 0xc0 to 0xcf. */
  readonly process: number;
  /** Where its EXIF begins (the header of a TIFF), if it has one. */
  readonly exifAt?: number;
  /** Where its first scan begins; the end of the bytes where they do not reach that far. */
  readonly scanAt: number;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;

/**
 * Reads the segments before the first scan, from as many of the first bytes as are at hand.
 *
 * @returns undefined where the bytes do not reach the frame's header
 * Source: ITU-T T.81, B.1.1 and B.2.2; EXIF 2.32, 4.7.2.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  let frame: Omit<JpegHeader, "exifAt" | "scanAt"> | undefined;
  let exifAt: number | undefined;
  let at = 2;
  for (;;) {
    // What stands between segments is skipped, as every decoder does.
    while (at < bytes.length && bytes[at] !== 0xff) at++;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at];
    at++;
    if (marker === undefined || at + 2 > bytes.length) break;
    if (marker === startOfScan || marker === endOfImage) break;
    if (marker <= 1 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const length = word(bytes, at);
    if (isFrame(marker) && frame === undefined && at + 8 <= bytes.length) {
      frame = {
        process: marker,
        precision: bytes[at + 2] ?? 0,
        height: word(bytes, at + 3),
        width: word(bytes, at + 5),
        components: bytes[at + 7] ?? 0,
      };
    } else if (marker === 0xe1 && exifAt === undefined && isExif(bytes, at + 2)) exifAt = at + 8;
    at += Math.max(2, length);
  }
  if (frame === undefined) return undefined;
  return { ...frame, scanAt: Math.min(at, bytes.length), ...(exifAt === undefined ? {} : { exifAt }) };
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function isExif(bytes: Uint8Array, at: number): boolean {
  return String.fromCharCode(...bytes.subarray(at, at + 6)) === "Exif\0\0";
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Encoders write some 10 scans, each of which costs a pass over the whole picture, baseline or progressive. */
const honestScans = 20;
const mostScans = 100;

/** What all scans of a picture pass over, where they are more than honest ones. */
const mostPixelsOfScans = 2 ** 28;

/**
 * Refuses what libjpeg-turbo does not decode here, and what would keep it busy for minutes.
 *
 * @throws {FormatError}
 */
export function requireDecodable(bytes: Uint8Array, header: JpegHeader, hasOneScan: boolean, name: string): void {
  const fail = (expected: string, found: string): never => {
    throw new FormatError(name, "the JPEG", expected, `${found}; save it again as a standard JPEG or a PNG`);
  };
  const { components, precision, process } = header;
  if (process > 0xc8) fail("coded with Huffman codes", "arithmetic coding");
  if (process === 0xc3) fail("baseline or progressive", "a lossless one");
  if (process > 0xc2) fail("baseline or progressive", "a hierarchical one");
  if (precision !== 8) fail("of 8 bits per value", `${precision} bits`);
  if (components !== 1 && components !== 3 && components !== 4) {
    fail("grey, colour or CMYK", `${components} components`);
  }
  if (hasOneScan) return;
  const affordable = Math.floor(mostPixelsOfScans / (header.width * header.height));
  const limit = Math.min(mostScans, Math.max(honestScans, affordable));
  if (hasMoreScans(bytes, header.scanAt, limit)) {
    fail(`of at most ${limit} scans at ${header.width} x ${header.height} pixels`, "more");
  }
}

/** Whether all scans are read before the first pixel is known. */
export function isProgressive({ process }: JpegHeader): boolean {
  return process === 0xc2;
}

/** Goes through the segments as libjpeg does: what looks like a mark within one is none. What follows the end does not count. */
function hasMoreScans(bytes: Uint8Array, from: number, limit: number): boolean {
  let scans = 1;
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1] ?? endOfImage;
    if (marker === endOfImage) return false;
    if (marker === startOfScan) scans++;
    if (scans > limit) return true;
    const isSegment = marker >= 0xc0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd8);
    at += marker === 0xff ? 1 : isSegment ? 2 + Math.max(2, word(bytes, at + 2)) : 2;
  }
  return false;
}

/** Whether the mark of its end comes after its first scan: without it, it was cut off. */
export function reachesItsEnd(bytes: Uint8Array, header: JpegHeader): boolean {
  for (let at = bytes.lastIndexOf(endOfImage); at > header.scanAt; at = bytes.lastIndexOf(endOfImage, at - 1)) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}

/** Whether the file ends with its first scan: then no more can be wrong with all of the picture than with a part of it. */
export function endsAfterFirstScan(bytes: Uint8Array, header: JpegHeader): boolean {
  for (let at = bytes.indexOf(0xff, header.scanAt); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1];
    if (code === endOfImage) return true;
    const isOfScan = code === 0 || code === 0xff || (code !== undefined && code >= 0xd0 && code <= 0xd7);
    if (!isOfScan) return false;
  }
  return false;
}
