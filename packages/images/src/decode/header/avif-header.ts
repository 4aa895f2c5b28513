import type { Orientation } from "../orientation.ts";
import { ByteReader } from "./byte-reader.ts";

interface Box {
  readonly type: string;
  /** Where its content begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** Boxes of one level; more than any picture has. */
const mostBoxes = 1000;

/** What an AVIF says of its picture. */
export interface AvifHeader {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
}

/**
 * Size and orientation of the picture that an AVIF names as its own; others in it are parts, thumbnails and alpha.
 *
 * @returns undefined where the bytes at hand do not say it
 * Source: ISO 14496-12, 8.11 (meta, pitm, iprp) and ISO 23008-12, 6.5 (ispe, irot, imir).
 */
export function readAvifHeader(bytes: Uint8Array): AvifHeader | undefined {
  const reader = new ByteReader(bytes);
  const meta = boxesOf(reader, 0, bytes.length).find(({ type }) => type === "meta");
  if (meta === undefined) return undefined;
  const parts = boxesOf(reader, meta.from + 4, meta.to);
  const properties = parts.find(({ type }) => type === "iprp");
  const primary = parts.find(({ type }) => type === "pitm");
  if (properties === undefined || primary === undefined) return undefined;
  const item = reader.unsigned(primary.from + 4, reader.unsigned(primary.from, 1) === 0 ? 2 : 4);
  const inside = boxesOf(reader, properties.from, properties.to);
  const container = inside.find(({ type }) => type === "ipco");
  const associations = inside.find(({ type }) => type === "ipma");
  if (container === undefined || associations === undefined) return undefined;
  const all = boxesOf(reader, container.from, container.to);
  const own = associationsOf(reader, associations, item).flatMap((index) => all[index - 1] ?? []);
  const size = own.find(({ type }) => type === "ispe");
  if (size === undefined || reader.hasOverrun) return undefined;
  return {
    width: reader.unsigned(size.from + 4, 4),
    height: reader.unsigned(size.from + 8, 4),
    orientation: orientationOf(reader, own),
  };
}

function boxesOf(reader: ByteReader, from: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= end && boxes.length < mostBoxes;) {
    const short = reader.unsigned(at, 4);
    const header = short === 1 ? 16 : 8;
    const length = short === 0 ? end - at : short === 1 ? reader.unsigned(at + 12, 4) : short;
    if (length < header) break;
    boxes.push({ type: reader.text(at + 4, 4), from: at + header, to: Math.min(at + length, end) });
    at += length;
  }
  return boxes;
}

/** Numbers of an item's properties, the first being 1. */
function associationsOf(reader: ByteReader, { from, to }: Box, item: number): number[] {
  const idLength = reader.unsigned(from, 1) === 0 ? 2 : 4;
  const isWide = (reader.unsigned(from + 3, 1) & 1) === 1;
  let at = from + 8;
  while (at + idLength < to) {
    const id = reader.unsigned(at, idLength);
    const count = reader.unsigned(at + idLength, 1);
    at += idLength + 1;
    const length = isWide ? 2 : 1;
    if (id === item) {
      return Array.from({ length: count }, (_, index) => {
        const value = reader.unsigned(at + index * length, length);
        return value & (isWide ? 0x7fff : 0x7f);
      });
    }
    at += count * length;
  }
  return [];
}

/** For quarters of a turn against the clock, followed by none, by a mirror that swaps top and bottom, or left and right. */
const orientations: readonly (readonly [Orientation, Orientation, Orientation])[] = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
];

function orientationOf(reader: ByteReader, own: readonly Box[]): Orientation {
  const turn = own.find(({ type }) => type === "irot");
  const mirror = own.find(({ type }) => type === "imir");
  const quarters = turn === undefined ? 0 : reader.unsigned(turn.from, 1) & 3;
  const mirrored = mirror === undefined ? 0 : 1 + (reader.unsigned(mirror.from, 1) & 1);
  return orientations[quarters]?.[mirrored] ?? 1;
}
