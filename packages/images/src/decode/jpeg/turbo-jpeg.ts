import { OutOfMemoryError } from "@featuremap/tensor";

/** The order of a pixel's values, as TurboJPEG numbers it. */
export const pixelFormats = { rgb: 0, grey: 6, rgba: 7, inks: 11 } as const;

export type PixelFormat = keyof typeof pixelFormats;

/** Bytes of a pixel. */
export const bytesOf: Readonly<Record<PixelFormat, number>> = { rgb: 3, grey: 1, rgba: 4, inks: 4 };

/** What of the binary is used; every pointer is a byte's place in its memory. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  /** @returns 0 when there is no memory left */
  malloc(bytes: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  /** @returns -1 for a warning, after which the pixels are there, and for wrong arguments */
  tjDecompress2(
    handle: number,
    input: number,
    length: number,
    output: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
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
  readonly #handle: number;
  readonly #input: Place = { pointer: 0, capacity: 0 };
  readonly #output: Place = { pointer: 0, capacity: 0 };
  #isUsable = true;

  private constructor(exports: Exports) {
    this.#exports = exports;
    this.#handle = exports.tjInitDecompress();
  }

  static async open(): Promise<TurboJpeg> {
    compiled ??= compile().catch((error: unknown) => {
      compiled = undefined;
      throw error;
    });
    const stop = (): never => {
      throw new DecoderStop();
    };
    // It has no files, no environment and no way to unwind its stack: an error ends it.
    const imports = {
      env: { setjmp: () => 0, longjmp: stop },
      wasi_snapshot_preview1: {
        environ_sizes_get: () => 0,
        environ_get: stop,
        proc_exit: stop,
        fd_close: stop,
        fd_seek: stop,
        fd_write: stop,
      },
    };
    const { exports } = await WebAssembly.instantiate(await compiled, imports);
    return new TurboJpeg(exports as unknown as Exports);
  }

  /** Whether it can decode another picture: not after an error, nor after a very large picture. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /**
   * Decodes a picture.
   *
   * @param size of the whole picture, or of an eighth, a quarter or a half of it, rounded up
   * @returns the pixels and whether the decoder had something to complain about; undefined after an error
   * @throws {OutOfMemoryError}
   */
  decode(
    bytes: Uint8Array,
    size: { readonly width: number; readonly height: number },
    format: PixelFormat,
  ): { readonly data: Uint8Array<ArrayBuffer>; readonly hasWarnings: boolean } | undefined {
    const { width, height } = size;
    const length = width * height * bytesOf[format];
    const wasUsable = this.#isUsable;
    this.#isUsable = false;
    if (!wasUsable) return undefined;
    try {
      const input = this.#place(this.#input, bytes.length);
      const output = this.#place(this.#output, length);
      const { memory } = this.#exports;
      new Uint8Array(memory.buffer).set(bytes, input);
      const status = this.#exports.tjDecompress2(
        this.#handle,
        input,
        bytes.length,
        output,
        width,
        0,
        height,
        pixelFormats[format],
        0,
      );
      const data = new Uint8Array(memory.buffer, output, length).slice();
      this.#isUsable = memory.buffer.byteLength <= keptMemory;
      return { data, hasWarnings: status !== 0 };
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
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}
