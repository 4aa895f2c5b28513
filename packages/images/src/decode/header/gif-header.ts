import { ByteReader } from "./byte-reader.ts";
import type { ImageDetails } from "./image-details.ts";

/** The part of a GIF's screen that its first frame covers, and the colours around and under it. */
export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Where the flag stands that makes a colour transparent; undefined where none is. */
  readonly transparencyAt: number | undefined;
  /** RGB of what the frame does not cover: as Pillow has it, of the transparent colour, or of the first. */
  readonly ground: readonly [red: number, green: number, blue: number];
}

/** Size of the screen, and whether more than one frame is shown on it. */
export function readGifHeader(bytes: Uint8Array): Partial<ImageDetails> {
  const reader = new ByteReader(bytes, true);
  const [width, height] = [reader.unsigned(6, 2), reader.unsigned(8, 2)];
  if (reader.hasOverrun) return {};
  let frames = 0;
  for (const { type } of blocksOf(reader)) {
    if (type === frameBlock) frames++;
    if (frames > 1) break;
  }
  return { width, height, hasMoreFrames: frames > 1 };
}

/** @returns undefined where there is no frame */
export function readFirstGifFrame(bytes: Uint8Array): GifFrame | undefined {
  const reader = new ByteReader(bytes, true);
  let control: number | undefined;
  for (const { type, at } of blocksOf(reader)) {
    // A graphic control extension, for the frame that follows it.
    if (type === extensionBlock && bytes[at + 1] === 0xf9) control = at + 3;
    if (type !== frameBlock) continue;
    const isTransparent = control !== undefined && ((bytes[control] ?? 0) & 1) === 1;
    const index = isTransparent && control !== undefined ? (bytes[control + 3] ?? 0) : 0;
    const hasOwnTable = (reader.unsigned(at + 9, 1) & 0x80) !== 0;
    const tableAt = (hasOwnTable ? at + 10 : 13) + index * 3;
    return {
      left: reader.unsigned(at + 1, 2),
      top: reader.unsigned(at + 3, 2),
      width: reader.unsigned(at + 5, 2),
      height: reader.unsigned(at + 7, 2),
      transparencyAt: isTransparent ? control : undefined,
      ground: [bytes[tableAt] ?? 0, bytes[tableAt + 1] ?? 0, bytes[tableAt + 2] ?? 0],
    };
  }
  return undefined;
}

const frameBlock = 0x2c;
const extensionBlock = 0x21;

/** Walks over the blocks of a GIF, each of which says how long it is. Source: GIF89a, 15 and 20 to 26. */
function* blocksOf(reader: ByteReader): Generator<{ readonly type: number; readonly at: number }> {
  const { bytes } = reader;
  const tableLength = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + tableLength(reader.unsigned(10, 1));
  while (at < bytes.length) {
    const type = bytes[at];
    if (type !== frameBlock && type !== extensionBlock) return;
    yield { type, at };
    at += type === frameBlock ? 11 + tableLength(reader.unsigned(at + 9, 1)) : 2;
    for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) at += length + 1;
    at++;
  }
}
