import { DeviceFailureError, DeviceLostError, type FeaturemapError, OutOfMemoryError } from "@featuremap/tensor";

/** The kinds of errors that a device tells. */
const filters = ["validation", "internal", "out-of-memory"] as const;

/** Milliseconds that a device has to say that it is lost, once a read back has failed. */
const patience = 1000;

const reopen = "Open the device again; its tensors are lost.";
const report = "Use another device, and please report this with the names of the browser and the GPU.";

/** What helps where memory does not suffice. */
export const useLess = "Use a smaller batch, smaller images or a smaller network.";

/** Tensors that work was to compute which has failed. */
interface Failure {
  readonly error: FeaturemapError;
  readonly outputs: WeakSet<object>;
}

/**
 * What has gone wrong on a device. After an error a device goes on without what failed, and tells of it only to who asks;
 * here every read back asks, for all work since the one before.
 *
 * The device is the backend's alone: error scopes are open on it at all times.
 */
export class DeviceFaults {
  readonly #device: GPUDevice;
  /** Tensors that work since the last read back computes. */
  #outputs = new WeakSet<object>();
  /** What became of buffers made since then. */
  #allocations: Promise<FeaturemapError | undefined>[] = [];
  readonly #failures: Failure[] = [];
  #settling: Promise<unknown> = Promise.resolve();
  #lost: DeviceLostError | undefined;
  /** An error outside of every scope. */
  #stray: GPUError | null = null;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#openScopes();
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#stray ??= event.error;
    });
    void device.lost.then((information) => this.#noteLoss(information));
  }

  /** Counts a tensor among those that are lost if anything fails until the next read back. */
  noteOutput(dataId: object): void {
    this.#outputs.add(dataId);
  }

  /** Takes the error that the making of a buffer may come to. */
  noteAllocation(allocation: Promise<FeaturemapError | undefined>): void {
    this.#allocations.push(allocation);
  }

  /** @throws {FeaturemapError} the device is lost, or the work failed that was to compute the tensor. */
  check(dataId: object): void {
    if (this.#lost !== undefined) throw this.#lost;
    for (const { error, outputs } of this.#failures) if (outputs.has(dataId)) throw error;
  }

  /**
   * Settles once the errors of all work sent so far are known.
   *
   * @returns the error of the work since the last call, if there was one
   */
  settle(): Promise<FeaturemapError | undefined> {
    const [outputs, allocations, before] = [this.#outputs, this.#allocations, this.#settling];
    const scopes = filters.map(() => this.#device.popErrorScope().catch(() => null));
    this.#outputs = new WeakSet();
    this.#allocations = [];
    this.#openScopes();
    const settled = this.#firstOf(allocations, scopes, before).then((error) => {
      if (error !== undefined) this.#failures.push({ error, outputs });
      return error;
    });
    this.#settling = settled;
    return settled;
  }

  /** The error behind a read back that failed though the device told of none. */
  async explain(cause: unknown): Promise<FeaturemapError> {
    await Promise.race([this.#device.lost, new Promise((resolve) => setTimeout(resolve, patience))]);
    const reason = cause instanceof Error ? cause.message : String(cause);
    return this.#lost ?? new DeviceFailureError(`WebGPU: values cannot be read back (${reason})`, report, { cause });
  }

  /** What has no memory comes first: it is why other things are found invalid. */
  async #firstOf(
    allocations: readonly Promise<FeaturemapError | undefined>[],
    scopes: readonly Promise<GPUError | null>[],
    before: Promise<unknown>,
  ): Promise<FeaturemapError | undefined> {
    const [allocated, scoped] = await Promise.all([Promise.all(allocations), Promise.all(scopes), before]);
    const told = [...scoped, this.#stray].find((error) => error !== null);
    this.#stray = null;
    return this.#lost ?? allocated.find((error) => error !== undefined) ?? (told && asFeaturemapError(told));
  }

  #noteLoss({ reason, message }: GPUDeviceLostInfo): void {
    const what = reason === "destroyed" ? "WebGPU: the device was closed" : `WebGPU: the device is lost (${message})`;
    this.#lost = new DeviceLostError(what, reopen);
  }

  #openScopes(): void {
    for (const filter of filters) this.#device.pushErrorScope(filter);
  }
}

function asFeaturemapError(cause: GPUError): FeaturemapError {
  if (cause instanceof GPUOutOfMemoryError) {
    return new OutOfMemoryError(`WebGPU: the GPU has no memory left (${cause.message})`, 0, 0, useLess, { cause });
  }
  return new DeviceFailureError(`WebGPU: the GPU refused a computation (${cause.message})`, report, { cause });
}
