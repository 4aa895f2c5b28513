import { type TemporaryFile, temporaryFile } from "@featuremap/files";
import { UnavailableError, fromFloat16, toFloat16 } from "@featuremap/tensor";

/** Features of examples, row after row, wherever they are. */
export interface FeatureRows {
  /** Writes rows behind those that are there. */
  append(values: Float32Array): Promise<void>;
  /** Some rows, as float32. @param length numbers of a row */
  take(places: Uint32Array, length: number): Promise<Float32Array>;
  /** Gives their memory or disk back. */
  close(): Promise<void>;
}

/** Rows in memory, in half precision if that is wanted. */
export class MemoryRows implements FeatureRows {
  #values: Float32Array | Uint16Array;
  #length = 0;

  /** @param numbers of all rows, as far as that is known */
  constructor(type: "float32" | "float16", numbers: number) {
    this.#values = type === "float32" ? new Float32Array(numbers) : new Uint16Array(numbers);
  }

  append(given: Float32Array): Promise<void> {
    const values = this.#values instanceof Uint16Array ? toFloat16(given) : given;
    const end = this.#length + values.length;
    if (end > this.#values.length) {
      const before = this.#values;
      this.#values = before instanceof Uint16Array ? new Uint16Array(end) : new Float32Array(end);
      this.#values.set(before);
    }
    this.#values.set(values, this.#length);
    this.#length = end;
    return Promise.resolve();
  }

  take(places: Uint32Array, length: number): Promise<Float32Array> {
    const values = this.#values;
    const taken =
      values instanceof Uint16Array
        ? new Uint16Array(places.length * length)
        : new Float32Array(places.length * length);
    for (const [to, from] of places.entries()) {
      taken.set(values.subarray(from * length, (from + 1) * length), to * length);
    }
    return Promise.resolve(taken instanceof Uint16Array ? fromFloat16(taken) : taken);
  }

  close(): Promise<void> {
    this.#values = new Float32Array(0);
    return Promise.resolve();
  }
}

const bytesOfNumber = Float32Array.BYTES_PER_ELEMENT;

/** The disk does not take rows, so that training goes on without: tells that from pictures that cannot be read. */
export class DiskRefusal extends Error {
  override readonly name: string = "DiskRefusal";
}

/** Rows in a file, as float32. */
export class DiskRows implements FeatureRows {
  readonly #file: TemporaryFile;

  private constructor(file: TemporaryFile) {
    this.#file = file;
  }

  /** @throws {DiskRefusal} there is no disk, or the system refuses. */
  static async open(folder: string | undefined): Promise<DiskRows> {
    return new DiskRows(await unlessRefused(temporaryFile(folder)));
  }

  /** @throws {DiskRefusal} the disk is full. */
  async append(values: Float32Array): Promise<void> {
    await unlessRefused(this.#file.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
  }

  async take(places: Uint32Array, length: number): Promise<Float32Array> {
    const taken = new Float32Array(places.length * length);
    const rowBytes = length * bytesOfNumber;
    const bytes = new Uint8Array(taken.buffer);
    const read = async (to: number, count: number): Promise<void> => {
      const from = places[to] ?? 0;
      bytes.set(await this.#file.read(from * rowBytes, (from + count) * rowBytes), to * rowBytes);
    };
    await Promise.all(runsOf(places).map(([to, count]) => read(to, count)));
    return taken;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function unlessRefused<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new DiskRefusal(error.message, { cause: error });
  }
}

/** Where rows that follow each other begin, and how many: they are read at once. */
function runsOf(places: Uint32Array): [begin: number, count: number][] {
  const runs: [number, number][] = [];
  for (const [index, place] of places.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && places[index - 1] === place - 1) last[1] += 1;
    else runs.push([index, 1]);
  }
  return runs;
}
