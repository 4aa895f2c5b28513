import binary from "../../embedded/picture-kernels.js";

/** The functions of `assembly/`; arrays are places in memory. */
interface PictureKernels {
  readonly blendWithGrey: (data: number, pixels: number, factor: number) => void;
  readonly blendWithLevel: (data: number, length: number, level: number, factor: number) => void;
  readonly sumOfLuma: (data: number, pixels: number) => number;
  readonly scaleLevels: (source: number, length: number, target: number, factor: number) => void;
  readonly mirrorLines: (source: number, width: number, height: number, target: number) => void;
  readonly resampleRows: (
    source: number,
    stride: number,
    rows: number,
    channels: number,
    target: number,
    columns: number,
    starts: number,
    groups: number,
    weights: number,
  ) => void;
  readonly resampleColumns: (
    source: number,
    length: number,
    target: number,
    rows: number,
    starts: number,
    pairs: number,
    weights: number,
  ) => void;
}

/** Bytes of memory above which a picture's memory is not kept for the next one. */
const mostKept = 2 ** 25;

const page = 2 ** 16;

/** What the kernels read or write beyond an array's end. */
const overrun = 64;

let compiled: WebAssembly.Module | undefined;
let kept: KernelMemory | undefined;

/** The kernels with a memory of their own, which grows with what is asked for. */
export class KernelMemory {
  readonly kernels: PictureKernels;
  readonly #memory = new WebAssembly.Memory({ initial: 32 });
  #end = 0;

  private constructor() {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0)));
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    this.kernels = instance.exports as WebAssembly.Exports & PictureKernels;
  }

  /** Lends the memory for one piece of work, of whose arrays nothing stays. */
  static use<Result>(work: (memory: KernelMemory) => Result): Result {
    const memory = (kept ??= new KernelMemory());
    memory.#end = 0;
    try {
      return work(memory);
    } finally {
      if (memory.#memory.buffer.byteLength > mostKept) kept = undefined;
    }
  }

  /** A place for an array. */
  reserve(bytes: number): number {
    const start = this.#end;
    this.#end = (start + bytes + overrun + 15) & ~15;
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / page));
    return start;
  }

  /** The bytes at a place, until the next array is reserved. */
  bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, start, length);
  }

  /** The place of a copy. */
  store(values: Uint8Array | Uint8ClampedArray | Int32Array | Int16Array): number {
    const start = this.reserve(values.byteLength);
    const { buffer, byteOffset, byteLength } = values;
    this.bytes(start, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
    return start;
  }
}
