import { FormatError } from "@featuremap/tensor";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How a field of protobuf's wire format is laid out. Groups, 3 and 4, are gone since proto2. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Walks the fields of one protobuf message without copying.
 *
 * Own code and not a library: those at hand trust the lengths that a file states, and this one is to read files of strangers.
 * Source: protobuf's "Encoding" page.
 */
export class WireReader {
  readonly bytes: Uint8Array;
  /** The file and the message, for errors. */
  readonly source: string;
  readonly what: string;
  readonly #view: DataView;
  #position = 0;
  #wire = 0;

  constructor(bytes: Uint8Array, source: string, what: string) {
    this.bytes = bytes;
    this.source = source;
    this.what = what;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Number of the next field, whose value must then be read or skipped; 0 at the end. */
  next(): number {
    if (this.#position >= this.bytes.length) return 0;
    const tag = this.#varint();
    this.#wire = tag % 8;
    const field = Math.floor(tag / 8);
    return field > 0 && field < 2 ** 29 ? field : this.#fail("fields of protobuf", `tag ${tag}`);
  }

  /** A signed integer of 64 bits; those beyond 2^53 are rounded. */
  integer(): number {
    return this.#is(wire.varint) ? this.#varint() : this.#fail("an integer", this.#found());
  }

  float(): number {
    if (!this.#is(wire.fixed32)) return this.#fail("a float", this.#found());
    return this.#view.getFloat32(this.#take(4), true);
  }

  /** The bytes of text, of a message or of packed numbers; a view, not a copy. */
  chunk(): Uint8Array {
    if (!this.#is(wire.bytes)) return this.#fail("bytes", this.#found());
    const length = this.#varint();
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(): string {
    const bytes = this.chunk();
    try {
      return utf8.decode(bytes);
    } catch {
      return this.#fail("text in UTF-8", "other bytes");
    }
  }

  /** A message within this one. */
  message(what: string): WireReader {
    return new WireReader(this.chunk(), this.source, what);
  }

  /** Adds the integers of a repeated field, packed or not. */
  integersInto(list: number[]): void {
    if (!this.#is(wire.bytes)) {
      list.push(this.integer());
      return;
    }
    const packed = this.message(this.what);
    while (packed.#position < packed.bytes.length) list.push(packed.#varint());
  }

  /** The numbers of fixed size of a repeated field, packed or one of them, as they lie in the file. */
  fixed(size: 4 | 8): Uint8Array {
    if (this.#is(wire.bytes)) {
      const bytes = this.chunk();
      return bytes.length % size === 0 ? bytes : this.#fail(`numbers of ${size} bytes`, `${bytes.length} bytes`);
    }
    if (!this.#is(size === 4 ? wire.fixed32 : wire.fixed64)) return this.#fail("numbers", this.#found());
    const start = this.#take(size);
    return this.bytes.subarray(start, start + size);
  }

  /** Passes a field that is of no interest. */
  skip(): void {
    if (this.#is(wire.varint)) this.#varint();
    else if (this.#is(wire.bytes)) this.chunk();
    else if (this.#is(wire.fixed32)) this.#take(4);
    else if (this.#is(wire.fixed64)) this.#take(8);
    else this.#fail("fields of protobuf", this.#found());
  }

  #is(kind: number): boolean {
    return this.#wire === kind;
  }

  #found(): string {
    return `wire type ${this.#wire}`;
  }

  /** Where so many bytes begin, which the message has. */
  #take(length: number): number {
    const start = this.#position;
    if (!(length >= 0 && length <= this.bytes.length - start)) {
      return this.#fail(`as long as it says, ${this.bytes.length - start} bytes more`, `${length} bytes`);
    }
    this.#position += length;
    return start;
  }

  #varint(): number {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.#take(1)] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return (high | 0) * 2 ** 32 + (low >>> 0);
    }
    return this.#fail("numbers of at most 10 bytes", "a longer one");
  }

  #fail(expected: string, found: string): never {
    throw new FormatError(this.source, this.what, expected, found);
  }
}
