import type { DataType, TensorInfo, backend_util } from "@tensorflow/tfjs-core";
import type { Allocator } from "./allocator.ts";

/** Host values of a bucket that has none: its values lie in the memory, or are still to be written. */
export const UNSET: backend_util.BackendValues = new Float32Array(0);

/** Where values lie, and who may still be writing them. */
export interface Heap {
  readonly allocator: Allocator;
  /**
   * Waits until `job` jobs are done, perhaps for later ones too.
   *
   * @param job number of jobs that were published when the last writer of what is read next had been
   */
  finish(job: number): void;
  /** Writes values where what is launched from now on finds them; returns how many jobs are published then. */
  upload(values: backend_util.TypedArray, pointer: number, dtype: DataType): number;
}

/** Bytes of so many elements of a data type that lie in a memory. */
export function bytesOf(dtype: DataType, length: number): number {
  return dtype === "bool" ? length : 4 * length;
}

/** Elements of a data type that lie in a memory. */
export function viewOf(
  { buffer }: WebAssembly.Memory,
  dtype: DataType,
  pointer: number,
  length: number,
): Float32Array | Int32Array | Uint8Array {
  if (dtype === "float32") return new Float32Array(buffer, pointer, length);
  if (dtype === "int32") return new Int32Array(buffer, pointer, length);
  return new Uint8Array(buffer, pointer, length);
}

/** Values of one data bucket: in the WebAssembly memory, or still in a host array. */
export class TensorData {
  readonly dtype: DataType;
  refCount: number;
  /** Number of jobs that were published when the values' last writer had been. */
  job = 0;
  /** Parts of a complex tensor, set by the CPU backend's kernels. */
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
  readonly #heap: Heap;
  #host: backend_util.BackendValues;
  #pointer = 0;
  #length = 0;

  constructor(heap: Heap, dtype: DataType, values: backend_util.BackendValues, refCount: number) {
    this.#heap = heap;
    this.dtype = dtype;
    this.#host = values;
    this.refCount = refCount;
  }

  /** Whether the values lie in the memory. */
  get inMemory(): boolean {
    return this.#pointer !== 0;
  }

  /** The values as the CPU backend's kernels read them: the host array, or a view of the memory as it is now. */
  get values(): backend_util.BackendValues {
    if (this.#pointer === 0) return this.#host;
    this.#heap.finish(this.job);
    return viewOf(this.#heap.allocator.memory, this.dtype, this.#pointer, this.#length);
  }

  set values(values: backend_util.BackendValues) {
    this.release();
    this.#host = values;
  }

  /** Address of the values; host values are copied in on the first call. */
  pointer(length: number, shape: readonly number[]): number {
    if (this.#pointer !== 0) return this.#pointer;
    const { allocator } = this.#heap;
    const bytes = bytesOf(this.dtype, length);
    const pointer = allocator.allocate(bytes, () => `a ${this.dtype} tensor of shape [${shape.join(", ")}]`);
    if (this.#host.length > 0) {
      try {
        this.job = this.#heap.upload(this.#host as backend_util.TypedArray, pointer, this.dtype);
      } catch (error) {
        // The host values remain the only ones.
        allocator.free(pointer);
        throw error;
      }
      this.#host = UNSET;
    }
    this.#pointer = pointer;
    this.#length = length;
    return pointer;
  }

  /** Gives the memory back. */
  release(): void {
    if (this.#pointer !== 0) this.#heap.allocator.free(this.#pointer);
    this.#pointer = 0;
  }
}
