import { type Stats, constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { FileExample } from "@featuremap/datasets";
import { type ImageHeader, type Pixels, readImageHeader } from "@featuremap/images";
import { UnavailableError } from "@featuremap/tensor";

/** Bytes that tell nearly every file's size; of others all are read. */
const headLength = 2 ** 14;

/** What a file says before its pixels. */
export interface FileHeader {
  readonly header: ImageHeader;
  /** As many of its first bytes as were needed. */
  readonly head: Uint8Array;
  /** Where the rest is: its path, or all its bytes. */
  readonly source: string | Uint8Array;
  /** Of the whole file. */
  readonly bytes: number;
}

/**
 * Reads the head of a file; a picture that is stored as plain pixels is given as it is.
 *
 * @throws {UnavailableError} a folder, a device, a pipe or a socket is there.
 */
export async function readHeader(example: FileExample): Promise<FileHeader | Pixels> {
  if (example.file === undefined) {
    const source = await example.contents();
    if (!(source instanceof Uint8Array)) return source;
    return { header: readImageHeader(source), head: source, source, bytes: source.length };
  }
  // Before it is opened, which would wait for a pipe's other end; and after, as it may change.
  checkKind(await stat(example.file));
  const file = await open(example.file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    checkKind(found);
    const bytes = found.size;
    const start = await readHead(file, Math.min(bytes, headLength));
    const isEnough = readImageHeader(start).width !== undefined || bytes <= start.length;
    const head = isEnough ? start : await readHead(file, bytes);
    return { header: readImageHeader(head), head, source: example.file, bytes };
  } finally {
    await file.close();
  }
}

/** Height and width of a picture as it stands upright; undefined where its head does not say it. */
export function uprightSize({ width, height, orientation }: ImageHeader): readonly [number, number] | undefined {
  if (!width || !height) return undefined;
  return orientation > 4 ? [width, height] : [height, width];
}

function checkKind(found: Stats): void {
  if (found.isFile()) return;
  const what = found.isDirectory() ? "a folder" : "a device, a pipe or a socket";
  throw new UnavailableError(`It is ${what}`, "Put a picture in its place.");
}

async function readHead(file: FileHandle, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(length), length, position: 0 });
  return buffer.subarray(0, bytesRead);
}
