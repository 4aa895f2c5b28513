import { gunzip } from "#decoders";
import { OutOfMemoryError } from "@featuremap/tensor";
import type { PixelBox } from "../../geometry/resize.ts";
import type { ImageSize } from "../platform-request.ts";

/** The order of a pixel's values, as `jpeg-turbo/decode.c` numbers it. */
const pixelFormats = { rgb: 0, grey: 1, rgba: 2, inks: 3 } as const;

export type PixelFormat = keyof typeof pixelFormats;

/** Bytes of a pixel. */
export const bytesOf: Readonly<Record<PixelFormat, number>> = { rgb: 3, grey: 1, rgba: 4, inks: 4 };

/** What of the binary is used; every pointer is a byte's place in its memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  /** @returns 0 when there is no memory left */
  malloc(bytes: number): number;
  free(pointer: number): void;
  /** @returns how many warnings there were */
  decode(
    input: number,
    length: number,
    output: number,
    format: number,
    denominator: number,
    wholeWidth: number,
    wholeHeight: number,
    left: number,
    top: number,
    width: number,
    height: number,
  ): number;
}

/** What is decoded of a picture. */
export interface JpegPart {
  /** The picture is decoded at one part in so many of its size: 1, 2, 4 or 8. */
  readonly denominator: number;
  /** Of all of it at that scale, rounded up. */
  readonly size: ImageSize;
  /** The pixels that are given, at that scale. */
  readonly box: PixelBox;
}

/** A place in the memory, kept from one picture to the next. */
interface Place {
  pointer: number;
  capacity: number;
}

/** Bytes of memory, which never shrinks: with more of it, an instance is given up after its picture. */
const keptMemory = 64 * 2 ** 20;

let compiled: Promise<WebAssembly.Module> | undefined;

/** One instance of libjpeg-turbo, compiled to WebAssembly. It works on one picture at a time and never waits. */
export class TurboJpeg {
  readonly #exports: Exports;
  readonly #input: Place = { pointer: 0, capacity: 0 };
  readonly #output: Place = { pointer: 0, capacity: 0 };
  #isUsable = true;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  static async open(): Promise<TurboJpeg> {
    compiled ??= compile().catch((error: unknown) => {
      compiled = undefined;
      throw error;
    });
    const stop = (): never => {
      throw new DecoderStop();
    };
    // It has no way to unwind its stack: an error ends it.
    const imports = { env: { stop } };
    const { exports } = await WebAssembly.instantiate(await compiled, imports);
    return new TurboJpeg(exports as WebAssembly.Exports & Exports);
  }

  /** Whether it can decode another picture: not after an error, nor after a very large picture. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /**
   * Decodes a picture, and lends its pixels: the next one takes their place.
   *
   * @returns the pixels and whether the decoder had something to complain about; undefined after an error
   * @throws {OutOfMemoryError}
   */
  decode(
    bytes: Uint8Array,
    { denominator, size, box }: JpegPart,
    format: PixelFormat,
  ): { readonly data: Uint8Array<ArrayBuffer>; readonly hasWarnings: boolean } | undefined {
    const { left, top, width, height } = box;
    const length = width * height * bytesOf[format];
    const wasUsable = this.#isUsable;
    this.#isUsable = false;
    if (!wasUsable) return undefined;
    try {
      const input = this.#place(this.#input, bytes.length);
      const output = this.#place(this.#output, length);
      const { memory } = this.#exports;
      new Uint8Array(memory.buffer).set(bytes, input);
      const warnings = this.#exports.decode(
        input,
        bytes.length,
        output,
        pixelFormats[format],
        denominator,
        size.width,
        size.height,
        left,
        top,
        width,
        height,
      );
      this.#isUsable = memory.buffer.byteLength <= keptMemory;
      return { data: new Uint8Array(memory.buffer, output, length), hasWarnings: warnings > 0 };
    } catch (error) {
      if (error instanceof DecoderStop || error instanceof WebAssembly.RuntimeError) return undefined;
      throw error;
    }
  }

  #place(place: Place, bytes: number): number {
    if (bytes <= place.capacity) return place.pointer;
    if (place.pointer !== 0) this.#exports.free(place.pointer);
    const capacity = Math.max(2 ** 16, 2 ** Math.ceil(Math.log2(bytes)));
    const wanted = capacity > keptMemory ? bytes : capacity;
    place.pointer = this.#exports.malloc(wanted);
    place.capacity = wanted;
    if (place.pointer !== 0) return place.pointer;
    const inUse = this.#exports.memory.buffer.byteLength;
    throw new OutOfMemoryError("No memory to decode a JPEG", bytes, inUse, "Decode a smaller one.");
  }
}

/** Thrown through the binary where C would jump out of it. */
class DecoderStop extends Error {}

async function compile(): Promise<WebAssembly.Module> {
  const { default: text } = await import("#jpeg-turbo");
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return WebAssembly.compile(await gunzip(packed));
}
