import { FormatError } from "@featuremap/tensor";
import type { ByteSource } from "../bytes/byte-source.ts";
import { looksLikeTar, tarEntries } from "./tar.ts";
import { readZipEntry, zipEntries } from "./zip.ts";

/** An archive's files by their names; each is read where it lies. */
export interface OpenArchive {
  /** What errors call it. */
  readonly source: string;
  readonly names: readonly string[];
  /** A file by its place in `names`. @throws {FormatError} it is damaged, or longer than 512 MiB. */
  read(index: number): Promise<Uint8Array>;
}

/** Bytes of one file in it. */
const largestFile = 2 ** 29;

/**
 * The files of a zip or tar archive, which its first bytes tell apart. Nothing is unpacked before it is read. Of files of one name the
 * last counts, as it is left when all are unpacked: so it is with what was added to an archive later.
 *
 * @throws {FormatError} it is neither, damaged, or holds links or names that lead out of it.
 */
export async function openArchive(source: ByteSource): Promise<OpenArchive> {
  const start = await source.read(0, Math.min(4, source.size));
  if (start[0] === 0x50 && start[1] === 0x4b) {
    const all = await zipEntries(source);
    const entries = lastOfEach(all.map(({ name }) => name)).map((place) => entryAt(all, place));
    return {
      source: source.name,
      names: entries.map(({ name }) => name),
      read: (index) => readZipEntry(source, entryAt(entries, index), largestFile),
    };
  }
  if (start[0] === 0x1f && start[1] === 0x8b) {
    throw new FormatError(
      source.name,
      "the archive",
      "a zip or tar archive",
      "a packed one (unpack it with gunzip first)",
    );
  }
  const block = await source.read(0, Math.min(512, source.size));
  if (!looksLikeTar(block)) {
    const beginning = JSON.stringify(String.fromCharCode(...block.subarray(0, 8)));
    const found = block.length === 0 ? "an empty file" : `a file that begins with ${beginning}`;
    throw new FormatError(source.name, "the archive", "a zip or tar archive", found);
  }
  const names: string[] = [];
  // Plain numbers: an object for each of a million files takes more than its name.
  const [offsets, sizes]: [number[], number[]] = [[], []];
  for await (const { name, offset, size } of tarEntries(source)) {
    names.push(name);
    offsets.push(offset);
    sizes.push(size);
  }
  const places = lastOfEach(names);
  return {
    source: source.name,
    names: places.map((place) => entryAt(names, place)),
    read: async (index) => {
      const place = entryAt(places, index);
      const [offset, size] = [entryAt(offsets, place), entryAt(sizes, place)];
      if (size > largestFile) {
        throw new FormatError(source.name, `the file ${names[place] ?? ""}`, `at most ${largestFile} bytes`, `${size}`);
      }
      return source.read(offset, size);
    },
  };
}

/** Where each name stands last, in ascending order. */
function lastOfEach(names: readonly string[]): number[] {
  const last = new Map<string, number>();
  names.forEach((name, place) => last.set(name, place));
  return [...last.values()].toSorted((one, other) => one - other);
}

function entryAt<Entry>(entries: readonly Entry[], index: number): Entry {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`no file ${index}`);
  return entry;
}
