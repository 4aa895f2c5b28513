/** Reads numbers of either byte order; outside the bytes everything is 0, and the reader remembers that it was there. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly isLittle: boolean;
  hasOverrun = false;

  constructor(bytes: Uint8Array, isLittle = false) {
    this.bytes = bytes;
    this.isLittle = isLittle;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** An unsigned integer of 1 to 4 bytes. */
  unsigned(at: number, bytes: number): number {
    if (!(at >= 0 && at + bytes <= this.bytes.length)) this.hasOverrun = true;
    let value = 0;
    for (let index = 0; index < bytes; index++) {
      const place = this.isLittle ? at + bytes - 1 - index : at + index;
      value = value * 256 + (this.bytes[place] ?? 0);
    }
    return value;
  }

  /** One character for each byte. */
  text(at: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, at + length));
  }
}
