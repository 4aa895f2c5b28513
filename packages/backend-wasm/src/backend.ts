import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { type DataType, type TensorInfo, type backend_util, DataStorage, engine, util } from "@tensorflow/tfjs-core";
import type { Allocator } from "./allocator.ts";
import type { KernelExports } from "./kernel-exports.ts";
import { type WeightsUpdate, updateWeights } from "./optimizer.ts";
import { TensorData, UNSET } from "./tensor-data.ts";
import type { Workers } from "./workers.ts";

/** The name under which TensorFlow.js knows this backend. */
export const BACKEND_NAME = "featuremap-wasm";

/** What a backend is made of. */
export interface BackendParts {
  readonly kernels: KernelExports;
  readonly allocator: Allocator;
  readonly threads: number;
  readonly workers: Workers;
}

/** A tensor that a kernel is writing, and where. */
export interface Output {
  readonly info: TensorInfo;
  readonly pointer: number;
}

/**
 * TensorFlow.js's CPU backend with its values in a WebAssembly memory.
 *
 * The CPU backend's own kernels run on it unchanged: they read a tensor through a view of the memory and write host
 * arrays, which move into the memory when a WebAssembly kernel first asks for them.
 */
export class WasmBackend extends MathBackendCPU {
  readonly kernels: KernelExports;
  readonly threads: number;
  readonly #allocator: Allocator;
  readonly #workers: Workers;
  #nextId = 0;
  #scratch = { pointer: 0, bytes: 0 };

  constructor({ kernels, allocator, threads, workers }: BackendParts) {
    super();
    this.kernels = kernels;
    this.threads = threads;
    this.#allocator = allocator;
    this.#workers = workers;
    this.data = new DataStorage(this, engine());
    this.reserveScratch(1 << 19);
  }

  override write(values: backend_util.BackendValues | null | undefined, _shape: number[], dtype: DataType): object {
    const dataId = { id: this.#nextId++ };
    this.data.set(dataId, new TensorData(this.#allocator, dtype, ownValues(values), 1));
    return dataId;
  }

  override move(
    dataId: object,
    values: backend_util.BackendValues,
    _shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.data.set(dataId, new TensorData(this.#allocator, dtype, ownValues(values), refCount));
  }

  override readSync(dataId: object): backend_util.BackendValues {
    const data = this.#entry(dataId);
    if (data.dtype === "complex64" || !data.inMemory) return super.readSync(dataId);
    // A view would change under its reader as soon as the tensor is disposed and its memory used again.
    return (data.values as backend_util.TypedArray).slice();
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.data.has(dataId) ? this.#entry(dataId) : undefined;
    const gone = super.disposeData(dataId, force);
    if (gone) data?.release();
    return gone;
  }

  override memory(): ReturnType<MathBackendCPU["memory"]> & { usedBytes: number; reservedBytes: number } {
    return {
      unreliable: false,
      reasons: [],
      usedBytes: this.#allocator.usedBytes,
      reservedBytes: this.#allocator.memory.buffer.byteLength,
    };
  }

  override dispose(): void {
    this.kernels.stop();
    void this.#workers.terminate();
  }

  /** Where a tensor's values lie, moving them into the memory if they are not there yet. */
  pointer(tensor: TensorInfo): number {
    return this.#entry(tensor.dataId).pointer(util.sizeFromShape(tensor.shape), tensor.shape);
  }

  /** A new tensor whose values are not yet set. */
  output(shape: readonly number[], dtype: DataType = "float32"): Output {
    const data = new TensorData(this.#allocator, dtype, UNSET, 1);
    const dataId = { id: this.#nextId++ };
    const pointer = data.pointer(util.sizeFromShape(shape as number[]), shape);
    this.data.set(dataId, data);
    return { info: { dataId, shape: shape as number[], dtype }, pointer };
  }

  /** A tensor of another shape that shares a tensor's values. */
  share(tensor: TensorInfo, shape: number[] = tensor.shape, dtype: DataType = tensor.dtype): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape, dtype };
  }

  /** Working memory for one call; given back when `use` returns. */
  withWorkspace<T>(bytes: number, use: (pointer: number) => T): T {
    const pointer = this.#allocator.allocate(bytes, "a kernel's working memory");
    try {
      return use(pointer);
    } finally {
      this.#allocator.free(pointer);
    }
  }

  /** Makes every thread's own working memory at least `bytes`. */
  reserveScratch(bytes: number): void {
    if (bytes <= this.#scratch.bytes) return;
    const rounded = Math.ceil(bytes / 64) * 64;
    const pointer = this.#allocator.allocate(rounded * this.threads, "the threads' working memory");
    if (this.#scratch.bytes > 0) this.#allocator.free(this.#scratch.pointer);
    this.#scratch = { pointer, bytes: rounded };
    this.kernels.setScratch(pointer, rounded);
  }

  /**
   * Takes an optimizer's step over all weights in one pass, writing weights and slots where they lie.
   *
   * @returns whether it was taken; not where a weight or slot shares its values with another tensor, or is not float32
   */
  updateInPlace(update: WeightsUpdate): boolean {
    const writable = (tensor: TensorInfo): boolean => tensor.dtype === "float32" && this.refCount(tensor.dataId) === 1;
    const takes = update.weights.every(({ weight, slots }) => writable(weight) && slots.every(writable));
    if (takes) updateWeights(update, this);
    return takes;
  }

  /** The memory as 32-bit words, as it is now. */
  words(): Uint32Array {
    return new Uint32Array(this.#allocator.memory.buffer);
  }

  #entry(dataId: object): TensorData {
    // Every entry of this backend's storage is made by `write`, `move` or `output`.
    return this.data.get(dataId) as unknown as TensorData;
  }
}

/** Values that nobody else changes: a view of shared memory, which a kernel may have passed on, is copied. */
function ownValues(values: backend_util.BackendValues | null | undefined): backend_util.BackendValues {
  if (values === null || values === undefined) return UNSET;
  if (Array.isArray(values)) return values;
  const shared = typeof SharedArrayBuffer !== "undefined" && values.buffer instanceof SharedArrayBuffer;
  return shared ? values.slice() : values;
}
