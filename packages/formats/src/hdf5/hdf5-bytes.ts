import { FormatError } from "@featuremap/tensor";
import type { ByteSource } from "../reading/byte-source.ts";

/** What stands where an address is not set. */
export const undefinedAddress: unique symbol = Symbol("an address that is not set");

const blockLength = 2 ** 16;
const keptBlocks = 64;

/**
 * The structures of an HDF5 file, which lie scattered between its data.
 *
 * Each is read once, so whoever walks in circles soon has read far more than the file has: that ends with an error, however the
 * structures refer to each other.
 */
export class Hdf5Bytes {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #blocks = new Map<number, Uint8Array>();
  #left: number;

  constructor(source: ByteSource) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
    this.#left = 2 ** 20 + 16 * source.size;
  }

  /** The error of something that is not as the format has it. */
  refusal(what: string, expected: string, found: string): FormatError {
    return new FormatError(this.name, what, expected, found);
  }

  /** @throws {FormatError} more was read than a file without circles can ask for. */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw this.refusal("structure", "one that ends", "one that leads in circles");
  }

  /**
   * Bytes of a structure.
   *
   * @throws {FormatError} they do not lie in the file, or a walk leads in circles.
   * @throws {UnavailableError} the file cannot be read.
   */
  async view(address: number, length: number, what: string): Promise<DataView<ArrayBuffer>> {
    this.#checkPlace(address, length, what);
    this.spend(length + 16);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const number = Math.floor((address + at) / blockLength);
      const block = await this.#block(number);
      const from = address + at - number * blockLength;
      const part = block.subarray(from, from + length - at);
      bytes.set(part, at);
      at += part.length;
    }
    return new DataView(bytes.buffer);
  }

  /** Bytes of data: not kept, and not counted. @throws as {@link view}. */
  data(address: number, length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    this.#checkPlace(address, length, what);
    return this.#source.read(address, address + length);
  }

  #checkPlace(address: number, length: number, what: string): void {
    if (address + length > this.size) {
      throw this.refusal(what, `inside the ${this.size} bytes of the file`, `${length} bytes from ${address} on`);
    }
  }

  async #block(number: number): Promise<Uint8Array> {
    const known = this.#blocks.get(number);
    if (known !== undefined) return known;
    const begin = number * blockLength;
    const block = await this.#source.read(begin, Math.min(this.size, begin + blockLength));
    if (this.#blocks.size >= keptBlocks) {
      for (const oldest of this.#blocks.keys()) {
        this.#blocks.delete(oldest);
        break;
      }
    }
    this.#blocks.set(number, block);
    return block;
  }

  /** A whole number of 64 bits. @throws {FormatError} it is 2^53 or more. */
  length(view: DataView, at: number, what: string): number {
    const value = Number(this.#field(view, at, what));
    if (!Number.isSafeInteger(value)) throw this.refusal(what, "below 2^53", `${value}`);
    return value;
  }

  /** A place in the file. @throws {FormatError} it lies beyond the file, or is not set. */
  address(view: DataView, at: number, what: string): number {
    const address = this.addressIfAny(view, at, what);
    if (address === undefinedAddress) throw this.refusal(what, "in the file", "no address");
    return address;
  }

  /** A place in the file, or that it is not set. @throws {FormatError} it lies beyond the file. */
  addressIfAny(view: DataView, at: number, what: string): number | typeof undefinedAddress {
    const value = this.#field(view, at, what);
    if (value === 0xffff_ffff_ffff_ffffn) return undefinedAddress;
    if (value > BigInt(this.size)) {
      throw this.refusal(what, `inside the ${this.size} bytes of the file`, `address ${value}`);
    }
    return Number(value);
  }

  /** @throws {FormatError} the bytes of a structure are not the four letters that it begins with. */
  requireSignature(view: DataView, signature: string, what: string): void {
    if (view.byteLength < 4) throw this.refusal(what, `begun with ${signature}`, "its end");
    const found = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, 4));
    if (found !== signature) throw this.refusal(what, `begun with ${signature}`, "other bytes");
  }

  #field(view: DataView, at: number, what: string): bigint {
    if (at + 8 > view.byteLength) throw this.refusal(what, "whole", "its end");
    return view.getBigUint64(at, true);
  }
}

/** Reads the fields of a structure one after the other. */
export class Fields {
  readonly view: DataView<ArrayBuffer>;
  readonly #file: Hdf5Bytes;
  readonly #what: string;
  at: number;

  constructor(file: Hdf5Bytes, view: DataView<ArrayBuffer>, what: string, at = 0) {
    this.#file = file;
    this.view = view;
    this.#what = what;
    this.at = at;
  }

  get left(): number {
    return this.view.byteLength - this.at;
  }

  /** Unsigned, of one to four bytes, or of eight where they are a count below 2^53. */
  number(bytes: 1 | 2 | 4 | 8): number {
    const at = this.#take(bytes);
    if (bytes === 8) return this.#file.length(this.view, at, this.#what);
    return bytes === 1
      ? this.view.getUint8(at)
      : bytes === 2
        ? this.view.getUint16(at, true)
        : this.view.getUint32(at, true);
  }

  address(): number {
    return this.#file.address(this.view, this.#take(8), this.#what);
  }

  addressIfAny(): number | typeof undefinedAddress {
    return this.#file.addressIfAny(this.view, this.#take(8), this.#what);
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.#take(length), length);
  }

  /** The fields of a part. */
  part(length: number): Fields {
    const bytes = this.bytes(length);
    return new Fields(this.#file, new DataView(bytes.buffer, bytes.byteOffset, length), this.#what);
  }

  refusal(expected: string, found: string): FormatError {
    return this.#file.refusal(this.#what, expected, found);
  }

  #take(bytes: number): number {
    if (bytes > this.left) throw this.refusal("whole", "its end");
    const { at } = this;
    this.at += bytes;
    return at;
  }
}
