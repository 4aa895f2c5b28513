import { joinBytes } from "../../reading/join-bytes.ts";

/** Puts together one protobuf message. Bytes that are given are not copied before the end. */
export class WireWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  integer(field: number, value: number): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#add(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  text(field: number, value: string): this {
    return this.chunk(field, new TextEncoder().encode(value));
  }

  chunk(field: number, bytes: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(bytes.length);
    this.#add(bytes);
    return this;
  }

  message(field: number, message: WireWriter): this {
    this.#varint(field * 8 + 2);
    this.#varint(message.#length);
    for (const chunk of message.#chunks) this.#add(chunk);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return joinBytes(this.#chunks);
  }

  #add(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  #varint(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    do {
      const bits = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest > 0n ? bits | 0x80 : bits);
    } while (rest > 0n);
    this.#add(Uint8Array.from(bytes));
  }
}
