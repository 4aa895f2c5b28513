import { openPackFolder } from "#pack-folder";
import { type ElementReader, decodeElement, elementReader, encodeElement } from "./encode-element.ts";
import { type PackEntry, type PackFolder, packOf } from "./pack.ts";

/** Bytes of a pack, as far as one element after the other fits in. */
const packBytes = 2 ** 25;

/** Where elements are kept. */
export interface StoreOptions {
  readonly directory: string;
  /** What the elements depend on; with another one they count as not there. */
  readonly key: string;
  readonly size: number;
  /** Bytes of packs that may stay in memory. */
  readonly memory: number;
}

/** A range of a file that holds an element. */
export interface PackedPlace {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  /** Of which element it must be, as {@link decodeElement} checks. */
  readonly place: number;
}

/** An element that waits to be written. */
interface Pending {
  readonly index: number;
  readonly origin: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Pack {
  /** Undefined as long as it is not on the disk. */
  name: string | undefined;
  /** Elements that wait to be written, or the whole file. */
  content: Map<number, Uint8Array<ArrayBuffer>> | Promise<Uint8Array<ArrayBuffer>> | undefined;
  /** The whole file, once it is in memory, and what reads the elements that were found there as they were written. */
  whole?: { readonly bytes: Uint8Array<ArrayBuffer>; readonly readers: Map<number, ElementReader> };
}

/** Elements by index, packed into files: each is written once, and read by its range or, if all fit, from memory. */
export class PackedStore {
  readonly #folder: PackFolder;
  readonly #options: StoreOptions;
  readonly #packs: Pack[] = [];
  /** For each element its pack, plus 1, and its place there. */
  readonly #packOf: Uint32Array;
  readonly #offsets: Float64Array;
  readonly #lengths: Uint32Array;
  readonly #origins: Uint32Array;
  /** Texts that were found to be the origins: asked for again, they are the same strings. */
  readonly #found = new Map<number, string>();
  #bytes = 0;
  #filled = 0;
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: StoreOptions) {
    const { directory, size } = options;
    this.#options = options;
    this.#folder = openPackFolder(directory);
    this.#packOf = new Uint32Array(size);
    this.#offsets = new Float64Array(size);
    this.#lengths = new Uint32Array(size);
    this.#origins = new Uint32Array(size);
  }

  /** @throws {UnavailableError} there is no disk, or no folder can be made. */
  static async open(options: StoreOptions): Promise<PackedStore> {
    const store = new PackedStore(options);
    // Better now than when the first pack is full.
    await store.#folder.make();
    for (const [name, { entries, bytes }] of await store.#folder.list(options.key)) {
      store.#bytes += bytes;
      const pack = store.#packs.push({ name, content: undefined });
      for (const entry of entries) store.#place(entry, pack);
    }
    return store;
  }

