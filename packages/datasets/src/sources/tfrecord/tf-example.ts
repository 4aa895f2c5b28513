import { FormatError } from "@featuremap/tensor";
import { requireBytes } from "../bytes/byte-source.ts";

/** The values of one feature. */
export type TfFeature = readonly Uint8Array[] | readonly number[];

/** Values of one feature; a picture as numbers of 1000 x 1000 pixels has 3 million. */
const mostValues = 2 ** 26;

/**
 * Reads a `tf.train.Example`: features by name, each a list of bytes, floats or integers.
 *
 * Bytes share the record's memory. Fields of later versions are passed over.
 *
 * Source: TensorFlow, `tensorflow/core/example/{example,feature}.proto`; Protocol Buffers, "Encoding".
 *
 * @throws {FormatError} it is not such a message, or damaged, or an integer is not safe in JavaScript.
 */
export function parseTfExample(bytes: Uint8Array, source: string): Map<string, TfFeature> {
  requireBytes("parseTfExample", bytes);
  const features = new Map<string, TfFeature>();
  for (const example of fields(bytes, source)) {
    if (example.number !== 1) continue;
    for (const entry of fields(bytesOf(example, source), source)) {
      if (entry.number !== 1) continue;
      let name = "";
      let values: TfFeature = [];
      for (const part of fields(bytesOf(entry, source), source)) {
        if (part.number === 1) name = new TextDecoder().decode(bytesOf(part, source));
        if (part.number === 2) values = featureOf(bytesOf(part, source), source);
      }
      features.set(name, values);
    }
  }
  return features;
}

function featureOf(bytes: Uint8Array, source: string): TfFeature {
  let values: TfFeature = [];
  for (const list of fields(bytes, source)) {
    const message = bytesOf(list, source);
    if (list.number === 1) values = Array.from(fields(message, source), (field) => bytesOf(field, source));
    if (list.number === 2) values = Array.from(fields(message, source)).flatMap((field) => floatsOf(field, source));
    if (list.number === 3) values = Array.from(fields(message, source)).flatMap((field) => integersOf(field, source));
  }
  return values;
}

/** One field of a message: a number, four bytes of a float, or bytes. */
interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

function* fields(bytes: Uint8Array, source: string): Generator<Field, void, undefined> {
  const reader = new Reader(bytes, source);
  while (!reader.isAtEnd) {
    const tag = reader.integer();
    const [number, kind] = [Math.floor(tag / 8), tag % 8];
    if (kind === 0) yield { number, value: reader.integer() };
    else if (kind === 1) yield { number, value: reader.take(8) };
    else if (kind === 2) yield { number, value: reader.take(reader.integer()) };
    else if (kind === 5) yield { number, value: reader.take(4) };
    else throw new FormatError(source, "the record", "a tf.train.Example", `a field of kind ${kind}`);
  }
}

function bytesOf({ value }: Field, source: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new FormatError(source, "the record", "a tf.train.Example", "a number where a message should be");
}

/** Packed, or each on its own. */
function floatsOf(field: Field, source: string): number[] {
  const bytes = bytesOf(field, source);
  if (bytes.length % 4 !== 0)
    throw new FormatError(source, "a list of floats", "4 bytes each", `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}

function integersOf({ value }: Field, source: string): number[] {
  if (!(value instanceof Uint8Array)) return [value];
  const reader = new Reader(value, source);
  const integers: number[] = [];
  while (!reader.isAtEnd) integers.push(reader.integer());
  return integers;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #source: string;
  #at = 0;

  constructor(bytes: Uint8Array, source: string) {
    if (bytes.length > mostValues)
      throw new FormatError(source, "a message", `at most ${mostValues} bytes`, `${bytes.length}`);
    this.#bytes = bytes;
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Uint8Array {
    if (!(length >= 0 && length <= this.#bytes.length - this.#at)) {
      throw new FormatError(
        this.#source,
        "a field of the record",
        `${length} bytes long`,
        "the record's end before them",
      );
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Seven bits a byte, lowest first; a negative number takes all ten bytes. */
  integer(): number {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const byte = this.#bytes[this.#at++] ?? this.#fail("a whole number", "the record's end");
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) value = this.#exact(index + 1);
        return value;
      }
    }
    return this.#fail("a whole number", "more than ten bytes");
  }

  /** The last `length` bytes once more, where doubles lose digits. */
  #exact(length: number): number {
    const bytes = this.#bytes.subarray(this.#at - length, this.#at);
    const value = BigInt.asIntN(
      64,
      bytes.reduce((sum, byte, index) => sum | (BigInt(byte & 0x7f) << BigInt(7 * index)), 0n),
    );
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : this.#fail("an integer within 53 bits", `${value}`);
  }

  #fail(expected: string, found: string): never {
    throw new FormatError(this.#source, "a number in the record", expected, found);
  }
}
