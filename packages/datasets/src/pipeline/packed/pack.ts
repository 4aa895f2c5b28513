import { FormatError } from "@featuremap/tensor";

/** Where an element lies in a pack. */
export interface PackEntry {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  /** What it was made from: an element of another origin does not count. */
  readonly origin: string;
}

/** The end of a pack, which says what it holds. */
export interface PackDirectory {
  /** Of the cache that wrote it. */
  readonly key: string;
  readonly entries: readonly PackEntry[];
}

/** A pack in a folder. */
export interface FoundPack extends PackDirectory {
  /** Of the whole file. */
  readonly bytes: number;
}

/** Where packs lie. */
export interface PackFolder {
  /** Where a pack lies. */
  pathOf(name: string): string;
  /** @throws {Error} there is no such folder, and none can be made. */
  make(): Promise<void>;
  /** The packs of one key, by name. Those of another key, or damaged, are removed. */
  list(key: string): Promise<Map<string, FoundPack>>;
  /** @returns its name @throws {UnavailableError} the folder cannot be written. */
  write(pack: Uint8Array): Promise<string>;
  /** @throws {Error} it is not there any more. */
  readWhole(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws {Error} it is not there any more, or shorter. */
  readRange(name: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  remove(name: string): Promise<void>;
  /** Closes files; they are opened again when they are needed. */
  close(): Promise<void>;
}

const magic = new TextEncoder().encode("FMPACK04");

/** Bytes behind the directory: its length, and the magic. */
export const tailBytes = 16;

/** A pack: elements one behind the other, their directory (JSON), its length, `FMPACK04`. */
export function packOf(
  key: string,
  elements: readonly (Omit<PackEntry, "offset" | "length"> & { bytes: Uint8Array })[],
): Uint8Array {
  let offset = 0;
  const entries = elements.map(({ index, origin, bytes }) => {
    const entry = [index, offset, bytes.length, origin];
    offset += bytes.length;
    return entry;
  });
  const directory = new TextEncoder().encode(JSON.stringify({ key, entries }));
  const pack = new Uint8Array(offset + directory.length + tailBytes);
  let at = 0;
  for (const { bytes } of elements) {
    pack.set(bytes, at);
    at += bytes.length;
  }
  pack.set(directory, at);
  new DataView(pack.buffer).setFloat64(at + directory.length, directory.length, true);
  pack.set(magic, pack.length - magic.length);
  return pack;
}

/** Length of the directory, from a pack's last bytes. @throws {FormatError} it is not a pack, or not a whole one. */
export function directoryLength(source: string, tail: Uint8Array, size: number): number {
  const length = tail.length === tailBytes ? new DataView(tail.buffer, tail.byteOffset).getFloat64(0, true) : -1;
  const isPack = magic.every((byte, place) => tail[tailBytes - magic.length + place] === byte);
  if (isPack && Number.isInteger(length) && length > 0 && length + tailBytes <= size) return length;
  throw damaged(source);
}

/** @param space bytes before the directory @throws {FormatError} it is damaged. */
export function readDirectory(source: string, bytes: Uint8Array, space: number): PackDirectory {
  let found: Partial<Record<"key" | "entries", unknown>>;
  try {
    found = (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as typeof found;
  } catch {
    throw damaged(source);
  }
  const { key, entries } = found;
  if (typeof key !== "string" || !Array.isArray(entries)) throw damaged(source);
  return {
    key,
    entries: entries.map((entry: unknown) => {
      const [index, offset, length, origin] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
      const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
      if (!(isCount(index) && isCount(offset) && isCount(length) && typeof origin === "string")) throw damaged(source);
      if (offset + length > space) throw damaged(source);
      return { index, offset, length, origin };
    }),
  };
}

function damaged(source: string): FormatError {
  return new FormatError(source, "the file", "a whole pack of a Dataset's cache", "something else");
}