  /** @returns undefined where it is not there, or of another origin */
  async get(index: number, origin: string): Promise<unknown> {
    const pack = this.#packs[(this.#packOf[index] ?? 0) - 1];
    if (pack === undefined || !this.#isOf(index, origin)) return undefined;
    const offset = this.#offsets[index] ?? 0;
    const length = this.#lengths[index] ?? 0;
    try {
      const bytes = await this.#read(pack, index, offset, length);
      return decodeElement(this.#options.directory, bytes, placeOf(index, origin));
    } catch (error) {
      // Gone or damaged: it can be made anew. With a file go all its elements, or each would be written by itself.
      const number = this.#packs.indexOf(pack) + 1;
      const lost = isGone(error) ? this.#packOf.keys() : [index];
      for (const each of lost) {
        if (this.#packOf[each] !== number) continue;
        this.#packOf[each] = 0;
        this.#filled--;
      }
      return undefined;
    }
  }

  /**
   * An element whose bytes are the store's own, without waiting; undefined where it takes {@link get}. Of what may stay in memory, the next element of the
   * same pack will be there.
   */
  peek(index: number, origin: string): unknown {
    const pack = this.#packs[(this.#packOf[index] ?? 0) - 1];
    if (pack === undefined || !this.#isOf(index, origin)) return undefined;
    const { whole, name, content } = pack;
    if (whole === undefined) {
      if (name !== undefined && content === undefined && this.#bytes <= this.#options.memory)
        void this.#load(pack, name);
      return undefined;
    }
    const offset = this.#offsets[index] ?? 0;
    const bytes = whole.bytes.subarray(offset, offset + (this.#lengths[index] ?? 0));
    try {
      const known = whole.readers.get(index);
      const reader = known ?? elementReader(this.#options.directory, bytes, placeOf(index, origin));
      if (known === undefined) whole.readers.set(index, reader);
      return reader(bytes);
    } catch {
      return undefined;
    }
  }

  /** Where an element lies; undefined where it is not there, of another origin, or not yet written. */
  locate(index: number, origin: string): PackedPlace | undefined {
    const pack = this.#packs[(this.#packOf[index] ?? 0) - 1];
    if (pack?.name === undefined || !this.#isOf(index, origin)) return undefined;
    const path = this.#folder.pathOf(pack.name);
    const [offset, length] = [this.#offsets[index] ?? 0, this.#lengths[index] ?? 0];
    return { path, offset, length, place: placeOf(index, origin) };
  }

  /** @throws {InvalidConfigError} it is not plain data. @throws {UnavailableError} the folder cannot be written. */
  async put(index: number, origin: string, element: unknown): Promise<void> {
    const bytes = encodeElement("Dataset.cache", element, placeOf(index, origin));
    const pack = this.#currentPack();
    this.#pending.push({ index, origin, bytes });
    this.#pendingBytes += bytes.length;
    (pack.content as Map<number, Uint8Array<ArrayBuffer>>).set(index, bytes);
    this.#place({ index, origin, offset: 0, length: bytes.length }, this.#packs.length);
    const isLast = this.#filled === this.#options.size;
    // No more than one pack waits for another to be written.
    if (this.#pendingBytes >= packBytes || isLast) await this.flush();
    if (isLast) await this.#removeUnused();
  }

  /** Writes what waits, and closes files. */
  async flush(): Promise<void> {
    const elements = this.#pending;
    const pack = this.#packs.at(-1);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (elements.length > 0 && pack !== undefined) {
      this.#writing = this.#writing.catch(() => {}).then(() => this.#write(pack, elements));
    }
    await this.#writing;
    await this.#folder.close();
  }

  async #write(pack: Pack, elements: readonly Pending[]): Promise<void> {
    const bytes = packOf(this.#options.key, elements);
    pack.name = await this.#folder.write(bytes);
    this.#bytes += bytes.length;
    let offset = 0;
    for (const {
      index,
      bytes: { length },
    } of elements) {
      this.#offsets[index] = offset;
      offset += length;
    }
    pack.content = undefined;
  }

  /** Packs whose files have all changed since. */
  async #removeUnused(): Promise<void> {
    const used = new Set(this.#packOf);
    for (const [place, { name }] of this.#packs.entries()) {
      if (name !== undefined && !used.has(place + 1)) await this.#folder.remove(name);
    }
  }

  #isOf(index: number, origin: string): boolean {
    if (this.#found.get(index) === origin) return true;
    if (this.#origins[index] !== hashOf(origin)) return false;
    this.#found.set(index, origin);
    return true;
  }

  #currentPack(): Pack {
    const last = this.#packs.at(-1);
    if (this.#pending.length > 0 && last !== undefined) return last;
    const pack: Pack = { name: undefined, content: new Map() };
    this.#packs.push(pack);
    return pack;
  }

  #place({ index, offset, length, origin }: PackEntry, pack: number): void {
    if (index >= this.#options.size) return;
    if (this.#packOf[index] === 0) this.#filled++;
    this.#packOf[index] = pack;
    this.#offsets[index] = offset;
    this.#lengths[index] = length;
    this.#origins[index] = hashOf(origin);
    this.#found.delete(index);
  }

  async #read(pack: Pack, index: number, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const { content } = pack;
    // Copies: whoever takes an element may write to it.
    if (content instanceof Map) return content.get(index)?.slice() ?? new Uint8Array(0);
    // A pack without content has been written.
    const name = pack.name as string;
    if (this.#bytes > this.#options.memory) return this.#folder.readRange(name, offset, length);
    const whole = content ?? this.#load(pack, name);
    return (await whole).slice(offset, offset + length);
  }

  #load(pack: Pack, name: string): Promise<Uint8Array<ArrayBuffer>> {
    const whole = this.#folder.readWhole(name);
    pack.content = whole;
    whole.then(
      (bytes) => (pack.whole = { bytes, readers: new Map() }),
      () => (pack.content = undefined),
    );
    return whole;
  }
}

/** Whether a file was not there. */
function isGone(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  return code === "ENOENT" || cause?.code === "ENOENT";
}

/** Tells an element from all others, so that one that lies where another should is not taken for it. */
function placeOf(index: number, origin: string): number {
  return hashOf(`${index} ${origin}`);
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
