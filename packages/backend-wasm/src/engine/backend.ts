import type { InPlaceDevice } from "@featuremap/operations/contract/in-place";
import { DeviceLostError, OutOfMemoryError } from "@featuremap/tensor";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import {
  type BackendTimingInfo,
  type DataType,
  type TensorInfo,
  type backend_util,
  DataStorage,
  engine,
  util,
} from "@tensorflow/tfjs-core";
import type { Allocator } from "./allocator.ts";
import type { KernelExports } from "./kernel-exports.ts";
import { type WeightsUpdate, updateWeights } from "./optimizer.ts";
import { Staging } from "./staging.ts";
import { type Heap, TensorData, UNSET, bytesOf, viewOf } from "./tensor-data.ts";
import { JOBS } from "../codes/memory.ts";

/** The name under which TensorFlow.js knows this backend. */
export const BACKEND_NAME = "featuremap-wasm";

/** What a backend is made of. */
export interface BackendParts {
  readonly kernels: KernelExports;
  readonly allocator: Allocator;
  readonly threads: number;
  /** Why one of the other threads has ended unasked, once it has. */
  failure(): Error | undefined;
  /** Ends the other threads. */
  terminate(): Promise<void>;
}

/** Bytes of every thread's own working memory, unless a kernel needs more. */
const SCRATCH_BYTES = 1 << 19;

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
export class WasmBackend extends MathBackendCPU implements InPlaceDevice {
  readonly threads: number;
  readonly #allocator: Allocator;
  readonly #parts: BackendParts;
  readonly #heap: Heap;
  #nextId = 0;
  #scratch = { pointer: 0, bytes: 0 };
  #staging: Staging | undefined;
  /** The operation under way, if any, and the tensors that it has made. */
  #operation: string | undefined;
  #made: object[] = [];
  /** Jobs published by whole operations, and the operations that published the last of them. */
  #published: number;
  readonly #operations = new Array<string>(JOBS).fill("");
  /** Whether a job is under way that will never be done. */
  #stuck = false;
  /** What ended the threads, once they have ended. */
  #loss: { readonly what: string; readonly cause: Error } | undefined;

  constructor(parts: BackendParts) {
    super();
    const { allocator, threads } = parts;
    this.threads = threads;
    this.#allocator = allocator;
    this.#parts = parts;
    this.#heap = {
      allocator,
      finish: (job) => this.#finishJob(job),
      upload: (values, pointer, dtype) => this.#upload(values, pointer, dtype),
    };
    this.data = new DataStorage(this, engine());
    this.#published = parts.kernels.published();
    this.reserveScratch(SCRATCH_BYTES);
  }

  /** The kernels. Their work is done in the order in which they are called, but perhaps only when {@link finish} returns. */
  get kernels(): KernelExports {
    return this.#parts.kernels;
  }

  /**
   * Waits until all that was launched is done. An operation may return before it is computed; whoever reads or writes
   * the memory waits for it, so that only clocks need this.
   *
   * @throws {DeviceLostError} a thread is gone.
   */
  finish(): void {
    if (this.#stuck) return;
    try {
      this.#parts.kernels.finish();
    } catch (error) {
      this.#noticeLoss(error);
      this.checkThreads();
      throw error;
    }
  }

  override time(compute: () => void): Promise<BackendTimingInfo> {
    return super.time(() => {
      compute();
      this.finish();
    });
  }

  override write(values: backend_util.BackendValues | null | undefined, _shape: number[], dtype: DataType): object {
    this.checkThreads();
    return this.#add(new TensorData(this.#heap, dtype, this.#ownValues(values), 1));
  }

  override move(
    dataId: object,
    values: backend_util.BackendValues,
    _shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.checkThreads();
    this.data.set(dataId, new TensorData(this.#heap, dtype, this.#ownValues(values), refCount));
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
    try {
      // What a thread takes with it when it ends would be waited for forever by whoever still reads a tensor.
      this.finish();
    } catch {
      // Threads that are gone need no end.
    }
    this.#parts.kernels.stop();
    void this.#parts.terminate();
  }

  /**
   * Runs one operation.
   *
   * Where it fails, the tensors it has made are disposed; where it fails because threads are gone, so does every later
   * one. Values can still be read then, also by moving them to another backend.
   *
   * @throws {OutOfMemoryError} a tensor or working memory does not fit; the backend remains usable.
   * @throws {DeviceLostError} a thread is gone.
   */
  run<T>(operation: string, compute: () => T): T {
    // A kernel that calls another is one operation.
    if (this.#operation !== undefined) return compute();
    this.checkThreads();
    this.#operation = operation;
    try {
      return compute();
    } catch (error) {
      for (const dataId of this.#made) if (this.data.has(dataId)) this.disposeData(dataId, true);
      if (error instanceof OutOfMemoryError) this.#shrinkScratch();
      this.#noticeLoss(error);
      this.checkThreads();
      throw error;
    } finally {
      this.#operation = undefined;
      this.#notePublished(operation);
      for (const dataId of this.#made) this.#noteWriter(dataId);
      if (this.#made.length > 0) this.#made = [];
    }
  }

  /** @throws {DeviceLostError} a thread is gone. */
  checkThreads(): void {
    const failure = this.#parts.failure();
    if (failure !== undefined) this.#loss ??= { what: `a worker thread failed: ${failure.message}`, cause: failure };
    if (this.#loss === undefined) return;
    throw new DeviceLostError(
      `${BACKEND_NAME}: ${this.#loss.what}`,
      `Tensors can still be read; to compute, remove the backend and register it again.`,
      { cause: this.#loss.cause },
    );
  }

  /** Where a tensor's values lie, moving them into the memory if they are not there yet. */
  pointer(tensor: TensorInfo): number {
    return this.#entry(tensor.dataId).pointer(util.sizeFromShape(tensor.shape), tensor.shape);
  }

  /** A new tensor whose values are not yet set. */
  output(shape: readonly number[], dtype: DataType = "float32"): Output {
    const data = new TensorData(this.#heap, dtype, UNSET, 1);
    const pointer = data.pointer(util.sizeFromShape(shape as number[]), shape);
    const dataId = this.#add(data);
    return { info: { dataId, shape: shape as number[], dtype }, pointer };
  }

  /** A tensor of another shape that shares a tensor's values. */
  share(tensor: TensorInfo, shape: number[] = tensor.shape, dtype: DataType = tensor.dtype): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape, dtype };
  }

  /** Working memory for one call; given back when `use` returns. */
  withWorkspace<T>(bytes: number, use: (pointer: number) => T): T {
    const pointer = this.#allocator.allocate(bytes, () => "a kernel's working memory");
    try {
      return use(pointer);
    } finally {
      this.#allocator.free(pointer);
    }
  }

  /** Makes every thread's own working memory at least `bytes`. */
  reserveScratch(bytes: number): void {
    if (bytes <= this.#scratch.bytes) return;
    // What was launched works in the old memory.
    this.finish();
    const rounded = Math.ceil(bytes / 64) * 64;
    const pointer = this.#allocator.allocate(rounded * this.threads, () => "the threads' working memory");
    if (this.#scratch.bytes > 0) this.#allocator.free(this.#scratch.pointer);
    this.#scratch = { pointer, bytes: rounded };
    this.#parts.kernels.setScratch(pointer, rounded);
  }

  /**
   * Takes an optimizer's step over all weights in one pass, writing weights and slots where they lie.
   *
   * @returns whether it was taken; not where a weight or slot shares its values with another tensor, or is not float32
   */
  updateInPlace(update: WeightsUpdate): boolean {
    const writable = (tensor: TensorInfo): boolean => tensor.dtype === "float32" && this.refCount(tensor.dataId) === 1;
    const takes = update.weights.every(({ weight, slots }) => writable(weight) && slots.every(writable));
    if (!takes) return false;
    this.run("an optimizer's step", () => updateWeights(update, this));
    for (const { weight, slots } of update.weights) {
      for (const { dataId } of [weight, ...slots]) this.#noteWriter(dataId);
    }
    return true;
  }

  /**
   * Memory of one call for a table that the host writes and kernels read.
   *
   * @param use writes the table's words before it calls a kernel
   */
  withTable<T>(length: number, use: (pointer: number, words: Uint32Array) => T): T {
    const run = (pointer: number): T => use(pointer, new Uint32Array(this.#allocator.memory.buffer, pointer, length));
    const staged = this.#stage(4 * length);
    if (staged !== undefined) return run(staged);
    return this.withWorkspace(4 * length, (pointer) => {
      // Jobs under way may still use memory that was given back.
      this.finish();
      return run(pointer);
    });
  }

  /** Memory that no job under way uses; `undefined` where there is none or nothing is under way. */
  #stage(bytes: number): number | undefined {
    const { kernels } = this.#parts;
    if (kernels.published() === kernels.done()) return undefined;
    try {
      this.#staging ??= new Staging(
        { published: () => kernels.published(), done: () => kernels.done(), finish: () => this.finish() },
        (size) => this.#allocator.allocate(size, () => "an upload of values"),
      );
    } catch (error) {
      // Without it, whoever writes waits for the jobs.
      if (error instanceof OutOfMemoryError) return undefined;
      throw error;
    }
    return this.#staging.reserve(bytes);
  }

  #upload(values: backend_util.TypedArray, pointer: number, dtype: DataType): number {
    const { kernels } = this.#parts;
    // The host array may be of another type than the tensor.
    const bytes = bytesOf(dtype, values.length);
    const staged = this.#stage(bytes);
    if (staged === undefined) this.finish();
    viewOf(this.#allocator.memory, dtype, staged ?? pointer, values.length).set(values);
    if (staged !== undefined) kernels.copy(staged, pointer, bytes);
    return kernels.published();
  }

  #notePublished(operation: string): void {
    const published = this.#parts.kernels.published();
    for (let job = this.#published; job !== published; job = (job + 1) | 0) {
      this.#operations[job & (JOBS - 1)] = operation;
    }
    this.#published = published;
  }

  #noteWriter(dataId: object): void {
    if (this.data.has(dataId)) this.#entry(dataId).job = this.#published;
  }

  /** The operation whose job the threads are at. */
  #operationUnderWay(): string {
    const done = this.#parts.kernels.done();
    const current = this.#operation;
    if (current !== undefined && ((done - this.#published) | 0) >= 0) return current;
    return this.#operations[done & (JOBS - 1)] ?? "";
  }

  /** As {@link finish}, for what the first `job` jobs wrote; fails where one of them will never be done. */
  #finishJob(job: number): void {
    const isDone = (): boolean => ((job - this.#parts.kernels.done()) | 0) <= 0;
    if (isDone()) return;
    try {
      this.finish();
    } catch (error) {
      // A later job failed.
      if (isDone()) return;
      throw error;
    }
    if (!isDone()) this.checkThreads();
  }

  #add(data: TensorData): object {
    const dataId = { id: this.#nextId++ };
    this.data.set(dataId, data);
    if (this.#operation !== undefined) this.#made.push(dataId);
    return dataId;
  }

  /** Remembers that threads are gone, if that is what ended an operation: a trap leaves the rest of its job undone. */
  #noticeLoss(error: unknown): void {
    const failure = this.#parts.failure();
    const operation = this.#operationUnderWay();
    if (failure !== undefined) {
      this.#loss ??= {
        what: `a worker thread failed while computing ${operation}: ${failure.message}`,
        cause: failure,
      };
    } else if (
      error instanceof WebAssembly.RuntimeError ||
      (error instanceof Error && this.#parts.kernels.leftTask())
    ) {
      this.#loss ??= { what: `computing ${operation} trapped: ${error.message}`, cause: error };
    }
    this.#stuck ||= this.#loss !== undefined;
  }

  #shrinkScratch(): void {
    if (this.#scratch.bytes <= SCRATCH_BYTES) return;
    this.#allocator.free(this.#scratch.pointer);
    this.#scratch = { pointer: 0, bytes: 0 };
    this.reserveScratch(SCRATCH_BYTES);
  }

  /** Values that nobody else changes: a view of the memory, which a kernel may have passed on, is copied. */
  #ownValues(values: backend_util.BackendValues | null | undefined): backend_util.BackendValues {
    if (values === null || values === undefined) return UNSET;
    if (Array.isArray(values)) return values;
    const shared = typeof SharedArrayBuffer !== "undefined" && values.buffer instanceof SharedArrayBuffer;
    return shared || values.buffer === this.#allocator.memory.buffer ? values.slice() : values;
  }

  #entry(dataId: object): TensorData {
    // Every entry of this backend's storage is made by `write`, `move` or `output`.
    return this.data.get(dataId) as TensorData;
  }
}
